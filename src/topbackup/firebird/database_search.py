"""Databases of this machine: what a server has open, what an alias names, what lies in the usual folders."""

import os
import re
import string
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from pathlib import Path

import psutil

from topbackup.firebird.address import DEFAULT_PORT, DatabaseAddress
from topbackup.firebird.installations import Installation, installations, is_candidate

SEARCH_SECONDS = 20.0
_DEPTH = 6  # folders below a root
_NAME = re.compile(r"[\\/:]")
_PAGE_SIZES = frozenset({1024, 2048, 4096, 8192, 16384, 32768})
_HEADER_PAGE = 1  # ods.h: pag_header, the type of the first page
_NETWORK = ("nfs", "cifs", "smb", "fuse.sshfs", "9p", "davfs", "glusterfs", "ceph")
_SKIPPED = frozenset({
    "$recycle.bin", "system volume information", "windows", "programdata", "appdata", "node_modules", "proc", "sys",
    "dev", "run", "boot", "snap", "lib", "lib64", "bin", "sbin", "usr", "etc", "tmp", "temp",
    "lost+found", "site-packages",
})  # fmt: skip


class Why(IntEnum):
    """How it was found, the surest first."""

    IN_USE = 1
    ALIAS = 2
    FOLDER = 3


@dataclass(frozen=True)
class FoundDatabase:
    """address: as the settings take it. size: bytes; modified: aware UTC; None where the file cannot be looked at."""

    address: str
    why: Why
    size: int | None
    modified: datetime | None

    @property
    def name(self) -> str:
        """The file's, or the alias."""
        return _NAME.split(self.address)[-1]

    @property
    def place(self) -> str:
        """The folder, and before it the server where that is not the usual one."""
        return self.address.removesuffix(self.name).rstrip(":/\\") or self.address


def likely(found: Sequence[FoundDatabase]) -> FoundDatabase | None:
    """The one that is surely meant: the only one that is in use, or the only one at all."""
    in_use = [each for each in found if each.why is Why.IN_USE]
    surest = in_use or found
    return surest[0] if len(surest) == 1 else None


def find_databases(
    go_on: Callable[[], None],
    *,
    roots: Iterable[Path] | None = None,
    servers: Iterable[Installation] | None = None,
    seconds: float = SEARCH_SECONDS,
) -> list[FoundDatabase]:
    """All within the time, the surest first, then the latest changed; each file once.

    go_on: called at each folder; raises where the search is to end. roots: the usual places without it.
    """
    known = list(installations() if servers is None else servers)
    port = next((server.port for server in known if server.running), DEFAULT_PORT)
    found: dict[str, FoundDatabase] = {}
    for server in known:
        for file in server.in_use:
            _note(found, file, str(file), server.port, Why.IN_USE)
        for alias, path in server.aliases.items():
            _note(found, Path(path), alias, server.port, Why.ALIAS)
    deadline = time.monotonic() + seconds
    for file in _files(_usual_roots() if roots is None else roots, go_on, deadline):
        _note(found, file, str(file), port, Why.FOLDER)
    return sorted(found.values(), key=lambda each: (each.why, -(each.modified.timestamp() if each.modified else 0)))


def _note(found: dict[str, FoundDatabase], file: Path, path: str, port: int, why: Why) -> None:
    """By file: what is in use and has an alias too is one database."""
    key = os.path.normcase(str(file))
    if key not in found:
        host = None if port == DEFAULT_PORT else "localhost"
        size, modified = _looked_at(file)
        spelled = path if host is None else DatabaseAddress(host, port, path).attach_string
        found[key] = FoundDatabase(spelled, why, size, modified)


def _looked_at(file: Path) -> tuple[int | None, datetime | None]:
    try:
        status = file.stat()
    except (OSError, ValueError):
        return None, None
    return status.st_size, datetime.fromtimestamp(status.st_mtime, UTC)


def _files(roots: Iterable[Path], go_on: Callable[[], None], deadline: float) -> Iterator[Path]:
    """Breadth first, so that the time limit cuts the deep and unlikely places."""
    waiting = deque((root, 0) for root in roots)
    elsewhere = _network_folders()
    while waiting and time.monotonic() < deadline:
        folder, depth = waiting.popleft()
        go_on()
        try:
            entries = list(os.scandir(folder))
        except OSError:
            continue
        for entry in entries:
            try:
                if entry.is_dir(follow_symlinks=False):
                    if depth < _DEPTH and not _skipped(entry.name) and entry.path not in elsewhere:
                        waiting.append((Path(entry.path), depth + 1))
                elif is_candidate(Path(entry.name)) and _has_header(Path(entry.path)):
                    yield Path(entry.path)
            except OSError:
                continue


def _skipped(name: str) -> bool:
    return name.startswith(".") or name.casefold() in _SKIPPED


def _network_folders() -> frozenset[str]:
    """A database there belongs to another computer's server; and a share that is gone would hold us up."""
    with suppress(psutil.Error, OSError):
        mounted = psutil.disk_partitions(all=True)
        return frozenset(each.mountpoint for each in mounted if each.fstype.startswith(_NETWORK))
    return frozenset()


def _has_header(path: Path) -> bool:
    """Does it begin as a database does? One that a server holds closed to others counts, by its name."""
    try:
        with path.open("rb") as file:
            head = file.read(18)
    except PermissionError:
        return True
    except OSError:
        return False
    return len(head) == 18 and head[0] == _HEADER_PAGE and int.from_bytes(head[16:18], "little") in _PAGE_SIZES


if sys.platform == "win32":

    def _usual_roots() -> Iterator[Path]:
        """Each fixed drive."""
        import win32file  # noqa: PLC0415 - Windows only

        for letter in string.ascii_uppercase:
            root = f"{letter}:\\"
            if win32file.GetDriveType(root) == win32file.DRIVE_FIXED:
                yield Path(root)

else:

    def _usual_roots() -> Iterator[Path]:
        """What the system keeps to itself below `/` is skipped, but for these two."""
        yield from (Path("/var/lib/firebird"), Path("/usr/local"), Path("/"))
