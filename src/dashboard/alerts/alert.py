"""One alert, and how the evidence about a company, or about one of its databases, becomes one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from dashboard.alerts.causes import Cause, Kind, of_code
from dashboard.monitoring.cards import shown
from dashboard.monitoring.copies import NONE_LEFT
from dashboard.monitoring.evidence import evidence_of
from dashboard.monitoring.models import CompanyState, DatabaseState
from dashboard.monitoring.told_copies import told
from topcore.health import interrupted_since
from topcore.tables import RunStatus

_LONGEST_EPISODE = 64
_LONG_OWED = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Alert:
    """since: None when that cannot be said. episode: the same as long as the company has not recovered in between.

    run_id: of the run that tells more; None where there is none. database: which one it is about, where the company has
    several.
    """

    company_id: int
    cause: Cause
    since: datetime | None
    episode: str
    run_id: int | None = None
    database: str = ""


def episode(last_success_id: int | None) -> str:
    """Of an alert that the next success ends."""
    return str(last_success_id or 0)


def episode_of(state: DatabaseState) -> str:
    """Of an alert about one of several databases, that its own next success ends."""
    return f"{episode(state.last_success_id)}:{crc32(state.source.encode()):08x}"


def joined(episodes: Iterable[str]) -> str:
    """Of one alert that several databases raise; as long as a column holds."""
    text = "+".join(sorted(set(episodes)))
    return text if len(text) <= _LONGEST_EPISODE else f"{crc32(text.encode()):08x}"


def covers(known: str, episode: str) -> bool:
    """Is all that the alert is about what was known when it was acknowledged? One database more is news."""
    return set(episode.split("+")) <= set(known.split("+"))


def of_failure(state: CompanyState | DatabaseState, letter: Any, code: Any, now: datetime) -> Alert:
    """Of evidence whose status is FALHA. letter, code: STATUS and CODIGO_ERRO of the last failed run."""
    company, mark = state.company_id, episode(state.last_success_id)
    left_open = interrupted_since(evidence_of(state), now)
    if left_open is not None and (state.last_failure is None or left_open > state.last_failure):
        return Alert(company, Cause(Kind.INTERRUPTED), left_open, mark)
    if letter == RunStatus.SUCCEEDED and code != NONE_LEFT:
        return Alert(company, Cause(Kind.REFUTED), state.last_failure, mark, state.last_failure_id)
    return Alert(company, of_code(Kind.FAILED, shown(code)), state.last_failure, mark, state.last_failure_id)


def owed_away(company_id: int, run_id: int, copies: Any, now: datetime) -> Alert | None:
    """Of the last good run: a copy that is owed to a place away, once an attempt failed, or after a day.

    copies: the run's COPIAS.
    """
    said = told(copies)
    for copy in said.missing if said else ():
        if copy.code or copy.since is None or copy.since <= now - _LONG_OWED:
            return Alert(company_id, of_code(Kind.MISSING_AWAY, shown(copy.code)), copy.since, episode(run_id), run_id)
    return None
