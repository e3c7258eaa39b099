"""The trial of the destination `ftp`, as this account: a small file is written, read back, renamed and deleted."""

from topbackup.destinations.ftp import ftp_destination
from topbackup.errors import OperationFailed
from topbackup.problems import INTERNAL, all_problems
from topbackup.settings import FtpSettings


def try_remote(ftp: FtpSettings) -> None:
    """Raises OperationFailed with what the last step says."""
    place = ftp_destination(ftp.remote)
    last = place.probe()[-1]
    if last.code is not None:
        raise OperationFailed(all_problems().get(last.code, INTERNAL), place.where)
