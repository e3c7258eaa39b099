"""One upload: from the finished local ZIP to its whole, checked name at one destination away.

It starts from the file and never from gbak, so that a slow line holds no snapshot of the database open.
"""

import json
import logging
import tempfile
from dataclasses import replace
from pathlib import Path

from topbackup.backup.manifest import manifest_name
from topbackup.destinations.contract import Checked, Destination, Outgoing, Placed, Transfer
from topbackup.destinations.folder import sha256_of
from topbackup.errors import OperationFailed
from topbackup.journal import Upload
from topbackup.problems import UPLOAD_FILE_GONE
from topcore.tables import NamingScheme

_log = logging.getLogger(__name__)


def deliver(upload: Upload, destination: Destination, transfer: Transfer) -> Placed:
    """Send the ZIP, then its manifest. Raises OperationFailed: UPLOAD_FILE_GONE when the local file is not the run's any
    more; else what the destination says, and whether to try again.
    """
    outgoing = _outgoing(upload)
    placed = _there_already(upload, outgoing, destination, transfer) if upload.attempts else None
    if placed is None:
        placed = destination.put(outgoing, transfer)
    manifest = upload.path.with_name(manifest_name(upload.path.name))
    if manifest.is_file():
        _put_manifest(manifest, destination, transfer)
    return placed


def _outgoing(upload: Upload) -> Outgoing:
    """The file, if it is still the one that the run made: what was altered since is not sent as a good copy."""
    record = upload.record
    try:
        same = upload.path.stat().st_size == record.size and sha256_of(upload.path) == record.sha256
    except OSError as error:
        raise OperationFailed(UPLOAD_FILE_GONE, f"{upload.path}: {error.strerror}") from error
    if not same or record.size is None or record.sha256 is None:
        raise OperationFailed(UPLOAD_FILE_GONE, str(upload.path))
    return Outgoing(upload.path, record.file_name, record.size, record.sha256)


def _there_already(upload: Upload, outgoing: Outgoing, destination: Destination, transfer: Transfer) -> Placed | None:
    """An attempt was begun and its end is not on record: killed after the rename, it would be sent twice."""
    there = next((entry for entry in destination.files() if entry.name == outgoing.name), None)
    if there is None or there.size != outgoing.size or transfer.want is not Checked.SIZE:
        return None
    # A name that is used again may be an older file of the same size: its manifest tells.
    if (
        upload.record.naming is not NamingScheme.VERSIONED
        and _sha256_there(outgoing, destination, transfer) != outgoing.sha256
    ):
        return None
    _log.info("run %s is at %s already", upload.run_id, destination.name)
    return Placed(Checked.SIZE, resumed_at=outgoing.size)


def _sha256_there(outgoing: Outgoing, destination: Destination, transfer: Transfer) -> str | None:
    with tempfile.TemporaryDirectory() as folder:
        manifest = Path(folder) / manifest_name(outgoing.name)
        try:
            destination.get(manifest.name, manifest, _small(transfer))
            found = json.loads(manifest.read_bytes()).get("hash_sha256")
        except (OperationFailed, ValueError, AttributeError):
            return None
    return found if isinstance(found, str) else None


def _put_manifest(manifest: Path, destination: Destination, transfer: Transfer) -> None:
    outgoing = Outgoing(manifest, manifest.name, manifest.stat().st_size, sha256_of(manifest))
    destination.put(outgoing, _small(transfer))


def _small(transfer: Transfer) -> Transfer:
    """For a small file: no progress is told of it, and no attempt of it is resumed."""
    return replace(transfer, told=lambda done: None, recall=lambda: None, remember=lambda note: None)
