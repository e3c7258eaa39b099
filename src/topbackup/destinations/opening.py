"""The destinations that the settings name. Each kind's own packages are imported only where one of it is used."""

from dataclasses import dataclass
from datetime import time
from pathlib import Path

from pydantic import SecretStr

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
    """Nothing is connected yet. Raises OperationFailed (REMOTE_CONFIG), which names the fields that cannot serve."""
    wrong = [field for field in _NEEDED[remote.tipo] if not getattr(remote, field)] or _unusable(remote)
    if wrong:
        raise OperationFailed(REMOTE_CONFIG, f"{remote.nome}: {', '.join(wrong)}")
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


def _unusable(remote: Remote) -> list[str]:
    """Fields that no server could be asked with: a line break, a host that is no name, a secret in an address."""
    wrong = []
    for field in type(remote).model_fields:
        value = getattr(remote, field)
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        if isinstance(text, str) and any(sign in text for sign in "\r\n\0"):
            wrong.append(field)
    if isinstance(remote, FtpRemote | SftpRemote) and not _is_host(remote.host):
        wrong.append("host")
    if isinstance(remote, S3Remote) and "@" in remote.endpoint_url:
        wrong.append("endpoint_url")  # chave_acesso and senha are where they belong: an address is shown and logged
    return wrong


def _is_host(host: str) -> bool:
    """Could it be a name or an address (RFC 1035: labels of 1 to 63 characters)?"""
    labels = host.removesuffix(".").split(".")
    fits = ":" in host or all(0 < len(label) <= 63 for label in labels)
    return fits and not set(host) & set(" /@\\")
