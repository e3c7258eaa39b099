"""The files of the last good backups: looked for where they were put, by a look that may hang."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from topbackup.agent import still_here
from topbackup.agent.databases import _KEY
from topbackup.agent.documents import missing_files_document
from topbackup.agent.still_here import Findings, StillHere, Why
from topbackup.journal import Journal
from topcore.company import TaxId
from topcore.record import BackupRecord, Failure, RemoteCopy
from topcore.tables import NamingScheme, RunStatus

NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)
MAIN, BRANCH = "/dados/matriz.fdb", "/dados/filial.fdb"


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.open(tmp_path / "journal.sqlite3") as opened:
        opened.remember(_KEY, f'["{BRANCH}", "{MAIN}"]')
        yield opened


def made(journal: Journal, source: str, *files: Path, away: bool = False, failed: bool = False) -> BackupRecord:
    """A good run whose file is in these places; failed: the last of them is not there by the record."""
    record = BackupRecord(
        run_id=uuid4(),
        tax_id=TaxId("11222333000181"),
        source=source,
        naming=NamingScheme.VERSIONED,
        manual=False,
        started_at=NOW,
        file_name="x.zip",
        destination1=str(files[0].parent),
    )
    for file in files:
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"12345")
    journal.begin(record)
    remotes = (RemoteCopy("cofre", NOW, NOW),) if away else ()
    ended = NOW + timedelta(minutes=1)
    done = replace(record, status=RunStatus.SUCCEEDED, ended_at=ended, size=5, sha256="ab" * 32, remotes=remotes)
    copies: list[tuple[Path, Failure | None]] = [(file, None) for file in files]
    if failed:
        copies[-1] = (files[-1], Failure("TB-DESTINO-CHEIO", "x"))
    journal.update(done, copies=copies)
    return done


@pytest.fixture
def look(journal: Journal) -> Callable[[], Findings]:
    files = StillHere(journal, lambda: NOW, lambda: None)

    def once() -> Findings:
        files.look_soon()
        over(files)
        assert files.findings is not None
        return files.findings

    return once


def over(files: StillHere) -> None:
    deadline = time.monotonic() + 10
    while files.looking:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_what_was_put_there_is_there(journal: Journal, look: Callable[[], Findings], tmp_path: Path) -> None:
    made(journal, MAIN, tmp_path / "d" / "a.zip", tmp_path / "e" / "a.zip")
    made(journal, BRANCH, tmp_path / "d" / "b.zip")
    assert look() == Findings(NOW, (), ())


def test_each_kind_of_absence(journal: Journal, look: Callable[[], Findings], tmp_path: Path) -> None:
    first, second, third = (tmp_path / folder / "a.zip" for folder in "def")
    record = made(journal, MAIN, first, second, third)
    first.unlink()
    second.write_bytes(b"123")
    found = look()
    assert [(gone.path, gone.why) for gone in found.missing] == [(first, Why.GONE), (second, Why.OTHER)]
    assert found.without_any == ()  # one is left
    third.unlink()
    (tmp_path / "f").rmdir()
    (tmp_path / "f").write_text("a file where the folder was")
    found = look()
    assert [gone.why for gone in found.missing] == [Why.GONE, Why.OTHER, Why.UNREADABLE]
    assert found.without_any == (MAIN,)
    document = missing_files_document(found)
    assert document is not None
    assert (document["sem_nenhuma"], UUID(document["faltam"][0]["uuid"])) == ([MAIN], record.run_id)


def test_a_copy_away_is_something_to_go_back_to(journal: Journal, look: Callable[[], Findings], tmp_path: Path) -> None:
    file = tmp_path / "d" / "a.zip"
    made(journal, MAIN, file, away=True)
    file.unlink()
    found = look()
    assert [gone.why for gone in found.missing] == [Why.GONE]
    assert found.without_any == ()


def test_only_what_the_record_says_is_there_is_looked_for(
    journal: Journal, look: Callable[[], Findings], tmp_path: Path
) -> None:
    """Of the last good run of each database: an older file may go, and a copy that failed was never there."""
    old, new, never = (tmp_path / folder / f"{folder}.zip" for folder in "def")
    made(journal, MAIN, old)
    made(journal, MAIN, new, never, failed=True)
    old.unlink()
    never.unlink()
    assert look().missing == ()


def test_a_place_that_does_not_answer_holds_up_nobody(
    journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A share whose server is gone holds stat() for minutes; here nothing can be made to, so that stat is replaced."""
    answers = threading.Event()

    looks: list[Path] = []

    def hang(path: Path, _size: int | None) -> None:
        looks.append(path)
        answers.wait(30)

    monkeypatch.setattr(still_here, "_look_at", hang)
    monkeypatch.setattr(still_here, "_PATIENCE", 0.2)
    made(journal, MAIN, tmp_path / "d" / "a.zip")
    files = StillHere(journal, lambda: NOW, lambda: None)
    began = time.monotonic()
    files.look_soon()
    files.look_soon()
    assert files.findings is None
    assert time.monotonic() - began < 0.2
    time.sleep(0.3)
    assert files.findings is not None
    assert [gone.why for gone in files.findings.missing] == [Why.SILENT]
    assert files.findings.without_any == (MAIN,)
    answers.set()
    over(files)
    assert len(looks) == 2, "what was asked for meanwhile is made up for"
    assert files.findings.missing == ()


def test_only_news_is_told(journal: Journal, tmp_path: Path) -> None:
    """Whoever hears it reads the status anew: an idle window is not to be made to, each half hour."""
    told: list[int] = []
    files, file = StillHere(journal, lambda: NOW, lambda: told.append(1)), tmp_path / "d" / "a.zip"
    made(journal, MAIN, file)
    for there, times in ((True, 0), (False, 1), (False, 1), (True, 2), (True, 2)):
        if there:
            file.write_bytes(b"12345")
        else:
            file.unlink(missing_ok=True)
        files.look_soon()
        over(files)
        assert len(told) == times
