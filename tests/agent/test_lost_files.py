"""What a lost file does to the record of its run: a table, and the look that writes it down."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from tests.agent.test_files_here import CONTENT, Looking, back_up, folders, journal, looking, until  # noqa: F401 - fixtures too
from topbackup.agent import files_here
from topbackup.agent.lost_files import as_found, named
from topbackup.agent.whereabouts import Found
from topbackup.journal import Journal
from topbackup.problems import COPY_LOST, NONE_LEFT
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


@pytest.mark.parametrize("what", [(THERE, THERE), (THERE, OUT), (OUT, OUT), (SILENT, OUT), (REFUSED, THERE), ()])
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
        ((UNREADABLE, THERE), (), False),
        ((UNREADABLE, UNREADABLE), (), False),
        ((ALTERED, GONE), (), True),
        ((GONE, REFUSED), (), True),
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
    assert record.failure.code == (NONE_LEFT if refuted else COPY_LOST).code
    assert set(named(record)) == {str(path) for path, each in zip((ONE, TWO), what, strict=False) if each.lost}
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
    half = found(refuted, THERE, ALTERED)
    assert (half.failure and half.failure.code, set(named(half))) == (NONE_LEFT.code, {str(TWO)}), "why it is refuted"
    proven = replace(refuted, proof=Proof.PROVEN, proven_at=LATER)
    assert found(proven, THERE, THERE) == replace(MADE, proven_at=LATER)
    half = found(proven, THERE, ALTERED)
    assert half.failure is not None
    assert half.failure.code == COPY_LOST.code


def test_what_is_known_to_be_away_is_left() -> None:
    refuted = found(MADE, ALTERED, ALTERED)
    sent = found(replace(refuted, remotes=AWAY), ALTERED, ALTERED)
    assert sent.failure is not None
    assert sent.failure.code == COPY_LOST.code


def test_what_a_test_restore_refused_is_said_to_be_spoiled() -> None:
    """It was away first, and came back as something else."""
    lost = found(found(MADE, GONE, THERE), REFUSED, THERE)
    assert named(lost) == {str(ONE): "estragado: não restaura"}


def test_a_run_that_a_test_restore_refuted_is_not_said_to_have_lost_all() -> None:
    """One copy was changed and refused by a check; the other one nobody touched."""
    refused = replace(MADE, proof=Proof.REFUTED, proven_at=LATER)
    after = found(refused, ALTERED, THERE)
    assert after.failure is not None
    assert (after.failure.code, after.proof) == (COPY_LOST.code, Proof.REFUTED)


def test_a_copy_that_was_never_made_is_missed_beside_the_lost_one() -> None:
    """And comes back alone where the lost one does."""
    placed = ((ONE, None), (TWO, FULL))
    partial = replace(MADE, failure=FULL)
    lost = as_found(partial, ((ONE, GONE),), placed, LATER)
    assert lost.failure is not None
    assert lost.failure.code == COPY_LOST.code
    assert named(lost) == {str(ONE): "apagado ou movido", str(TWO): FULL.message}
    assert as_found(lost, ((ONE, THERE),), placed, LATER) == partial
    assert as_found(partial, ((ONE, THERE),), placed, LATER) == partial
    spoiled = as_found(partial, ((ONE, ALTERED),), placed, LATER)
    assert (spoiled.failure and spoiled.failure.code, spoiled.proof) == (NONE_LEFT.code, Proof.REFUTED)


def test_only_a_success_is_judged() -> None:
    failed = replace(MADE, status=RunStatus.FAILED, failure=FULL)
    assert found(failed, GONE, ALTERED) == failed


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> float:
    """Seconds for which a loss is too young."""
    monkeypatch.setattr(files_here, "_SOON", 0.3)
    return 0.3


@pytest.fixture
def paths(journal: Journal, folders: tuple[Path, Path], looking: Looking) -> list[Path]:  # noqa: F811 - fixtures
    """A good backup's files in both folders, looked at once."""
    made = back_up(journal, *folders)
    looking.files.start()
    until(lambda: looking.files.last)
    return made


def wipe(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def test_a_loss_goes_on_record_and_to_the_cloud_once_it_is_a_minute_old(
    journal: Journal,  # noqa: F811 - a fixture
    looking: Looking,  # noqa: F811 - a fixture
    paths: list[Path],
    soon: float,
) -> None:
    """Nobody needs to ask for the second look."""
    (made,) = journal.history(1)
    told, began = journal.waiting(), time.monotonic()
    wipe(paths[0])
    looking.again()
    until(lambda: journal.history(1)[0].partial)
    assert time.monotonic() - began > soon
    assert journal.history(1)[0].proof is made.proof
    until(lambda: looking.recorded == 1)
    looks = looking.looks
    time.sleep(2.5 * soon)
    assert looking.looks == looks, "and no third"
    for _turn in range(3):
        looking.again()
    assert (journal.waiting(), looking.recorded) == (told + 1, 1), "told once"


def test_a_young_loss_does_not_count_however_often_one_looks(
    journal: Journal,  # noqa: F811 - a fixture
    looking: Looking,  # noqa: F811 - a fixture
    paths: list[Path],
) -> None:
    """Another program may be replacing the file just now."""
    made = journal.history(1)
    wipe(paths[0])
    for _turn in range(3):
        assert looking.again()["d1"] is Found.ALTERED
        assert (journal.history(1), looking.recorded) == (made, 0)


def test_where_nothing_is_left_it_is_refuted_until_there_is_a_new_one(
    journal: Journal,  # noqa: F811 - a fixture
    folders: tuple[Path, Path],  # noqa: F811 - a fixture
    looking: Looking,  # noqa: F811 - a fixture
    paths: list[Path],
    soon: float,
) -> None:
    for path in paths:
        wipe(path)
    looking.again()
    until(lambda: journal.history(1)[0].proof is Proof.REFUTED)
    assert journal.pending(100)[-1].record == journal.history(1)[0]
    back_up(journal, *folders)
    looking.again()
    time.sleep(2 * soon)
    looking.again()
    assert [record.failure for record in journal.history(1)] == [None], "a new one is whole"


def test_a_disk_that_comes_and_goes_keeps_no_loss_off_the_record(
    journal: Journal,  # noqa: F811 - a fixture
    folders: tuple[Path, Path],  # noqa: F811 - a fixture
    looking: Looking,  # noqa: F811 - a fixture
    paths: list[Path],
    soon: float,
) -> None:
    paths[0].unlink()
    other = folders[1].with_name("em casa")
    deadline = time.monotonic() + 20
    while not journal.history(1)[0].partial:
        assert time.monotonic() < deadline
        folders[1].rename(other)
        looking.again()
        other.rename(folders[1])
        looking.again()
    assert str(paths[0]) in named(journal.history(1)[0])


@pytest.mark.parametrize("same", [True, False])
def test_what_is_back_is_looked_through(
    journal: Journal,  # noqa: F811 - a fixture
    looking: Looking,  # noqa: F811 - a fixture
    paths: list[Path],
    soon: float,
    *,
    same: bool,
) -> None:
    """Of the right size, with the right ends, and another file: by its SHA-256 it is told."""
    wipe(paths[0])
    looking.again()
    until(lambda: journal.history(1)[0].partial)
    paths[0].write_bytes(CONTENT if same else CONTENT.replace(b"whole", b"WRONG"))
    looking.again()
    if same:
        until(lambda: not journal.history(1)[0].partial)
    else:
        until(lambda: looking.again()["d1"] is Found.REFUSED)
        assert journal.history(1)[0].partial


def test_what_is_back_and_cannot_be_read_now_is_missed_and_not_condemned(
    journal: Journal,  # noqa: F811 - a fixture
    folders: tuple[Path, Path],  # noqa: F811 - a fixture
    looking: Looking,  # noqa: F811 - a fixture
    soon: float,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An antivirus holds it, or a backup begins that is to replace it."""
    (path,) = back_up(journal, folders[0])
    looking.files.start()
    until(lambda: looking.files.last)
    path.unlink()
    looking.again()
    until(lambda: journal.history(1)[0].partial)
    missed, held = journal.history(1)[0], True
    content = looking.files._content
    monkeypatch.setattr(looking.files, "_content", lambda path: None if held else content(path))
    path.write_bytes(CONTENT)
    looking.again()
    assert journal.history(1) == [missed]
    assert journal.copies(missed.run_id) == [(path, None)], "nothing was written against it"
    held = False
    until(lambda: not journal.history(1)[0].partial)
    monkeypatch.undo()
    assert looking.files._content(path) == missed.sha256
    looking.busy = True
    assert looking.files._content(path) is None, "let go of for the backup"
    assert looking.files._content(path.with_name("nada")) is None


def test_a_proof_that_came_during_the_look_is_not_taken_back(
    journal: Journal,  # noqa: F811 - a fixture
    folders: tuple[Path, Path],  # noqa: F811 - a fixture
    looking: Looking,  # noqa: F811 - a fixture
    paths: list[Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wipe(paths[0])
    wipe(paths[1])
    looking.again()
    monkeypatch.setattr(files_here, "_SOON", 0.0)
    before, look = journal.history(1)[0], looking.files._folders.found
    assert before.proof is not Proof.REFUTED

    def slow(wanted: object) -> dict[Path, Found]:
        seen = look(wanted)  # type: ignore[arg-type]  # as it came
        if not proven:
            for path in paths:
                path.write_bytes(CONTENT)
            journal.amend(before.run_id, lambda record: replace(record, proof=Proof.PROVEN, proven_at=LATER))
            proven.append(True)
        return seen

    proven: list[bool] = []
    monkeypatch.setattr(looking.files._folders, "found", slow)
    looking.again()
    assert proven
    looking.again()
    assert (journal.history(1)[0].proof, journal.history(1)[0].failure) == (Proof.PROVEN, None)


def test_a_backup_that_began_meanwhile_is_not_judged(
    journal: Journal,  # noqa: F811 - a fixture
    folders: tuple[Path, Path],  # noqa: F811 - a fixture
    looking: Looking,  # noqa: F811 - a fixture
    paths: list[Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its new file stands under the name of the older one, and is another."""
    monkeypatch.setattr(files_here, "_SOON", 0.0)
    look = looking.files._folders.found

    def begins(wanted: object) -> dict[Path, Found]:
        seen = look(wanted)  # type: ignore[arg-type]  # as it came
        looking.busy = True
        return seen

    paths[0].write_bytes(b"the newer one")
    monkeypatch.setattr(looking.files._folders, "found", begins)
    for _turn in range(2):
        looking.busy = False
        looking.again()
    assert not journal.history(1)[0].partial
    monkeypatch.setattr(looking.files._folders, "found", look)
    looking.busy = False
    looking.again()
    assert journal.history(1)[0].partial, "it would have been"
