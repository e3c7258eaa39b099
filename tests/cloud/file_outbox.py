"""An outbox in a folder, for tests that kill the publisher: what was acknowledged is gone for every process."""

import pickle
from collections.abc import Iterable
from pathlib import Path

from topcore.record import BackupRecord, OutboxEntry


class FileOutbox:
    """One file an entry, named by its sequence."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(exist_ok=True)

    def put(self, records: Iterable[BackupRecord]) -> None:
        for sequence, record in enumerate(records, start=1 + max(self.sequences(), default=0)):
            self._file(sequence).write_bytes(pickle.dumps(record))

    def sequences(self) -> list[int]:
        return sorted(int(path.name) for path in self._folder.iterdir())

    def pending(self, limit: int) -> list[OutboxEntry]:
        return [
            OutboxEntry(number, pickle.loads(self._file(number).read_bytes())) for number in self.sequences()[:limit]
        ]

    def acknowledge(self, sequence: int) -> None:
        self._file(sequence).unlink()

    def waiting(self) -> int:
        return len(self.sequences())

    def _file(self, sequence: int) -> Path:
        return self._folder / str(sequence)
