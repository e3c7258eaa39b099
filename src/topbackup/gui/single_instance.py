"""One window for a person and a settings file: a second start brings the first to the front, and ends."""

import hashlib
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from topbackup.backup.lock import run_lock
from topbackup.errors import BadUsage, TopBackupError
from topbackup.ipc.client import Client
from topbackup.ipc.server import Server
from topbackup.ipc.transport import listen
from topbackup.problems import MESSAGE_INVALID

_SHOW = "mostrar"


def window_home(config: Path) -> Path:
    """Of this person alone: another one at the same computer has a window of their own."""
    from platformdirs import user_state_path  # noqa: PLC0415 - tests name a folder of their own

    name = hashlib.sha256(str(config.absolute()).encode()).hexdigest()[:12]
    return user_state_path("topbackup", appauthor=False) / f"janela-{name}"


@contextmanager
def the_only_one(home: Path, show: Callable[[], object]) -> Iterator[None]:
    """Be the window of `home`. show: asked, in another thread, to come to the front. Raises Busy: there is one."""
    with run_lock(home, "janela"):
        server = Server(listen(home), lambda request, _peer: _answer(request.name, show), _error)
        server.start()
        try:
            yield
        finally:
            server.close()


def bring_to_front(home: Path) -> bool:
    """Ask the window that is there. False: it does not answer."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - Windows only

        ctypes.windll.user32.AllowSetForegroundWindow(-1)  # else Windows keeps the other window behind this one's
    try:
        with Client.of(home) as client:
            client.ask(_SHOW, patience=5)
    except TopBackupError:
        return False
    return True


def _answer(name: str, show: Callable[[], object]) -> Mapping[str, Any]:
    if name != _SHOW:
        raise BadUsage(MESSAGE_INVALID, name)
    show()
    return {}


def _error(error: TopBackupError) -> Mapping[str, Any]:
    return {"codigo": error.code, "mensagem": error.sentence, "detalhe": error.detail}
