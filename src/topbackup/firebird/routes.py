"""The ways from a database to a dump (facts.md, "who runs gbak"), and which are worth trying, quickest first."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from topbackup.firebird.address import Credentials, DatabaseAddress
from topbackup.firebird.dump_target import DumpTarget, make_pipe
from topbackup.firebird.gbak_command import GbakCommand, backup_through_client, backup_through_service
from topbackup.firebird.server_account import make_reachable, room_for_pipe
from topbackup.firebird.spool_file import SpoolFile
from topbackup.settings import RouteChoice


@dataclass(frozen=True)
class DumpRequest:
    """What to dump, with which gbak. folder: the run's own temporary folder, on a local disk. database: its file."""

    gbak: Path
    source: DatabaseAddress
    login: Credentials
    folder: Path
    database: Path


@dataclass(frozen=True)
class Route:
    """target: what the dump comes out of. command: gbak's line that writes to it."""

    choice: RouteChoice
    target: Callable[[DumpRequest], DumpTarget]
    command: Callable[[DumpRequest, str], GbakCommand]


def _pipe_for_server(request: DumpRequest) -> DumpTarget:
    return make_pipe(room_for_pipe(request.folder, request.database), request.database)


def _file_for_server(request: DumpRequest) -> DumpTarget:
    make_reachable(request.folder, request.database)
    return SpoolFile(request.folder, request.database)


def _own_pipe(request: DumpRequest) -> DumpTarget:
    return make_pipe(request.folder, request.folder)


def _through_service(request: DumpRequest, target: str) -> GbakCommand:
    return backup_through_service(request.gbak, request.source, request.login, target)


def _through_tcp(request: DumpRequest, target: str) -> GbakCommand:
    return backup_through_client(request.gbak, request.source.attach_string, request.login, target)


def _through_embedded(request: DumpRequest, target: str) -> GbakCommand:
    return backup_through_client(request.gbak, request.source.path, request.login, target, request.folder)


_ROUTES = {
    route.choice: route
    for route in (
        Route(RouteChoice.SERVICE_PIPE, _pipe_for_server, _through_service),
        Route(RouteChoice.EMBEDDED, _own_pipe, _through_embedded),
        Route(RouteChoice.SERVICE_FILE, _file_for_server, _through_service),
        Route(RouteChoice.CLIENT_TCP, _own_pipe, _through_tcp),
    )
}


def routes_to_try(choice: RouteChoice, source: DatabaseAddress, *, server_answers: bool) -> tuple[Route, ...]:
    """The routes worth trying, quickest first.

    The embedded engine only where no server answers: it takes the file for itself alone, and the shop could not work
    while the backup runs. The service only on this machine: it writes to the disk of the server.
    """
    if choice is not RouteChoice.AUTO:
        return (_ROUTES[choice],)
    if not source.is_local:
        return (_ROUTES[RouteChoice.CLIENT_TCP],)
    if not server_answers:
        return (_ROUTES[RouteChoice.EMBEDDED],)
    return tuple(_ROUTES[c] for c in (RouteChoice.SERVICE_PIPE, RouteChoice.SERVICE_FILE, RouteChoice.CLIENT_TCP))
