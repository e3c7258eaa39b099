"""Errors carry the decision: what happened (a `Problem` of the catalogue), the exit code, whether to try again.

Few classes, one per exit code of design §4.7. `problems.py` holds the catalogue.
"""

from topbackup.i18n import _
from topbackup.problems import Problem
from topcore.record import Failure

ENGINE_SAID = "Firebird: "
"""Begins the part of an error's detail that is Firebird's own words, in English; nothing follows it."""


class TopBackupError(Exception):
    """Something went wrong that a person can read about.

    problem: the catalogue's entry. detail: facts of this case (a path, the server's words), never a secret. The text of
    the exception is the one clear sentence, in the user's language.
    """

    exit_code = 1

    def __init__(self, problem: Problem, detail: str = "") -> None:
        self.problem = problem
        self.detail = detail
        super().__init__(self.sentence)

    @property
    def sentence(self) -> str:
        """What happened, with the facts of this case."""
        text = _(self.problem.sentence)
        return f"{text} ({self.detail})" if self.detail else text

    @property
    def code(self) -> str:
        return self.problem.code

    @property
    def retry(self) -> bool:
        """May the same thing go well later, without a person doing anything?"""
        return self.problem.retry

    def failure(self) -> Failure:
        """For the journal and the cloud."""
        return Failure(self.code, self.sentence)


class OperationFailed(TopBackupError):
    """Exit code 1: it was tried and did not succeed."""


class BadUsage(TopBackupError):
    """Exit code 2: what was asked for cannot be done as asked."""

    exit_code = 2


class NotConfigured(TopBackupError):
    """Exit code 3: the settings are missing or cannot be read."""

    exit_code = 3


class AgentNotRunning(TopBackupError):
    """Exit code 4: this needs the agent, and none answers."""

    exit_code = 4


class Busy(TopBackupError):
    """Exit code 75 (EX_TEMPFAIL of sysexits.h): someone else is at it, try later."""

    exit_code = 75
