"""The SQL that counts and lists agrees with topcore.health.status, at any instant, whatever the evidence."""

from collections import Counter
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.monitoring.models import CompanyState
from dashboard.monitoring.queries import Filter, Position, counters, page
from tests.dashboard import histories
from tests.dashboard.databases import execute
from topcore.health import status
from topcore.tables import CardStatus

COMPANIES = (1, 2, 3)


def _agrees(deeds: list[Any], now: datetime, inactive: set[int]) -> None:
    history = histories.History()
    with transaction.atomic():
        execute("DELETE FROM LOG_BACKUPS", "DELETE FROM EMPRESA")
        for company in COMPANIES:
            active = "N" if company in inactive else "S"
            execute(f"INSERT INTO EMPRESA (ID, CNPJ, ATIVO) VALUES ({company}, '{company}', '{active}')")
        for deed in deeds:
            history.do(deed)
    expected = {company: status(history.evidence(company), now) for company in COMPANIES if company not in inactive}

    counted = Counter(expected.values())
    assert counters(now) == {each: counted[each] for each in CardStatus}

    rank = {each: number for number, each in enumerate(CardStatus)}
    listed = page(now, Filter(), None, 10)
    assert {row.pk for row in listed} == expected.keys()
    assert [rank[expected[row.pk]] for row in listed] == sorted(map(rank.__getitem__, expected.values()))
    for each in CardStatus:
        only = page(now, Filter(frozenset({each})), None, 10)
        assert {row.pk for row in only} == {company for company in expected if expected[company] is each}

    assert _one_by_one(now, expected) == [row.pk for row in listed]


def _one_by_one(now: datetime, expected: dict[int, CardStatus]) -> list[int]:
    seen: list[CompanyState] = []
    while len(seen) <= len(COMPANIES):
        last = seen[-1] if seen else None
        after = Position(expected[last.pk], last.attention_until, last.pk) if last else None
        following = page(now, Filter(), after, 1)
        if not following:
            break
        seen += following
    return [row.pk for row in seen]


_CASE = {
    "deeds": st.lists(histories.deeds, max_size=8),
    "now": histories.moments,
    "inactive": st.sets(st.sampled_from(COMPANIES), max_size=1),
}


@pytest.mark.usefixtures("sqlite")
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(**_CASE)
def test_on_sqlite(deeds: list[Any], now: datetime, inactive: set[int]) -> None:
    _agrees(deeds, now, inactive)


@pytest.mark.usefixtures("mariadb")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(**_CASE)
def test_on_mariadb(deeds: list[Any], now: datetime, inactive: set[int]) -> None:
    _agrees(deeds, now, inactive)
