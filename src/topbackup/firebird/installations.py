"""The Firebird servers of this machine, by what runs and by what is installed: ports, aliases, databases in use."""

import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from topbackup.firebird.address import DEFAULT_PORT
from topbackup.firebird.discovery import registered_folders

_SERVERS = frozenset({"firebird", "fbserver", "fb_smp_server", "fb_inet_server"})
_PORT = re.compile(r"^\s*RemoteServicePort\s*=\s*(\d{1,5})\s*(?:#.*)?$", re.IGNORECASE | re.MULTILINE)
_ALIAS = re.compile(r"^\s*([^\s#={}][^#={}]*?)\s*=\s*([^#{}]+?)\s*$", re.MULTILINE)
_BLOCK = re.compile(r"\{[^}]*\}")  # in databases.conf, the settings of the alias above it
_COMMENT = re.compile(r"#.*$", re.MULTILINE)
_OWN_DATABASES = ("security", "employee")
if sys.platform == "win32":
    _CONFIGURATIONS: tuple[Path, ...] = ()
else:
    _CONFIGURATIONS = (
        *(Path("/etc/firebird") / version for version in ("5.0", "4.0", "3.0", "2.5")),
        Path("/opt/firebird"),
    )


@dataclass(frozen=True)
class Installation:
    """root: the folder of firebird.conf. running: does its server run now? aliases: name → file, as configured.

    in_use: database files that the server has open now, as far as this account may see.
    """

    root: Path | None
    port: int
    running: bool
    aliases: Mapping[str, str] = field(default_factory=dict)
    in_use: tuple[Path, ...] = ()


def installations() -> list[Installation]:
    """The running ones first; each once."""
    running = list(_running())
    roots = {server.root for server in running}
    installed = [
        Installation(root, configured_port(root) or DEFAULT_PORT, running=False, aliases=aliases_of(root))
        for root in dict.fromkeys((*registered_folders(), *_CONFIGURATIONS))
        if root not in roots and (root / "firebird.conf").is_file()
    ]
    return running + installed


def configured_port(root: Path) -> int | None:
    """RemoteServicePort of firebird.conf; None where it is not set there, or cannot be read."""
    found = _PORT.search(_text(root / "firebird.conf"))
    return int(found[1]) if found and 0 < int(found[1]) < 65536 else None


def aliases_of(root: Path) -> dict[str, str]:
    """Of databases.conf (since 3.0) and aliases.conf (2.5), without Firebird's own databases."""
    found: dict[str, str] = {}
    for name in ("aliases.conf", "databases.conf"):
        text = _BLOCK.sub("", _COMMENT.sub("", _text(root / name)))
        for alias, path in _ALIAS.findall(text):
            if not alias.casefold().startswith(_OWN_DATABASES):
                found[alias] = path
    return found


def _running() -> Iterator[Installation]:
    for process in psutil.process_iter(["name"]):
        if (process.info["name"] or "").casefold().removesuffix(".exe") not in _SERVERS:
            continue
        # It may end meanwhile, or belong to an account that shows us nothing.
        with suppress(psutil.Error, OSError):
            root = _root_of(process)
            ports = _listening(process) or [(configured_port(root) if root else None) or DEFAULT_PORT]
            in_use = _open_databases(process)
            aliases = aliases_of(root) if root else {}
            for port in ports:
                yield Installation(root, port, running=True, aliases=aliases, in_use=in_use)


def _root_of(process: psutil.Process) -> Path | None:
    """Where its firebird.conf is: as its environment names it, beside or above the program, in the system's place."""
    places: list[Path] = []
    with suppress(psutil.Error, OSError):
        named = process.environ().get("FIREBIRD")
        places += [Path(named)] if named else []
    with suppress(psutil.Error, OSError):
        program = Path(process.exe())
        places += [program.parent, program.parent.parent]
    return next((place for place in (*places, *_CONFIGURATIONS) if (place / "firebird.conf").is_file()), None)


def _listening(process: psutil.Process) -> list[int]:
    with suppress(psutil.Error, OSError):
        sockets = process.net_connections("tcp")
        return sorted({each.laddr.port for each in sockets if each.status == psutil.CONN_LISTEN})
    return []


def _open_databases(process: psutil.Process) -> tuple[Path, ...]:
    """On Windows another process's open files are not to be had without the risk of waiting for ever."""
    if sys.platform == "win32":
        return ()
    with suppress(psutil.Error, OSError):
        paths = dict.fromkeys(Path(each.path) for each in process.open_files())
        return tuple(path for path in paths if is_candidate(path))
    return ()


def is_candidate(path: Path) -> bool:
    """By its name: may this be a shop's database, and none of Firebird's own or ours?"""
    name = path.name.casefold()
    own = name.startswith((*_OWN_DATABASES, "prova.fdb", "fb_"))
    return path.suffix.casefold() in (".fdb", ".gdb", ".ib", ".fb") and not own


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("cp1252", errors="replace") if path.is_file() else ""
    except OSError:
        return ""
