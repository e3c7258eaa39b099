"""What a request asks for, checked: a bad parameter is named, never guessed at."""

from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict

from dashboard.monitoring.cards import Card
from dashboard.monitoring.queries import Filter, Position
from dashboard.monitoring.wall_time import parsed, wall_text
from topcore.tables import CardStatus

LONGEST_SEARCH = 100
LARGEST_PAGE = 200
LARGEST_BOARD = 300  # of cards that stand on a screen at once, page after page
PAGE = 60
CARDS = ("status", "busca", "depois", "limite")
_ONCE = ("busca", "depois", "limite")
_LARGEST_ID = 2**63 - 1
_SEPARATOR = "~"
_FIRST_YEAR, _LAST_YEAR = 1970, 9990  # of usable dates: state/dialect.py


class BadParameter(ValueError):
    """field: the parameter's name. The message says what it should be, in English, for programmers."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


@dataclass(frozen=True)
class Request:
    wanted: Filter
    after: Position | None
    limit: int


def parse(query: QueryDict, largest: int = LARGEST_PAGE) -> Request:
    """status (may be repeated), busca, depois, limite (up to `largest`). Raises BadParameter."""
    for name in _ONCE:
        if len(query.getlist(name)) > 1:
            raise BadParameter(name, "once only")
    limit = _limit(query, largest)
    return Request(Filter(_statuses(query), _text(query)), _position(query.get("depois", "")), limit)


def refuse_unknown(query: QueryDict, known: tuple[str, ...]) -> None:
    """A name that is not known is a mistake of whoever wrote it, and not to be passed over. Raises BadParameter."""
    for name in query:
        if name not in known:
            raise BadParameter(name, f"not known here; known: {', '.join(known) or 'none'}")


def token(card: Card) -> str:
    """For `depois`: the page that follows this card."""
    until = wall_text(card.attention_until) if card.attention_until else ""
    return _SEPARATOR.join((card.status.value, until, str(card.company_id)))


def _statuses(query: QueryDict) -> frozenset[CardStatus]:
    try:
        return frozenset(CardStatus(value) for value in query.getlist("status") if value)
    except ValueError:
        raise BadParameter("status", f"one of {', '.join(CardStatus)}") from None


def _text(query: QueryDict) -> str:
    text = query.get("busca", "").strip()
    if len(text) > LONGEST_SEARCH or "\0" in text:
        raise BadParameter("busca", f"a text of at most {LONGEST_SEARCH} characters")
    return text


def _limit(query: QueryDict, largest: int) -> int:
    value = query.get("limite", str(PAGE))
    if not (value.isascii() and value.isdigit() and len(value) <= 4 and 1 <= int(value) <= largest):
        raise BadParameter("limite", f"a number from 1 to {largest}")
    return int(value)


def _position(value: str) -> Position | None:
    if not value:
        return None
    bad = BadParameter("depois", "the value of `proxima` of the page before")
    parts = value.split(_SEPARATOR)
    if len(parts) != 3:
        raise bad
    status, until, identity = parts
    if status not in list(CardStatus) or not (identity.isascii() and identity.isdigit() and len(identity) <= 19):
        raise bad
    moment: datetime | None = parsed(until) if until else None
    if until and (moment is None or not _FIRST_YEAR < moment.year < _LAST_YEAR or wall_text(moment) != until):
        raise bad
    if int(identity) > _LARGEST_ID:
        raise bad
    return Position(CardStatus(status), moment, int(identity))
