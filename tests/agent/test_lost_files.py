"""What a lost file does to the record of its run: a table, and the look that writes it down."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from tests.agent.test_files_here import Looking, back_up, folders, journal, looking, until  # noqa: F401 - fixtures too
from topbackup.agent.lost_files import as_found
from topbackup.agent.whereabouts import Found
from topbackup.journal import Journal
from topbackup.journal.copies import CopyBook
from topbackup.problems import COPY_LOST, FILE_INVALID
from topcore.company import TaxId
from topcore.record import BackupRecord, Failure, RemoteCopy
from topcore.tables import NamingScheme, Proof, RunStatus

NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)
LATER = NOW + timedelta(minutes=30)
ONE, TWO = Path("/d1/loja.zip"), Path("/d2/loja.zip")
PLACED = ((ONE, None), (TWO, None))
FULL = Failure("TB-DESTINO-CHEIO", "o disco está cheio")
AWAY = (RemoteCopy("ftp", NOW, NOW),)
MADE = BackupRecord(
    uuid4(), TaxId("11222333000181"), "/dados/loja.fdb", NamingScheme.SINGLE, False, NOW, "loja.zip", "/d1", "/d2",
    RunStatus.SUCCEEDED, NOW, 7, "ab" * 32, proof=Proof.PROVEN, proven_at=NOW,
)  # fmt: skip
THERE, GONE, ALTERED, REFUSED = Found.THERE, Found.GONE, Found.ALTERED, Found.REFUSED
OUT, SILENT, UNREADABLE = Found.FOLDER_AWAY, Found.SILENT, Found.UNREADABLE


def found(record: BackupRecord, *what: Found) -> BackupRecord:
    return as_found(record, tuple(zip((ONE, TWO), what, strict=False)), PLACED, LATER)


@pytest.mark.parametrize("what", [(THERE, THERE), (THERE, OUT), (OUT, OUT), (SILENT, UNREADABLE), (REFUSED, THERE), ()])
def test_what_is_there_or_may_be_there_changes_nothing(what: tuple[Found, ...]) -> None:
    """What a test restore refused is on record already."""
    assert found(MADE, *what) == MADE


@pytest.mark.parametrize(
    ("what", "remotes", "refuted"),
    [
        ((GONE, THERE), (), False),
        ((THERE, ALTERED), (), False),
        ((GONE, OUT), (), False),
        ((ALTERED, OUT), (), False),
        ((ALTERED, SILENT), (), False),
        ((ALTERED, UNREADABLE), (), False),
        ((GONE, GONE), (), False),
        ((GONE,), (), False),
        ((ALTERED, GONE), (), True),
        ((REFUSED, GONE), (), True),
        ((ALTERED, ALTERED), (), True),
        ((ALTERED, REFUSED), (), True),
        ((ALTERED,), (), True),
        ((ALTERED, ALTERED), AWAY, False),
        ((ALTERED, ALTERED), (replace(AWAY[0], placed_at=None),), True),
    ],
)
def test_a_lost_file_is_never_green_and_nothing_left_is_red(
    what: tuple[Found, ...], remotes: tuple[RemoteCopy, ...], refuted: bool
) -> None:
    record = found(replace(MADE, remotes=remotes), *what)
    assert record.partial
    assert record.failure is not None
    assert record.failure.code == COPY_LOST.code
    named = [path for path, each in zip((ONE, TWO), what, strict=False) if each in (GONE, ALTERED)]
    assert all(str(path) in record.failure.message for path in named)
    assert (record.proof, record.proven_at) == ((Proof.REFUTED, LATER) if refuted else (Proof.PROVEN, NOW))
    assert found(record, *what) == record, "said once"


def test_the_message_says_what_became_of_it_in_portuguese() -> None:
    lost = found(MADE, GONE, THERE)
    assert lost.failure is not None
    assert lost.failure.message == (
        "Uma cópia deste backup não está mais como foi feita. (/d1/loja.zip: apagado ou movido)"
    )


def test_put_back_it_is_whole_again() -> None:
    lost = found(MADE, GONE, THERE)
    assert found(lost, THERE, THERE) == MADE
    assert found(lost, OUT, THERE).failure is not None, "with its disk out, nobody knows that it is back"
    assert found(lost, REFUSED, THERE).failure is not None
    assert found(lost, THERE, OUT) == MADE, "the other one was never missed"


def test_refuted_it_stays_until_a_test_restore() -> None:
    refuted = found(MADE, ALTERED, ALTERED)
    assert found(refuted, THERE, THERE) == refuted
    proven = replace(refuted, proof=Proof.PROVEN, proven_at=LATER)
    assert found(proven, THERE, THERE) == replace(MADE, proven_at=LATER)


def test_a_copy_that_was_never_made_is_not_forgotten() -> None:
    """Its code is kept, as what is missing from the start; and comes back where ours had taken its place."""
    partial = replace(MADE, failure=FULL)
    assert found(partial, GONE) == partial
    assert found(partial, ALTERED).proof is Proof.REFUTED
    ours = replace(MADE, failure=Failure(COPY_LOST.code, str(ONE)))
    placed = ((ONE, Failure(FILE_INVALID.code, "x")), (TWO, FULL))
    assert as_found(ours, ((ONE, THERE),), placed, LATER).failure == FULL


def test_only_a_success_is_judged() -> None:
    failed = replace(MADE, status=RunStatus.FAILED, failure=FULL)
    assert found(failed, GONE, ALTERED) == failed


def test_what_two_looks_found_is_on_record_and_told_to_the_cloud(
    journal: Journal,  # noqa: F811 - a fixture
    folders: tuple[Path, Path],  # noqa: F811 - a fixture
    looking: Looking,  # noqa: F811 - a fixture
) -> None:
    paths = back_up(journal, *folders)
    (made,) = journal.history(1)
    looking.files.start()
    until(lambda: looking.files.last)
    told = journal.waiting()
    paths[0].write_bytes(bytes(len(paths[0].read_bytes())))
    looking.again()
    assert journal.history(1) == [made], "another program may be replacing it just now"
    until(lambda: looking.told == 2)
    assert looking.recorded == 0
    looking.again()
    (lost,) = journal.history(1)
    assert lost.partial
    assert lost.proof is made.proof
    assert journal.waiting() == told + 1
    until(lambda: looking.told == 3)
    assert looking.recorded == 1
    looking.again()
    assert (journal.waiting(), looking.told) == (told + 1, 3), "told once"
    paths[1].write_bytes(bytes(len(paths[1].read_bytes())))
    looking.again()
    looking.again()
    (refuted,) = journal.history(1)
    assert refuted.proof is Proof.REFUTED
    assert journal.pending(100)[-1].record == refuted
    CopyBook(journal).judged(refuted.run_id, paths[1], None)
    back_up(journal, *folders)
    looking.again()
    looking.again()
    assert [record.failure for record in journal.history(1)] == [None], "a new one is whole"


def test_a_loss_is_looked_at_again_within_a_minute(
    journal: Journal,  # noqa: F811 - a fixture
    folders: tuple[Path, Path],  # noqa: F811 - a fixture
    looking: Looking,  # noqa: F811 - a fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody needs to ask for the second look, and there is no third."""
    monkeypatch.setattr("topbackup.agent.files_here._SOON", 0.2)
    paths = back_up(journal, *folders)
    looking.files.start()
    until(lambda: looking.files.last)
    paths[0].unlink()
    looking.again()
    until(lambda: journal.history(1)[0].partial)
    looks = looking.looks
    time.sleep(0.7)
    assert looking.looks == looks


def test_a_backup_that_began_meanwhile_is_not_judged(
    journal: Journal,  # noqa: F811 - a fixture
    folders: tuple[Path, Path],  # noqa: F811 - a fixture
    looking: Looking,  # noqa: F811 - a fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its new file stands under the name of the older one, and is another."""
    paths = back_up(journal, *folders)
    looking.files.start()
    until(lambda: looking.files.last)
    look = looking.files._found

    def begins(wanted: object) -> dict[Path, Found]:
        seen = look(wanted)  # type: ignore[arg-type]  # as it came
        looking.busy = True
        return seen

    paths[0].write_bytes(b"the newer one")
    monkeypatch.setattr(looking.files, "_found", begins)
    for _turn in range(2):
        looking.busy = False
        looking.again()
    assert not journal.history(1)[0].partial
