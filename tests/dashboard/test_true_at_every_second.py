"""The page, the JSON, the counters' SQL and topcore.health agree, whatever happened, by any agenda, at any instant.

And against the rule itself: what no row covers is not green, whoever says so.
"""

import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.accounts.roles import Role
from dashboard.monitoring import clock, freshness
from dashboard.monitoring.wall_time import CLOUD_ZONE
from tests.dashboard import histories
from tests.dashboard.databases import execute
from tests.dashboard.visitors import log_in
from topcore.agenda import Agenda, Weekday, next_due_of_all
from topcore.health import status
from topcore.tables import CardStatus

COMPANIES = (1, 2)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)

agendas = st.lists(
    st.builds(
        Agenda,
        id=st.integers(1, 9),
        time=st.sampled_from([time(0), time(0, 30), time(12), time(23), time(23, 59)]),
        days=st.sets(st.sampled_from(Weekday), max_size=7).map(frozenset),
        destination1=st.just("D:\\BACKUP"),
    ),
    max_size=2,
)


@st.composite
def published(draw: st.DrawFn) -> list[histories.Row]:
    """What an agent that keeps an agenda writes: each run says when the next is due."""
    rows = draw(agendas)
    found = []
    for _ in range(draw(st.integers(1, 5))):
        began = histories.START + draw(st.timedeltas(-6 * DAY, 2 * DAY))
        due = next_due_of_all(rows, began, CLOUD_ZONE)
        found.append(
            histories.Row(
                company=draw(st.sampled_from(COMPANIES)),
                status=draw(st.sampled_from("SSSSFEP")),
                started_at=began,
                received_at=began + draw(st.sampled_from([timedelta(), 5 * MINUTE, 30 * HOUR])),
                error_code=draw(st.sampled_from([None, None, None, "TB-DESTINO-AUSENTE"])),
                proof=draw(st.sampled_from("NSF")),
                next_due=due,
            )
        )
    return found


histories_and_instants = {
    "deeds": st.one_of(published(), histories.any_history),
    "moments": st.lists(
        st.one_of(histories.moments, st.timedeltas(-7 * DAY, 12 * DAY).map(lambda offset: histories.START + offset)),
        min_size=1,
        max_size=2,
    ),
}


def covered(rows: list[histories.Row], now: datetime) -> bool:
    """Is there a success that may make a card green now? Said from the rows alone, more generously than the rule."""
    return any(
        row.status == "S"
        and row.proof != "F"
        and row.error_code is None
        and row.started_at is not None
        and min(row.started_at, row.received_at or row.started_at) <= now + 15 * MINUTE
        and now <= max(row.started_at + DAY, (row.next_due or row.started_at) + HOUR)
        and (row.received_at is None or row.started_at <= row.received_at + 15 * MINUTE or now <= row.received_at + DAY)
        for row in rows
    )


@pytest.fixture
def looks_at(database: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], Client]:
    """A person for whom it is the given instant."""
    freshness.forget_looks()
    person = Client(SERVER_NAME="localhost")
    log_in(person, Role.VIEWER)

    def at(now: datetime) -> Client:
        monkeypatch.setattr(clock, "now", lambda: now)
        return person

    return at


def write(deeds: list[Any]) -> histories.History:
    history = histories.History()
    with transaction.atomic():
        execute("DELETE FROM LOG_BACKUPS", "DELETE FROM EMPRESA")
        for company in COMPANIES:
            execute(f"INSERT INTO EMPRESA (ID, FANTASIA, CNPJ) VALUES ({company}, 'Loja {company}', '{company}')")
        for deed in deeds:
            history.do(deed)
    return history


def faces(person: Client) -> dict[int, CardStatus]:
    """What every face says of each company, when all say the same."""
    said = {card["id_empresa"]: card["status"] for card in person.get("/api/cards/").json()["cards"]}
    html = person.get("/").content.decode()
    cards = re.findall(r'class="card tone--(\w+)" id="empresa-(\d+)"', html)
    assert {int(number): word for word, number in cards} == said
    chips = dict(re.findall(r'id="chip-(\w+)".*?counter__number">(\d+)<', html, re.DOTALL))
    assert {word: int(number) for word, number in chips.items() if number != "0"} == Counter(said.values())
    counted = person.get("/api/status/").json()
    assert {word: number for word, number in counted["status"].items() if number} == Counter(said.values())
    assert counted["total"] == len(said)
    running = {backup["id_empresa"] for backup in person.get("/api/executando/").json()["executando"]}
    assert running == {number for number, word in said.items() if word == "EXECUTANDO"}
    return {number: CardStatus(word) for number, word in said.items()}


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(**histories_and_instants)
def test_all_faces_agree_with_the_rule(
    looks_at: Callable[[datetime], Client], deeds: list[Any], moments: list[datetime]
) -> None:
    history = write(deeds)
    for now in moments:
        said = faces(looks_at(now))
        assert said == {company: status(history.evidence(company), now) for company in COMPANIES}
        for company, word in said.items():
            rows = [row for row in history.left.values() if row.company == company]
            assert word is not CardStatus.OK or covered(rows, now)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=st.one_of(published(), histories.any_history))
def test_by_time_alone_nothing_stays_green_or_running(looks_at: Callable[[datetime], Client], deeds: list[Any]) -> None:
    history = write(deeds)
    # Longer than any run, any slot that is believed, and any wrong clock of these histories.
    said = faces(looks_at(histories.START + timedelta(days=9000)))
    for company, word in said.items():
        known = history.evidence(company)
        if (
            known.last_success is None
            and known.last_failure is None
            and not (known.running_since or known.pending_since)
        ):
            assert word is CardStatus.NO_DATA
        else:
            assert word in (CardStatus.FAILED, CardStatus.CHECK)


def test_a_run_that_never_ends_is_a_failure(looks_at: Callable[[datetime], Client]) -> None:
    began = histories.START
    write([histories.Row(1, "S", began - DAY, began - DAY, next_due=began), histories.Row(1, "E", began, began)])
    assert faces(looks_at(began + 75 * MINUTE - timedelta(microseconds=1)))[1] is CardStatus.RUNNING
    assert faces(looks_at(began + 75 * MINUTE))[1] is CardStatus.FAILED


def test_a_silent_agent_is_not_believed_for_long(looks_at: Callable[[datetime], Client]) -> None:
    """Monday to Friday at 23:00: green over the weekend, yellow on Monday night, then to be looked after."""
    weekly = [Agenda(1, time(23), frozenset(Weekday) - {Weekday.SAB, Weekday.DOM}, "D:\\BACKUP")]
    friday = datetime(2026, 11, 20, 23, 2, tzinfo=CLOUD_ZONE)
    due = next_due_of_all(weekly, friday, CLOUD_ZONE)
    assert due == datetime(2026, 11, 23, 23, tzinfo=CLOUD_ZONE)
    write([histories.Row(1, "S", friday, friday, next_due=due)])
    moment = timedelta(microseconds=1)
    for now, word in (
        (friday + 2 * DAY, CardStatus.OK),
        (due + HOUR, CardStatus.OK),
        (due + HOUR + moment, CardStatus.ATTENTION),
        (due + HOUR + DAY, CardStatus.ATTENTION),
        (due + HOUR + DAY + moment, CardStatus.CHECK),
        (due + 900 * DAY, CardStatus.CHECK),
    ):
        assert faces(looks_at(now))[1] is word, now
