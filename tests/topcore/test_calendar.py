"""The days of a company: nothing is acquitted without a success of its own, nothing accused of what is not known."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topcore.agenda import EVERY_DAY, Agenda, Weekday, next_due_of_all, slots_between
from topcore.calendar import Day, Outcome, Ran, Schedule, calendar, known_since
from topcore.health import RunFact
from topcore.tables import Proof, RunStatus

ZONE = ZoneInfo("America/Sao_Paulo")
NIGHTLY = Agenda(1, time(23, 0), EVERY_DAY, "D:/BACKUP")
MONDAY = datetime(2026, 11, 16, tzinfo=ZONE)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NOW = MONDAY + 7 * DAY + 12 * HOUR
DAYS = [(MONDAY + number * DAY).date() for number in range(8)]
SLOT = MONDAY + 23 * HOUR  # of Monday


def ran(at: datetime, status: RunStatus = RunStatus.SUCCEEDED, source: str = "", **more: object) -> Ran:
    return Ran(replace(RunFact(at, at, status), **more), source)  # type: ignore[arg-type]


def judged(*runs: Ran, agendas: tuple[Agenda, ...] = (NIGHTLY,), now: datetime = NOW) -> dict[date, Day]:
    found = calendar(DAYS, Schedule(agendas, ZONE, MONDAY), runs, now, ZONE)
    return {day.day: day for day in found}


def monday(*runs: Ran, agendas: tuple[Agenda, ...] = (NIGHTLY,), now: datetime = NOW) -> Outcome:
    return judged(*runs, agendas=agendas, now=now)[DAYS[0]].outcome


@pytest.mark.parametrize(
    ("runs", "outcome"),
    [
        ([], Outcome.MISSED),
        ([ran(SLOT)], Outcome.DONE),
        ([ran(SLOT + HOUR)], Outcome.DONE),
        ([ran(SLOT + HOUR + MINUTE)], Outcome.LATE),
        ([ran(SLOT + 23 * HOUR)], Outcome.LATE),
        ([ran(SLOT + DAY)], Outcome.MISSED),  # that is Tuesday's
        ([ran(SLOT - MINUTE)], Outcome.MISSED),  # a backup of before the slot lacks the last minute
        ([ran(SLOT, partial=True)], Outcome.INCOMPLETE),
        ([ran(SLOT, size=0)], Outcome.FAILED),  # a file without a byte
        ([ran(SLOT, proof=Proof.REFUTED)], Outcome.FAILED),
        ([ran(SLOT, RunStatus.FAILED)], Outcome.FAILED),
        ([ran(SLOT, RunStatus.FAILED), ran(SLOT + 5 * MINUTE)], Outcome.DONE),
        ([ran(SLOT, RunStatus.RUNNING)], Outcome.FAILED),  # it never ended
        ([ran(SLOT, RunStatus.PENDING)], Outcome.FAILED),
        ([ran(SLOT, received_at=SLOT + 6 * DAY)], Outcome.DONE),  # offline: told a week later
        ([ran(SLOT, received_at=SLOT - HOUR)], Outcome.MISSED),  # told before it can have been: a clock ahead
    ],
)
def test_what_becomes_of_a_slot(runs: list[Ran], outcome: Outcome) -> None:
    assert monday(*runs) is outcome


def test_before_and_within_its_time() -> None:
    assert monday(now=SLOT - HOUR) is Outcome.OPEN
    assert monday(now=SLOT + HOUR - MINUTE) is Outcome.OPEN
    assert monday(now=SLOT + HOUR) is Outcome.MISSED
    assert monday(ran(SLOT, RunStatus.RUNNING), now=SLOT + 70 * MINUTE) is Outcome.OPEN
    assert monday(ran(SLOT, RunStatus.RUNNING), now=SLOT + 75 * MINUTE) is Outcome.FAILED
    # What claims to have begun tomorrow proves nothing today, and nothing tomorrow either.
    assert monday(ran(SLOT, received_at=SLOT - 9 * HOUR), now=SLOT - 9 * HOUR) is Outcome.OPEN


def test_one_backup_never_answers_for_two() -> None:
    noon = Agenda(2, time(12, 0), EVERY_DAY, "E:/")
    both = (noon, NIGHTLY)
    day = judged(ran(SLOT), agendas=both)[DAYS[0]]
    assert [slot.outcome for slot in day.slots] == [Outcome.MISSED, Outcome.DONE]
    assert day.outcome is Outcome.MISSED
    assert monday(ran(SLOT), ran(SLOT + 5 * MINUTE), agendas=both) is Outcome.LATE  # noon's came eleven hours later
    twin = replace(NIGHTLY, id=3)
    assert monday(ran(SLOT), agendas=(NIGHTLY, twin)) is Outcome.MISSED
    assert monday(ran(SLOT), ran(SLOT + MINUTE), agendas=(NIGHTLY, twin)) is Outcome.DONE


def test_databases_are_told_apart() -> None:
    erp, tax = (replace(NIGHTLY, id=number, source=source) for number, source in ((1, None), (2, r"D:\NFE\NFE.FDB")))
    both = (erp, tax)
    assert monday(ran(SLOT, source="C:/ERP.FDB"), ran(SLOT, source="C:/ERP.FDB"), agendas=both) is Outcome.MISSED
    assert monday(ran(SLOT, source="C:/ERP.FDB"), ran(SLOT, source="d:/nfe/nfe.fdb"), agendas=both) is Outcome.DONE
    host = "192.168.0.9/3050:D:/NFE/NFE.FDB"
    assert monday(ran(SLOT, source="C:/ERP.FDB"), ran(SLOT, source=host), agendas=both) is Outcome.DONE
    assert monday(ran(SLOT), ran(SLOT), agendas=both) is Outcome.UNCLEAR  # nobody said of which
    assert monday(agendas=both) is Outcome.MISSED


def test_nothing_due() -> None:
    weekend = Agenda(1, time(23, 0), frozenset({Weekday.SAB}), "D:/")
    assert monday(agendas=(weekend,)) is Outcome.NONE_DUE
    assert monday(agendas=()) is Outcome.NONE_DUE
    assert monday(ran(SLOT), agendas=()) is Outcome.RAN
    assert monday(ran(SLOT, RunStatus.FAILED), agendas=()) is Outcome.FAILED


def test_days_of_which_nothing_is_known_say_only_what_ran() -> None:
    runs = [ran(SLOT), ran(SLOT + DAY, RunStatus.FAILED)]
    for schedule in (None, Schedule((NIGHTLY,), ZONE, MONDAY + 2 * DAY + MINUTE)):
        found = [day.outcome for day in calendar(DAYS[:3], schedule, runs, NOW, ZONE)]
        # Of Wednesday the first minute is not known: it may have owed something then.
        assert found == [Outcome.RAN, Outcome.FAILED, Outcome.UNKNOWN]


def test_since_when_the_agendas_are_known() -> None:
    read_at = NOW - HOUR
    runs = [ran(SLOT + number * DAY, next_due=SLOT + (number + 1) * DAY) for number in range(7)]
    assert known_since((NIGHTLY,), ZONE, [], read_at) == read_at
    assert known_since((NIGHTLY,), ZONE, runs, read_at) == SLOT
    assert known_since((NIGHTLY,), ZONE, [*runs, ran(SLOT + HOUR)], read_at) == SLOT  # 1.0.x says nothing
    changed = [*runs[:3], replace(runs[3], fact=replace(runs[3].fact, next_due=SLOT + 3 * DAY + HOUR)), *runs[4:]]
    assert known_since((NIGHTLY,), ZONE, changed, read_at) == SLOT + 4 * DAY
    # The newest run was made under another agenda than the one that was read before it.
    assert known_since((NIGHTLY,), ZONE, [ran(read_at + MINUTE, next_due=NOW + 3 * DAY)], read_at) is None
    assert known_since((), ZONE, runs, read_at) == read_at


NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize("hour", [0, 1, 2, 3, 23])
@pytest.mark.parametrize("change", [date(2026, 3, 8), date(2026, 11, 1)])
def test_a_change_of_the_clock_neither_skips_nor_doubles_a_day(change: date, hour: int) -> None:
    agenda = Agenda(1, time(hour, 30), EVERY_DAY, "D:/")
    days = [change + number * DAY for number in range(-2, 3)]
    since = datetime.combine(days[0], time(), NEW_YORK)
    schedule = Schedule((agenda,), NEW_YORK, since)
    slots = slots_between(agenda, since - MINUTE, since + 6 * DAY, NEW_YORK)[:5]
    found = calendar(days, schedule, [ran(slot) for slot in slots], since + 9 * DAY, NEW_YORK)
    assert [(len(day.slots), day.outcome) for day in found] == [(1, Outcome.DONE)] * 5


_moments = st.integers(-3 * 24 * 6, 9 * 24 * 6).map(lambda tens: MONDAY + 10 * MINUTE * tens)
_runs = st.builds(
    lambda at, delay, status, partial, proof, source, size: Ran(
        RunFact(at, at + delay, status, partial, proof, size=size), source
    ),
    _moments,
    st.sampled_from([timedelta(0), -HOUR, 5 * MINUTE, DAY]),
    st.sampled_from(RunStatus),
    st.booleans(),
    st.sampled_from([Proof.NOT_TRIED, Proof.NOT_TRIED, Proof.PROVEN, Proof.REFUTED]),
    st.sampled_from(["", "C:/A.FDB", "c:\\a.fdb", "C:/B.FDB"]),
    st.sampled_from([None, 48_000_000, 48_000_000, 0, -1]),
)
_agendas = st.lists(
    st.builds(
        Agenda,
        st.integers(1, 5),
        st.times(time(0), time(23, 59)).map(lambda at: at.replace(second=0, microsecond=0)),
        st.frozensets(st.sampled_from(Weekday), max_size=7),
        st.just("D:/"),
        source=st.sampled_from([None, "C:/A.FDB", "C:/B.FDB"]),
    ),
    max_size=3,
    unique_by=lambda agenda: agenda.id,
).map(tuple)


@settings(max_examples=600, deadline=None)
@given(agendas=_agendas, runs=st.lists(_runs, max_size=12), now=_moments, zone=st.sampled_from([ZONE, NEW_YORK]))
def test_no_day_is_done_without_a_success_for_each_of_its_slots(
    agendas: tuple[Agenda, ...], runs: list[Ran], now: datetime, zone: ZoneInfo
) -> None:
    found = calendar(DAYS, Schedule(agendas, zone, MONDAY), runs, now, ZONE)
    successes = sorted(run.fact.started_at for run in runs if run.fact.succeeded and not run.fact.partial)
    assert [day.day for day in found] == DAYS
    for day in found:
        begin = datetime.combine(day.day, time(), ZONE)
        due = [
            slot for agenda in agendas for slot in slots_between(agenda, begin - MINUTE / 60, begin + DAY, zone)
            if slot < begin + DAY
        ]  # fmt: skip
        assert sorted(slot.at for slot in day.slots) == sorted(due)
        if day.outcome in (Outcome.DONE, Outcome.LATE):
            assert all(slot <= now for slot in due)
            for slot in day.slots:
                assert slot.started_at in successes
                assert slot.started_at is not None
                assert slot.at <= slot.started_at < slots_between(slot.agenda, slot.at, slot.at + 9 * DAY, zone)[0]
        if day.outcome is Outcome.DONE:
            assert all(slot.started_at and slot.started_at - slot.at <= HOUR for slot in day.slots)
        if day.outcome is Outcome.NONE_DUE:
            assert not due
    covered = [slot for day in found for slot in day.slots if slot.outcome in (Outcome.DONE, Outcome.LATE)]
    assert len(covered) <= len(successes)


@settings(max_examples=200, deadline=None)
@given(agendas=_agendas, other=_agendas, numbers=st.sets(st.integers(0, 40), min_size=1), cut=st.integers(0, 40))
def test_the_agenda_is_never_called_known_before_it_was_made(
    agendas: tuple[Agenda, ...], other: tuple[Agenda, ...], numbers: set[int], cut: int
) -> None:
    """Runs before `cut` were made under `other`: unless these say the same of a run, it is not called known."""
    moments = [MONDAY.astimezone(UTC) + 5 * HOUR * number for number in sorted(numbers)]
    changed = MONDAY + 5 * HOUR * cut
    runs = [
        ran(at, next_due=next_due_of_all(other if at < changed else agendas, at, ZONE)) for at in moments
    ]  # fmt: skip
    since = known_since(agendas, ZONE, runs, NOW + 9 * DAY)
    assert since is not None
    for run in runs:
        if run.fact.started_at >= since and run.fact.next_due:
            assert run.fact.next_due == next_due_of_all(agendas, run.fact.started_at, ZONE)
