"""boto3's errors, told as ours."""

import errno
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NoConnection

from topbackup.destinations.network_failures import network_failure
from topbackup.errors import OperationFailed
from topbackup.problems import (
    REMOTE_BUSY,
    REMOTE_CHECK,
    REMOTE_CLOCK,
    REMOTE_CONFIG,
    REMOTE_ERROR,
    REMOTE_FULL,
    REMOTE_LOGIN,
    REMOTE_LOST,
    REMOTE_MISSING,
    REMOTE_NAME,
    REMOTE_PATH,
    REMOTE_PERMISSION,
    REMOTE_REFUSED,
    REMOTE_TIMEOUT,
    REMOTE_UNABLE,
    Problem,
)

_CODES = {
    "AccessDenied": REMOTE_PERMISSION,
    "AllAccessDisabled": REMOTE_PERMISSION,
    "BadDigest": REMOTE_CHECK,
    "EntityTooLarge": REMOTE_FULL,
    "ExpiredToken": REMOTE_LOGIN,
    "InvalidAccessKeyId": REMOTE_LOGIN,
    "InvalidPart": REMOTE_CHECK,
    "InternalError": REMOTE_BUSY,
    "NoSuchBucket": REMOTE_PATH,
    "NoSuchKey": REMOTE_MISSING,
    "NoSuchUpload": REMOTE_LOST,
    "NotImplemented": REMOTE_UNABLE,
    "QuotaExceeded": REMOTE_FULL,
    "RequestTimeTooSkewed": REMOTE_CLOCK,
    "RequestTimeout": REMOTE_TIMEOUT,
    "ServiceUnavailable": REMOTE_BUSY,
    "SignatureDoesNotMatch": REMOTE_LOGIN,
    "SlowDown": REMOTE_BUSY,
    "StorageFull": REMOTE_FULL,
    "XMinioStorageFull": REMOTE_FULL,
}
_STATUS = {401: REMOTE_LOGIN, 403: REMOTE_PERMISSION, 404: REMOTE_MISSING, 503: REMOTE_BUSY, 507: REMOTE_FULL}
_NETWORK = (
    ("Name or service not known", REMOTE_NAME),
    ("NameResolution", REMOTE_NAME),
    ("getaddrinfo", REMOTE_NAME),
    ("refused", REMOTE_REFUSED),
    ("timed out", REMOTE_TIMEOUT),
    ("Timeout", REMOTE_TIMEOUT),
)


@contextmanager
def told(where: str) -> Iterator[None]:
    """The secret key stands in none of boto3's messages: only what it signed goes over the line."""
    try:
        yield
    except ClientError as error:
        raise OperationFailed(_of_answer(error), f"{where}: {error_code(error)}") from None
    except (HTTPClientError, NoConnection) as error:
        raise _of_network(error, where) from None
    except BotoCoreError as error:
        raise OperationFailed(REMOTE_CONFIG, f"{where}: {type(error).__name__}") from None
    except ValueError:  # an endpoint that is no address
        raise OperationFailed(REMOTE_CONFIG, f"{where}: endpoint_url") from None


def error_code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _of_answer(error: ClientError) -> Problem:
    status: Any = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return _CODES.get(error_code(error)) or _STATUS.get(status, REMOTE_ERROR)


def _of_network(error: HTTPClientError | NoConnection, where: str) -> OperationFailed:
    """The system's own error is somewhere in the chain."""
    cause: Any = error.kwargs.get("error")
    for _ in range(8):
        if isinstance(cause, ssl.SSLError) or (isinstance(cause, OSError) and cause.errno in errno.errorcode):
            return network_failure(cause, where)
        reason = getattr(cause, "reason", None)
        following = reason if isinstance(reason, BaseException) else getattr(cause, "__cause__", None)
        inner = cause.args[0] if getattr(cause, "args", ()) and isinstance(cause.args[0], BaseException) else None
        cause = following or inner or getattr(cause, "__context__", None)
        if cause is None:
            break
    words = f"{error} {error.kwargs.get('error')}"
    return OperationFailed(next((problem for sign, problem in _NETWORK if sign in words), REMOTE_LOST), where)
