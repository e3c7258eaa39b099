"""Is a copy that was placed away really somewhere else? What the 3-2-1 view counts (topcore/spread.py)."""

from contextlib import suppress
from pathlib import Path

from topbackup.agent.parts import Parts
from topbackup.destinations.folder import device_of
from topbackup.destinations.opening import RemotePlace
from topbackup.errors import OperationFailed
from topcore.record import BackupRecord


def is_apart(record: BackupRecord, place: RemotePlace, parts: Parts) -> bool:
    """See RemoteCopy. Of two destinations with one address the one whose name sorts first counts."""
    if place.folder is not None and (device := device_of(place.folder)) is not None:
        own = (record.source, record.destination1, record.destination2)
        if device in {device_of(Path(path)) for path in own if path}:
            return False
    return not any(
        _where(parts, remote.nome) == place.destination.where
        for remote in parts.settings.remotes
        if remote.nome < place.name
    )


def _where(parts: Parts, name: str) -> str | None:
    with suppress(OperationFailed):
        return parts.remote_place(name).destination.where
    return None
