"""Which account the local Firebird server runs under, and how it gets at the pipe or file that we make for it."""

import os
import stat
import sys
import tempfile
from pathlib import Path


def make_reachable(folder: Path, database: Path) -> None:
    """Let the server's account pass through the run's own folder, which it may not list.

    The database's owner is taken for the server's account. On Windows the service is LocalSystem, which may anyway.
    """
    if sys.platform != "win32":
        folder.chmod(0o700 if _server_uid(database) == os.getuid() else 0o711)


def pipe_room(folder: Path) -> Path:
    """Where the pipe of a run is whose own `folder` the server's account cannot reach: it takes no room there."""
    return Path(tempfile.gettempdir()) / f"topbackup-{folder.name}"


def room_for_pipe(folder: Path, database: Path) -> Path:
    """`folder`, or `pipe_room(folder)`, made now, where the way is closed to the server, as through a home of 0700."""
    room = folder
    if sys.platform != "win32" and not _may_pass(folder.parent, _server_uid(database)):
        room = pipe_room(folder)
        room.mkdir(mode=0o700, exist_ok=True)
    make_reachable(room, database)
    return room


def let_server_write(path: Path, database: Path) -> None:
    """Let the server's account write to `path`, and as few others as can be.

    As root: the thing is given to that account, and no one else may open it. Our own account: nothing to do. Else
    others may write to it, never read it; its name is random, in a folder that cannot be listed, and what is written
    there in the server's place is found by the byte count.
    """
    _let(path, database, 0o622)


def let_server_use(path: Path, database: Path) -> None:
    """Let the server's account read and write `path`, as it must for a restore; the folder hides it from the others."""
    _let(path, database, 0o777 if path.is_dir() else 0o666)


if sys.platform == "win32":

    def _let(path: Path, database: Path, others: int) -> None:
        """Nothing to do: LocalSystem may."""

else:

    def _let(path: Path, database: Path, others: int) -> None:
        uid = _server_uid(database)
        if os.getuid() == 0:
            os.chown(path, uid, -1)
        elif uid != os.getuid():
            path.chmod(others)

    def _may_pass(folder: Path, uid: int) -> bool:
        """Groups are left out: to take a way for closed costs nothing here."""
        ways = [way.stat() for way in (folder, *folder.parents)]
        return uid == 0 or all(
            way.st_mode & stat.S_IXOTH or (way.st_uid == uid and way.st_mode & stat.S_IXUSR) for way in ways
        )

    def _server_uid(database: Path) -> int:
        try:
            return database.stat().st_uid
        except OSError:  # an alias, or a folder that we may not look into: the server's own matter
            return os.getuid()
