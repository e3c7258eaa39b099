"""Windows: a program and all that it starts, in one job object: ended as one, and with us, however we end."""

import sys
from typing import Any

assert sys.platform == "win32", "used by gbak_process there"

import pywintypes  # noqa: E402 - pywin32, below the platform check so that type checkers elsewhere skip it
import win32api  # noqa: E402
import win32job  # noqa: E402


class JobObject:
    """Closed by the system when this process dies: what is in it is ended then, too."""

    def __init__(self) -> None:
        create: Any = win32job.CreateJobObject  # the stub has it return nothing
        self._job = create(None, "")
        limits = win32job.QueryInformationJobObject(self._job, win32job.JobObjectExtendedLimitInformation)
        limits["BasicLimitInformation"]["LimitFlags"] |= win32job.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
        win32job.SetInformationJobObject(self._job, win32job.JobObjectExtendedLimitInformation, limits)

    def take_in(self, process: int) -> bool:
        """process: its handle. False where it has ended already, or the system does not allow it."""
        try:
            win32job.AssignProcessToJobObject(self._job, process)
        except pywintypes.error:
            return False
        return True

    def end(self) -> None:
        """Everything in it, at once."""
        win32job.TerminateJobObject(self._job, 1)

    def close(self) -> None:
        job, self._job = self._job, None
        if job is not None:
            win32api.CloseHandle(job)
