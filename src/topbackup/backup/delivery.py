"""One upload: from the finished local ZIP to its whole, checked name at one destination away, its manifest beside it.

It starts from the file and never from gbak, so that a slow line holds no snapshot of the database open.
"""

from dataclasses import replace
from pathlib import Path

from topbackup.backup.manifest import manifest_name
from topbackup.destinations.contract import Destination, Outgoing, Placed, Transfer
from topbackup.destinations.folder import sha256_of
from topbackup.errors import OperationFailed
from topbackup.journal import Upload
from topbackup.problems import UPLOAD_FILE_GONE


def deliver(upload: Upload, destination: Destination, transfer: Transfer) -> Placed:
    """Send the ZIP, then its manifest.

    Raises OperationFailed: UPLOAD_FILE_GONE when the local file is not the run's any more; else what the destination
    says.
    """
    placed = destination.put(_outgoing(upload), transfer)
    manifest = upload.path.with_name(manifest_name(upload.path.name))
    if manifest.is_file():
        destination.put(_small(manifest), quiet(transfer))
    return placed


def quiet(transfer: Transfer) -> Transfer:
    """For a small file: no progress is told of it, and no attempt of it is resumed."""
    return replace(transfer, told=lambda done: None, recall=lambda: None, remember=lambda note: None)


def _outgoing(upload: Upload) -> Outgoing:
    """The file, if it is still the one that the run made: what was altered since is not sent as a good copy."""
    record = upload.record
    if record.size is None or record.sha256 is None:
        raise OperationFailed(UPLOAD_FILE_GONE, str(upload.path))
    try:
        same = upload.path.stat().st_size == record.size and sha256_of(upload.path) == record.sha256
    except OSError as error:
        raise OperationFailed(UPLOAD_FILE_GONE, f"{upload.path}: {error.strerror}") from error
    if not same:
        raise OperationFailed(UPLOAD_FILE_GONE, str(upload.path))
    return Outgoing(upload.path, record.file_name, record.size, record.sha256)


def _small(path: Path) -> Outgoing:
    return Outgoing(path, path.name, path.stat().st_size, sha256_of(path))
