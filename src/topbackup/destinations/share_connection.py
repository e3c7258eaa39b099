r"""A Windows share with credentials of its own: \\server\share is connected for as long as the block runs."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from topbackup.errors import OperationFailed
from topbackup.problems import REMOTE_CREDENTIALS_CLASH, REMOTE_LOGIN, REMOTE_NAME, REMOTE_PATH, REMOTE_TIMEOUT

assert sys.platform == "win32", "used by share there"

import pywintypes  # noqa: E402 - pywin32, below the platform check so that type checkers elsewhere skip it
import win32netcon  # noqa: E402
import win32wnet  # noqa: E402

# winerror.h
_PROBLEMS = {
    5: REMOTE_LOGIN,  # access denied
    53: REMOTE_NAME,  # bad network path
    67: REMOTE_PATH,  # bad network name
    86: REMOTE_LOGIN,  # invalid password
    1219: REMOTE_CREDENTIALS_CLASH,  # session credential conflict
    1326: REMOTE_LOGIN,  # logon failure
    1327: REMOTE_LOGIN,  # account restriction
    1330: REMOTE_LOGIN,  # password expired
    1909: REMOTE_LOGIN,  # account locked out
}
_TEMPORARY = 0x4  # CONNECT_TEMPORARY: not remembered for the next logon


@contextmanager
def connected(folder: str, user: str, password: str) -> Iterator[None]:
    """Raises OperationFailed."""
    share = "\\\\" + "\\".join(folder.strip("\\").split("\\")[:2])
    resource = win32wnet.NETRESOURCE()
    resource.dwType, resource.lpRemoteName = win32netcon.RESOURCETYPE_DISK, share
    try:
        win32wnet.WNetAddConnection2(resource, password, user, _TEMPORARY)
    except pywintypes.error as error:
        problem = _PROBLEMS.get(error.winerror, REMOTE_TIMEOUT)
        raise OperationFailed(problem, f"{share}: {error.strerror} ({error.winerror})") from None
    try:
        yield
    finally:
        with suppress(pywintypes.error):
            win32wnet.WNetCancelConnection2(share, 0, False)
