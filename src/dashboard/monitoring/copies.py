"""Where the last good backup is: in the first folder, in the second, far away."""

from dataclasses import dataclass
from enum import StrEnum

from dashboard.monitoring.models import Run
from dashboard.monitoring.told_copies import MissingCopy, told
from topcore.tables import YES

# A partial run says in its code which copy it is that failed. The folders' codes begin so; others are the remote's.
_OF_A_FOLDER = "TB-DESTINO"


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
    if said is not None and said.asked:
        second = Copy.THERE if run.destination_2 else Copy.NOT_ASKED
        if run.error_code is not None and run.destination_2:
            second = Copy.MISSING
        first = Copy.THERE if run.destination_1 else Copy.NOT_ASKED
        if run.error_code is not None and not run.destination_2:
            first = Copy.MISSING
        return Copies(first, second, Copy.MISSING if said.missing else Copy.THERE, said.missing)
    partial = run.error_code is not None
    of_a_folder = str(run.error_code).upper().startswith(_OF_A_FOLDER)
    uploaded = run.uploaded == YES
    second = Copy.THERE if run.destination_2 else Copy.NOT_ASKED
    remote = Copy.THERE if uploaded else Copy.MISSING if remote_wanted else Copy.NOT_ASKED
    first = Copy.THERE if run.destination_1 else Copy.NOT_ASKED
    if partial and run.destination_2 and (of_a_folder or uploaded or not remote_wanted):
        second = Copy.MISSING
    elif partial and not uploaded:
        remote = Copy.MISSING
    elif partial:
        first = Copy.MISSING
    return Copies(first, second, remote)
