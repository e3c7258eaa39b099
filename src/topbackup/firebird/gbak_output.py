"""What gbak says with -v, read line by line: rows of each table, the closing byte count, its errors.

The same lines come from 2.5 to 5.0, by the service and by the client (tests/recorded/gbak). Memory is bounded, whatever
gbak prints: a gbak 2.5 that reads a cut stream prints ten megabytes a second.
"""

import re
from collections import deque
from collections.abc import Mapping
from types import MappingProxyType

_TABLE = re.compile(r"(?:writing|restoring) data for table (?P<table>.+)$")
_ROWS = re.compile(r"(?P<rows>\d+) records (?:written|restored)$")
_CLOSING = re.compile(r"closing file.*?(?P<bytes>\d+) bytes written")
_ERROR = re.compile(r"^gbak: ?ERROR:\s*(?P<text>.*)$")
_KEPT_ERRORS = 12
_KEPT_LINES = 40
_LONGEST_LINE = 2000


class GbakOutput:
    """Fed by one thread, read by others when gbak has ended."""

    def __init__(self) -> None:
        self._rows: dict[str, int] = {}
        self._table: str | None = None
        self._errors: list[str] = []
        self._lines: deque[str] = deque(maxlen=_KEPT_LINES)
        self.bytes_written: int | None = None

    def feed(self, raw: bytes) -> None:
        """One line of gbak's, in whatever code page it writes."""
        line = _decoded(raw[:_LONGEST_LINE]).strip()
        if not line:
            return
        self._lines.append(line)
        if rows := _ROWS.search(line):
            # gbak counts up, every 10,000 rows; the last number is the table's.
            if self._table is not None:
                self._rows[self._table] = int(rows["rows"])
        elif table := _TABLE.search(line):
            self._table = table["table"].strip()
            self._rows[self._table] = 0
        elif closing := _CLOSING.search(line):
            self.bytes_written = int(closing["bytes"])
        elif (error := _ERROR.match(line)) and len(self._errors) < _KEPT_ERRORS:
            self._errors.append(error["text"].strip())

    @property
    def rows(self) -> Mapping[str, int]:
        """Rows by table, as gbak counted them inside its own snapshot."""
        return MappingProxyType(self._rows)

    @property
    def errors(self) -> str:
        """What gbak called an error, on one line; without any, its last words."""
        return " ".join(self._errors) or " ".join(list(self._lines)[-2:])

    @property
    def said_error(self) -> bool:
        return bool(self._errors)


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")
