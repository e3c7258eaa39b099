"""The network's errors, told as ours: what every kind of server has in common."""

import errno
import socket
import ssl

from topbackup.errors import OperationFailed
from topbackup.problems import (
    REMOTE_CERTIFICATE,
    REMOTE_CERTIFICATE_EXPIRED,
    REMOTE_CERTIFICATE_HOST,
    REMOTE_LOST,
    REMOTE_NAME,
    REMOTE_REFUSED,
    REMOTE_TIMEOUT,
    REMOTE_TLS,
    Problem,
)

# OpenSSL's X509_V_ERR_…, x509_vfy.h
_NOT_YET_VALID, _EXPIRED, _HOST, _ADDRESS = 9, 10, 62, 64
_NO_WAY = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN, errno.ETIMEDOUT)


def network_failure(error: Exception, where: str) -> OperationFailed:
    """error: an OSError or EOFError of a socket. Nothing that was sent is in it, so no secret is."""
    problem = _problem(error)
    words = getattr(error, "verify_message", "") or getattr(error, "reason", "") or getattr(error, "strerror", "")
    return OperationFailed(problem, f"{where}: {words}" if isinstance(words, str) and words else where)


def _problem(error: Exception) -> Problem:
    match error:
        case ssl.SSLCertVerificationError():
            return certificate_problem(error.verify_code)
        case ssl.SSLEOFError() | ssl.SSLZeroReturnError():
            return REMOTE_LOST
        case ssl.SSLError():
            return REMOTE_TLS
        case socket.gaierror():
            return REMOTE_NAME
        case ConnectionRefusedError():
            return REMOTE_REFUSED
        case TimeoutError():
            return REMOTE_TIMEOUT
        case OSError() if error.errno in _NO_WAY:
            return REMOTE_TIMEOUT
        case _:
            return REMOTE_LOST


def certificate_problem(verify_code: int) -> Problem:
    """verify_code: OpenSSL's."""
    if verify_code in (_NOT_YET_VALID, _EXPIRED):
        return REMOTE_CERTIFICATE_EXPIRED
    return REMOTE_CERTIFICATE_HOST if verify_code in (_HOST, _ADDRESS) else REMOTE_CERTIFICATE
