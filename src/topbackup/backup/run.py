"""One backup, from gbak's bytes to the published copies: read it from the top, the steps are in the data's order.

A run ends as a record and never as an exception: succeeded, partial (a copy is missing) or failed with its TB code.
Only Busy is raised, as nothing was begun. An older good backup is touched at one moment, the rename in `publish`, when
the new one has been read back from the disk and, if the job asks for it, restored and compared.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from sqlite3 import Cursor

from topbackup.backup.archive import DumpDigest, ZipDigest, read_back, write_archive
from topbackup.backup.job import BackupJob
from topbackup.backup.leftovers import half_files, taken_away
from topbackup.backup.lock import run_lock
from topbackup.backup.manifest import Manifest, manifest_name
from topbackup.backup.proof import Expected, prove
from topbackup.backup.scratch import scratch_folder
from topbackup.backup.space import database_size, dump_estimate, zip_estimate
from topbackup.backup.workplace import Progress, Source, Workplace
from topbackup.cancellation import Cancellation
from topbackup.clock import Clock
from topbackup.destinations.folder import Folder, device_of
from topbackup.errors import OperationFailed, TopBackupError
from topbackup.firebird.dump import DumpLimits, DumpReport, open_dump
from topbackup.firebird.restore_routes import RestoreRequest
from topbackup.firebird.routes import DumpRequest, routes_to_try
from topbackup.journal import owe, owe_again
from topbackup.logs import lines_of_run
from topbackup.problems import (
    CLOCK_WENT_BACK,
    DESTINATION_SAME,
    INTERNAL,
    PROOF_IMPOSSIBLE,
    RUN_INTERRUPTED,
    UPLOAD_SUPERSEDED,
)
from topcore.naming import dump_name
from topcore.record import BackupRecord, Failure, RemoteCopy
from topcore.spread import Location, Spread, spread
from topcore.tables import NamingScheme, Proof, RunStatus

_log = logging.getLogger(__name__)
_CLOCK_TOLERANCE = timedelta(minutes=2)  # time servers correct a clock by seconds, not by minutes
CopyResult = tuple[Path, Failure | None]


@dataclass(frozen=True)
class _Run:
    """What all steps of one run share. record: as it was at the start."""

    job: BackupJob
    at: Workplace
    cancel: Cancellation
    record: BackupRecord

    @property
    def name(self) -> str:
        return self.record.file_name

    @property
    def folder(self) -> Folder:
        return Folder(self.job.destination1)

    @property
    def temp(self) -> Path:
        return self.at.places.temp_of_run(self.job.run_id)


def run_backup(job: BackupJob, at: Workplace, cancel: Cancellation) -> BackupRecord:
    """Make one backup. Raises Busy when another run has the database, and the journal's own errors."""
    with lines_of_run(job.run_id), run_lock(at.places.locks, job.source_name):
        ran_before = at.journal.last_instant()
        record, elapsed = job.record(at.clock.now()), _stopwatch(at.clock)
        run = _Run(job, at, cancel, record)
        refused = _clock_gone_back(ran_before, run)
        if refused is not None:
            return _refused(run, refused)
        parts = half_files(job, record)
        at.journal.begin(record, parts)
        copies: list[CopyResult] = []
        settle: Callable[[Cursor], None] = _nothing_more
        try:
            with scratch_folder(at.places, job.run_id), taken_away(parts):
                record = record.running()
                at.journal.update(record)
                made, copies = _backup(run)
                record = _ended_well(made, run, record.started_at + elapsed())
                settle = partial(_owe_remote_copies, record=record)
        except TopBackupError as failed:
            _log.error("run %s failed: %s %s", job.run_id, failed.code, failed)
            record = record.failed(record.started_at + elapsed(), failed.failure())
            if failed.problem is RUN_INTERRUPTED:
                settle = partial(owe_again, record=record)
        except Exception as defect:  # noqa: BLE001 - the journal must say that it went wrong
            _log.exception("run %s found a defect", job.run_id)
            told = OperationFailed(INTERNAL, type(defect).__name__)
            record = record.failed(record.started_at + elapsed(), told.failure())
        at.journal.update(record, copies, settle)
        _log.info("ended as %s: %s, %s bytes", record.status.name, record.file_name, record.size)
        return record


def _backup(run: _Run) -> tuple[BackupRecord, list[CopyResult]]:
    """The steps. Returns the record without its end, and what became of each copy."""
    job, at = run.job, run.at
    source = at.look(job)
    last, size_now = at.journal.last_success(job.source_name), database_size(_database(run, source))
    run.folder.check(zip_estimate(last, size_now))

    dump, report = _dump_into_zip(run, source, dump_estimate(last, size_now))
    at.told(Progress("check"))
    with run.folder.told():
        archive = read_back(run.folder.part(run.name), dump, run.cancel.check)
    proven_at = _proven_at(run, source, report)
    manifest = _manifest(run, source, report, dump=dump, archive=archive, proven_at=proven_at)
    run.cancel.check()

    at.told(Progress("publish"))
    first = _publish(run.folder, run.name, manifest)
    second = _second_copy(run, first, manifest)
    record = replace(
        run.record,
        size=archive.size,
        sha256=archive.sha256,
        dump_size=dump.size,
        failure=second[0][1] if second else None,
        proof=Proof.PROVEN if proven_at else Proof.NOT_TRIED,
        proven_at=proven_at,
        spread=_spread(run, source, [first, *(path for path, failure in second if failure is None)]),
    )
    return record, [(first, None), *second]


def _spread(run: _Run, source: Source, copies: Sequence[Path]) -> Spread:
    """On how many devices the copies of this run are; those away are counted when they are there."""
    here = [Location(str(path.parent), device_of(path)) for path in copies]
    return spread(device_of(_database(run, source)), here)


def _ended_well(record: BackupRecord, run: _Run, ended_at: datetime) -> BackupRecord:
    """Its remote copies are owed from now on; an upload begins from the finished file, and never holds up gbak."""
    remotes = tuple(RemoteCopy(name, since=ended_at) for name in run.job.remotes)
    return replace(record, status=RunStatus.SUCCEEDED, ended_at=ended_at, remotes=remotes)


def _owe_remote_copies(cursor: Cursor, record: BackupRecord) -> None:
    owe(cursor, record, Path(record.destination1) / record.file_name, OperationFailed(UPLOAD_SUPERSEDED).failure())


def _database(run: _Run, source: Source) -> Path:
    """Its file, where it is on this machine; for an alias, as the server says."""
    return source.facts.file or Path(run.job.source.path)


def _dump_into_zip(run: _Run, source: Source, expected: int | None) -> tuple[DumpDigest, DumpReport]:
    """gbak's bytes → SHA-256 and deflate → NAME.part, in one pass; whole only when gbak's own count says so too."""
    job, at = run.job, run.at
    request = DumpRequest(source.gbak.path, job.source, at.login, run.temp, _database(run, source))
    routes = routes_to_try(job.route, job.source, server_answers=source.facts.server_answers)
    limits = DumpLimits(at.timeout, at.stall, at.clock.monotonic)
    local = run.record.started_at.astimezone(job.zone)

    def tell(done: int) -> None:
        at.told(Progress("dump", done, expected))

    with open_dump(request, routes, limits, run.cancel, tell) as dump:
        with run.folder.told():
            written = write_archive(dump.blocks(), run.folder.part(run.name), dump_name(run.name), local)
        return written, dump.report()


def _proven_at(run: _Run, source: Source, report: DumpReport) -> datetime | None:
    """Restore and compare before anything is published. None: not asked for, or not possible on this machine."""
    job, at = run.job, run.at
    if not job.prove:
        return None
    at.told(Progress("prove"))
    request = RestoreRequest(
        gbak=source.gbak.path,
        folder=run.temp,
        target=run.temp / "prova.fdb",
        timeout=at.timeout * 2,  # a restore takes about twice the time of a backup (facts.md)
        server=job.source if source.facts.server_answers and job.source.is_local else None,
        servers_file=_database(run, source),
        login=at.login,
        cancel=run.cancel,
    )
    try:
        expected = Expected(report.rows, source.facts.inactive_indices, report.size)
        prove(run.folder.part(run.name), expected, request)
    except OperationFailed as failed:
        if failed.problem is not PROOF_IMPOSSIBLE:
            raise
        _log.warning("published without a proof: %s", failed)
        return None
    return at.clock.now()


def _manifest(
    run: _Run,
    source: Source,
    report: DumpReport,
    *,
    dump: DumpDigest,
    archive: ZipDigest,
    proven_at: datetime | None,
) -> Manifest:
    return Manifest(
        run_id=run.job.run_id,
        company=run.job.company.tax_id.formatted,
        source=run.job.source_name,
        file_name=run.name,
        size=archive.size,
        sha256=archive.sha256,
        dump_size=dump.size,
        dump_sha256=dump.sha256,
        engine=None if source.facts.engine is None else str(source.facts.engine),
        gbak=str(source.gbak.version),
        route=report.route.value,
        rows=report.rows,
        inactive_indices=source.facts.inactive_indices,
        started_at=run.record.started_at,
        proven_at=proven_at,
        places=_places(run),
        database_device=device_of(_database(run, source)),
    )


def _places(run: _Run) -> tuple[Location, ...]:
    """Where the copies are to be; those away are sent when the run has ended."""
    folders = [folder for folder in (run.record.destination1, run.record.destination2) if folder]
    here = [Location(folder, device_of(Path(folder))) for folder in folders]
    return (*here, *(Location(name, None, away=True) for name in run.job.remotes))


def _publish(folder: Folder, name: str, manifest: Manifest) -> Path:
    """NAME.part, whole and on the disk, becomes NAME; then its manifest. Recovery mends a kill between."""
    folder.write(manifest_name(name), manifest.to_json())
    final = folder.publish(name)
    folder.publish(manifest_name(name))
    return final


def _second_copy(run: _Run, first: Path, manifest: Manifest) -> list[CopyResult]:
    """Copied from the finished file and checked the same way. A failure is a value: the backup itself is there."""
    if run.job.destination2 is None:
        return []
    run.at.told(Progress("copy"))
    folder, name = Folder(run.job.destination2), first.name
    try:
        folder.check(manifest.size)
        _refuse_the_same_folder(folder, run.job.destination1)
        folder.copy_in(first, name, manifest.sha256, run.cancel.check)
        return [(_publish(folder, name, manifest), None)]
    except OperationFailed as failed:
        _log.warning("second copy failed: %s %s", failed.code, failed)
        return [(folder.path / name, failed.failure())]


def _refuse_the_same_folder(second: Folder, first: Path) -> None:
    with second.told():
        same = second.path.samefile(first)
    if same:
        raise OperationFailed(DESTINATION_SAME, str(second.path))


def _clock_gone_back(ran_before: datetime | None, run: _Run) -> OperationFailed | None:
    """A run dated before the last one would look older than it, to people and to retention."""
    record, zone = run.record, run.job.zone
    if ran_before is not None and record.started_at < ran_before - _CLOCK_TOLERANCE:
        now, before = (f"{instant.astimezone(zone):%d/%m/%Y %H:%M}" for instant in (record.started_at, ran_before))
        return OperationFailed(CLOCK_WENT_BACK, f"{now} < {before}")
    if run.job.naming is NamingScheme.VERSIONED and (run.folder.path / run.name).exists():
        return OperationFailed(CLOCK_WENT_BACK, run.name)
    return None


def _refused(run: _Run, refused: OperationFailed) -> BackupRecord:
    """It did not begin: a due slot stays owed. On record with the clock as it is now, so that the next one begins."""
    _log.error("run %s refused: %s %s", run.job.run_id, refused.code, refused)
    record = run.record.failed(run.record.started_at, refused.failure())
    run.at.journal.could_not_begin(record)
    return record


def _nothing_more(_cursor: Cursor) -> None:
    """The end of most runs changes nothing else in the journal."""


def _stopwatch(clock: Clock) -> Callable[[], timedelta]:
    """How long since now, whatever someone does to the wall clock meanwhile."""
    began = clock.monotonic()
    return lambda: timedelta(seconds=clock.monotonic() - began)
