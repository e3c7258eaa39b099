"""`verify` and `restore`: what is done with a backup file, of today or of years ago.

The SHA-256 of the manifest comes first: a file that is not the one that was made is never restored.
"""

import logging
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from pathlib import Path

from topbackup.backup.archive import BLOCK, DumpDigest, check_archive, dump_blocks, dump_size_of
from topbackup.backup.manifest import Manifest, manifest_name, read_manifest
from topbackup.backup.proof import Expected, compare, prove
from topbackup.backup.workplace import Progress, unheard
from topbackup.cancellation import Cancellation
from topbackup.destinations.folder import Folder
from topbackup.errors import BadUsage, OperationFailed
from topbackup.firebird.address import Credentials, DatabaseAddress
from topbackup.firebird.failures import problem_from_text
from topbackup.firebird.inspection import Inspection
from topbackup.firebird.restore_routes import RestoreRequest
from topbackup.firebird.restore_routes import restore as build_database
from topbackup.problems import (
    DESTINATION_FULL,
    FILE_ALTERED,
    FILE_MISSING,
    RESTORE_FAILED,
    RESTORE_FOLDER,
    RESTORE_FULL,
    RESTORE_TARGET_EXISTS,
)
from topbackup.system_words import system_words
from topcore.naming import PART_SUFFIX

_log = logging.getLogger(__name__)
_FULL = 8 << 20  # bytes: a database grows by extents; with less than this left it was the disk that ended it


@dataclass(frozen=True)
class RestorePlace:
    """The means to restore here. temp: a folder of this operation's own, which must exist. timeout: seconds.

    servers_file: a database of the server's, whose owner is taken for its account. told: hears how far it is, in bytes
    of the ZIP (`check`) and of the .fbk (`restore`).
    """

    gbak: Path
    temp: Path
    timeout: float
    server: DatabaseAddress | None
    servers_file: Path
    login: Credentials
    cancel: Cancellation
    told: Callable[[Progress], None] = unheard

    def request(self, target: Path) -> RestoreRequest:
        return RestoreRequest(
            gbak=self.gbak,
            folder=self.temp,
            target=target,
            timeout=self.timeout,
            server=self.server,
            servers_file=self.servers_file,
            login=self.login,
            cancel=self.cancel,
        )


@dataclass(frozen=True)
class Verdict:
    """What a check found. manifest: None for a file without one, whose rows cannot be compared with anything."""

    archive: Path
    manifest: Manifest | None
    found: Inspection


def verify(archive: Path, place: RestorePlace) -> Verdict:
    """Restore to a scratch database and compare it with the manifest; the scratch is taken away.

    Raises OperationFailed: FILE_MISSING, FILE_ALTERED, FILE_INVALID, RESTORE_FAILED, PROOF_REFUTED, PROOF_IMPOSSIBLE.
    """
    manifest, dump = _whole_file(archive, place)
    place.told(Progress("prove"))
    found = prove(archive, _expected(manifest, dump), place.request(place.temp / "prova.fdb"))
    return Verdict(archive, manifest, found)


def restore(archive: Path, target: Path, place: RestorePlace) -> Verdict:
    """Build the database `target` from the backup: whole and compared under its name, or not at all.

    Raises BadUsage with RESTORE_TARGET_EXISTS, also when it comes to exist meanwhile; OperationFailed as `verify`, and
    RESTORE_FOLDER, RESTORE_FULL: nothing is wrong with the backup then.
    """
    if target.exists():
        raise BadUsage(RESTORE_TARGET_EXISTS, str(target))
    if not target.parent.is_dir():
        raise OperationFailed(RESTORE_FOLDER, f"{target.parent}")
    _must_have_room(target.parent, least_room(archive))  # not found out after minutes of reading
    manifest, dump = _whole_file(archive, place)
    part = target.with_name(target.name + PART_SUFFIX)
    try:
        part.unlink(missing_ok=True)
    except OSError as error:
        raise OperationFailed(RESTORE_FOLDER, f"{target.parent}: {system_words(error)}") from error
    try:
        found = build_database(lambda: _told_blocks(archive, dump.size, place), place.request(part))
        place.told(Progress("compare"))
        compare(_expected(manifest, dump), found)
        _give_to_the_folders_owner(part)
        _rename_without_replacing(part, target)
    except OperationFailed as failed:
        if failed.problem is RESTORE_FAILED:
            if problem_from_text(failed.detail) is DESTINATION_FULL:  # the room that it took is free again by now
                raise OperationFailed(RESTORE_FULL, str(target.parent)) from failed
            _must_have_room(target.parent, _FULL)  # gbak's words for a full disk would send people to an older backup
        raise
    finally:
        part.unlink(missing_ok=True)
    return Verdict(archive, manifest, found)


def least_room(archive: Path) -> int:
    """Bytes without which nothing can come of this file: its .fbk's, once, by the manifest or else by the ZIP.

    A database is larger than its .fbk by empty pages and indices, often half as much again; how much, the dump does not
    say, and to ask for more than is certain would refuse what fits. Raises OperationFailed: FILE_MISSING, FILE_INVALID.
    """
    with _told(archive):
        if not archive.is_file():
            raise OperationFailed(FILE_MISSING, str(archive))
        manifest = read_manifest(archive)
        return dump_size_of(archive) if manifest is None else manifest.dump_size


def _must_have_room(folder: Path, least: int) -> None:
    """least: bytes."""
    free = shutil.disk_usage(folder).free
    if free < least:
        raise OperationFailed(RESTORE_FULL, f"{folder}: {free >> 20} MB < {least >> 20} MB")


def note_proof(verdict: Verdict, proven_at: datetime) -> None:
    """Write into the manifest beside the file when it was proven. proven_at: aware UTC."""
    if verdict.manifest is not None:
        folder, name = Folder(verdict.archive.parent), manifest_name(verdict.archive.name)
        folder.write(name, replace(verdict.manifest, proven_at=proven_at).to_json())
        folder.publish(name)


def _whole_file(archive: Path, place: RestorePlace) -> tuple[Manifest | None, DumpDigest]:
    if not archive.is_file():
        raise OperationFailed(FILE_MISSING, str(archive))
    manifest = read_manifest(archive)
    with _told(archive):
        size, blocks = archive.stat().st_size, count()

        def go_on() -> None:
            place.cancel.check()
            place.told(Progress("check", min(next(blocks) * BLOCK, size), size))

        dump, whole = check_archive(archive, go_on)
    if manifest is not None and whole.sha256 != manifest.sha256:
        raise OperationFailed(FILE_ALTERED, str(archive))
    return manifest, dump


def _told_blocks(archive: Path, size: int, place: RestorePlace) -> Iterator[bytes]:
    done = 0
    for block in dump_blocks(archive):
        place.told(Progress("restore", done, size))
        done += len(block)
        yield block


@contextmanager
def _told(archive: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OperationFailed(FILE_MISSING, f"{archive}: {system_words(error)}") from error


def _expected(manifest: Manifest | None, dump: DumpDigest) -> Expected:
    if manifest is None:
        return Expected({}, None, dump.size)
    return Expected(manifest.rows, manifest.inactive_indices, dump.size)


def _give_to_the_folders_owner(database: Path) -> None:
    """Restored by root on Linux, a database must still be the Firebird server's: it has its folder's owner."""
    if sys.platform != "win32" and os.getuid() == 0 and database.exists():
        owner = database.parent.stat()
        os.chown(database, owner.st_uid, owner.st_gid)
        database.chmod(0o660)


def _rename_without_replacing(part: Path, target: Path) -> None:
    try:
        if sys.platform == "win32":
            part.rename(target)  # it fails where POSIX's would replace
        else:
            _link_or_reserve(part, target)
    except FileExistsError:
        raise BadUsage(RESTORE_TARGET_EXISTS, str(target)) from None
    except OSError as error:
        raise OperationFailed(RESTORE_FAILED, f"{target}: {system_words(error)}") from error


def _link_or_reserve(part: Path, target: Path) -> None:
    """link(2) never replaces; a USB stick's FAT and some network folders know no links, so there the name is taken
    first."""
    try:
        os.link(part, target)
    except FileExistsError:
        raise
    except OSError:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL))
        part.replace(target)
