"""One upload: from the finished local ZIP to its whole, checked name at one destination away, its manifest beside it.

It starts from the file and never from gbak, so that a slow line holds no snapshot of the database open.
"""

import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from topbackup.backup.manifest import Manifest, manifest_name, parse_manifest
from topbackup.destinations.contract import Checked, Identity, Outgoing, Placed, Transfer, identity_of
from topbackup.destinations.folder import sha256_of
from topbackup.destinations.opening import RemotePlace
from topbackup.errors import OperationFailed
from topbackup.journal import Upload
from topbackup.problems import (
    DESTINATION_SAME,
    REMOTE_FOREIGN,
    REMOTE_MISSING,
    UPLOAD_FILE_AWAY,
    UPLOAD_FILE_GONE,
    UPLOAD_SUPERSEDED,
)
from topbackup.system_words import system_words
from topcore.record import BackupRecord
from topcore.tables import NamingScheme

_LARGEST_MANIFEST = 16 << 20  # bytes; thousands of tables make a few hundred KB
type Later = Callable[[UUID, UUID], bool | None]


def deliver(upload: Upload, place: RemotePlace, transfer: Transfer, later: Later) -> Placed:
    """Send the ZIP, then its manifest. later(run, other): did the other begin after it; None: it is not of our journal.

    Raises OperationFailed: UPLOAD_FILE_GONE when the local file is not the run's any more, UPLOAD_FILE_AWAY when it
    cannot be read now; DESTINATION_SAME when the place is one of the run's own folders; UPLOAD_SUPERSEDED and
    REMOTE_FOREIGN when the name there belongs to a newer backup, or to another database's; else what the destination
    says.
    """
    _refuse_the_runs_own_folder(upload.record, place)
    zip_ = _outgoing(upload)
    manifest = _manifest(upload, zip_.path)
    _refuse_to_replace(upload, place, transfer, later)
    placed = place.destination.put(zip_, transfer)
    # Its few bytes belong to the ZIP: neither the end of the allowed hours nor a stop comes between the two.
    quiet = _quietly(transfer, lambda: None)
    if manifest is not None:
        place.destination.put(manifest, quiet)
    else:
        # One of an older file under this name would refute the new one.
        place.destination.remove(manifest_name(upload.record.file_name))
    return placed


def _quietly(transfer: Transfer, go_on: Callable[[], None]) -> Transfer:
    """For the manifest: nobody is told, nothing is remembered."""
    return replace(
        transfer, go_on=go_on, told=lambda done: None, recall=lambda: None, remember=lambda note: None, abandoned=tuple
    )


def _outgoing(upload: Upload) -> Outgoing:
    """The file, if it is still the one that the run made: what was altered since is not sent as a good copy.

    Of a run with two folders either file serves.
    """
    record = upload.record
    if record.size is None or record.sha256 is None:
        raise OperationFailed(UPLOAD_FILE_GONE, str(upload.path))
    away: OperationFailed | None = None
    for path in _files(upload):
        try:
            before, digest, after = _identity(path), sha256_of(path), _identity(path)
        except OSError as error:
            away = away or OperationFailed(UPLOAD_FILE_AWAY, f"{path}: {system_words(error)}")
            continue
        if digest == record.sha256 and before == after:
            return Outgoing(path, record.file_name, record.size, record.sha256, before)
    raise away or OperationFailed(UPLOAD_FILE_GONE, str(upload.path))


def _files(upload: Upload) -> list[Path]:
    folders = filter(None, (upload.record.destination1, upload.record.destination2))
    return list(dict.fromkeys([upload.path, *(Path(folder) / upload.record.file_name for folder in folders)]))


def _manifest(upload: Upload, zip_: Path) -> Outgoing | None:
    """The run's own manifest; None where there is none, or another run's stands there by now."""
    path = zip_.with_name(manifest_name(zip_.name))
    with suppress(OSError):
        identity, found = _identity(path), parse_manifest(path.read_bytes())
        if found is not None and (found.run_id, found.sha256) == (upload.run_id, upload.record.sha256):
            return Outgoing(path, path.name, identity[1], sha256_of(path), identity)
    return None


def _refuse_to_replace(upload: Upload, place: RemotePlace, transfer: Transfer, later: Later) -> None:
    """A newer backup there, or another database's, may be the only one of its kind.

    V names are of one run alone. What has no manifest there, or one that nobody can read, is nobody's.
    """
    if upload.record.naming is NamingScheme.VERSIONED:
        return
    found = _manifest_there(upload.record.file_name, place, transfer)
    if found is None or found.run_id == upload.run_id:
        return
    newer = later(upload.run_id, found.run_id)
    if newer:
        raise OperationFailed(UPLOAD_SUPERSEDED, f"{place.name}: {found.started_at:%Y-%m-%d %H:%M}")
    own = found.source == upload.record.source and found.started_at <= upload.record.started_at
    if newer is None and not own:
        raise OperationFailed(REMOTE_FOREIGN, f"{place.name}: {found.source}")


def _manifest_there(file_name: str, place: RemotePlace, transfer: Transfer) -> Manifest | None:
    def not_too_long(done: int) -> None:
        if done > _LARGEST_MANIFEST:
            raise OperationFailed(REMOTE_MISSING, file_name)

    with tempfile.TemporaryDirectory(prefix="topbackup-") as folder:
        here = Path(folder) / "manifesto"
        reading = replace(_quietly(transfer, transfer.go_on), told=not_too_long, want=Checked.SIZE)
        try:
            place.destination.get(manifest_name(file_name), here, reading)
        except OperationFailed as failed:
            if failed.problem is not REMOTE_MISSING:
                raise
            return None
        return parse_manifest(here.read_bytes())


def _identity(path: Path) -> Identity:
    return identity_of(path.stat())


def _refuse_the_runs_own_folder(record: BackupRecord, place: RemotePlace) -> None:
    """There would be one copy fewer than it seems."""
    for folder in filter(None, (record.destination1, record.destination2)):
        with suppress(OSError):
            if place.folder is not None and place.folder.samefile(folder):
                raise OperationFailed(DESTINATION_SAME, folder)
