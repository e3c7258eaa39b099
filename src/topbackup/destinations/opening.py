"""The destinations that the settings name. Each kind's own packages are imported only where one of it is used."""

from dataclasses import dataclass
from datetime import time
from pathlib import Path

from topbackup.destinations.contract import Checked, Destination
from topbackup.errors import OperationFailed
from topbackup.problems import REMOTE_CONFIG, REMOTE_NOT_CONFIGURED
from topbackup.settings import Settings
from topbackup.settings_remote import FolderRemote, FtpRemote, Remote, S3Remote, SftpRemote

HOSTS_NAME = "hosts_conhecidos"  # in the agent's data folder
_NEEDED = {
    "ftp": ("host", "usuario"),
    "sftp": ("host", "usuario"),
    "s3": ("bucket", "chave_acesso"),
    "pasta": ("caminho",),
}


@dataclass(frozen=True)
class RemotePlace:
    """A destination, and how the settings want it used.

    want: the least that a copy there is compared by. rate: bytes a second at the most. hours: uploads only between
    these local times, the second on the next day where it is not after the first; None for always. folder: where the
    kind is one.
    """

    destination: Destination
    want: Checked
    rate: int | None
    hours: tuple[time, time] | None
    folder: Path | None = None

    @property
    def name(self) -> str:
        return self.destination.name


def remote_place(settings: Settings, name: str, data: Path) -> RemotePlace:
    """data: the agent's data folder, where the known host keys are.

    Raises OperationFailed: REMOTE_NOT_CONFIGURED where the settings have none of this name, REMOTE_CONFIG.
    """
    remote = next((each for each in settings.remotes if each.nome == name), None)
    if remote is None:
        raise OperationFailed(REMOTE_NOT_CONFIGURED, name)
    destination = open_destination(remote, data)
    want, folder = Checked(remote.verificacao.value), None
    if isinstance(remote, FolderRemote):
        want, folder = Checked.READ_BACK, Path(remote.caminho)  # a disk that alters data says the right size
    return RemotePlace(destination, want, remote.rate, remote.hours, folder)


def open_destination(remote: Remote, data: Path) -> Destination:
    """Nothing is connected yet. Raises OperationFailed (REMOTE_CONFIG) where a field that the kind needs is empty."""
    missing = [field for field in _NEEDED[remote.tipo] if not getattr(remote, field)]
    if missing:
        raise OperationFailed(REMOTE_CONFIG, f"{remote.nome}: {', '.join(missing)}")
    match remote:
        case FtpRemote():
            from topbackup.destinations.ftp import ftp_destination  # noqa: PLC0415 - see above

            return ftp_destination(remote)
        case SftpRemote():
            from topbackup.destinations.sftp import sftp_destination  # noqa: PLC0415 - see above

            return sftp_destination(remote, data / HOSTS_NAME)
        case S3Remote():
            from topbackup.destinations.s3 import s3_destination  # noqa: PLC0415 - see above

            return s3_destination(remote)
        case FolderRemote():
            from topbackup.destinations.share import folder_destination  # noqa: PLC0415 - see above

            return folder_destination(remote)
