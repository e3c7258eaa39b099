"""A backup file put to the proof, and the outcome written down: manifest, journal, and so the cloud."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

from topbackup.agent.parts import Parts
from topbackup.backup.manifest import manifest_name, parse_manifest
from topbackup.backup.restore import RestorePlace, Verdict, note_proof, restore, verify
from topbackup.backup.scratch import scratch_folder
from topbackup.backup.workplace import Progress, unheard
from topbackup.cancellation import Cancellation
from topbackup.errors import OperationFailed
from topbackup.journal.copies import CopyBook
from topbackup.problems import REFUTING, RESTORE_FAILED, Problem
from topcore.record import BackupRecord
from topcore.tables import Proof, RunStatus


def verify_file(
    parts: Parts,
    archive: Path,
    cancel: Cancellation,
    told: Callable[[Progress], None] = unheard,
    *,
    of_the_run: bool = True,
) -> Verdict:
    """Restore to a scratch database and compare. A file that does not restore turns its company's card.

    of_the_run: False for a copy brought from away: a rotten one there says nothing of the files here.

    Raises OperationFailed, as `backup.restore.verify`.
    """
    with _on_record(parts, archive, cancel, REFUTING if of_the_run else ()), _place(parts, cancel, told) as place:
        verdict = verify(archive, place)
    if of_the_run and verdict.manifest is not None:
        note_proof(verdict, parts.clock.now())
        _write_down(parts, verdict.manifest.run_id, archive, None)
    return verdict


def restore_file(
    parts: Parts,
    archive: Path,
    target: Path,
    cancel: Cancellation,
    told: Callable[[Progress], None] = unheard,
    *,
    of_the_run: bool = True,
) -> Verdict:
    """Build a new database from a backup. A file that is found spoiled is refuted, as by `verify_file`.

    Raises BadUsage when `target` exists; OperationFailed as `restore`.
    """
    # What the target's place has against the new database is nothing against the file.
    spoiled = [problem for problem in REFUTING if of_the_run and problem is not RESTORE_FAILED]
    with _on_record(parts, archive, cancel, spoiled), _place(parts, cancel, told) as place:
        return restore(archive, target, place)


@contextmanager
def _on_record(parts: Parts, archive: Path, cancel: Cancellation, refuting: Collection[Problem]) -> Iterator[None]:
    """A block that ends with one of these problems refutes the file."""
    try:
        yield
    except OperationFailed as failed:
        if failed.problem in refuting and not cancel.is_set():
            _write_down(parts, _run_of(archive), archive, failed)
        raise


@contextmanager
def _place(parts: Parts, cancel: Cancellation, told: Callable[[Progress], None]) -> Iterator[RestorePlace]:
    """A temporary folder with the means to restore, gone afterwards."""
    with scratch_folder(parts.places, uuid4()) as temp:
        yield replace(parts.restore_place(temp, cancel), told=told)


def _run_of(archive: Path) -> UUID | None:
    """The run that made this file, by its manifest; None for one without."""
    try:
        manifest = parse_manifest(archive.with_name(manifest_name(archive.name)).read_bytes())
    except OSError:
        return None
    return None if manifest is None else manifest.run_id


def _write_down(parts: Parts, run_id: UUID | None, archive: Path, refused: OperationFailed | None) -> None:
    """Only where this agent's journal knows the run: a file may have come from another computer.

    The run is judged by its last verdict; which of its files it was about is kept beside it.
    """
    if run_id is None:
        return
    proof = Proof.PROVEN if refused is None else Proof.REFUTED
    journal, _interrupted = parts.open_journal()
    with journal:
        proven_at = parts.clock.now()

        def judged(record: BackupRecord) -> BackupRecord:
            if record.status is not RunStatus.SUCCEEDED:
                return record
            return replace(record, proof=proof, proven_at=proven_at)

        journal.amend(run_id, judged)
        CopyBook(journal).judged(run_id, archive, None if refused is None else refused.failure())
