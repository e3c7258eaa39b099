"""An FTP server that fails as asked, for what the real ones cannot be made to do. pyftpdlib does the rest, rightly."""

import logging
import socket
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path
from shutil import rmtree
from types import TracebackType
from typing import Any, Self

from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import DTPHandler, FTPHandler
from pyftpdlib.ioloop import IOLoop
from pyftpdlib.servers import FTPServer

from lab.remote_peers import PASSWORD, USER


@dataclass
class Faults:
    """All may be changed while it runs; a new session sees `missing`.

    missing: commands that it does not know. cut_after: data bytes of an upload after which both channels end.
    wrong_size: added to what SIZE says. keeps_existing: a rename never replaces. no_rename: none at all.
    blocked: passive ports that nobody answers. quota: bytes of one upload. loses_control: the control channel ends
    unheard with the data. silent: after an upload it answers nothing. own_listing: LIST in a form of its own.
    repeats: replies hold the password. only_appe: no STOR in the middle.
    """

    missing: set[str] = field(default_factory=set)
    cut_after: int | None = None
    wrong_size: int = 0
    keeps_existing: bool = False
    no_rename: bool = False
    blocked: bool = False
    quota: int | None = None
    loses_control: bool = False
    silent: bool = False
    own_listing: bool = False
    repeats: bool = False
    only_appe: bool = False


class _Data(DTPHandler):  # type: ignore[misc]  # pyftpdlib has no types
    def handle_read_event(self) -> None:
        super().handle_read_event()
        faults: Faults = self.cmd_channel.faults
        if self._closed or not self.receive:
            return
        if faults.cut_after is not None and self.tot_bytes_received >= faults.cut_after:
            control = self.cmd_channel
            self.file_obj.flush()
            self.close()
            control.close()
        elif faults.quota is not None and self.tot_bytes_received > faults.quota:
            self.cmd_channel.respond("552 Quota exceeded for this account.")
            self.transfer_finished = False
            self._resp = ()
            self.close()

    def close(self) -> None:
        control = self.cmd_channel
        if self.receive and control is not None and self.transfer_finished:
            if control.faults.loses_control:
                self._resp = ()
                super().close()
                control.close()
                return
            if control.faults.silent:
                self._resp = ()
        super().close()


class _Control(FTPHandler):  # type: ignore[misc]  # see above
    faults: Faults
    dtp_handler = _Data
    use_sendfile = False

    def ftp_SIZE(self, path: str) -> None:  # noqa: N802 - pyftpdlib's name
        size = Path(path).stat().st_size if Path(path).is_file() else None
        self.respond("550 no such file." if size is None else f"213 {size + self.faults.wrong_size}")

    def ftp_RNTO(self, path: str) -> Any:  # noqa: N802 - pyftpdlib's name
        if self.faults.no_rename or (self.faults.keeps_existing and Path(path).exists()):
            self._rnfr = None
            self.respond("550 Cannot create a file when that file already exists.")
            return None
        return super().ftp_RNTO(path)

    def ftp_PASV(self, line: str) -> Any:  # noqa: N802 - pyftpdlib's name
        if not self.faults.blocked:
            return super().ftp_PASV(line)
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))
            high, low = divmod(nobody.getsockname()[1], 256)
        self.respond(f"227 Entering passive mode (127,0,0,1,{high},{low}).")
        return None

    def ftp_LIST(self, path: str) -> Any:  # noqa: N802 - pyftpdlib's name
        if not self.faults.own_listing:
            return super().ftp_LIST(path)
        self.push_dtp_data("".join(f"* {one.name} *\r\n" for one in Path(path).iterdir()).encode(), cmd="LIST")
        return None

    def ftp_STOR(self, file: str, mode: str = "w") -> Any:  # noqa: N802 - pyftpdlib's name
        position: int = self._restart_position  # type: ignore[has-type]  # pyftpdlib has no types
        if self.faults.only_appe and position:
            self._restart_position = 0
            self.respond("451 Restart not permitted.")
            return None
        return super().ftp_STOR(file, mode)

    def ftp_PASS(self, line: str) -> None:  # noqa: N802 - pyftpdlib's name
        if self.faults.repeats:
            self.respond(f"530 the password {line!r} of {self.username} is wrong")
            return
        super().ftp_PASS(line)


class FaultyFtpServer:
    """In a thread of this process, as a block. files: what is there."""

    def __init__(self, encoding: str = "utf-8", **faults: Any) -> None:
        logging.getLogger("pyftpdlib").setLevel(logging.CRITICAL)
        self.files = Path(tempfile.mkdtemp(prefix="topbackup-faulty-"))
        self.faults = Faults(**faults)
        self.host = "127.0.0.1"
        self._end = threading.Event()
        self._ready = threading.Event()
        self._encoding = encoding
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end.set()
        self._thread.join(10)
        rmtree(self.files, ignore_errors=True)

    def cut(self) -> None:
        """End every session when its next byte comes."""
        self.faults.cut_after = 0

    def _serve(self) -> None:
        authorizer = DummyAuthorizer()
        authorizer.add_user(USER, PASSWORD, str(self.files), perm="elradfmwMT")
        known = {name: facts for name, facts in FTPHandler.proto_cmds.items() if name not in self.faults.missing}
        members = {"faults": self.faults, "authorizer": authorizer, "proto_cmds": known, "encoding": self._encoding}
        handler = type("Handler", (_Control,), members)
        server = FTPServer((self.host, 0), handler, ioloop=IOLoop())
        self.port = server.address[1]
        self._ready.set()
        while not self._end.is_set():
            server.ioloop.loop(0.02, blocking=False)
        server.close_all()
