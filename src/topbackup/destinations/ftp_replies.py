"""FTP's refusals (RFC 959 §4.2, RFC 4217 §4, and what servers make of them), told as ours. Pure."""

import re
from enum import Enum, auto

from topbackup.problems import (
    REMOTE_BUSY,
    REMOTE_DATA_PORT,
    REMOTE_ERROR,
    REMOTE_FULL,
    REMOTE_LOGIN,
    REMOTE_LOST,
    REMOTE_MISSING,
    REMOTE_PATH,
    REMOTE_PERMISSION,
    REMOTE_RENAME,
    REMOTE_TLS,
    REMOTE_TLS_REQUIRED,
    REMOTE_UNABLE,
    Problem,
)


class Phase(Enum):
    """What was being asked."""

    CONNECT = auto()
    SECURE = auto()
    LOGIN = auto()
    FOLDER = auto()
    READ = auto()
    WRITE = auto()
    RENAME = auto()
    DELETE = auto()
    LOOK = auto()


_FULL = re.compile(
    r"quota|no space|disk full|exceeded|espaço|writing to local file|write to file|input/output", re.IGNORECASE
)
_TLS = re.compile(r"\b(tls|ssl)\b|encrypt|cleartext|secure", re.IGNORECASE)
_RIGHT = re.compile(r"permission|denied|permiss|not allowed|read.?only|forbidden", re.IGNORECASE)
_REFUSED = {
    Phase.FOLDER: REMOTE_PATH,
    Phase.READ: REMOTE_MISSING,
    Phase.WRITE: REMOTE_PERMISSION,
    Phase.RENAME: REMOTE_RENAME,
    Phase.DELETE: REMOTE_PERMISSION,
}


def problem_of(reply: str, phase: Phase) -> Problem:
    """reply: as the server gave it, beginning with its three digits."""
    code = reply[:3]
    if phase in (Phase.LOGIN, Phase.FOLDER, Phase.CONNECT) and code[:1] in "45" and _TLS.search(reply):
        return REMOTE_TLS_REQUIRED
    if phase is Phase.SECURE or code in ("522", "534", "536"):
        return REMOTE_TLS
    if code in ("452", "552") or (phase is Phase.WRITE and _FULL.search(reply)):
        return REMOTE_FULL
    match code:
        case "421":
            return REMOTE_BUSY
        case "425":
            return REMOTE_DATA_PORT
        case "426":
            return REMOTE_LOST
        case "430" | "530" | "532":
            return REMOTE_LOGIN
        case "500" | "501" | "502" | "504" if phase is not Phase.LOGIN:
            return REMOTE_UNABLE
        case "450" | "550" | "553" if phase is Phase.FOLDER and _RIGHT.search(reply):
            return REMOTE_PERMISSION
        case "450" | "550" | "553" if phase in _REFUSED:
            return _REFUSED[phase]
        case _:
            return REMOTE_RENAME if phase is Phase.RENAME else REMOTE_ERROR


def readable(reply: str) -> str:
    """As people may read it: Latin-1 on the wire, UTF-8 where it is valid."""
    try:
        return reply.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return reply
