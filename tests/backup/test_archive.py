"""Reading back finds every change of the file; a check of an old file says what is wrong with it."""

import hashlib
import random
import zipfile
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from topbackup import i18n
from topbackup.backup.archive import check_archive, dump_blocks, read_back, write_archive
from topbackup.backup.restore import RestorePlace, least_room, restore
from topbackup.errors import OperationFailed

BLOCKS = [random.Random(1).randbytes(70_000), b"Pao de queijo " * 20_000, b"x"]
WHEN = datetime(2026, 11, 23)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "a.zip.part"
    write_archive(BLOCKS, path, "a.fbk", WHEN)
    return path


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "a.zip.part"
    dump = write_archive(BLOCKS, path, "a.fbk", WHEN)
    whole = read_back(path, dump)
    assert dump.sha256 == hashlib.sha256(b"".join(BLOCKS)).hexdigest()
    assert whole.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert whole.size == path.stat().st_size
    assert b"".join(dump_blocks(path)) == b"".join(BLOCKS)


def test_each_flipped_bit_of_the_data_is_found(archive: Path) -> None:
    dump, _ = check_archive(archive)
    content = bytearray(archive.read_bytes())
    rng = random.Random(2)
    for _ in range(60):
        at = rng.randrange(60, len(content) - 100)
        content[at] ^= 1 << rng.randrange(8)
        archive.write_bytes(content)
        with pytest.raises(OperationFailed) as found:
            read_back(archive, dump)
        assert found.value.code == "TB-ZIP-CONFERENCIA"
        content[at] = archive.read_bytes()[at]
        archive.write_bytes(content)
        write_archive(BLOCKS, archive, "a.fbk", WHEN)
        content = bytearray(archive.read_bytes())


def test_another_dump_of_equal_size_is_not_this_one(archive: Path, tmp_path: Path) -> None:
    other = write_archive([bytes(len(b"".join(BLOCKS)))], tmp_path / "b.zip", "a.fbk", WHEN)
    with pytest.raises(OperationFailed):
        read_back(archive, other)


@pytest.mark.parametrize("keep", [0.0, 0.2, 0.5, 0.9, 0.999])
def test_a_cut_file_is_invalid(archive: Path, keep: float) -> None:
    content = archive.read_bytes()
    archive.write_bytes(content[: int(len(content) * keep)])
    with pytest.raises(OperationFailed) as found:
        check_archive(archive)
    assert found.value.code == "TB-ARQUIVO-INVALIDO"


@pytest.mark.parametrize("names", [[], ["a.fbk", "b.fbk"], ["a.txt"]])
def test_a_zip_of_something_else_is_invalid(tmp_path: Path, names: list[str]) -> None:
    path = tmp_path / "outro.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as other:
        for name in names:
            other.writestr(name, "x" * 1000)
    i18n.use("pt_BR")
    with pytest.raises(OperationFailed) as found:
        check_archive(path)
    assert found.value.code == "TB-ARQUIVO-INVALIDO"
    assert "um único .fbk" in found.value.detail


@pytest.mark.parametrize(("content", "words"), [(b"nada", "não é um ZIP"), (None, "danificado")])
def test_what_is_wrong_with_a_zip_is_told_in_portuguese(archive: Path, content: bytes | None, words: str) -> None:
    i18n.use("pt_BR")
    spoiled = bytearray(archive.read_bytes())
    spoiled[200] ^= 255
    archive.write_bytes(spoiled if content is None else content)
    for read in (check_archive, lambda path: list(dump_blocks(path))):
        with pytest.raises(OperationFailed) as found:
            read(archive)
        assert words in found.value.detail


def test_the_room_that_a_restore_needs_is_asked_for_before_the_file_is_read(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = len(b"".join(BLOCKS))
    assert least_room(archive) == size
    monkeypatch.setattr("topbackup.backup.restore.shutil.disk_usage", lambda _folder: SimpleNamespace(free=size - 1))
    monkeypatch.setattr("topbackup.backup.restore.check_archive", None)  # nothing is read
    with pytest.raises(OperationFailed) as found:
        restore(archive, tmp_path / "novo.fdb", cast("RestorePlace", None))
    assert found.value.code == "TB-RESTAURA-ESPACO"


@pytest.mark.parametrize("name", ["ERP.FBK", "ERP.GBK", "erp.gbk"])
def test_an_old_dump_is_taken_whatever_its_name_is_written_in(tmp_path: Path, name: str) -> None:
    path = tmp_path / "velho.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name, b"".join(BLOCKS))
    assert b"".join(dump_blocks(path)) == b"".join(BLOCKS)
    check_archive(path)


def test_a_zip_with_a_password_is_told_as_that(tmp_path: Path) -> None:
    """Python writes none: the flag of one is set by hand, in both of its places."""
    path = tmp_path / "cifrado.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("a.fbk", b"x" * 100)
    content = bytearray(path.read_bytes())
    for place in (6, content.index(b"PK\x01\x02") + 8):
        content[place] |= 1
    path.write_bytes(content)
    for look in (lambda: check_archive(path), lambda: list(dump_blocks(path))):
        with pytest.raises(OperationFailed) as found:
            look()
        assert found.value.code == "TB-ARQUIVO-INVALIDO"
        assert "senha" in found.value.sentence


def test_a_zip_of_1_0_x_is_taken(tmp_path: Path) -> None:
    """zipfile at level 6, without a manifest."""
    path = tmp_path / "velho.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as old:
        old.writestr("velho.fbk", b"".join(BLOCKS))
    dump, whole = check_archive(path)
    assert dump.size == len(b"".join(BLOCKS))
    assert whole.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
