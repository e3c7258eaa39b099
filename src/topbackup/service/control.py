"""`topbackup --install | --uninstall | --start | --stop | --status`, for the service that this system has."""

import shutil
import sys
from pathlib import Path
from types import ModuleType

from topbackup.problems import Problem


def service() -> ModuleType:
    """The system's own: both modules have the same five functions."""
    if sys.platform == "win32":
        from topbackup.service import windows  # noqa: PLC0415 - needs pywin32

        return windows
    else:  # noqa: RET505 - the form that a type checker for win32 skips
        from topbackup.service import systemd  # noqa: PLC0415 - see above

        return systemd


def obstacle() -> Problem | None:
    """Why this program cannot install the service on this machine, or with the rights it has now; None: it can."""
    found: Problem | None = service().obstacle()
    return found


def program() -> list[str]:
    """How the service starts this very program: the frozen one, the installed script, or Python with the module."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    script = Path(sys.executable).with_name("topbackup")
    found = shutil.which(str(script))
    if found is not None and sys.platform != "win32":
        return [found]
    return [sys.executable, "-P", "-m", "topbackup"]  # -P: no module from the folder that it is started in


def install(config: Path) -> None:
    """Raises OperationFailed with SERVICE_FAILED."""
    service().install(program(), config)
