"""A copy brought back into a local file, which may hold its beginning already."""

from collections.abc import Callable, Iterator
from pathlib import Path

from topbackup.destinations.contract import Transfer
from topbackup.destinations.folder import Folder, to_disk
from topbackup.destinations.pace import BLOCK, paced
from topbackup.errors import OperationFailed
from topbackup.problems import REMOTE_SIZE, REMOTE_UNABLE

Read = Callable[[int, int | None], Iterator[bytes]]


def fetch(read: Read, size: int, to: Path, transfer: Transfer) -> None:
    """read: the copy's bytes from an offset on, so many at the most. size: as the server says.

    Raises OperationFailed: a TB-REMOTO code for what is there, a TB-DESTINO one for the disk here, REMOTE_SIZE where
    fewer or more bytes came than were said; what came is kept for the next attempt. That it is the right content is
    the caller's to prove, by its manifest.
    """
    here = Folder(to.parent)
    with here.told(), to.open("r+b" if to.exists() else "w+b") as file:
        start = _same_so_far(read, file.read, file.seek, size)
        file.seek(start)
        file.truncate()
        for block in paced(read(start, None), transfer):
            file.write(block)
            transfer.told(file.tell())
        file.flush()
        to_disk(file.fileno())
        if file.tell() != size:
            came = file.tell()
            if came > size:
                file.truncate(0)
            raise OperationFailed(REMOTE_SIZE, f"{to.name}: {came} ≠ {size}")


def _same_so_far(
    read: Read,
    read_here: Callable[[int], bytes],
    seek: Callable[[int, int], int],
    size: int,
) -> int:
    """How much of the local file is the beginning of the copy, as its last block says; 0 where that cannot be told."""
    here = seek(0, 2)
    if not 0 < here <= size:
        return 0
    length = min(here, BLOCK)
    seek(here - length, 0)
    mine = read_here(length)
    try:
        theirs = b"".join(read(here - length, length))
    except OperationFailed as error:
        if error.problem is not REMOTE_UNABLE:
            raise
        return 0
    return here if theirs == mine else 0
