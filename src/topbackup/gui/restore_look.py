"""What the disk says of a restore that is being typed: a disk may hang for seconds, so this is for a thread."""

import errno
import shutil
from dataclasses import dataclass
from pathlib import Path

from topbackup.backup.restore import least_room
from topbackup.errors import TopBackupError
from topbackup.system_words import system_words

_OTHERS = (errno.EACCES, errno.EPERM)  # this account may not look; the agent, another one, may


@dataclass(frozen=True)
class Looked:
    """archive, target: the texts that were looked for. exists: a file has the target's name.

    folder: the target's is there. free, least: bytes that it has and that the database needs at the least; None: not
    known. trouble: why such a name cannot be, in the system's words.
    """

    archive: str
    target: str
    exists: bool = False
    folder: bool = True
    free: int | None = None
    least: int | None = None
    trouble: str = ""


def look(archive: str, target: str) -> Looked:
    """Blocks as long as the disk does; raises nothing. What this account may not see is not held against anything."""
    path = Path(target)
    if not target or not path.is_absolute():
        return Looked(archive, target)
    try:
        exists, folder = _there(path), _there(path.parent) and path.parent.is_dir()
        free = shutil.disk_usage(path.parent).free if folder else None
    except (OSError, ValueError) as error:
        hidden = isinstance(error, OSError) and error.errno in _OTHERS
        return Looked(archive, target, trouble="" if hidden else system_words(error))
    return Looked(archive, target, exists, folder, free, _least(archive))


def _there(path: Path) -> bool:
    """`exists` takes a folder that may not be entered for one that is not there, and a name too long for an error."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def _least(archive: str) -> int | None:
    try:
        return least_room(Path(archive)) if Path(archive).is_absolute() else None
    except (TopBackupError, OSError, ValueError):
        return None  # the agent says what is wrong with it
