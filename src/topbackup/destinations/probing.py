"""The steps of `topbackup destinations test`, told one by one."""

from collections.abc import Callable
from types import TracebackType
from typing import Self
from uuid import uuid4

from topbackup.destinations.contract import ProbeStep, Step
from topbackup.errors import TopBackupError
from topbackup.i18n import N_, _

Telling = Callable[[Step], None]  # told the step that begins
PROBE_BYTES = 64 << 10
_WELL = {
    Step.CONNECT: N_("The server answers."),
    Step.LOGIN: N_("The login is accepted and the folder is there."),
    Step.WRITE: N_("A small file was written under a temporary name."),
    Step.READ: N_("It was read back and is the same."),
    Step.RENAME: N_("It was given its final name."),
    Step.DELETE: N_("It was deleted."),
}


def probe_name() -> str:
    return f"topbackup-teste-{uuid4().hex[:12]}.zip"


class Steps:
    """Collects them; as a block, it ends with the first failure of ours, which is told as its step's."""

    def __init__(self) -> None:
        self.told: list[ProbeStep] = []
        self._current: Step | None = None

    def at(self, step: Step) -> None:
        """This one begins; the one before it went well."""
        if self._current is step:
            return
        self._well()
        self._current = step

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> bool:
        if error is None:
            self._well()
            return False
        if not isinstance(error, TopBackupError):
            return False
        self.told.append(ProbeStep((self._current or Step.CONNECT).value, error.code, error.sentence))
        return True

    def _well(self) -> None:
        if self._current is not None:
            self.told.append(ProbeStep(self._current.value, None, _(_WELL[self._current])))
