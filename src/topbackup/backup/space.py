"""How much room a backup will need, from what the last one took."""

from pathlib import Path

from topcore.record import BackupRecord

_GROWTH = 1.2
_MARGIN = 16 << 20
_ZIP_OF_DATABASE = 0.35  # a shop's .fbk is about 0.67 of its .fdb, and deflates to half or less (facts.md)
_DUMP_OF_DATABASE = 0.67
_SCRATCH_OF_DUMP = 1.6


def database_size(database: Path) -> int | None:
    """Bytes of the file on this machine; None where it is an alias or elsewhere."""
    try:
        return database.stat().st_size
    except OSError:
        return None


def zip_estimate(last: BackupRecord | None, database: int | None) -> int:
    """Bytes that the new ZIP may need beside the older ones."""
    if last is not None and last.size:
        return int(last.size * _GROWTH) + _MARGIN
    return int((database or 0) * _ZIP_OF_DATABASE) + (_MARGIN if database else 0)


def dump_estimate(last: BackupRecord | None, database: int | None) -> int | None:
    """Bytes that gbak will write: the 100 % of the progress bar. None where nothing is known."""
    if last is not None and last.dump_size:
        return last.dump_size
    return None if database is None else int(database * _DUMP_OF_DATABASE)


def scratch_estimate(dump_size: int, database: int | None) -> int:
    """Bytes that a restored scratch database may need."""
    return max(int(dump_size * _SCRATCH_OF_DUMP), database or 0) + _MARGIN
