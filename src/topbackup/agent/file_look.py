"""One file of a backup, looked at: is it there, and as it was made? Blocks for as long as the system does."""

import errno
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG

from topbackup.agent.whereabouts import Found

_FIRST, _LAST, _END_RECORD = b"PK\x03\x04", b"PK\x05\x06", 22  # bytes


@dataclass(frozen=True)
class Made:
    """A file as it was made. size: bytes. whole: look at its two ends as well.

    disk: `disk_of` the folder in which it was last seen whole; None where nobody noted it.
    """

    size: int
    whole: bool = False
    disk: int | None = None


def look_at(path: Path, made: Made) -> Found:
    """What is not on the disk that it was put on says nothing of it: another one may be connected in its place."""
    try:
        stat = path.stat()
    except OSError as error:
        if not _disk_is_there(path.parent, made.disk):
            return Found.FOLDER_AWAY
        return Found.GONE if error.errno in (errno.ENOENT, errno.ENOTDIR) else Found.UNREADABLE
    whole = S_ISREG(stat.st_mode) and stat.st_size == made.size
    found = _ends_of(path, made.size) if whole and made.whole else Found.THERE if whole else Found.ALTERED
    another = made.disk is not None and disk_of(path.parent) not in (None, made.disk)
    return Found.FOLDER_AWAY if another and found is not Found.THERE else found


def disk_of(folder: Path) -> int | None:
    """Which one it is; None where it cannot be looked at.

    On Windows the volume's serial number, elsewhere the file system's own number: ext4, btrfs and tmpfs have one; that
    of FAT, exFAT and XFS is the device's, which two sticks share that take turns.
    """
    try:
        if sys.platform != "win32" and (own := os.statvfs(folder).f_fsid):
            return own
        return folder.stat().st_dev or None  # Windows gives 0 where it had to ask by another way
    except OSError:
        return None


def _disk_is_there(folder: Path, disk: int | None) -> bool:
    """A folder that is gone from a disk that is there was deleted; with its disk it was only taken out."""
    if disk is None:
        return folder.is_dir()
    return next(_disks_above(Path(os.path.realpath(folder))), None) == disk  # of a link, where it leads


def _disks_above(folder: Path) -> Iterator[int]:
    """That of the folder, or of the nearest above it that is there."""
    for place in (folder, *folder.parents):
        found = disk_of(place)
        if found is not None:
            yield found


def _ends_of(path: Path, size: int) -> Found:
    """Does it begin and end as a ZIP of ours does? What encrypts or wipes files leaves their sizes, not this.

    PKWARE's APPNOTE.TXT, 4.3.7 and 4.3.16; ours have no comment after the end record. A file that is changed in its
    middle is found by a test restore alone.
    """
    try:
        with path.open("rb") as file:
            first = file.read(len(_FIRST))
            file.seek(max(0, size - _END_RECORD))
            last = file.read(len(_LAST))
    except PermissionError:
        return Found.THERE  # it is there; another program may hold it for a moment
    except OSError:
        return Found.UNREADABLE
    return Found.THERE if (first, last) == (_FIRST, _LAST) else Found.ALTERED
