"""The ways from a dump to a database: the embedded engine reading stdin, or the server reading a file.

facts.md: both take about 13 s for 204 MB, a client over TCP 170 s, and a service restore cannot read a pipe.
"""

import logging
import shutil
import subprocess
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from topbackup.cancellation import Cancellation
from topbackup.errors import OperationFailed
from topbackup.firebird.address import Credentials, DatabaseAddress
from topbackup.firebird.connection import connect
from topbackup.firebird.failures import said
from topbackup.firebird.gbak_command import GbakCommand, restore_embedded, restore_through_service
from topbackup.firebird.gbak_process import GbakProcess
from topbackup.firebird.inspection import Inspection, inspect_connected, inspect_embedded
from topbackup.firebird.server_account import let_server_use, make_reachable
from topbackup.problems import PROOF_IMPOSSIBLE, RESTORE_FAILED
from topbackup.system_words import system_words

_log = logging.getLogger(__name__)
_ISQL_NAMES = ("isql.exe", "isql-fb", "isql")


@dataclass(frozen=True)
class RestoreRequest:
    """folder: a temporary folder of the run's own; gbak works in it. target: the database to make, not there yet.

    server: where a server of the dump's version answers, None where there is none; servers_file: a database of its own,
    whose owner is taken for its account. timeout: seconds for the whole.
    """

    gbak: Path
    folder: Path
    target: Path
    timeout: float
    server: DatabaseAddress | None
    servers_file: Path
    login: Credentials
    cancel: Cancellation


def restore(blocks: Callable[[], Iterable[bytes]], request: RestoreRequest) -> Inspection:
    """Build `target` from the dump, then count in it. `blocks` is called once for each route tried.

    Raises OperationFailed: RESTORE_FAILED when gbak cannot; PROOF_IMPOSSIBLE when no route exists here. What was begun
    of `target` is then gone.
    """
    isql = _isql_beside(request.gbak)
    if isql is not None:
        try:
            return _restore_embedded(blocks(), request, isql)
        except OperationFailed as failed:
            if request.server is None or not _engine_is_missing(failed):
                raise
            _log.info("no embedded engine here, restoring through the server: %s", failed.detail)
    if request.server is None:
        raise OperationFailed(PROOF_IMPOSSIBLE, "isql")
    return _restore_through_server(blocks(), request, request.server)


def _restore_embedded(blocks: Iterable[bytes], request: RestoreRequest, isql: Path) -> Inspection:
    command = restore_embedded(request.gbak, request.target, request.folder)
    with _unless_failed(request.target):
        _run(command, request, blocks)
        return inspect_embedded(isql, request.target, request.folder, request.timeout)


def _restore_through_server(blocks: Iterable[bytes], request: RestoreRequest, server: DatabaseAddress) -> Inspection:
    make_reachable(request.folder, request.servers_file)
    dump = request.folder / "restauracao.fbk"
    # A folder of its own, so that the server's account gets no right over the one that the user named.
    stage = request.target.with_name(f".{request.target.name}-{uuid.uuid4().hex}")
    built = stage / request.target.name
    try:
        stage.mkdir()
        with dump.open("xb") as file:
            for block in blocks:
                file.write(block)
        let_server_use(dump, request.servers_file)
        let_server_use(stage, request.servers_file)
        _run(restore_through_service(request.gbak, server, request.login, dump, built), request, None)
        address = DatabaseAddress(server.host, server.port, str(built))
        with connect(address, request.login, "UTF8", request.timeout) as connection:
            found = inspect_connected(connection)
        built.replace(request.target)
    except OSError as error:
        raise OperationFailed(RESTORE_FAILED, f"{request.target.parent}: {system_words(error)}") from error
    finally:
        dump.unlink(missing_ok=True)
        shutil.rmtree(stage, ignore_errors=True)
    return found


def _run(command: GbakCommand, request: RestoreRequest, blocks: Iterable[bytes] | None) -> None:
    """gbak from start to exit 0, ended when it takes too long: on a cut stream it may wait, or work, for ever."""
    stdin = subprocess.DEVNULL if blocks is None else subprocess.PIPE
    process = GbakProcess(command, folder=request.folder, stdin=stdin)
    watch = threading.Timer(request.timeout, process.end)
    watch.start()
    try:
        if blocks is not None:
            _feed(process, blocks, request.cancel)
        while (code := process.wait(0.25)) is None and not request.cancel.is_set():
            pass
    finally:
        watch.cancel()
        process.end()
    request.cancel.check()
    if code != 0:
        raise OperationFailed(RESTORE_FAILED, said(process.output.errors) or f"gbak: {code}")


def _feed(process: GbakProcess, blocks: Iterable[bytes], cancel: Cancellation) -> None:
    try:
        with process.stdin as stdin:
            for block in blocks:
                if cancel.is_set():
                    return
                stdin.write(block)
    except (BrokenPipeError, ConnectionResetError, OSError) as gone:
        _log.debug("gbak ended before its input did: %s", gone)  # its exit code and its words tell why


@contextmanager
def _unless_failed(target: Path) -> Iterator[None]:
    try:
        yield
    except OperationFailed:
        target.unlink(missing_ok=True)
        raise


def _isql_beside(gbak: Path) -> Path | None:
    candidates = (gbak.parent / name for name in _ISQL_NAMES)
    return next((path for path in candidates if path.is_file()), None)


def _engine_is_missing(failed: OperationFailed) -> bool:
    """gbak of a client-only installation, or 2.5, whose gbak has no engine in it."""
    words = failed.detail.casefold()
    return failed.problem is PROOF_IMPOSSIBLE or any(
        sign in words
        for sign in ("unable to complete network request", "unavailable database", "no providers", "cannot load")
    )
