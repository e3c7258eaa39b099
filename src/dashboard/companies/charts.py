"""Size and duration over time, for the script that draws them and for the table that says the same."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from dashboard.companies.review import Seen
from dashboard.companies.run_faces import duration, duration_text, size
from dashboard.companies.verdicts import LABELS, Verdict
from dashboard.monitoring.faces import size_text

MOST_POINTS = 120
_FELL, _LONGER = 2, 3  # by half; threefold


@dataclass(frozen=True)
class Point:
    """One run. remarks: what is unusual about it, in words."""

    at: datetime
    size: int | None
    length: timedelta | None
    verdict: Verdict
    source: str
    remarks: tuple[str, ...]

    @property
    def label(self) -> Promise:
        return LABELS[self.verdict]

    @property
    def size_text(self) -> str | None:
        return size_text(self.size)

    @property
    def length_text(self) -> str:
        return duration_text(self.length)

    @property
    def failed(self) -> bool:
        return self.verdict.bad and self.verdict is not Verdict.INCOMPLETE


def points(seen: Sequence[Seen]) -> list[Point]:
    """seen: newest first; the points are the newest MOST_POINTS, oldest first."""
    return list(_points(reversed(seen[:MOST_POINTS])))


def for_script(found: Sequence[Point]) -> list[dict[str, Any]]:
    """JSON-able: when (ms since 1970), bytes, seconds, and the words of the tooltip."""
    return [
        {
            "quando": int(point.at.timestamp() * 1000),
            "dia": f"{localtime(point.at):%d/%m/%Y %H:%M}",
            "bytes": point.size,
            "segundos": None if point.length is None else round(point.length.total_seconds()),
            "tamanho": point.size_text or "",
            "duracao": point.length_text,
            "situacao": str(point.label),
            "falhou": point.failed,
            "notas": list(point.remarks),
            "banco": point.source,
        }
        for point in found
    ]


def _points(seen: Iterator[Seen]) -> Iterator[Point]:
    """Each run is held against the success before it, of the same database."""
    before: dict[str, tuple[int | None, timedelta | None]] = {}
    for run in seen:
        at = run.told.started_at
        if at is None:
            continue
        bytes_now, length = size(run.told.size_bytes), duration(at, run.ended_at)
        good = run.verdict in (Verdict.DONE, Verdict.INCOMPLETE)
        remarks = tuple(_remarks(bytes_now, length, before.get(run.source, (None, None)))) if good else ()
        yield Point(at, bytes_now if good else None, length, run.verdict, run.source, remarks)
        if good:
            before[run.source] = (bytes_now, length)


def _remarks(
    bytes_now: int | None, length: timedelta | None, before: tuple[int | None, timedelta | None]
) -> Iterator[str]:
    bytes_before, length_before = before
    if bytes_now is not None and bytes_before and bytes_now * _FELL < bytes_before:
        yield _("the size fell by more than half")
    if length is not None and length_before and length > length_before * _LONGER:
        yield _("it took more than three times as long")
