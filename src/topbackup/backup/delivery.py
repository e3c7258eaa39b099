"""One upload: from the finished local ZIP to its whole, checked name at one destination away, its manifest beside it.

It starts from the file and never from gbak, so that a slow line holds no snapshot of the database open.
"""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from topbackup.backup.manifest import manifest_name, parse_manifest
from topbackup.destinations.contract import Identity, Outgoing, Placed, Transfer, identity_of
from topbackup.destinations.folder import sha256_of
from topbackup.destinations.opening import RemotePlace
from topbackup.errors import OperationFailed
from topbackup.journal import Upload
from topbackup.problems import DESTINATION_SAME, UPLOAD_FILE_GONE
from topcore.record import BackupRecord


def deliver(upload: Upload, place: RemotePlace, transfer: Transfer) -> Placed:
    """Send the ZIP, then its manifest.

    Raises OperationFailed: UPLOAD_FILE_GONE when the local file is not the run's any more; DESTINATION_SAME when the
    place is one of the run's own folders; else what the destination says.
    """
    _refuse_the_runs_own_folder(upload.record, place)
    zip_, manifest = _outgoing(upload), _manifest(upload)
    placed = place.destination.put(zip_, transfer)
    quiet = replace(transfer, told=lambda done: None, recall=lambda: None, remember=lambda note: None)
    if manifest is not None:
        place.destination.put(manifest, quiet)
    else:
        # One of an older file under this name would refute the new one.
        place.destination.remove(manifest_name(upload.record.file_name))
    return placed


def _outgoing(upload: Upload) -> Outgoing:
    """The file, if it is still the one that the run made: what was altered since is not sent as a good copy."""
    record = upload.record
    if record.size is None or record.sha256 is None:
        raise OperationFailed(UPLOAD_FILE_GONE, str(upload.path))
    try:
        before, digest, after = _identity(upload.path), sha256_of(upload.path), _identity(upload.path)
    except OSError as error:
        raise OperationFailed(UPLOAD_FILE_GONE, f"{upload.path}: {error.strerror}") from error
    if digest != record.sha256 or before != after:
        raise OperationFailed(UPLOAD_FILE_GONE, str(upload.path))
    return Outgoing(upload.path, record.file_name, record.size, record.sha256, before)


def _manifest(upload: Upload) -> Outgoing | None:
    """The run's own manifest; None where there is none, or another run's stands there by now."""
    path = upload.path.with_name(manifest_name(upload.path.name))
    with suppress(OSError):
        identity, found = _identity(path), parse_manifest(path.read_bytes())
        if found is not None and (found.run_id, found.sha256) == (upload.run_id, upload.record.sha256):
            return Outgoing(path, path.name, identity[1], sha256_of(path), identity)
    return None


def _identity(path: Path) -> Identity:
    return identity_of(path.stat())


def _refuse_the_runs_own_folder(record: BackupRecord, place: RemotePlace) -> None:
    """There an older upload would replace the newer backup, and there would be one copy fewer than it seems."""
    for folder in filter(None, (record.destination1, record.destination2)):
        with suppress(OSError):
            if place.folder is not None and place.folder.samefile(folder):
                raise OperationFailed(DESTINATION_SAME, folder)
