"""The host keys that were seen once, in OpenSSH's own form (known_hosts): a technician can read and mend them."""

import base64
import hashlib
import logging
import os
from pathlib import Path

from topbackup.errors import OperationFailed
from topbackup.problems import JOURNAL_UNWRITABLE, REMOTE_HOST_KEY

_logger = logging.getLogger(__name__)


class KnownHosts:
    """The file; each line `HOST TYPE KEY`, with HOST as `[host]:port` where the port is not 22."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def kinds(self, host: str, port: int) -> list[str]:
        """The types of the keys that this server is known by."""
        return [kind for kind, _ in self._keys(_entry(host, port))]

    def check(self, host: str, port: int, kind: str, key: bytes) -> None:
        """Known: it must be the same. Unknown: it is known from now on. Raises OperationFailed."""
        entry, text = _entry(host, port), base64.b64encode(key).decode("ascii")
        known = self._keys(entry)
        if (kind, text) in known:
            return
        if known:
            raise changed(host, port, key)
        _logger.info("%s: %s %s", entry, kind, _shown(key))
        line = f"{entry} {kind} {text}\n"
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # One write of one line: two programs of ours that learn two servers at once do not lose one.
            with os.fdopen(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as file:
                file.write(line.encode("ascii"))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise OperationFailed(JOURNAL_UNWRITABLE, f"{self._path}: {error.strerror}") from None

    def _keys(self, entry: str) -> list[tuple[str, str]]:
        try:
            lines = self._path.read_text(encoding="utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise OperationFailed(JOURNAL_UNWRITABLE, f"{self._path}: {error.strerror}") from None
        fields = (line.split() for line in lines if not line.startswith("#"))
        return [(field[1], field[2]) for field in fields if len(field) >= 3 and entry in field[0].split(",")]


def changed(host: str, port: int, key: bytes | None) -> OperationFailed:
    """key: what the server showed; None where it no longer has any of the known type."""
    return OperationFailed(REMOTE_HOST_KEY, f"{_entry(host, port)} {_shown(key) if key else ''}".strip())


def _entry(host: str, port: int) -> str:
    name = host.lower()
    return name if port == 22 else f"[{name}]:{port}"


def _shown(key: bytes) -> str:
    """As ssh-keygen -l shows it."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(key).digest()).decode("ascii").rstrip("=")
