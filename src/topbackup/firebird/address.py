"""Where a database is, in the spellings that Firebird's own tools take, and the login to it."""

import re
import socket
from dataclasses import dataclass, field

DEFAULT_PORT = 3050
_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_URL = re.compile(r"^inet[46]?://(?P<host>\[[^\]]+\]|[^:/]+)(?::(?P<port>\d+))?/(?P<path>.+)$", re.IGNORECASE)
# host, host/port, [ipv6]: at least two characters, as one letter before a colon is a drive.
_HOST = re.compile(r"^(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9][A-Za-z0-9._-]+)(?:/(?P<port>\d{1,5}))?:(?P<path>.+)$")


@dataclass(frozen=True)
class DatabaseAddress:
    """host: None where the text named none, which means this machine. path: as the server knows it, or an alias."""

    host: str | None
    port: int
    path: str

    @property
    def is_local(self) -> bool:
        """Is the server on this machine? Only then can it write into our pipe."""
        if self.host is None:
            return True
        name = self.host.casefold().strip("[]")
        return name in _LOCAL_NAMES or name == socket.gethostname().casefold()

    @property
    def server(self) -> str:
        """`host/port`, as gbak and isql take it."""
        return f"{self.host or 'localhost'}/{self.port}"

    @property
    def attach_string(self) -> str:
        """`host/port:path`: a client's way to the database, over TCP."""
        return f"{self.server}:{self.path}"

    @property
    def service_manager(self) -> str:
        """`host/port:service_mgr`: the services of the same server."""
        return f"{self.server}:service_mgr"

    def same_server(self, other: "DatabaseAddress") -> bool:
        """Do both name one server, in one spelling or as this machine?"""
        hosts = [None if each.is_local else (each.host or "").casefold() for each in (self, other)]
        return hosts[0] == hosts[1] and self.port == other.port

    @property
    def stays_there(self) -> bool:
        """Does the path itself name no other computer, to which the server would go on?"""
        return not self.path.startswith(("\\\\", "//")) and parse_address(self.path, None).host is None

    def __str__(self) -> str:
        """One spelling for one database: the path alone on this machine."""
        return self.path if self.is_local else self.attach_string


@dataclass(frozen=True)
class Credentials:
    """The password is never shown."""

    user: str
    password: str = field(repr=False)


def parse_address(text: str, default: DatabaseAddress | None) -> DatabaseAddress:
    """From `C:\\x.fdb`, `/var/x.fdb`, an alias, `host:path`, `host/port:path` or `inet://host:port/path`.

    A text without a host takes those of `default`. Raises ValueError for an empty text or an impossible port.
    """
    text = text.strip()
    if not text:
        raise ValueError("empty database address")
    named = _URL.match(text) or (None if text.startswith("\\\\") else _HOST.match(text))
    if named is None:
        if default is None:
            return DatabaseAddress(None, DEFAULT_PORT, text)
        return DatabaseAddress(default.host, default.port, text)
    port = int(named["port"] or DEFAULT_PORT)
    if not 0 < port < 65536:
        raise ValueError(f"impossible port in {text!r}")
    return DatabaseAddress(named["host"], port, named["path"])
