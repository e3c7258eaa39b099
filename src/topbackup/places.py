"""Where the agent's files are (design §4.6)."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

CONFIG_NAME = "config.json"


@dataclass(frozen=True)
class Places:
    """config: the settings file. home: the folder that holds data, logs and temp.

    A settings file in a folder named `config` (C:\\TOPBACKUP\\config) has its home one level up.
    """

    config: Path

    @property
    def home(self) -> Path:
        folder = self.config.parent
        return folder.parent if folder.name.lower() == "config" else folder

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def journal(self) -> Path:
        return self.data / "diario.sqlite"

    @property
    def locks(self) -> Path:
        return self.data / "travas"

    @property
    def logs(self) -> Path:
        return self.home / "logs"

    @property
    def temp(self) -> Path:
        return self.home / "temp"

    def temp_of_run(self, run_id: UUID) -> Path:
        """All that a run keeps outside its destinations (pipes, scratch databases) is in here, and goes with it."""
        return self.temp / str(run_id)


def own_folder(path: Path) -> None:
    """Make a folder of TopBackup's own that is its account's alone (0700), or make it so. Raises OSError.

    0710 is left: with it the agent's listener lets the members of `app.ipc_group` through to its socket. Windows keeps
    what the folder above it says.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir(mode=0o700, exist_ok=True)
    if sys.platform != "win32":
        found = path.stat()
        if found.st_uid == os.geteuid() and found.st_mode & 0o077 not in (0, 0o010):
            path.chmod(0o700)


def own_file(path: Path) -> None:
    """Make a file its account's alone (0600), before anything is in it. Raises OSError."""
    if sys.platform != "win32" and str(path) != ":memory:":
        path.touch(mode=0o600)
        found = path.stat()
        if found.st_uid == os.geteuid() and found.st_mode & 0o077:
            path.chmod(0o600)


def default_config() -> Path:
    """C:\\TOPBACKUP on Windows, as in 1.0.x; the XDG data folder elsewhere. TOPBACKUP_CONFIG names another file."""
    named = os.environ.get("TOPBACKUP_CONFIG")
    if named:
        return Path(named)
    if sys.platform == "win32":
        return Path("C:/TOPBACKUP/config") / CONFIG_NAME
    # Not at the top: of all commands, only one without --config needs it.
    from platformdirs import user_data_path  # noqa: PLC0415

    return user_data_path("topbackup") / CONFIG_NAME
