"""Is EMPRESA_ESTADO kept up to date? By triggers; or, where they may not be, by a rebuild of minutes ago."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from dashboard.monitoring.models import StateRebuild
from dashboard.monitoring.state.triggers import missing_triggers

OLDEST_REBUILD = timedelta(minutes=5)
_LOOK_EVERY = 60.0  # seconds


class StaleEvidence(Exception):
    """Nobody keeps the state rows: what they say may be long past, and no card is better than an old green one."""


@dataclass
class _Look:
    at: float
    missing: bool


_looks: dict[str, _Look] = {}  # by database


def require_current_evidence(now: datetime) -> None:
    """Raises StaleEvidence. The triggers are looked for once a minute, the last rebuild at every request."""
    name = str(connection.settings_dict["NAME"])
    known = _looks.get(name)
    if known is None or known.missing or time.monotonic() - known.at > _LOOK_EVERY:
        known = _looks[name] = _Look(time.monotonic(), bool(missing_triggers(connection)))
    if not known.missing:
        return
    last = StateRebuild.objects.filter(pk=1).first()
    if last is None or not now - OLDEST_REBUILD <= last.rebuilt_at <= now + OLDEST_REBUILD:
        raise StaleEvidence


def forget_looks() -> None:
    """Look again at the next request."""
    _looks.clear()
