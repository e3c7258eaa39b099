"""What a driver's error means: login, out of reach, refused, or this one record refused.

Works on the error's numbers, so that it needs no driver imported.
"""

import sqlite3
import struct

from topbackup.errors import OperationFailed
from topbackup.problems import CLOUD_LOGIN, CLOUD_REFUSED, CLOUD_UNREACHABLE, Problem

_LONGEST_DETAIL = 300

_DEADLOCK, _LOCK_WAIT = 1213, 1205
_DENIED = frozenset({1142, 1143})
_BAD_TEXT = frozenset({1366, 1977, 3854, 3988})  # the column's character set has no such character

# 1000 to 1999: of MySQL and MariaDB; 2000: of the client; 3000 and up: of MySQL; 4000 and up: of MariaDB.
_LOGIN = frozenset({
    1045, 1130, 1251, 1524, 1698, 1820, 1862, 2049, 2059, 3118, 4151,
})  # fmt: skip
_UNREACHABLE = frozenset({
    1020, 1021, 1030, 1040, 1041, 1042, 1043, 1047, 1053, 1080, 1114, 1129, 1135, 1152, 1158, 1159, 1160, 1161, 1184,
    1203, 1205, 1213, 1226, 1290, 1317, 1792, 1836, 1927, 1969, 2002, 2003, 2005, 2006, 2012, 2013, 2014, 2026, 2027,
    2055, 3024, 3169,
})  # fmt: skip
_RECORD = _BAD_TEXT | {
    1048, 1062, 1216, 1217, 1264, 1265, 1292, 1406, 1411, 1451, 1452, 1644, 1690, 3819, 4025,
}  # fmt: skip

_SQLITE_UNREACHABLE = frozenset({
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_SCHEMA,
})  # fmt: skip
_SQLITE_RECORD = frozenset({sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_MISMATCH})


class RecordRefused(OperationFailed):
    """The cloud answers and takes other records, but not this one: the others need not wait for it."""

    def __init__(self, detail: str) -> None:
        super().__init__(CLOUD_REFUSED, detail)


def told(error: Exception, where: str) -> OperationFailed:
    """The same as an error for people. `where`: the address, without a secret. The driver's words are quoted."""
    original = _original(error)
    detail = _detail(original, where)
    if isinstance(original, sqlite3.Error):
        return _told(_sqlite_code(original), _SQLITE_UNREACHABLE, _SQLITE_RECORD, detail)
    code = _mysql_code(original)
    if code is not None:
        return _told(code, _UNREACHABLE, _RECORD, detail)
    if isinstance(original, OSError | struct.error | IndexError):  # the last two: what answers there is no MySQL
        return OperationFailed(CLOUD_UNREACHABLE, detail)
    if isinstance(original, ValueError | ArithmeticError):
        return RecordRefused(detail)  # a value that no column can take, found before it was sent
    if "cryptography" in str(original):  # PyMySQL's RuntimeError: this login needs a package that is not there
        return OperationFailed(CLOUD_LOGIN, detail)
    return OperationFailed(CLOUD_REFUSED, detail)


def is_lock_conflict(error: Exception) -> bool:
    """A deadlock or a lock that was held too long: the transaction is undone, and the same one may pass in a moment."""
    return _mysql_code(_original(error)) in (_DEADLOCK, _LOCK_WAIT)


def is_bad_text(error: Exception) -> bool:
    """A column of an old character set (utf8mb3, latin1) met a character that it does not have."""
    return _mysql_code(_original(error)) in _BAD_TEXT


def is_denied(error: Exception) -> bool:
    """The account may not do this with this table or column; with others it may."""
    return _mysql_code(_original(error)) in _DENIED


def _told(code: int, unreachable: frozenset[int], record: frozenset[int], detail: str) -> OperationFailed:
    if code in record:
        return RecordRefused(detail)
    problem: Problem = CLOUD_REFUSED
    if code in unreachable or code == 0:  # PyMySQL says 0 when its connection is already closed
        problem = CLOUD_UNREACHABLE
    elif code in _LOGIN:
        problem = CLOUD_LOGIN
    return OperationFailed(problem, detail)


def _original(error: Exception) -> Exception:
    """The driver's error inside SQLAlchemy's."""
    original = getattr(error, "orig", None)
    return original if isinstance(original, Exception) else error


def _mysql_code(error: Exception) -> int | None:
    if type(error).__module__.partition(".")[0] != "pymysql":
        return None
    return error.args[0] if error.args and isinstance(error.args[0], int) else 0


def _sqlite_code(error: sqlite3.Error) -> int:
    """The primary code; extended ones carry it in their low byte."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF


def _detail(error: Exception, where: str) -> str:
    words = " ".join(" ".join(str(part) for part in error.args).split()) or type(error).__name__
    detail = f"{where}: {words}"
    return detail if len(detail) <= _LONGEST_DETAIL else detail[: _LONGEST_DETAIL - 1] + "…"
