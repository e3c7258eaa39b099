"""A simulated year on the real book of slots: reboots, sleeps, a clock that jumps, changed rows, a database away.

Whatever happens, each due slot is executed exactly once or missed exactly once with a reason, and no slot is both.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from topbackup.agent.alarms import SlotTrigger
from topbackup.agent.parts import Registration
from topbackup.agent.scheduled import Rules, Schedule
from topbackup.firebird.agenda_reader import AgendaReading
from topbackup.journal import Journal, SlotBook
from topcore.agenda import Agenda, Weekday, slots_between
from topcore.company import Company, TaxId
from topcore.record import BackupRecord
from topcore.tables import NamingScheme

TAX_ID = TaxId("11222333000181")
COMPANY = Company(code=1, trade_name="P", legal_name="P", tax_id=TAX_ID)
START = datetime(2026, 1, 1, 12, tzinfo=UTC)
YEAR = timedelta(days=359)  # the last turn may add 40 days, and what is settled is kept for 400
NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)  # of a year, it takes longer than to read the first find
SAO_PAULO, NEW_YORK = ZoneInfo("America/Sao_Paulo"), ZoneInfo("America/New_York")  # there the hour still changes


class Memory(Journal):
    """The real journal and its real statements, in memory: a year of fsyncs takes an hour."""

    def __init__(self) -> None:
        opened = Journal.open(Path(":memory:"))
        super().__init__(opened._connection, Path(":memory:"))


@dataclass
class Agent:
    """The schedule of the agent, awake at the instants it is told. database: does it answer?"""

    journal: Journal
    rules: Rules
    rows: tuple[Agenda, ...]
    database: bool = True

    def __post_init__(self) -> None:
        self.schedule = Schedule(SlotBook(self.journal))

    def reread(self, now: datetime) -> None:
        if self.database:
            registration = Registration(COMPANY, AgendaReading(self.rows, ()))
            self.schedule.read_again(registration, now, self.rules.zone)

    def turn(self, now: datetime) -> None:
        for found in self.schedule.owed(now, self.rules):
            if self.database:
                self.journal.begin(run(found.agenda.id, found.run, now))


def run(agenda_id: int, slot: datetime | None, now: datetime) -> BackupRecord:
    return BackupRecord(
        run_id=uuid4(),
        tax_id=TAX_ID,
        source="/b.fdb",
        naming=NamingScheme.SINGLE,
        manual=False,
        started_at=now,
        file_name="x.zip",
        destination1="/d",
        agenda_id=agenda_id,
        slot=slot,
    )


def settled(journal: Journal) -> dict[int, list[tuple[datetime, str]]]:
    found: dict[int, list[tuple[datetime, str]]] = {}
    for number, slot, result in journal.rows("SELECT AGENDA, HORARIO, RESULTADO FROM PREVISTO ORDER BY 1, 2"):
        found.setdefault(number, []).append((datetime.fromisoformat(slot), result))
    return found


def rows_of_agenda(number: int) -> "st.SearchStrategy[Agenda]":
    return st.builds(
        Agenda,
        st.just(number),
        st.times().map(lambda at: at.replace(second=0, microsecond=0)),
        st.frozensets(st.sampled_from(list(Weekday)), min_size=1),
        st.just("/d"),
    )


agendas = st.tuples(*(rows_of_agenda(number) for number in range(1, 5)))  # 50 examples of 4: 200 random agendas
# (awake for hours, then off for hours): reboots, nights, weekends, holidays.
lives = st.lists(
    st.tuples(st.integers(5, 24 * 25), st.sampled_from([0, 0.1, 2, 9, 13, 24 * 3, 24 * 15])), min_size=4, max_size=12
)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=NO_SHRINKING)
@given(agendas, lives, st.sampled_from([SAO_PAULO, NEW_YORK]), st.sampled_from([0, 600, 1800]), st.data())
def test_a_year_of_reboots_and_sleep(
    rows: tuple[Agenda, ...], life: list[tuple[int, float]], zone: ZoneInfo, spread: int, data: st.DataObject
) -> None:
    """Every slot of the year, of every row, has exactly one result; awake with a database, it ran."""
    delay = timedelta(seconds=data.draw(st.integers(0, spread)))
    rules = Rules(zone, timedelta(hours=12), delay)
    with Memory() as journal:
        agent = Agent(journal, rules, rows)
        now, turn, awake_slots = START, 0, Counter[tuple[int, datetime]]()
        agent.reread(now)
        while now < START + YEAR:
            hours, off = life[turn % len(life)]
            until = now + timedelta(hours=hours)
            agent.database = data.draw(st.integers(0, 9)) > 0
            agent.reread(now)
            agent.turn(now)
            due = sorted({slot for row in rows for slot in slots_between(row, now, until - delay, zone)})
            for slot in due:  # the alarms; between them nothing is due, so no turn changes anything
                agent.turn(slot + delay + timedelta(seconds=1))
                if agent.database:
                    awake_slots.update((row.id, slot) for row in rows if slot in slots_between(row, now, slot, zone))
            now, turn = until + timedelta(hours=off), turn + 1
        agent.database = True
        agent.reread(now)
        agent.turn(now)
        agent.turn(now + delay)
        found = settled(journal)
        for row in rows:
            results = found.get(row.id, [])
            assert [slot for slot, _ in results] == slots_between(row, START, now, zone)
            ran = {slot for slot, result in results if result == "EXECUTADO"}
            assert {slot for number, slot in awake_slots if number == row.id} <= ran
            assert {result for _, result in results} <= {"EXECUTADO", "COALESCIDO", "TARDE"}
        runs = journal.rows("SELECT COUNT(*) FROM EXECUCAO")[0][0]
        assert runs == sum(result == "EXECUTADO" for results in found.values() for _, result in results)


jumps = st.lists(
    st.tuples(st.integers(1, 24 * 10), st.sampled_from([-400, -26, -3, -0.5, 0.5, 3, 26, 24 * 45])), max_size=10
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=NO_SHRINKING)
@given(agendas, jumps)
def test_a_year_of_a_jumping_clock(rows: tuple[Agenda, ...], life: list[tuple[int, float]]) -> None:
    """Nothing raises, nothing runs twice, and once the clock is right again nothing is left without its result."""
    with Memory() as journal:
        agent = Agent(journal, Rules(NEW_YORK, timedelta(hours=12)), rows)
        true, error = START, timedelta(0)
        agent.reread(true)
        for hours, jump in life:
            until = true + timedelta(hours=hours)
            while true < until:
                agent.reread(true + error)
                agent.turn(true + error)
                true += timedelta(hours=5)
            error += timedelta(hours=jump)
        end = true + timedelta(days=9)
        while true < end:
            agent.reread(true)
            agent.turn(true)
            true += timedelta(hours=4)
        found = settled(journal)
        for row in rows:
            slots = [slot for slot, _ in found.get(row.id, [])]
            assert len(set(slots)) == len(slots)
            assert set(slots_between(row, START, true - timedelta(hours=4), NEW_YORK)) <= set(slots)


changes = st.lists(
    st.tuples(st.integers(1, 24 * 20), st.one_of(st.none(), rows_of_agenda(1)), st.booleans()), min_size=1, max_size=20
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=NO_SHRINKING)
@given(rows_of_agenda(1), changes)
def test_rows_that_change_and_go_and_come_back(row: Agenda, life: list[tuple[int, Agenda | None, bool]]) -> None:
    """While it stood unchanged and was awake, each slot of a form ran; no slot is forgotten, and none runs twice."""
    with Memory() as journal:
        agent = Agent(journal, Rules(SAO_PAULO, timedelta(hours=12)), (row,))
        now, owed = START, set[datetime]()
        current: tuple[Agenda, ...] = (row,)
        agent.reread(now)
        for hours, fresh, awake in life:
            until = now + timedelta(hours=hours)
            slots = {slot for each in current for slot in slots_between(each, now, until, SAO_PAULO)}
            if awake:
                for slot in sorted(slots):
                    agent.turn(slot)
            owed |= slots
            now = until
            agent.rows = current = () if fresh is None else (fresh,)
            agent.reread(now)
            agent.turn(now)
        results = settled(journal).get(1, [])
        assert owed <= {slot for slot, _ in results}
        assert len({slot for slot, _ in results}) == len(results)


def test_two_rows_at_once_run_one_after_the_other_and_a_slot_never_twice() -> None:
    with Memory() as journal:
        noon = Agenda(1, time(12), frozenset(Weekday), "/d")
        agent = Agent(journal, Rules(SAO_PAULO, timedelta(hours=12)), (replace(noon, id=2), noon))
        agent.reread(START)
        due = START + timedelta(hours=3)
        assert [found.agenda.id for found in agent.schedule.owed(due, agent.rules)] == [1, 2]
        assert [found.agenda.id for found in agent.schedule.owed(due, agent.rules, {1})] == [2], "in hand already"
        agent.turn(due)
        assert list(agent.schedule.owed(due, agent.rules)) == []


def test_the_alarm_rings_at_each_slot_once_over_a_change_of_the_hour() -> None:
    """As APScheduler asks: the time after the last one; 02:30 does not exist on 8 March, 01:30 twice on 1 November."""
    for at in (time(2, 30), time(1, 30)):
        row = Agenda(1, at, frozenset(Weekday), "/d")
        trigger = SlotTrigger(row, NEW_YORK, timedelta(minutes=7))
        rung, last = [], None
        now = START
        while now < START + YEAR:
            now = trigger.get_next_fire_time(last, now) or now
            rung.append(now - timedelta(minutes=7))
            last = now
            now += timedelta(milliseconds=3)
        expected = slots_between(row, START - timedelta(minutes=7), START + YEAR, NEW_YORK)
        assert rung[: len(expected)] == expected
