"""The SQL that counts and lists agrees with topcore.health.status, at any instant, whatever the evidence."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
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


def _written(deeds: list[Any], inactive: set[int]) -> histories.History:
    history = histories.History()
    with transaction.atomic():
        execute("DELETE FROM LOG_BACKUPS", "DELETE FROM EMPRESA")
        for company in COMPANIES:
            active = "N" if company in inactive else "S"
            execute(f"INSERT INTO EMPRESA (ID, CNPJ, ATIVO) VALUES ({company}, '{company}', '{active}')")
        for deed in deeds:
            history.do(deed)
    return history


def _agrees(history: histories.History, now: datetime, inactive: set[int]) -> None:
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
    "deeds": histories.any_history,
    "now": histories.moments,
    "inactive": st.sets(st.sampled_from(COMPANIES), max_size=1),
}


@pytest.mark.usefixtures("sqlite")
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(**_CASE)
def test_on_sqlite(deeds: list[Any], now: datetime, inactive: set[int]) -> None:
    _agrees(_written(deeds, inactive), now, inactive)


@pytest.mark.usefixtures("mariadb")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(**_CASE)
def test_on_mariadb(deeds: list[Any], now: datetime, inactive: set[int]) -> None:
    _agrees(_written(deeds, inactive), now, inactive)


_BEGAN = histories.START
_DUE = _BEGAN + timedelta(hours=10)
_EDGES = {
    "a success": (histories.Row(1, "S", _BEGAN, _BEGAN), [_BEGAN + timedelta(hours=hours) for hours in (24, 48)]),
    "one with a slot": (
        histories.Row(1, "S", _BEGAN, _BEGAN, next_due=_DUE),
        [_DUE + timedelta(hours=hours) for hours in (1, 25)],
    ),
    "a partial one": (histories.Row(1, "S", _BEGAN, _BEGAN, "TB-D-02"), [_BEGAN, _BEGAN + timedelta(hours=48)]),
    "one from the future": (histories.Row(1, "S", _BEGAN, _BEGAN), [_BEGAN - timedelta(minutes=15)]),
    "a run": (histories.Row(1, "E", _BEGAN, _BEGAN), [_BEGAN + timedelta(minutes=75)]),
    "a run that waits": (histories.Row(1, "P", _BEGAN, _BEGAN), [_BEGAN + timedelta(minutes=15)]),
}


@pytest.mark.usefixtures("database")
def test_a_success_of_the_future_is_doubted_beside_an_open_run_of_another_database() -> None:
    """Judged row by row: the company has an open run, and the success that lies longest back is a good one."""
    ahead, good = histories.NAMES[:2]
    history = _written(
        [
            histories.Databases(1, frozenset({ahead, good})),
            histories.Row(1, "S", _BEGAN + timedelta(hours=3), _BEGAN + timedelta(hours=3), source=ahead),
            histories.Row(1, "S", _BEGAN, _BEGAN, source=good),
            histories.Row(1, "P", _BEGAN, _BEGAN, source=good),
        ],
        set(),
    )
    now = _BEGAN + timedelta(minutes=2)
    assert status(history.evidence(1), now) is CardStatus.CHECK
    _agrees(history, now, set())


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("case", _EDGES)
def test_to_the_microsecond(case: str) -> None:
    row, edges = _EDGES[case]
    # With an open run of long ago beside it the same success is judged row by row, not by a range.
    beside = replace(row, company=2)
    left = histories.Row(2, "P", _BEGAN - timedelta(days=9), _BEGAN - timedelta(days=9))
    history = _written([row, beside, left], set())
    for edge in edges:
        for step in (-1, 0, 1):
            _agrees(history, edge + timedelta(microseconds=step), set())
