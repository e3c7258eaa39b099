"""Files on Windows: atomic replace, other programs that hold them, long, accented and UNC-like paths."""

import threading
import time
from pathlib import Path

import pytest
import win32con
import win32file

from topbackup.agent.file_look import Made, disk_of, look_at
from topbackup.agent.whereabouts import Found
from topbackup.backup.lock import run_lock
from topbackup.destinations.folder import Folder
from topbackup.errors import Busy, OperationFailed
from topbackup.firebird.agenda_reader import agenda_from_row
from topcore.agenda import Agenda


def test_publish_replaces_the_older_file(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    for content in (b"velho", b"novo"):
        folder.write("x.zip", content)
        assert folder.publish("x.zip") == tmp_path / "x.zip"
        assert (tmp_path / "x.zip").read_bytes() == content
    assert [path.name for path in tmp_path.iterdir()] == ["x.zip"]


def held(path: Path) -> object:
    """Open as a virus scanner may: nobody else may write or delete."""
    return win32file.CreateFile(
        str(path), win32con.GENERIC_READ, win32con.FILE_SHARE_READ, None, win32con.OPEN_EXISTING, 0, None
    )


def test_an_older_file_that_is_held_for_a_moment_is_replaced_after_it(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    (tmp_path / "x.zip").write_bytes(b"velho")
    handle = held(tmp_path / "x.zip")
    folder.write("x.zip", b"novo")
    threading.Timer(1.0, handle.Close).start()  # type: ignore[attr-defined]  # pywin32's handle
    folder.publish("x.zip")
    assert (tmp_path / "x.zip").read_bytes() == b"novo"


def test_one_that_stays_held_is_an_error_and_the_older_file_stays(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    (tmp_path / "x.zip").write_bytes(b"velho")
    handle = held(tmp_path / "x.zip")
    folder.write("x.zip", b"novo")
    began = time.monotonic()
    with pytest.raises(OperationFailed) as failed:
        folder.publish("x.zip")
    assert failed.value.code.startswith("TB-DESTINO")
    assert time.monotonic() - began < 20
    handle.Close()  # type: ignore[attr-defined]  # pywin32's handle
    assert (tmp_path / "x.zip").read_bytes() == b"velho"


def test_names_with_accents_blanks_and_a_length(tmp_path: Path) -> None:
    path = tmp_path / "Cópias de Segurança" / "Padaria São João & Cia" / ("ç" * 60)
    path.mkdir(parents=True)
    folder = Folder(path)
    folder.check(1)
    folder.write("CNPJ çãõ.zip", b"1")
    assert folder.publish("CNPJ çãõ.zip").read_bytes() == b"1"


def test_a_path_over_260_characters_is_written_or_told(tmp_path: Path) -> None:
    deep = Path("\\\\?\\" + str(tmp_path.absolute()))
    for _ in range(6):
        deep /= "p" * 50
    deep.mkdir(parents=True)
    folder = Folder(deep)
    folder.write("x.zip", b"1")
    assert folder.publish("x.zip").read_bytes() == b"1"


@pytest.mark.parametrize("path", [r"\\servidor\backups", r"\\?\C:\backups", r"D:\backups", r"\\10.0.0.5\d$\São João"])
def test_the_paths_that_an_agenda_may_name(path: str) -> None:
    row = {"ID": 1, "HORARIO": "23:00", "SEG": "S", "LOCAL_DESTINO1": path}
    judged = agenda_from_row(row)
    assert isinstance(judged, Agenda)
    assert judged.destination1 == path


def test_a_network_folder_that_is_not_there_is_told_by_its_name() -> None:
    with pytest.raises(OperationFailed) as failed:
        Folder(Path(r"\\nao-existe\backups")).check(1)
    assert failed.value.code == "TB-DESTINO-AUSENTE"
    assert r"\\nao-existe\backups" in failed.value.sentence


def test_the_lock_of_a_database(tmp_path: Path) -> None:
    with run_lock(tmp_path, "C:/dados/São João.fdb"):
        found: list[BaseException] = []

        def other() -> None:
            try:
                with run_lock(tmp_path, "C:/dados/São João.fdb"):
                    pass
            except Busy as busy:
                found.append(busy)

        thread = threading.Thread(target=other)
        thread.start()
        thread.join(10)
        assert len(found) == 1
    with run_lock(tmp_path, "C:/dados/São João.fdb", once=True):
        pass


def test_a_backups_file_is_told_by_its_disk(tmp_path: Path) -> None:
    """By the volume's serial number; a letter that no disk has is a disk that is out."""
    folder = tmp_path / "backup"
    folder.mkdir()
    path, disk = folder / "x.zip", disk_of(folder)
    assert disk
    assert disk == disk_of(tmp_path)
    path.write_bytes(b"12345")
    made = Made(5, disk=disk)
    assert look_at(path, made) is Found.THERE
    assert look_at(path, Made(6, disk=disk)) is Found.ALTERED
    assert look_at(path, Made(6, disk=disk + 1)) is Found.FOLDER_AWAY, "another disk under this letter"
    path.unlink()
    assert look_at(path, made) is Found.GONE
    assert look_at(path, Made(5, disk=disk + 1)) is Found.FOLDER_AWAY
    folder.rmdir()
    assert look_at(path, made) is Found.GONE, "deleted with its folder"
    assert look_at(Path("Q:\\BACKUP\\x.zip"), made) is Found.FOLDER_AWAY
    assert look_at(Path("\\\\nao.existe\\b\\x.zip"), made) is Found.FOLDER_AWAY
