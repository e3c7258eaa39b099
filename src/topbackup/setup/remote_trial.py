"""The seam to the remote destinations: `destinations.ftp` has the real trial; until it is here, nothing is proven."""

from topbackup.errors import OperationFailed
from topbackup.problems import REMOTE_UNTRIED
from topbackup.settings import FtpSettings


def try_remote(ftp: FtpSettings) -> None:
    """Write, read back and delete a small file there. Raises OperationFailed."""
    raise OperationFailed(REMOTE_UNTRIED, f"{ftp.host}:{ftp.port}")
