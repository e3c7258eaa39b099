"""What the operating system says, in the user's language: by its number, which is kept, as support asks for it.

A number that is not in the table is told in the system's own words: English on Linux, Windows' own language there.
"""

import errno
import socket
from collections.abc import Mapping

from topbackup.i18n import N_, _

_WORDS: Mapping[int, str] = {
    errno.ENOENT: N_("no such file or folder"),
    errno.EACCES: N_("access denied"),
    errno.EPERM: N_("not permitted"),
    errno.EROFS: N_("the disk is read-only"),
    errno.ENOSPC: N_("no space left on the disk"),
    errno.EDQUOT: N_("the account's share of the disk is used up"),
    errno.EFBIG: N_("the disk takes no file of this size"),
    errno.EISDIR: N_("it is a folder"),
    errno.ENOTDIR: N_("a part of the path is not a folder"),
    errno.EEXIST: N_("it exists already"),
    errno.ENOTEMPTY: N_("the folder is not empty"),
    errno.ENAMETOOLONG: N_("the name is too long"),
    errno.ELOOP: N_("the links of the path go in a circle"),
    errno.EBUSY: N_("in use by another program"),
    errno.EIO: N_("the disk failed while reading or writing"),
    errno.ENODEV: N_("the disk or device is not there"),
    errno.ENXIO: N_("the disk or device is not there"),
    errno.ESTALE: N_("the network folder went away"),
    errno.EINVAL: N_("the system does not take this value"),
    errno.ENOEXEC: N_("not a program for this computer"),
    errno.ENOMEM: N_("not enough memory"),
    errno.EMFILE: N_("too many open files"),
    errno.ENFILE: N_("too many open files"),
    errno.EPIPE: N_("the other end closed the connection"),
    errno.ECONNREFUSED: N_("connection refused: no program listens there"),
    errno.ECONNRESET: N_("the other end closed the connection"),
    errno.ECONNABORTED: N_("the connection was broken off"),
    errno.ETIMEDOUT: N_("no answer in time"),
    errno.EHOSTUNREACH: N_("that computer cannot be reached"),
    errno.EHOSTDOWN: N_("that computer cannot be reached"),
    errno.ENETUNREACH: N_("the network cannot be reached"),
    errno.ENETDOWN: N_("the network is down"),
    errno.EADDRINUSE: N_("the address is in use by another program"),
}
_UNKNOWN_HOST = N_("no computer of this name was found on the network")
# SQLite's primary result codes: https://www.sqlite.org/rescode.html
_SQLITE: Mapping[int, str] = {
    5: N_("locked by another program"),  # SQLITE_BUSY
    6: N_("locked by another program"),  # SQLITE_LOCKED
    8: N_("it cannot be written"),  # SQLITE_READONLY
    10: N_("the disk failed while reading or writing"),  # SQLITE_IOERR
    11: N_("the file is damaged"),  # SQLITE_CORRUPT
    13: N_("no space left on the disk"),  # SQLITE_FULL
    14: N_("the file cannot be opened"),  # SQLITE_CANTOPEN
    26: N_("the file is not a database"),  # SQLITE_NOTADB
}


def system_words(error: Exception) -> str:
    """Of an OSError or an sqlite3.Error: `arquivo ou pasta não encontrado [errno 2]`. Never a path, never a secret."""
    code = getattr(error, "sqlite_errorcode", None)
    if isinstance(code, int):
        return f"{_(_SQLITE[code & 0xFF]) if code & 0xFF in _SQLITE else error} [SQLite {code}]"
    if isinstance(error, socket.gaierror):
        return f"{_(_UNKNOWN_HOST)} [gai {error.errno}]"
    if not isinstance(error, OSError):
        return str(error) or type(error).__name__
    number = errno.ETIMEDOUT if error.errno is None and isinstance(error, TimeoutError) else error.errno
    words = _(_WORDS[number]) if number is not None and number in _WORDS else error.strerror or type(error).__name__
    windows = getattr(error, "winerror", None)
    if windows:
        return f"{words} [WinError {windows}]"
    return f"{words} [errno {error.errno}]" if error.errno else words
