"""gbak's command lines, one function each. No password is ever an argument: everybody sees those."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from topbackup.firebird.address import Credentials, DatabaseAddress


@dataclass(frozen=True)
class GbakCommand:
    """environment: all of it, with ISC_USER and ISC_PASSWORD, which gbak and isql of every version read."""

    arguments: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)


def backup_through_service(gbak: Path, source: DatabaseAddress, login: Credentials, target: str) -> GbakCommand:
    """The dump runs inside the server and is written by it to `target`, a path that the server's account can open.

    Five times as fast as a client over TCP (facts.md): no round trip per record.
    """
    return GbakCommand((str(gbak), "-b", "-v", "-se", source.service_manager, source.path, target), _environment(login))


def backup_through_client(
    gbak: Path, database: str, login: Credentials, target: str, lock_folder: Path | None = None
) -> GbakCommand:
    """gbak itself reads the database (`host/port:path`, or a bare path for the embedded engine) and writes `target`."""
    return GbakCommand((str(gbak), "-b", "-v", database, target), _environment(login, lock_folder))


def restore_embedded(gbak: Path, target: Path, lock_folder: Path) -> GbakCommand:
    """The embedded engine builds `target` from the dump on stdin; needs no server and no password."""
    return GbakCommand(
        (str(gbak), "-c", "-v", "stdin", str(target)), _environment(Credentials("SYSDBA", ""), lock_folder)
    )


def restore_through_service(
    gbak: Path, server: DatabaseAddress, login: Credentials, dump: Path, target: Path
) -> GbakCommand:
    """The server builds `target` from the file `dump`; both paths are the server's."""
    return GbakCommand(
        (str(gbak), "-c", "-v", "-se", server.service_manager, str(dump), str(target)), _environment(login)
    )


def isql_embedded(isql: Path, database: Path, lock_folder: Path) -> GbakCommand:
    """isql with its script on stdin, on a database that no server holds."""
    return GbakCommand(
        (str(isql), "-q", "-b", "-ch", "UTF8", str(database)), _environment(Credentials("SYSDBA", ""), lock_folder)
    )


def _environment(login: Credentials, lock_folder: Path | None = None) -> dict[str, str]:
    """This process's environment, with the login and nobody else's.

    lock_folder: where an embedded engine may keep its lock files; an ordinary user cannot write to the default one.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ISC_")}
    kept["ISC_USER"] = login.user
    if login.password:
        kept["ISC_PASSWORD"] = login.password
    if lock_folder is not None and os.name == "posix":
        kept["FIREBIRD_LOCK"] = str(lock_folder)
        kept["FIREBIRD_TMP"] = str(lock_folder)
    return kept
