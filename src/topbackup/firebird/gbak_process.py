"""gbak as a process: nothing on stdin, its words drained by a thread of their own, its tree ended when asked."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO

from topbackup.errors import OperationFailed
from topbackup.firebird.gbak_command import GbakCommand
from topbackup.firebird.gbak_output import GbakOutput
from topbackup.problems import GBAK_MISSING
from topbackup.system_words import system_words

# A service or a window must not flash a console.
if sys.platform == "win32":
    NO_WINDOW = subprocess.CREATE_NO_WINDOW
else:
    NO_WINDOW = 0

_PATIENCE_AFTER_KILL = 10.0  # seconds for the system to take a killed process away
_LONGEST_LINE = 1 << 16


class GbakProcess:
    """A running gbak (or isql). `output` is complete once `wait` has returned."""

    def __init__(self, command: GbakCommand, *, folder: Path, stdin: int = subprocess.DEVNULL) -> None:
        """folder: an own, empty working folder: gbak 2.5 on a cut stream tries file names made of garbage there.

        stdin: DEVNULL unless the dump goes in there. With a terminal on it, gbak asks for another volume on a full disk
        and waits for ever. Raises OperationFailed with GBAK_MISSING.
        """
        self.output = GbakOutput()
        try:
            self._process = subprocess.Popen(  # noqa: S603 - the program is a gbak found by discovery, no shell
                command.arguments,
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=dict(command.environment),
                cwd=folder,
                start_new_session=True,
                creationflags=NO_WINDOW,
            )
        except OSError as error:
            raise OperationFailed(GBAK_MISSING, f"{command.arguments[0]}: {system_words(error)}") from error
        self._tree = _Tree(self._process)
        self._drain = threading.Thread(target=self._drain_words, name="gbak-words", daemon=True)
        self._drain.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def stdin(self) -> IO[bytes]:
        assert self._process.stdin is not None, "started with stdin=PIPE"
        return self._process.stdin

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative: ended by that signal."""
        return self._process.poll()

    def wait(self, timeout: float) -> int | None:
        """Wait for its end and its last words, `timeout` seconds at most; None if it still runs."""
        try:
            code = self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            return None
        self._drain.join(_PATIENCE_AFTER_KILL)
        return code

    def end(self) -> None:
        """End it and all that it started, at once. SIGKILL, as gbak 2.5 ignores SIGTERM while it waits for a pipe."""
        self._tree.end()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_PATIENCE_AFTER_KILL)
        self._drain.join(_PATIENCE_AFTER_KILL)

    def _drain_words(self) -> None:
        assert self._process.stdout is not None, "started with stdout=PIPE"
        with self._process.stdout as words:
            while line := words.readline(_LONGEST_LINE):
                self.output.feed(line)


if sys.platform == "win32":
    from topbackup.firebird.job_object import JobObject

    class _Tree:
        """The process and its children: by a job object, which also ends them when this program dies."""

        def __init__(self, process: "subprocess.Popen[bytes]") -> None:
            self._process = process
            self._job = JobObject()
            self._held = self._job.take_in(int(process._handle))  # type: ignore[attr-defined]  # in no stub; there is no other way

        def end(self) -> None:
            if self._held:
                self._job.end()
            elif self._process.poll() is None:
                self._process.kill()
            self._job.close()
            self._held = False

else:

    class _Tree:
        """The process and its children: its process group."""

        def __init__(self, process: "subprocess.Popen[bytes]") -> None:
            self._process = process

        def end(self) -> None:
            if self._process.poll() is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self._process.pid, signal.SIGKILL)
