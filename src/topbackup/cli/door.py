"""The door that every command goes in and out by: signs that the terminal does not have, Ctrl-C, a reader that left.

It imports next to nothing: it must stand before the first command is read.
"""

import codecs
import errno
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TextIO

INTERRUPTED = 130  # as a shell tells of a program that SIGINT ended
READER_LEFT = 141  # likewise SIGPIPE: `topbackup history | head -1` has nobody left to tell
_GONE = (errno.EPIPE, errno.EINVAL)  # the latter is Windows'
_STAND_INS = {
    "─": "-", "│": "|", "╭": "+", "╮": "+", "╰": "+", "╯": "+", "━": "-", "✔": "OK", "✘": "X", "–": "-", "—": "-",
    "…": "...", "→": "->", "≥": ">=", "≤": "<=", "≠": "!=", "·": "-", "•": "*", "×": "x", "“": '"', "”": '"',
    "€": "EUR",
}  # fmt: skip


def through(command_line: Callable[[], int]) -> int:
    """Run the command line; its exit code. What is still on its way to the reader is there before the end."""
    show_every_sign()
    be_quiet_on_ctrl_c()
    try:
        code = command_line()
        _flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except OutputFailed as failed:
        return _ended_by(failed.error)
    except OSError as error:  # only of the output: what a command itself meets it tells
        return _ended_by(error)
    return code


class OutputFailed(Exception):
    """What we say could not be written: nothing that the command itself is to blame for."""

    def __init__(self, error: OSError) -> None:
        self.error = error
        super().__init__(error)


def put(text: str, stream: TextIO) -> None:
    """One line of the output. Raises OutputFailed."""
    try:
        print(text, file=stream)
    except OSError as error:
        raise OutputFailed(error) from error


def show_every_sign() -> None:
    """From now on a sign that stdout or stderr cannot show is replaced by a readable one: never an error.

    Windows hands a program whose output goes to a file or a pipe a code page of the last century.
    """
    codecs.register_error("topbackup", _readable)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)  # a window's program has no streams at all
        if reconfigure is not None:
            reconfigure(errors="topbackup")


def be_quiet_on_ctrl_c() -> None:
    """Until a command says otherwise, Ctrl-C just ends the program: there is nothing to tidy up yet, or any more."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _end)


@contextmanager
def ctrl_c_raises() -> Iterator[None]:
    """In the block it is a KeyboardInterrupt, as Python has it. Only where `be_quiet_on_ctrl_c` was called before."""
    if signal.getsignal(signal.SIGINT) is not _end:
        yield
        return
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        yield
    finally:
        signal.signal(signal.SIGINT, _end)


def _ended_by(error: OSError) -> int:
    _forget_what_waits()
    return READER_LEFT if error.errno in _GONE else _told(error)


def _told(error: OSError) -> int:
    from topbackup.cli.output import show_error  # noqa: PLC0415 - see the top
    from topbackup.errors import OperationFailed  # noqa: PLC0415
    from topbackup.problems import OUTPUT_FAILED  # noqa: PLC0415
    from topbackup.system_words import system_words  # noqa: PLC0415

    failed = OperationFailed(OUTPUT_FAILED, system_words(error))
    with suppress(OutputFailed):
        show_error(failed, as_json=False)
    return failed.exit_code


def _readable(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError), "an error handler for writing"
    return "".join(map(_plain, error.object[error.start : error.end])), error.end


def _plain(sign: str) -> str:
    from unicodedata import normalize  # noqa: PLC0415 - most terminals never need it

    return _STAND_INS.get(sign) or normalize("NFKD", sign).encode("ascii", "ignore").decode() or "?"


def _end(_number: int, _frame: FrameType | None) -> None:
    os._exit(INTERRUPTED)  # not an exception: in the midst of an import it would come out as another one


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()


def _broken(stream: object) -> bool:
    try:
        stream.flush()  # type: ignore[attr-defined]  # None has none
    except AttributeError:
        return False
    except OSError:
        return True
    return False


def _forget_what_waits() -> None:
    """Python would try once more at its end, and complain."""
    for stream in (sys.stdout, sys.stderr):
        if _broken(stream):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
