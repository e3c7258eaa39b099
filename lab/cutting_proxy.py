"""A TCP proxy on loopback that can be told to end what passes: a cable that is pulled, a line that hangs."""

import contextlib
import select
import socket
import threading
from types import TracebackType
from typing import Self

_BLOCK = 65536


class CuttingProxy:
    """As a block. cut_after: bytes towards the server after which every connection ends; None: never."""

    def __init__(self, port: int) -> None:
        self._to = port
        self.cut_after: int | None = None
        self.passed = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                here, _ = self._listener.accept()
                threading.Thread(target=self._pass, args=(here,), daemon=True).start()

    def _pass(self, here: socket.socket) -> None:
        with contextlib.suppress(OSError), here, socket.create_connection(("127.0.0.1", self._to)) as there:
            while True:
                ready, _, _ = select.select([here, there], [], [])
                for one, other in ((here, there), (there, here)):
                    if one not in ready:
                        continue
                    block = one.recv(_BLOCK)
                    if not block:
                        return
                    self.passed += len(block) if one is here else 0
                    if self.cut_after is not None and self.passed >= self.cut_after:
                        return
                    other.sendall(block)
