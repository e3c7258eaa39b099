"""LOG_BACKUPS.COPIAS: what the agent said of a run's copies away. NULL from agents that do not know the column."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dashboard.monitoring.documents import content_of

_LONGEST = 100_000  # characters; what is longer is no document of ours
_MOST = 20


@dataclass(frozen=True)
class MissingCopy:
    """A copy that is owed to a place away and is not there. since: from when on, aware; None where that is not said."""

    destination: str
    since: datetime | None
    code: str
    message: str


@dataclass(frozen=True)
class Told:
    """asked: how many copies away the run owes. missing: those that are not there yet."""

    asked: int
    missing: tuple[MissingCopy, ...]


def told(document: Any) -> Told | None:
    """From the column's text; None where it holds nothing of the kind. What is not said to be there is missing."""
    content = content_of(document, _LONGEST) if isinstance(document, str) else None
    remotes = content.get("remotas") if isinstance(content, dict) else None
    if not isinstance(remotes, list):
        return None
    copies = [copy for copy in remotes if isinstance(copy, dict)]
    missing = [copy for copy in copies if _instant(copy.get("em")) is None]
    return Told(len(copies), tuple(_missing(copy) for copy in missing[:_MOST]))


def _missing(copy: dict[str, Any]) -> MissingCopy:
    code, message = copy.get("codigo_erro"), copy.get("mensagem_erro")
    return MissingCopy(
        str(copy.get("destino") or "–")[:60],
        _instant(copy.get("desde")),
        code[:40] if isinstance(code, str) else "",
        message[:300] if isinstance(message, str) else "",
    )


def _instant(text: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo is not None and 1970 < found.year < 9990 else None
