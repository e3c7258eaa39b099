"""The check or restore under way: one at a time, and the application's, so that a page that is made anew shows it.

Its other end is a connection to the agent, which ends the work when nobody listens any more.
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from topbackup.errors import TopBackupError
from topbackup.gui.background import Background
from topbackup.gui.link import AgentLink
from topbackup.gui.restore_form import Typed
from topbackup.gui.restore_plan import Progressed, after_restoring, after_verifying
from topbackup.gui.theme import Tone
from topbackup.i18n import _


@dataclass(frozen=True)
class Job:
    """name: `verify` or `restore`. target: "" where none is made."""

    name: str
    archive: str
    target: str = ""

    @property
    def arguments(self) -> Mapping[str, str]:
        return {"arquivo": self.archive} | ({"destino": self.target} if self.target else {})


@dataclass(frozen=True)
class Outcome:
    """What the last one said, to a person, in the language of then. made: the new database; "" where none was."""

    tone: Tone
    head: str
    words: str
    made: str = ""


class Restoring:
    """Every method is for the Tk thread. told: hears what went wrong. changed: is called after each change of these.

    job: None while nothing is under way. typed: kept here, as a change of the look makes the page anew.
    """

    def __init__(self, background: Background, link: AgentLink, told: Callable[[TopBackupError], None]) -> None:
        self._background, self._link, self._told = background, link, told
        self.job: Job | None = None
        self.progress = Progressed()
        self.outcome: Outcome | None = None
        self.typed = Typed()
        self.changed: Callable[[], object] = lambda: None
        self._stop = threading.Event()

    @property
    def stopping(self) -> bool:
        return self._stop.is_set()

    def begin(self, job: Job) -> None:
        """Nothing where one is under way."""
        if self.job is not None:
            return
        self.job, self.progress, self.outcome = job, Progressed(), None
        self._stop = stop = threading.Event()
        began = time.monotonic()

        def heard(event: Mapping[str, Any]) -> None:
            if event.get("evento") == "progresso":
                progress = Progressed.of(event)
                self._background.post(lambda: self._hear(progress))

        def ended(verdict: Any) -> None:
            self._over(_outcome(job, verdict, time.monotonic() - began))
            if verdict is not None:
                self._background.run(self._link.read_again)

        def failed(error: TopBackupError) -> None:
            self._over(None)
            self._told(error)
            self._background.run(self._link.read_again)  # a verdict against the file is on record now

        self._background.run(
            lambda: self._link.follow(job.name, job.arguments, heard, stop.is_set),
            ended,
            failed,
        )
        self.changed()

    def give_up(self) -> None:
        self._stop.set()
        self.changed()

    def _hear(self, progress: Progressed) -> None:
        if self.job is not None and not self.stopping:
            self.progress = progress
            self.changed()

    def _over(self, outcome: Outcome | None) -> None:
        self.job, self.outcome = None, outcome
        self.changed()


def _outcome(job: Job, verdict: Any, seconds: float) -> Outcome:
    if verdict is None:
        return Outcome(Tone.NEUTRAL, _("Cancelled"), _("Nothing was left behind."))
    if job.target:
        return Outcome(Tone.OK, _("Restored"), "\n".join(after_restoring(job.target, verdict, seconds)), job.target)
    return Outcome(Tone.OK, _("Proven"), after_verifying(job.archive, verdict, seconds))
