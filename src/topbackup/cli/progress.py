"""The progress of a run, on stderr: percent, MB/s and time left; a bar, or lines of text."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum

from topbackup.backup.workplace import Progress
from topbackup.gui.words import step
from topbackup.i18n import _

_LINES = 10  # of a dump whose size is known
_SECONDS = 10.0  # between two lines of one whose size is not


class Look(Enum):
    """How progress is shown."""

    BAR = "bar"
    LINES = "lines"
    HIDDEN = "hidden"

    @staticmethod
    def of(*, plain: bool, terminal: bool) -> "Look":
        if plain:
            return Look.LINES
        return Look.BAR if terminal else Look.HIDDEN


@contextmanager
def shown_progress(look: Look) -> Iterator[Callable[[Progress], None]]:
    """A receiver of progress."""
    if look is Look.BAR:
        with _bar() as told:
            yield told
    else:
        yield _Lines(time.monotonic).show if look is Look.LINES else lambda progress: None


class _Lines:
    """A line for each tenth of the dump, and one for each later step. monotonic: seconds."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._began = self._told_at = 0.0
        self._tenth = -1
        self._step = ""

    def show(self, progress: Progress) -> None:
        if progress.step == "dump":
            if not self._step:
                self._began = self._told_at = self._monotonic()
            self._show_dump(progress.done, progress.total)
        elif progress.step != self._step:
            print(step(progress.step), file=sys.stderr)  # noqa: T201 - this is where progress is shown
        self._step = progress.step

    def _show_dump(self, done: int, total: int | None) -> None:
        now = self._monotonic()
        tenth = -1 if not total else min(done * _LINES // total, _LINES - 1)
        if tenth <= self._tenth and now - self._told_at < _SECONDS:
            return
        self._tenth, self._told_at = tenth, now
        speed = done / max(now - self._began, 0.001)
        words = [step("dump")]
        if total:
            words.append(f"{min(done * 100 // total, 99)} %")
        words.append(f"{speed / 1e6:.1f} MB/s".replace(".", ","))
        if total and speed > 0:
            words.append(_("{seconds} s left").format(seconds=round(max(total - done, 0) / speed)))
        print(" · ".join(words), file=sys.stderr)  # noqa: T201 - see above


@contextmanager
def _bar() -> Iterator[Callable[[Progress], None]]:
    from rich.console import Console  # noqa: PLC0415 - a third of a second that only a terminal is worth
    from rich.progress import (  # noqa: PLC0415 - see above
        BarColumn,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )
    from rich.progress import Progress as Bar  # noqa: PLC0415 - see above

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(step("dump"), total=None)

        def show(progress: Progress) -> None:
            # An estimate may be short: 100 % is shown only when gbak has ended.
            total = None if progress.total is None else max(progress.total, int(progress.done * 1.01) + 1)
            if progress.step == "dump":
                bar.update(task, description=step("dump"), completed=progress.done, total=total)
            else:
                bar.update(task, description=step(progress.step))

        yield show
