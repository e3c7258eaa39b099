"""PyMySQL, without the package that only one of its logins needs.

`cryptography` takes 8 MB of an agent that has 70 at most, and serves one login alone: MySQL 8's caching_sha2_password
over a line without TLS. So it is loaded when a server asks for that one.
"""

import importlib
import sys
from typing import Any

_PACKAGE = "cryptography"


def _without_cryptography() -> Any:
    """PyMySQL tries to import it, and does without where it cannot."""
    if "pymysql" in sys.modules or _PACKAGE in sys.modules:
        return importlib.import_module("pymysql")
    sys.modules[_PACKAGE] = None  # type: ignore[assignment]  # Python's own way to say that a module cannot be imported
    try:
        return importlib.import_module("pymysql")
    finally:
        del sys.modules[_PACKAGE]


_driver = _without_cryptography()
DriverError: type[Exception] = _driver.err.Error


def connect(*positional: Any, **named: Any) -> Any:
    """pymysql.connect, with the login that needs more where the server asks for it."""
    try:
        return _driver.connect(*positional, **named)
    except RuntimeError as error:
        # "'cryptography' package is required for sha256_password or caching_sha2_password auth methods"
        if _PACKAGE not in str(error) or _PACKAGE in sys.modules:
            raise
    importlib.reload(importlib.import_module("pymysql._auth"))
    return _driver.connect(*positional, **named)
