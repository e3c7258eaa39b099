"""The transport that this system has: the only place where the two meet."""

import sys
from pathlib import Path

from topbackup.ipc.channel import Channel, Listener

CONNECT_SECONDS = 5.0


def listen(home: Path, group: str = "") -> Listener:
    """home: the agent's folder. group: as in settings.app. Raises OSError, LookupError."""
    if sys.platform == "win32":
        from topbackup.ipc.named_pipe import PipeListener  # noqa: PLC0415 - needs pywin32

        return PipeListener(home)
    else:  # noqa: RET505 - the form that a type checker for win32 skips
        from topbackup.ipc.unix_socket import UnixListener  # noqa: PLC0415 - needs POSIX

        return UnixListener(home / "data", group)


def connect(home: Path, timeout: float = CONNECT_SECONDS) -> Channel:
    """Raises OSError when no agent of this home answers there."""
    if sys.platform == "win32":
        from topbackup.ipc.named_pipe import connect as to_pipe  # noqa: PLC0415 - needs pywin32

        return to_pipe(home, timeout)
    else:  # noqa: RET505 - see above
        from topbackup.ipc.unix_socket import connect as to_socket  # noqa: PLC0415 - needs POSIX

        return to_socket(home / "data", timeout)
