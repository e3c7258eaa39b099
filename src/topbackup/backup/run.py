"""One backup, from gbak's bytes to the published copies: read it from the top, the steps are in the data's order.

A run ends as a record and never as an exception: succeeded, partial (a copy is missing) or failed with its TB code. Only
Busy is raised, as nothing was begun. An older good backup is touched at one moment, the rename in `publish`, when the new
one has been read back from the disk and, if the job asks for it, restored and compared.
"""

import logging
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from topbackup.backup.archive import DumpDigest, ZipDigest, read_back, write_archive
from topbackup.backup.job import BackupJob
from topbackup.backup.lock import run_lock
from topbackup.backup.manifest import Manifest, manifest_name
from topbackup.backup.proof import Expected, prove
from topbackup.backup.space import database_size, dump_estimate, zip_estimate
from topbackup.clock import Clock
from topbackup.destinations.folder import Folder
from topbackup.errors import OperationFailed, TopBackupError
from topbackup.firebird.address import Credentials
from topbackup.firebird.discovery import Gbak
from topbackup.firebird.dump import DumpLimits, DumpReport, open_dump
from topbackup.firebird.restore_routes import RestoreRequest
from topbackup.firebird.routes import DumpRequest, routes_to_try
from topbackup.firebird.source import SourceFacts
from topbackup.journal import Journal, RunPaths
from topbackup.places import Places
from topbackup.problems import CLOCK_WENT_BACK, DESTINATION_SAME, INTERNAL, PROOF_IMPOSSIBLE, RUN_CANCELLED
from topcore.naming import dump_name
from topcore.record import BackupRecord, Failure
from topcore.tables import NamingScheme, Proof, RunStatus

_log = logging.getLogger(__name__)
_CLOCK_TOLERANCE = timedelta(minutes=2)  # time servers correct a clock by seconds, not by minutes
CopyResult = tuple[Path, Failure | None]


@dataclass(frozen=True)
class Progress:
    """What a run tells as it goes. total: bytes expected of the dump, an estimate; None where nothing is known."""

    step: str
    done: int = 0
    total: int | None = None


@dataclass(frozen=True)
class Workplace:
    """What every run on this machine works with. timeout, stall: seconds, of the dump.

    look: reads the source's facts and finds its server's gbak; told: receives the run's progress, in the run's thread.
    """

    journal: Journal
    clock: Clock
    places: Places
    login: Credentials
    timeout: float
    stall: float
    look: Callable[[BackupJob], tuple[SourceFacts, Gbak]]
    told: Callable[[Progress], None]


def run_backup(job: BackupJob, at: Workplace, cancel: threading.Event) -> BackupRecord:
    """Make one backup. Raises Busy when another run has the database; the journal's errors when it cannot be written."""
    with run_lock(at.places.locks, job.source_name):
        ran_before = at.journal.last_instant()
        record, elapsed = job.record(at.clock.now()), _stopwatch(at.clock)
        at.journal.begin(record, _leftovers(job, record, at.places))
        copies: list[CopyResult] = []
        try:
            with _cleaned_up(job, record, at.places):
                _refuse_a_clock_gone_back(ran_before, record, job)
                record = record.running()
                at.journal.update(record)
                record, copies = _backup(job, at, record, cancel)
                record = replace(record, ended_at=record.started_at + elapsed(), status=RunStatus.SUCCEEDED)
        except TopBackupError as failed:
            _log.error("run %s failed: %s %s", job.run_id, failed.code, failed)
            record = record.failed(record.started_at + elapsed(), failed.failure())
        except Exception as defect:  # noqa: BLE001 - whatever went wrong, the journal must say that it did
            _log.exception("run %s found a defect", job.run_id)
            told = OperationFailed(INTERNAL, type(defect).__name__)
            record = record.failed(record.started_at + elapsed(), told.failure())
        at.journal.update(record, copies)
        return record


def _backup(
    job: BackupJob, at: Workplace, record: BackupRecord, cancel: threading.Event
) -> tuple[BackupRecord, list[CopyResult]]:
    folder, name = Folder(job.destination1), record.file_name
    last, size_now = at.journal.last_success(job.source_name), database_size(Path(job.source.path))
    folder.check(zip_estimate(last, size_now))
    facts, gbak = at.look(job)

    dump, report = _dump_into_zip(job, at, record, gbak, facts, dump_estimate(last, size_now), cancel)
    at.told(Progress("check"))
    with folder.told():
        archive = read_back(folder.part(name), dump)
    proven_at = _proven_at(job, at, folder.part(name), report, facts, gbak, cancel)
    manifest = _manifest(job, record, dump, archive, report, facts, gbak, proven_at)
    if cancel.is_set():
        raise OperationFailed(RUN_CANCELLED)

    at.told(Progress("publish"))
    folder.write(manifest_name(name), manifest.to_json())
    final = folder.publish(name)
    folder.publish(manifest_name(name))

    at.told(Progress("copy"))
    second = _second_copy(job, final, manifest)
    record = replace(
        record,
        size=archive.size,
        sha256=archive.sha256,
        dump_size=dump.size,
        failure=second[0][1] if second else None,
        proof=Proof.PROVEN if proven_at else Proof.NOT_TRIED,
        proven_at=proven_at,
    )
    return record, [(final, None), *second]


def _dump_into_zip(
    job: BackupJob,
    at: Workplace,
    record: BackupRecord,
    gbak: Gbak,
    facts: SourceFacts,
    expected: int | None,
    cancel: threading.Event,
) -> tuple[DumpDigest, DumpReport]:
    """gbak's bytes → SHA-256 and deflate → NAME.part, in one pass; whole only when gbak's own count says so too."""
    folder = Folder(job.destination1)
    request = DumpRequest(gbak.path, job.source, at.login, at.places.temp_of_run(job.run_id))
    routes = routes_to_try(job.route, job.source, server_answers=facts.server_answers)
    limits = DumpLimits(at.timeout, at.stall, at.clock.monotonic)

    def tell(done: int) -> None:
        at.told(Progress("dump", done, expected))

    with open_dump(request, routes, limits, cancel, tell) as dump:
        with folder.told():
            local = record.started_at.astimezone(job.zone)
            written = write_archive(
                dump.blocks(), folder.part(record.file_name), dump_name(record.file_name), local
            )
        return written, dump.report()


def _proven_at(
    job: BackupJob,
    at: Workplace,
    part: Path,
    report: DumpReport,
    facts: SourceFacts,
    gbak: Gbak,
    cancel: threading.Event,
) -> datetime | None:
    """Restore and compare before anything is published. None: not asked for, or not possible on this machine."""
    if not job.prove:
        return None
    at.told(Progress("prove"))
    folder = at.places.temp_of_run(job.run_id)
    server = job.source if facts.server_answers and job.source.is_local else None
    request = RestoreRequest(gbak.path, folder, folder / "prova.fdb", at.timeout * 2, server, at.login, cancel)
    try:
        prove(part, Expected(report.rows, facts.inactive_indices, report.size), request)
    except OperationFailed as failed:
        if failed.problem is not PROOF_IMPOSSIBLE:
            raise
        _log.warning("published without a proof: %s", failed)
        return None
    return at.clock.now()


def _manifest(
    job: BackupJob,
    record: BackupRecord,
    dump: DumpDigest,
    archive: ZipDigest,
    report: DumpReport,
    facts: SourceFacts,
    gbak: Gbak,
    proven_at: datetime | None,
) -> Manifest:
    return Manifest(
        run_id=job.run_id,
        company=job.company.tax_id.formatted,
        source=job.source_name,
        file_name=record.file_name,
        size=archive.size,
        sha256=archive.sha256,
        dump_size=dump.size,
        dump_sha256=dump.sha256,
        engine=None if facts.engine is None else str(facts.engine),
        gbak=str(gbak.version),
        route=report.route.value,
        rows=report.rows,
        inactive_indices=facts.inactive_indices,
        started_at=record.started_at,
        proven_at=proven_at,
    )


def _second_copy(job: BackupJob, first: Path, manifest: Manifest) -> list[CopyResult]:
    """Copied from the finished file and checked the same way. A failure is a value: the backup itself is there."""
    if job.destination2 is None:
        return []
    folder, name = Folder(job.destination2), first.name
    try:
        folder.check(manifest.size)
        with folder.told():
            if job.destination1.samefile(job.destination2):
                raise OperationFailed(DESTINATION_SAME, str(job.destination2))
        folder.copy_in(first, name, manifest.sha256)
        folder.write(manifest_name(name), manifest.to_json())
        final = folder.publish(name)
        folder.publish(manifest_name(name))
    except OperationFailed as failed:
        _log.error("second copy failed: %s %s", failed.code, failed)
        return [(folder.path / name, failed.failure())]
    return [(final, None)]


def _refuse_a_clock_gone_back(ran_before: datetime | None, record: BackupRecord, job: BackupJob) -> None:
    """A run dated before the last one would look older than it, to people and to retention. Refused once: the refusal
    is itself on record with the clock as it is now, so that the next run goes on."""
    if ran_before is not None and record.started_at < ran_before - _CLOCK_TOLERANCE:
        raise OperationFailed(
            CLOCK_WENT_BACK, f"{record.started_at.astimezone(job.zone):%d/%m/%Y %H:%M} < {ran_before.astimezone(job.zone):%d/%m/%Y %H:%M}"
        )
    if job.naming is NamingScheme.VERSIONED and (job.destination1 / record.file_name).exists():
        raise OperationFailed(CLOCK_WENT_BACK, record.file_name)


def _stopwatch(clock: Clock) -> Callable[[], timedelta]:
    """How long since now, whatever someone does to the wall clock meanwhile."""
    began = clock.monotonic()
    return lambda: timedelta(seconds=clock.monotonic() - began)


def _leftovers(job: BackupJob, record: BackupRecord, places: Places) -> RunPaths:
    """What a kill at any moment may leave behind; on record before any of it exists."""
    folders = [Folder(path) for path in (job.destination1, job.destination2) if path is not None]
    names = (record.file_name, manifest_name(record.file_name))
    return RunPaths(tuple(folder.part(name) for folder in folders for name in names), places.temp_of_run(job.run_id))


@contextmanager
def _cleaned_up(job: BackupJob, record: BackupRecord, places: Places) -> Iterator[None]:
    """The run's temporary folder for the block, and no half file afterwards."""
    leftovers = _leftovers(job, record, places)
    leftovers.temp.mkdir(parents=True, exist_ok=True)
    try:
        yield
    finally:
        for part in leftovers.parts:
            _take_away(part)
        shutil.rmtree(leftovers.temp, ignore_errors=True)


def _take_away(part: Path) -> None:
    try:
        part.unlink(missing_ok=True)
    except OSError as error:
        _log.warning("could not delete %s: %s", part, error.strerror)
