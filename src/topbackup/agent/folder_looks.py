"""Looks at many files at once: a thread for each folder, as a share that is off holds a look for minutes.

On which disk each file was last seen is kept in the journal: the files of one folder may be on disks that take turns.
"""

import json
import threading
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from topbackup.agent.file_look import Made, disk_of, look_at
from topbackup.agent.whereabouts import Found
from topbackup.journal import Journal

_DISKS = "arquivos.discos"


class FolderLooks:
    """patience: seconds for all folders to answer."""

    def __init__(self, journal: Journal, patience: float) -> None:
        self._journal, self._patience = journal, patience
        self._hanging: dict[Path, _Asking] = {}  # asked by an earlier look; not asked twice before it has answered

    @property
    def some_hang(self) -> bool:
        return bool(self._hanging)

    def found(self, wanted: Mapping[Path, Made]) -> dict[Path, Found]:
        """What became of each. Raises OperationFailed: the journal."""
        known = self._known_disks()
        folders: defaultdict[Path, dict[Path, Made]] = defaultdict(dict)
        for path, made in wanted.items():
            folders[path.parent][path] = replace(made, disk=known.get(str(path)))
        hanging = {folder: asking for folder, asking in self._hanging.items() if asking.is_alive()}
        asked = {folder: _Asking(files) for folder, files in folders.items() if folder not in hanging}
        for asking in asked.values():
            asking.start()
        until = time.monotonic() + self._patience
        for asking in asked.values():
            asking.join(max(0.0, until - time.monotonic()))
        ended = {folder: asking for folder, asking in asked.items() if not asking.is_alive()}
        self._hanging = hanging | {folder: asking for folder, asking in asked.items() if folder not in ended}
        seen = {str(path): disk for asking in ended.values() for path, disk in asking.disks.items()}
        kept = {str(path): disk for path in wanted if (disk := seen.get(str(path), known.get(str(path)))) is not None}
        if kept != known:
            self._journal.remember(_DISKS, json.dumps(kept))
        answers = {path: what for asking in ended.values() for path, what in asking.found.items()}
        return {path: answers.get(path, Found.SILENT) for path in wanted}

    def _known_disks(self) -> dict[str, int]:
        """What cannot be read is not known."""
        try:
            kept = json.loads(self._journal.recall(_DISKS) or "{}")
        except ValueError:
            return {}
        pairs = kept.items() if isinstance(kept, dict) else ()
        return {path: disk for path, disk in pairs if isinstance(disk, int)}


class _Asking(threading.Thread):
    """One folder. disks: of each file that is there, the one it is on."""

    def __init__(self, files: Mapping[Path, Made]) -> None:
        super().__init__(name="arquivos-pasta", daemon=True)
        self._files = files
        self.found: dict[Path, Found] = {}
        self.disks: dict[Path, int] = {}

    def run(self) -> None:
        for path, made in self._files.items():
            self.found[path] = look_at(path, made)
            disk = disk_of(path.parent) if self.found[path] is Found.THERE else None
            if disk is not None:
                self.disks[path] = disk
        renumbered = self._renumbered()
        for path, made in self._files.items():
            if self.found[path] is Found.FOLDER_AWAY and made.disk in renumbered:
                self.found[path] = look_at(path, replace(made, disk=None))
                self.disks[path] = renumbered[made.disk]

    def _renumbered(self) -> dict[int | None, int]:
        """Of disks that are there: the number that each had when its files were seen last, and the one that it has now.

        FAT, exFAT and XFS take it from the device, which may be another after a restart.
        """
        return {made.disk: self.disks[path] for path, made in self._files.items() if path in self.disks and made.disk}
