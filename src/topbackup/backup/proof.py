"""The proof of a backup: restore it to a scratch database, and compare it with what gbak counted in its snapshot."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from topbackup.backup.archive import dump_blocks
from topbackup.backup.space import scratch_estimate
from topbackup.errors import OperationFailed
from topbackup.firebird.inspection import Inspection
from topbackup.firebird.restore_routes import RestoreRequest, restore
from topbackup.problems import PROOF_IMPOSSIBLE, PROOF_REFUTED


@dataclass(frozen=True)
class Expected:
    """What the restored database must hold. inactive_indices: the source's own; None where they are not known.

    rows: by table; empty where no manifest tells.
    """

    rows: Mapping[str, int]
    inactive_indices: tuple[str, ...] | None
    dump_size: int


def prove(archive: Path, expected: Expected, request: RestoreRequest) -> Inspection:
    """Restore `archive` to `request.target`, compare, and take the scratch database away, whatever happens.

    Raises OperationFailed: PROOF_REFUTED with what differs; PROOF_IMPOSSIBLE for want of room; RESTORE_FAILED.
    """
    free = shutil.disk_usage(request.folder).free
    needed = scratch_estimate(expected.dump_size, None)
    if free < needed:
        raise OperationFailed(PROOF_IMPOSSIBLE, f"{request.folder}: {free >> 20} MB < {needed >> 20} MB")
    try:
        found = restore(lambda: dump_blocks(archive), request)
        compare(expected, found)
    finally:
        request.target.unlink(missing_ok=True)
    return found


def compare(expected: Expected, found: Inspection) -> None:
    """Equal rows in each table that gbak wrote, none in any other, no index switched off that was on.

    Raises OperationFailed with PROOF_REFUTED.
    """
    differing = [
        f"{table}: {expected.rows.get(table, 0)} ≠ {found.rows.get(table, 0)}"
        for table in sorted({*expected.rows, *found.rows})
        if expected.rows and expected.rows.get(table, 0) != found.rows.get(table, 0)
    ]
    newly_off = sorted(set(found.inactive_indices) - set(expected.inactive_indices or ()))
    if expected.inactive_indices is not None and newly_off:
        differing.append(f"índices inativos: {', '.join(newly_off)}")
    if differing:
        raise OperationFailed(PROOF_REFUTED, "; ".join(differing[:10]))
