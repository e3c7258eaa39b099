"""The look at the files of the last good backups: real files, a real journal, and a folder that does not answer."""

import hashlib
import json
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from tests.integration.faults import mounted
from topbackup.agent import folder_looks
from topbackup.agent.file_look import Made, disk_of, look_at
from topbackup.agent.files_here import FilesHere, last_good_files
from topbackup.agent.whereabouts import Found
from topbackup.journal import Journal
from topbackup.journal.copies import CopyBook
from topbackup.problems import FILE_INVALID
from topcore.company import TaxId
from topcore.record import BackupRecord, Failure
from topcore.tables import NamingScheme, RunStatus

NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)
CONTENT = b"PK\x03\x04 a whole backup PK\x05\x06" + bytes(18)  # as a ZIP begins and ends


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.open(tmp_path / "journal.sqlite3") as opened:
        yield opened


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    found = tmp_path / "d1", tmp_path / "d2"
    for folder in found:
        folder.mkdir()
    return found


def back_up(
    journal: Journal,
    *folders: Path,
    source: str = "/dados/loja.fdb",
    failed: str | None = None,
    content: bytes = CONTENT,
) -> list[Path]:
    """A good run that left its file in each folder; in `failed` it could not."""
    record = BackupRecord(
        uuid4(), TaxId("11222333000181"), source, NamingScheme.SINGLE, False, NOW, f"{Path(source).stem}.zip", "/d"
    )
    journal.begin(record)
    paths = [folder / record.file_name for folder in folders]
    for path in paths:
        path.write_bytes(content)
    told = [(path, None) for path in paths]
    broken = [] if failed is None else [(Path(failed) / record.file_name, Failure("TB-DESTINO-CHEIO", "x"))]
    ended = replace(
        record, status=RunStatus.SUCCEEDED, ended_at=NOW, size=len(content), sha256=hashlib.sha256(content).hexdigest()
    )
    journal.update(ended, [*told, *broken])
    return paths


def until(holds: Callable[[], object], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


class Looking:
    """The look as the agent has it, with what it told."""

    def __init__(self, journal: Journal, *, patience: float = 20.0) -> None:
        self.busy, self.told, self.looks, self.recorded = False, 0, 0, 0
        self.files = FilesHere(journal, self._now, lambda: self.busy, self._changed, self._recorded, patience=patience)

    def _now(self) -> datetime:
        self.looks += 1
        return NOW + timedelta(seconds=self.looks)

    def _changed(self) -> None:
        self.told += 1

    def _recorded(self) -> None:
        self.recorded += 1

    def again(self) -> dict[str, Found]:
        """What a new look finds, by the name of the folder."""
        before = self.files.last
        self.files.look_now()
        until(lambda: self.files.last is not before)
        return self.found()

    def found(self) -> dict[str, Found]:
        assert self.files.last is not None
        return {path.parent.name: what for each in self.files.last.databases for path, what in each.files}


@pytest.fixture
def looking(journal: Journal) -> Iterator[Looking]:
    made = Looking(journal)
    yield made
    made.files.close()


def test_what_became_of_a_file(tmp_path: Path) -> None:
    folder = tmp_path / "d1"
    folder.mkdir()
    path = folder / "x.zip"
    assert look_at(path, Made(5)) is Found.GONE
    path.write_bytes(b"12345")
    assert look_at(path, Made(5)) is Found.THERE
    assert look_at(path, Made(6)) is Found.ALTERED
    path.unlink()
    path.mkdir()
    assert look_at(path, Made(path.stat().st_size)) is Found.ALTERED, "a folder of that name is no file"
    path.rmdir()
    folder.rmdir()
    assert look_at(path, Made(5)) is Found.FOLDER_AWAY
    folder.write_bytes(b"the folder's place is taken by a file")
    assert look_at(path, Made(5)) is Found.FOLDER_AWAY
    folder.unlink()
    folder.mkdir()
    path.symlink_to(path)
    assert look_at(path, Made(5)) is Found.UNREADABLE


def test_a_file_is_told_by_its_disk(tmp_path: Path) -> None:
    """Out, another one in its place, or a mount point that is left empty: the file is at home with its disk."""
    place, spare = tmp_path / "usb", tmp_path / "outro"
    spare.mkdir()
    folder, path = place / "backup", place / "backup" / "x.zip"
    place.mkdir()

    def disk() -> int | None:
        folder.mkdir(exist_ok=True)
        return disk_of(folder)

    with mounted(place, "size=1m"):
        made = Made(len(CONTENT), whole=True, disk=disk())
        path.write_bytes(CONTENT)
        assert look_at(path, made) is Found.THERE
        path.write_bytes(bytes(len(CONTENT)))
        assert look_at(path, made) is Found.ALTERED
        path.unlink()
        assert look_at(path, made) is Found.GONE
        folder.rmdir()
        assert look_at(path, made) is Found.GONE, "deleted with its folder"
    assert look_at(path, made) is Found.FOLDER_AWAY
    with mounted(spare, "size=1m"), mounted(place, "size=1m"):  # an older kernel gives the number of the first again
        assert disk() != made.disk
        assert look_at(path, made) is Found.FOLDER_AWAY, "another disk"
        path.write_bytes(b"the backup of yesterday, on the other disk")
        assert look_at(path, made) is Found.FOLDER_AWAY
        path.write_bytes(CONTENT)
        assert look_at(path, made) is Found.THERE, "a disk that was cloned"
    disk()
    assert look_at(path, made) is Found.FOLDER_AWAY, "the mount point, with a folder of that name"
    assert look_at(tmp_path / "nada" / "x.zip", Made(1, disk=disk_of(tmp_path))) is Found.GONE
    assert look_at(tmp_path / "nada" / "x.zip", Made(1)) is Found.FOLDER_AWAY, "nobody noted the disk"


def test_a_file_that_was_wiped_or_encrypted_in_its_size(tmp_path: Path) -> None:
    """What is changed in the middle alone is for a test restore to find."""
    path, made = tmp_path / "x.zip", Made(len(CONTENT), whole=True)
    path.write_bytes(CONTENT)
    assert look_at(path, made) is Found.THERE
    for spoiled in (bytes(len(CONTENT)), bytes(4) + CONTENT[4:], CONTENT[:-22] + bytes(22)):
        path.write_bytes(spoiled)
        assert look_at(path, made) is Found.ALTERED
        assert look_at(path, Made(len(CONTENT))) is Found.THERE, "of older files the name and the size"
    path.write_bytes(b"PK")
    assert look_at(path, Made(2, whole=True)) is Found.ALTERED


def test_a_copy_that_a_test_restore_refused_is_not_there(
    journal: Journal, looking: Looking, folders: tuple[Path, Path]
) -> None:
    """Until that very file is proven; its sister stands for itself."""
    one, _other = back_up(journal, *folders)
    (record,) = journal.history(1)
    looking.files.start()
    until(lambda: looking.files.last)
    book = CopyBook(journal)
    book.judged(record.run_id, one, Failure(FILE_INVALID.code, "x"))
    assert looking.again() == {"d1": Found.REFUSED, "d2": Found.THERE}
    assert [failure and failure.code for _path, failure in journal.copies(record.run_id)] == [FILE_INVALID.code, None]
    book.judged(record.run_id, one, None)
    assert looking.again() == {"d1": Found.THERE, "d2": Found.THERE}


def test_a_copy_that_never_got_there_is_not_taken_for_a_good_one(journal: Journal, folders: tuple[Path, Path]) -> None:
    back_up(journal, folders[0], failed=str(folders[1]))
    (record,) = journal.history(1)
    CopyBook(journal).judged(record.run_id, folders[1] / record.file_name, None)
    assert [failure and failure.code for _path, failure in journal.copies(record.run_id)] == [None, "TB-DESTINO-CHEIO"]


def test_deleted_put_back_and_told_once(journal: Journal, folders: tuple[Path, Path], looking: Looking) -> None:
    paths = back_up(journal, *folders)
    assert looking.files.last is None
    looking.files.start()
    until(lambda: looking.files.last)
    assert looking.found() == {"d1": Found.THERE, "d2": Found.THERE}
    until(lambda: looking.told == 1)
    assert (looking.again(), looking.told) == (looking.found(), 1), "nothing new is no news"
    paths[0].unlink()
    assert looking.again() == {"d1": Found.GONE, "d2": Found.THERE}
    paths[1].unlink()
    folders[1].rmdir()
    assert looking.again() == {"d1": Found.GONE, "d2": Found.GONE}
    until(lambda: looking.told == 3)
    back_up(journal, folders[0])
    assert looking.again() == {"d1": Found.THERE}
    until(lambda: looking.told == 4)


def test_older_files_that_are_gone_are_told_beside(
    journal: Journal, folders: tuple[Path, Path], looking: Looking
) -> None:
    """A file that a newer backup replaced is looked for in the newer one's size."""
    (older,) = back_up(journal, folders[0], source="/dados/velho.fdb")
    back_up(journal, folders[1], source="/dados/outro.fdb", content=b"shorter")
    (other,) = back_up(journal, folders[1], source="/dados/outro.fdb")
    back_up(journal, folders[0])
    looking.files.start()
    until(lambda: looking.files.last)
    assert looking.files.last is not None
    assert not looking.files.last.older
    older.unlink()
    other.write_bytes(b"cut")
    looking.again()
    assert dict(looking.files.last.older) == {other: Found.ALTERED, older: Found.GONE}
    until(lambda: looking.told == 2)
    assert looking.found() == {"d1": Found.THERE}


def test_a_backup_under_way_is_not_disturbed(journal: Journal, folders: tuple[Path, Path], looking: Looking) -> None:
    """Its new file stands under the old one's name before the journal knows of it."""
    back_up(journal, *folders)
    looking.files.start()
    until(lambda: looking.files.last)
    looking.busy = True
    (folders[0] / "loja.zip").write_bytes(b"the next backup, which is not on record yet")
    looking.files.look_now()
    time.sleep(0.3)
    assert looking.found()["d1"] is Found.THERE
    looking.busy = False
    assert looking.again()["d1"] is Found.ALTERED


def test_of_which_runs(journal: Journal, folders: tuple[Path, Path]) -> None:
    """The newest success, with the copies that it made; of each database that the agenda names."""
    assert last_good_files(journal) == []
    older = back_up(journal, *folders, source="/dados/filial.fdb")
    newer = back_up(journal, folders[0], failed=str(folders[1]))
    ((record, paths),) = last_good_files(journal)
    assert (record.source, list(paths)) == ("/dados/loja.fdb", newer)
    journal.remember("bancos", '["/dados/filial.fdb", "/dados/loja.fdb", "/dados/nunca.fdb"]')
    assert [list(paths) for _record, paths in last_good_files(journal)] == [older, newer]
    journal.remember("bancos", '["/dados/filial.fdb"]')
    assert [list(paths) for _record, paths in last_good_files(journal)] == [older], "the only one that is looked after"
    journal.remember("bancos", '["/dados/filial.fdb", "/dados/loja.fdb"]')
    begun = replace(record, run_id=uuid4(), status=RunStatus.PENDING, ended_at=None, size=None, sha256=None)
    journal.begin(begun)
    journal.update(begun.failed(NOW, Failure("TB-DESTINO-CHEIO", "x")))
    assert list(last_good_files(journal)[1][1]) == newer, "a failure takes no older file away"


def test_a_folder_that_does_not_answer_holds_nothing_up(
    journal: Journal, folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a share whose server was switched off: the system answers after minutes. No hang can be had for real here."""
    back_up(journal, *folders)
    answers, asked = threading.Event(), 0

    def hanging(path: Path, made: Made) -> Found:
        nonlocal asked
        if path.parent == folders[1]:
            asked += 1
            answers.wait(60)
        return look_at(path, made)

    monkeypatch.setattr(folder_looks, "look_at", hanging)
    looking = Looking(journal, patience=0.3)
    began = time.monotonic()
    looking.files.start()
    until(lambda: looking.files.last)
    assert time.monotonic() - began < 5
    assert looking.found() == {"d1": Found.THERE, "d2": Found.SILENT}
    looking.again()
    assert (looking.again(), asked) == (looking.found(), 1), "not asked again while it has not answered"
    answers.set()
    until(lambda: not any(thread.name == "arquivos-pasta" for thread in threading.enumerate()))
    assert looking.again() == {"d1": Found.THERE, "d2": Found.THERE}
    assert asked == 2
    looking.files.close()


def test_the_files_of_one_folder_on_two_disks_that_take_turns(
    journal: Journal, folders: tuple[Path, Path], looking: Looking
) -> None:
    """Of two databases, one was backed up on each: what is whole on the disk at home is not lost."""
    d1, spare = folders
    with mounted(spare, "size=1m"):
        first = back_up(journal, spare, source="/dados/filial.fdb")[0]
        first.rename(first.with_name("esvaziar"))
    journal.remember("bancos", '["/dados/filial.fdb", "/dados/loja.fdb"]')
    home = d1.with_name("em casa")
    home.mkdir()
    with mounted(home, "size=1m"):
        subprocess.run(["mount", "--bind", home, d1], check=True)
        back_up(journal, d1, source="/dados/filial.fdb")
        looking.files.start()
        until(lambda: looking.files.last)
        subprocess.run(["umount", d1], check=True)
        with mounted(d1, "size=1m"):
            (d1 / "filial.zip").write_bytes(b"of last week")
            back_up(journal, d1, source="/dados/loja.fdb")
            assert looking.again() == {"d1": Found.THERE}, "of the newer one"
            assert looking.again() == looking.found()
            assert looking.files.last is not None
            by_name = {path.name: what for each in looking.files.last.databases for path, what in each.files}
            assert by_name == {"filial.zip": Found.FOLDER_AWAY, "loja.zip": Found.THERE}
            (d1 / "loja.zip").unlink()
            looking.again()
            by_name = {path.name: what for each in looking.files.last.databases for path, what in each.files}
            assert by_name == {"filial.zip": Found.FOLDER_AWAY, "loja.zip": Found.GONE}


def test_a_disk_that_has_another_number_is_known_by_an_older_file_on_it(
    journal: Journal, folders: tuple[Path, Path], looking: Looking
) -> None:
    """After a restart a device may have another. Only the memory of it can be changed here."""
    (older,) = back_up(journal, folders[0], source="/dados/velho.fdb")
    (newest,) = back_up(journal, folders[0])
    looking.files.start()
    until(lambda: looking.files.last)
    kept = json.loads(journal.recall("arquivos.discos") or "")
    assert set(kept) == {str(older), str(newest)}
    journal.remember("arquivos.discos", json.dumps({path: disk + 1 for path, disk in kept.items()}))
    newest.unlink()
    for _turn in range(3):
        assert looking.again() == {"d1": Found.GONE}
    journal.remember("arquivos.discos", json.dumps({str(newest): 1}))
    assert looking.again() == {"d1": Found.FOLDER_AWAY}, "nothing says that it is the same disk"


@pytest.mark.parametrize("kept", ["{", "[]", "null", "7", '{"PATH": "12"}'])
def test_a_memory_of_disks_that_cannot_be_read_is_none(
    journal: Journal, folders: tuple[Path, Path], looking: Looking, kept: str
) -> None:
    (path,) = back_up(journal, folders[0])
    journal.remember("arquivos.discos", kept.replace("PATH", str(path)))
    path.unlink()
    looking.files.start()
    until(lambda: looking.files.last)
    assert looking.found() == {"d1": Found.GONE}
    path.write_bytes(CONTENT)
    assert looking.again() == {"d1": Found.THERE}
    assert set(json.loads(journal.recall("arquivos.discos") or "")) == {str(path)}


def test_a_link_is_followed_to_its_disk(tmp_path: Path) -> None:
    real, link = tmp_path / "disco" / "backup", tmp_path / "atalho"
    real.parent.mkdir()
    link.symlink_to(real)
    with mounted(real.parent, "size=1m"):
        real.mkdir()
        path, made = link / "x.zip", Made(5, disk=disk_of(link))
        path.write_bytes(b"12345")
        assert look_at(path, made) is Found.THERE
        path.unlink()
        real.rmdir()
        assert look_at(path, made) is Found.GONE, "its folder was deleted with it"
    assert look_at(path, made) is Found.FOLDER_AWAY
