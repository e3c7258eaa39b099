"""Where the last good backup is: in the first folder, in the second, far away."""

from dataclasses import dataclass
from enum import StrEnum

from dashboard.monitoring.models import Run
from dashboard.monitoring.told_copies import MissingCopy, told
from topcore.sources import source_key
from topcore.tables import YES

# A partial run says in its code which copy it is that failed. The folders' codes begin so; others are the remote's.
_OF_A_FOLDER = "TB-DESTINO"
NONE_LEFT = "TB-SEM-COPIA-BOA"
_LOST = ("TB-COPIA-PERDIDA", NONE_LEFT)  # files were there, and are gone or changed: the run's message names each


class Copy(StrEnum):
    """One copy of a backup. The values are what the JSON says, letters as LOG_BACKUPS has them."""

    THERE = "S"
    MISSING = "F"
    NOT_ASKED = "N"


@dataclass(frozen=True)
class Copies:
    """first, second: the two folders. missing: what the agent said of the copies away that are not there."""

    first: Copy
    second: Copy
    remote: Copy
    missing: tuple[MissingCopy, ...] = ()

    @property
    def complete(self) -> bool:
        return Copy.MISSING not in (self.first, self.second, self.remote)

    @property
    def there(self) -> int:
        return (self.first, self.second, self.remote).count(Copy.THERE)


def copies_of(run: Run, *, remote_wanted: bool) -> Copies:
    """Of a successful run. remote_wanted: does an agenda of the company ask for a remote copy?

    What a partial run cannot name is missing wherever it may be: the doubt falls on the copy, never for it.
    """
    said = told(run.copies)
    uploaded = run.uploaded == YES
    remote = Copy.THERE if uploaded else Copy.MISSING if remote_wanted else Copy.NOT_ASKED
    if said is not None and said.asked:
        remote = Copy.MISSING if said.missing else Copy.THERE
    if run.error_code in _LOST:
        return Copies(*_in_folders(run), remote, () if said is None else said.missing)
    if said is not None and said.asked:
        second = Copy.THERE if run.destination_2 else Copy.NOT_ASKED
        if run.error_code is not None and run.destination_2:
            second = Copy.MISSING
        first = Copy.THERE if run.destination_1 else Copy.NOT_ASKED
        if run.error_code is not None and not run.destination_2:
            first = Copy.MISSING
        return Copies(first, second, remote, said.missing)
    partial = run.error_code is not None
    of_a_folder = str(run.error_code).upper().startswith(_OF_A_FOLDER)
    second = Copy.THERE if run.destination_2 else Copy.NOT_ASKED
    first = Copy.THERE if run.destination_1 else Copy.NOT_ASKED
    if partial and run.destination_2 and (of_a_folder or uploaded or not remote_wanted):
        second = Copy.MISSING
    elif partial and not uploaded:
        remote = Copy.MISSING
    elif partial:
        first = Copy.MISSING
    return Copies(first, second, remote)


def overwritten(found: Copies) -> Copies:
    """Of a success whose name a later backup took, which does not restore: nothing of it is there any more."""

    def gone(copy: Copy) -> Copy:
        return Copy.MISSING if copy is Copy.THERE else copy

    return Copies(gone(found.first), gone(found.second), gone(found.remote), found.missing)


def _in_folders(run: Run) -> tuple[Copy, Copy]:
    """Of a run that lost a file. Where its message names none of the run's, the doubt falls on each."""
    told = str(run.error_message or "").partition(" (")[2].split(" · ")
    lost = {source_key(each.partition(": ")[0]) for each in told}
    folders = [source_key(str(folder or "")).rstrip("/") for folder in (run.destination_1, run.destination_2)]
    named = [f"{folder}/{source_key(str(run.file_name))}" in lost for folder in folders]
    missed = named if any(named) else [True, True]
    first, second = (
        Copy.NOT_ASKED if not folder else Copy.MISSING if gone else Copy.THERE
        for folder, gone in zip(folders, missed, strict=True)
    )
    return first, second
