"""Rows that another program, a broken clock or a hand wrote: none of them makes a card green or takes one away."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from dashboard.monitoring.models import CompanyState
from dashboard.monitoring.queries import Filter, counters, page, running
from dashboard.monitoring.wall_time import CLOUD_ZONE, wall_text
from tests.dashboard.databases import execute
from tests.dashboard.shops import company, run
from topcore.tables import CardStatus

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=CLOUD_ZONE)
HOUR = timedelta(hours=1)


def _card() -> CardStatus:
    (found,) = [each for each, count in counters(NOW).items() if count]
    assert [state.pk for state in page(NOW, Filter(frozenset({found})), None, 10)] == [1]
    return found


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("size", "expected"),
    [(48_000_000, CardStatus.OK), (None, CardStatus.OK), (0, CardStatus.NO_DATA), (-1, CardStatus.NO_DATA)],
)
def test_a_file_of_no_size(size: int | None, expected: CardStatus) -> None:
    company(1)
    run(1, "S", NOW - HOUR, TAMANHO_BYTES=size)
    assert _card() is expected


@pytest.mark.usefixtures("database")
def test_a_size_that_is_put_right_later_is_followed() -> None:
    company(1)
    run(1, "S", NOW - HOUR, TAMANHO_BYTES=0)
    execute("UPDATE LOG_BACKUPS SET TAMANHO_BYTES = 48000000")
    assert _card() is CardStatus.OK
    execute("UPDATE LOG_BACKUPS SET TAMANHO_BYTES = 0")
    assert _card() is CardStatus.NO_DATA


@pytest.mark.usefixtures("database")
def test_the_slot_of_a_clock_that_is_ahead() -> None:
    """It would keep a dead agent green for days."""
    company(1)
    told, due = NOW - 30 * HOUR, NOW + 5 * 24 * HOUR
    run(1, "S", NOW + 4 * 24 * HOUR, PROXIMO_PREVISTO=wall_text(due), DATA_RECEBIDO=wall_text(told))
    assert _card() is CardStatus.ATTENTION


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("kind", ["E", "P"])
def test_an_open_run_of_the_future_is_no_running_backup(kind: str) -> None:
    company(1)
    run(1, "S", NOW - HOUR)
    run(1, kind, NOW + HOUR)
    assert _card() is CardStatus.FAILED
    assert running(NOW, 10) == []


@pytest.mark.usefixtures("sqlite")
def test_a_day_that_no_month_has_is_no_start() -> None:
    """MariaDB refuses it at the door; SQLite takes any text."""
    company(1)
    run(1, "S", NOW - HOUR)
    execute("UPDATE LOG_BACKUPS SET DATA_INICIO = '2026-11-31 10:00:00', DATA_RECEBIDO = NULL")
    assert CompanyState.objects.get(pk=1).last_success is None
    assert _card() is CardStatus.NO_DATA


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("active", "shown"), [("S", True), ("N", False), ("n", False), (None, True), ("X", True), ("Ñ", True)]
)
def test_only_a_plain_no_takes_a_company_from_the_panel(active: Any, shown: bool) -> None:
    company(1)
    execute("UPDATE EMPRESA SET ATIVO = " + ("NULL" if active is None else f"'{active}'"))
    assert sum(counters(NOW).values()) == shown


@pytest.mark.usefixtures("sqlite")
@pytest.mark.parametrize("size", ["'grande'", "0.4"])
def test_what_is_no_number_is_no_size(size: str) -> None:
    """SQLite holds anything anywhere."""
    company(1)
    run(1, "S", NOW - HOUR)
    execute(f"UPDATE LOG_BACKUPS SET TAMANHO_BYTES = {size}")
    assert _card() is CardStatus.NO_DATA


@pytest.mark.usefixtures("sqlite")
def test_a_row_that_another_replaces_counts_no_more() -> None:
    company(1)
    run(1, "S", NOW - HOUR, UUID="a", TAMANHO_BYTES=48_000_000)
    assert _card() is CardStatus.OK
    columns = "ID_EMPRESA, STATUS, DATA_INICIO, UUID, TAMANHO_BYTES"
    execute(f"INSERT OR REPLACE INTO LOG_BACKUPS ({columns}) VALUES (1, 'S', '{wall_text(NOW - HOUR)}', 'a', 0)")
    assert _card() is CardStatus.NO_DATA
