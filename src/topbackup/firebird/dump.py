"""A dump as it flows: gbak's bytes, block by block, under two time limits, and whether they are all there."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from topbackup.cancellation import Cancellation
from topbackup.errors import OperationFailed, TopBackupError
from topbackup.firebird.dump_target import DumpTarget
from topbackup.firebird.failures import problem_from_text, said
from topbackup.firebird.gbak_process import GbakProcess
from topbackup.firebird.routes import DumpRequest, Route
from topbackup.problems import (
    FIREBIRD_TIMEOUT,
    FIREBIRD_UNREACHABLE,
    GBAK_FAILED,
    GBAK_INCOMPLETE,
    GBAK_KILLED,
    GBAK_STALLED,
    GBAK_TIMEOUT,
    ROUTE_IMPOSSIBLE,
    Problem,
)
from topbackup.settings import RouteChoice

_log = logging.getLogger(__name__)
_TICK = 0.25  # seconds between two looks at the limits while nothing comes
_LAST_WORDS = 10.0  # seconds that gbak may take to end once its dump has


@dataclass(frozen=True)
class DumpLimits:
    """Seconds: for the whole dump, and without any sign of life. now: monotonic seconds."""

    total: float
    stall: float
    now: Callable[[], float]


@dataclass(frozen=True)
class DumpReport:
    """A dump that is whole, as far as gbak says. rows: by table, in gbak's own snapshot."""

    route: RouteChoice
    size: int
    rows: Mapping[str, int]


class Dump:
    """Iterate `blocks()` to the end, then ask for the `report()`."""

    def __init__(
        self,
        route: Route,
        process: GbakProcess,
        target: DumpTarget,
        *,
        limits: DumpLimits,
        cancel: Cancellation,
        on_progress: Callable[[int], None],
    ) -> None:
        """on_progress: told the bytes that have come out of gbak so far."""
        self.route = route.choice
        self._process = process
        self._target = target
        self._limits = limits
        self._cancel = cancel
        self._on_progress = on_progress
        self._began = self._alive_at = limits.now()
        self._size = 0
        self._seen = 0
        self._first: bytes | None = None

    def wait_for_first_block(self) -> None:
        """Return when bytes flow. Raises OperationFailed when gbak ends before: another route may do."""
        self._first = self._next()
        if not self._first:
            self.report()

    def blocks(self) -> Iterator[bytes]:
        """The dump's bytes to the last. Raises OperationFailed: stall, time limit, cancelled."""
        block = self._first if self._first is not None else self._next()
        while block:
            self._size += len(block)
            yield block
            block = self._next()

    def report(self) -> DumpReport:
        """After the last byte: is it whole? Raises OperationFailed with the cause.

        Whole means: exit 0, and the closing line's count equal to the bytes that were read. Exit 0 alone proves
        nothing (facts.md: a service dump streamed by 2.5 ends so, with a useless file).
        """
        code = self._process.wait(_LAST_WORDS)
        if code is None:
            raise self._failed(GBAK_STALLED)
        if code != 0:
            raise self._failed(self._why(code))
        if self._size == 0 or self._process.output.bytes_written != self._size:
            raise OperationFailed(GBAK_INCOMPLETE, f"{self._size} B / {self._process.output.bytes_written} B")
        return DumpReport(self.route, self._size, dict(self._process.output.rows))

    def _next(self) -> bytes:
        """The next block; empty at the end of the dump."""
        while True:
            self._hold_to_limits()
            code = self._process.exit_code
            if code == 0:
                self._target.writer_ended()
            elif code is not None:
                return b""  # Nothing that still comes can make it whole; closing the pipe frees the server.
            block = self._target.read(_TICK)
            if block or code == 0:
                return block
            # gbak has not opened its target yet, or has closed it and is about to end, or is just slow.
            self._process.wait(_TICK / 10)

    def _hold_to_limits(self) -> None:
        now = self._limits.now()
        if self._target.bytes_seen != self._seen:
            self._seen = self._target.bytes_seen
            self._alive_at = now
            self._on_progress(self._seen)
        self._cancel.check()
        if now - self._began > self._limits.total:
            raise OperationFailed(GBAK_TIMEOUT, f"{self._limits.total:.0f} s")
        if now - self._alive_at > self._limits.stall:
            raise OperationFailed(GBAK_STALLED, f"{self._limits.stall:.0f} s")

    def _why(self, code: int) -> Problem:
        if code < 0 or (code == 1 and self._size and not self._process.output.said_error):
            return GBAK_KILLED
        problem = problem_from_text(self._process.output.errors)
        if problem in (FIREBIRD_UNREACHABLE, FIREBIRD_TIMEOUT) and self._size:
            return GBAK_KILLED  # The server was there, and went away under the dump.
        return problem or GBAK_FAILED

    def _failed(self, problem: Problem) -> OperationFailed:
        return OperationFailed(problem, said(self._process.output.errors))


@contextmanager
def open_dump(
    request: DumpRequest,
    routes: tuple[Route, ...],
    limits: DumpLimits,
    cancel: Cancellation,
    on_progress: Callable[[int], None],
) -> Iterator[Dump]:
    """A dump whose bytes flow, by the first of `routes` that works here; each one that does not leaves a log line.

    Whatever happens in the block, gbak is ended afterwards and the pipe closed, so that no server thread stays blocked.
    """
    for route, is_last in zip(routes, [False] * (len(routes) - 1) + [True], strict=True):
        with _started(request, route, limits, cancel, on_progress) as dump:
            try:
                dump.wait_for_first_block()
            except TopBackupError as failed:
                if is_last or failed.problem not in (ROUTE_IMPOSSIBLE, GBAK_FAILED, GBAK_INCOMPLETE):
                    raise
                _log.warning("route %s does not work here, trying the next: %s", route.choice, failed)
                continue
            _log.info("dump of %s by route %s", request.source.path, route.choice)
            yield dump
            return


@contextmanager
def _started(
    request: DumpRequest,
    route: Route,
    limits: DumpLimits,
    cancel: Cancellation,
    on_progress: Callable[[int], None],
) -> Iterator[Dump]:
    target = route.target(request)
    try:
        process = GbakProcess(route.command(request, target.path), folder=request.folder)
        try:
            yield Dump(route, process, target, limits=limits, cancel=cancel, on_progress=on_progress)
        finally:
            process.end()
    finally:
        target.close()
