"""The progress bar of a run: percent, MB/s and time left, on stderr."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from topbackup.backup.workplace import Progress
from topbackup.i18n import _


@contextmanager
def progress_bar(*, hidden: bool) -> Iterator[Callable[[Progress], None]]:
    """A receiver of progress. hidden: no terminal is looking."""
    if hidden:
        yield lambda progress: None
        return
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
        task = bar.add_task(step_words("dump"), total=None)

        def show(progress: Progress) -> None:
            # An estimate may be short: 100 % is shown only when gbak has ended.
            total = None if progress.total is None else max(progress.total, int(progress.done * 1.01) + 1)
            if progress.step == "dump":
                bar.update(task, description=step_words("dump"), completed=progress.done, total=total)
            else:
                bar.update(task, description=step_words(progress.step))

        yield show


def step_words(step: str) -> str:
    return {
        "dump": _("Reading the database"),
        "check": _("Reading the file back"),
        "prove": _("Proving by a restore"),
        "publish": _("Publishing"),
        "copy": _("Second copy"),
    }[step]
