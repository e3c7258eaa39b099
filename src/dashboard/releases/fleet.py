"""Which version of the agent runs where."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from dashboard.monitoring.cards import shown
from dashboard.monitoring.models import AppVersion, Company
from topcore import versions
from topcore.tables import YES
from topcore.versions import Published, Standing

COMPANIES = 100
UNKNOWN = "-"
"""Stands for "reports no version" in an address: no version can be that."""


@dataclass(frozen=True)
class Release:
    """One row of VERSAO_APP, as text that can be shown."""

    id: int
    version: str
    released_at: datetime | None
    url: str
    sha256: str
    changelog: str
    mandatory: bool
    signed: bool


@dataclass(frozen=True)
class Running:
    """companies: how many active ones report it. version: empty where none is reported."""

    version: str
    companies: int
    standing: Standing


def releases() -> list[Release]:
    """What was published, the latest version first; what is no version at the end."""
    rows: dict[str, list[Release]] = {}
    for row in AppVersion.objects.all():
        text = shown(row.version)
        rows.setdefault(text, []).append(
            Release(
                row.pk,
                text,
                row.released_at,
                shown(row.download_url),
                shown(row.sha256),
                row.changelog or "",
                row.mandatory == YES,
                bool(row.signature),
            )
        )
    return [row for text in versions.newest_first(rows) for row in rows[text]]


def fleet(published: list[Release]) -> list[Running]:
    """One query: the latest version first, then what is none, then the companies that report none."""
    counted = Counter[str]()
    reported = Company.objects.filter(companystate__active=YES).values_list("agent_version").annotate(Count("pk"))
    for version, number in reported.order_by():
        counted[shown(version)] += number
    known = [Published(row.version, row.mandatory) for row in published]
    silent = counted.pop("", 0)
    running = [Running(text, counted[text], versions.standing(text, known)) for text in versions.newest_first(counted)]
    return [*running, *([Running("", silent, Standing.UNKNOWN)] if silent else [])]


def companies_with(version: str, after: int) -> tuple[list[Company], int | None]:
    """A page of active companies that report this version (UNKNOWN: none), and where the next one begins."""
    found = Company.objects.filter(companystate__active=YES, pk__gt=after).defer("agendas").order_by("pk")
    if version == UNKNOWN:
        found = found.filter(agent_version__isnull=True) | found.filter(agent_version="")
    else:
        found = found.filter(agent_version=version)
    rows = list(found[: COMPANIES + 1])
    return rows[:COMPANIES], rows[COMPANIES - 1].pk if len(rows) > COMPANIES else None
