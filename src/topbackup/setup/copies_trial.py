"""The trial of the third step: every folder that a backup may go to, written to by the account that will run."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from topbackup.account import account_name
from topbackup.backup.space import database_size, zip_estimate
from topbackup.cancellation import Cancellation
from topbackup.destinations.folder import Folder
from topbackup.errors import OperationFailed, TopBackupError
from topbackup.ipc.client import Client
from topbackup.places import Places
from topbackup.problems import (
    AGENT_NOT_RUNNING,
    DESTINATION_OF_A_PERSON,
    DESTINATION_ON_DATABASE_DISK,
    DESTINATION_SAME,
    DESTINATIONS_ON_ONE_DISK,
    MESSAGE_INVALID,
    NOT_ALLOWED,
    TRIAL_CANCELLED,
)
from topbackup.settings import FtpSettings, Settings
from topbackup.setup.disks import belongs_to_a_person, share_a_disk
from topbackup.setup.findings import CopiesFinding, PlaceFinding, RemoteFinding
from topbackup.setup.patience import within
from topbackup.setup.remote_trial import try_remote
from topcore.agenda import Agenda

_FOLDER_SECONDS = 15.0
_REMOTE_SECONDS = 40.0
type RemoteTrial = Callable[[FtpSettings], None]  # raises OperationFailed


@dataclass(frozen=True)
class _Written:
    """free: bytes. account: who wrote."""

    free: int
    account: str
    by_agent: bool


type _Write = Callable[[Path], _Written]
_NOT_BY_THE_AGENT = (AGENT_NOT_RUNNING, NOT_ALLOWED, MESSAGE_INVALID)


def try_copies(
    settings: Settings,
    agendas: tuple[Agenda, ...],
    database: Path | None,
    config: Path,
    cancel: Cancellation,
    *,
    remote: RemoteTrial = try_remote,
) -> CopiesFinding:
    """Try each folder of the settings and of the agendas, and the remote place. Raises OperationFailed when cancelled.

    database: its file, where it is on this computer. The agent writes where one runs with this config and lets us ask;
    else this program does, under its own account.
    """
    write, places, written = _writer(config), [], []
    for path, numbers in _named(settings, agendas).items():
        place, wrote = _place(path, numbers, write, cancel)
        places.append(replace(place, warnings=_warnings(Path(path), database, wrote.free)) if wrote else place)
        written += [wrote] if wrote else []
    return CopiesFinding(
        account=written[0].account if written else account_name(),
        by_agent=bool(written) and all(each.by_agent for each in written),
        places=tuple(_told_of_pairs(places, _pairs(settings, agendas))),
        remote=_remote(settings, cancel, remote),
    )


def _named(settings: Settings, agendas: tuple[Agenda, ...]) -> Mapping[str, tuple[int, ...]]:
    """Each folder once, with the agendas that name it; those of the settings first."""
    named: dict[str, tuple[int, ...]] = {}
    for path in (settings.backup.local_destino1, settings.backup.local_destino2):
        if path:
            named.setdefault(path, ())
    for agenda in agendas:
        for path in filter(None, (agenda.destination1, agenda.destination2)):
            named[path] = (*named.get(path, ()), agenda.id)
    return named


def _pairs(settings: Settings, agendas: tuple[Agenda, ...]) -> list[tuple[str, str]]:
    """The first and second destinations of one backup each."""
    own = (settings.backup.local_destino1, settings.backup.local_destino2)
    pairs = [own, *((row.destination1, row.destination2 or "") for row in agendas)]
    return [(first, second) for first, second in dict.fromkeys(pairs) if first and second]


def _writer(config: Path) -> _Write:
    """The agent of this config writes, so that it is its account that is tried; we do where none runs, where it is not
    ours to ask, and where it is of a version that knows no such request."""
    home = Places(config.absolute()).home

    def write(path: Path) -> _Written:
        try:
            with Client.of(home) as client:
                answer = client.ask("try_folder", {"pasta": str(path)}, patience=_FOLDER_SECONDS)
        except TopBackupError as error:
            if error.problem not in _NOT_BY_THE_AGENT:
                raise
            return _Written(Folder(path).try_out(), account_name(), by_agent=False)
        return _Written(int(answer["livre"]), str(answer["conta"]), by_agent=True)

    return write


def _place(
    path: str, numbers: tuple[int, ...], write: _Write, cancel: Cancellation
) -> tuple[PlaceFinding, _Written | None]:
    try:
        written = within(_FOLDER_SECONDS, cancel, lambda: write(Path(path)), path)
    except TopBackupError as error:
        if error.problem is TRIAL_CANCELLED:
            raise
        return PlaceFinding(path, numbers, error), None
    return PlaceFinding(path, numbers, None, written.free), written


def _warnings(path: Path, database: Path | None, free: int) -> tuple[TopBackupError, ...]:
    """free: bytes. Too little room is an estimate, and so a warning: later backups go by what the last one took."""
    found: list[TopBackupError] = []
    try:
        Folder(path).must_fit(zip_estimate(None, None if database is None else database_size(database)), free)
    except OperationFailed as full:
        found.append(full)
    if database is not None and share_a_disk(path, database):
        found.append(OperationFailed(DESTINATION_ON_DATABASE_DISK, str(path)))
    if belongs_to_a_person(path):
        found.append(OperationFailed(DESTINATION_OF_A_PERSON, str(path)))
    return tuple(found)


def _told_of_pairs(places: list[PlaceFinding], pairs: list[tuple[str, str]]) -> list[PlaceFinding]:
    """The second of two that are one folder is no second copy: an error. On one disk: a warning."""
    by_path = {place.path: place for place in places}
    for first, second in pairs:
        one, other = by_path[first], by_path[second]
        if one.error is not None or other.error is not None:
            continue
        if _one_folder(Path(first), Path(second)):
            by_path[second] = replace(other, error=OperationFailed(DESTINATION_SAME, second))
        elif share_a_disk(Path(first), Path(second)):
            warning = OperationFailed(DESTINATIONS_ON_ONE_DISK, second)
            by_path[second] = replace(other, warnings=(*other.warnings, warning))
    return list(by_path.values())


def _one_folder(first: Path, second: Path) -> bool:
    """As far as this account, which need not be the agent's, may look."""
    try:
        return first.samefile(second)
    except OSError:
        return os.path.normcase(first) == os.path.normcase(second)


def _remote(settings: Settings, cancel: Cancellation, trial: RemoteTrial) -> RemoteFinding | None:
    if not settings.backup.backup_remoto:
        return None
    where = f"{settings.ftp.host}:{settings.ftp.port}"
    try:
        within(_REMOTE_SECONDS, cancel, lambda: trial(settings.ftp), where)
    except TopBackupError as error:
        if error.problem is TRIAL_CANCELLED:
            raise
        return RemoteFinding(where, error)
    return RemoteFinding(where)
