"""The ZIP: read by others (Python's zipfile, unzip), small and large; Zip64 proven without four gigabytes on a disk."""

import io
import shutil
import subprocess
import zipfile
from collections.abc import Buffer
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topbackup.backup.zip_writer import ZipWriter

WHEN = datetime(2026, 11, 23, 19, 7, 42)


def written(blocks: list[bytes], **more: int) -> bytes:
    file = io.BytesIO()
    archive = ZipWriter(file, "11222333000181_São.fbk", WHEN, **more)
    for block in blocks:
        archive.write(block)
    archive.finish()
    return file.getvalue()


@settings(deadline=None)
@given(st.lists(st.binary(max_size=5000), max_size=6), st.sampled_from([1, 100, 3000, 0xFFFFFFFF]))
def test_zipfile_reads_the_same_bytes(blocks: list[bytes], zip64_from: int) -> None:
    with zipfile.ZipFile(io.BytesIO(written(blocks, zip64_from=zip64_from))) as archive:
        assert archive.testzip() is None
        (member,) = archive.infolist()
        assert archive.read(member) == b"".join(blocks)
        assert (member.filename, member.date_time) == ("11222333000181_São.fbk", (2026, 11, 23, 19, 7, 42))


@pytest.mark.parametrize("zip64_from", [1, 0xFFFFFFFF])
def test_unzip_agrees(tmp_path: Path, zip64_from: int) -> None:
    unzip = shutil.which("unzip")
    if unzip is None:  # Windows' runner: Python's own reader, above, has judged it
        return
    path = tmp_path / "a.zip"
    path.write_bytes(written([b"padaria " * 100_000], zip64_from=zip64_from))
    done = subprocess.run([unzip, "-tq", path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_an_ordinary_backup_is_an_ordinary_zip() -> None:
    content = written([b"abc" * 1000])
    assert b"PK\x06\x06" not in content, "no Zip64 directory"
    assert content[4:6] == b"\x14\x00", "version 2.0 is enough"


class SparseFile(io.RawIOBase):
    """Keeps what is written in small pieces (headers, directory) and only counts the rest: 5 GB in no space."""

    def __init__(self) -> None:
        self.position = self.size = 0
        self.pieces: dict[int, bytes] = {}

    def write(self, block: Buffer) -> int:
        content = bytes(block)
        if len(content) < 200:
            self.pieces[self.position] = content
        self.position += len(content)
        self.size = max(self.size, self.position)
        return len(content)

    def seek(self, offset: int, whence: int = 0) -> int:
        self.position = self.size + offset if whence == 2 else offset
        return self.position

    def tell(self) -> int:
        return self.position

    def seekable(self) -> bool:
        return True


class StoredAsIs:
    """A compressor that does not compress: the sizes are what is tested, not the packing."""

    def compress(self, block: bytes) -> bytes:
        return block

    def flush(self) -> bytes:
        return b""


def test_over_four_gigabytes_the_64_bit_fields_hold_the_sizes() -> None:
    file = SparseFile()
    archive = ZipWriter(file, "grande.fbk", WHEN)  # type: ignore[arg-type]  # as much of a file as a writer needs
    archive._deflate = StoredAsIs()  # type: ignore[assignment]
    block = bytes(64 << 20)
    for _ in range(80):
        archive.write(block)
    archive.finish()
    size = 80 * len(block)
    assert size > 0xFFFFFFFF
    header = file.pieces[0]
    assert header[4:6] == b"\x2d\x00", "version 4.5"
    assert header[18:26] == b"\xff" * 8, "both sizes are in the extra field"
    assert header[40:60] == b"\x01\x00\x10\x00" + size.to_bytes(8, "little") * 2
    directory_at = 60 + size
    tail = b"".join(piece for at, piece in sorted(file.pieces.items()) if at >= directory_at)
    end_64 = tail.index(b"PK\x06\x06")
    assert int.from_bytes(tail[end_64 + 48 : end_64 + 56], "little") == directory_at
    assert tail[-22 + 16 : -2] == b"\xff" * 4
