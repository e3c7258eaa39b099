"""The states: every move in the table and no other; facts decide, and nothing is a dead end but the end."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topbackup.agent.controller import LONGEST_PAUSE, Controller, Part
from topbackup.agent.events import Events
from topbackup.agent.states import MOVES, Facts, ImpossibleMove, Machine, State
from topbackup.errors import OperationFailed
from topbackup.journal import Journal
from topbackup.problems import CONFIG_INVALID, FIREBIRD_UNREACHABLE

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.mark.parametrize(("before", "to"), list(itertools.product(State, State)))
def test_every_move_is_in_the_table_or_impossible(before: State, to: State) -> None:
    told: list[tuple[State, State]] = []
    machine = Machine(lambda old, new, why: told.append((old, new)))
    if before is not State.INITIALIZING:
        machine.move(before)
    told.clear()
    if to is before:
        machine.move(to)
        assert told == []
    elif to in MOVES[before]:
        machine.move(to)
        assert (machine.state, told) == (to, [(before, to)])
    else:
        with pytest.raises(ImpossibleMove):
            machine.move(to)
        assert (machine.state, told) == (before, [])


def test_only_the_end_is_a_dead_end() -> None:
    assert [state for state in State if not MOVES[state]] == [State.STOPPED]
    assert State.RUNNING in MOVES[State.ERROR]


facts = st.builds(Facts, st.booleans(), st.booleans(), st.booleans(), st.booleans(), st.none() | st.just("por quê"))


@given(st.lists(facts, min_size=1))
def test_whatever_the_facts_do_the_table_allows_it(history: list[Facts]) -> None:
    """From any facts to any others, as long as what began does not begin again and what stopped stays so."""
    machine = Machine(lambda *_: None)
    ready = False
    for each in history:
        ready = ready or each.ready
        now = Facts(ready, each.stopped, each.backup, each.paused, each.trouble)
        if machine.state in {State.STOPPED} or (machine.state is not State.INITIALIZING and not ready):
            break
        if now.state is State.INITIALIZING and machine.state is not State.INITIALIZING:
            break
        machine.move(now.state)
        assert machine.state is now.state


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.open(tmp_path / "diario.sqlite") as opened:
        yield opened


class Wall:
    """A clock on the wall, to be set."""

    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> datetime:
        return self.time


def test_two_troubles_must_both_pass(journal: Journal) -> None:
    events = Events()
    controller = Controller(journal, events, lambda: NOW)
    controller.ready()
    with events.heard() as listener:
        controller.in_trouble(Part.DATABASE, OperationFailed(FIREBIRD_UNREACHABLE))
        controller.in_trouble(Part.SETTINGS, OperationFailed(CONFIG_INVALID))
        controller.in_trouble(Part.DATABASE, None)
        assert controller.trouble is not None
        assert controller.trouble.problem is CONFIG_INVALID
        controller.in_trouble(Part.SETTINGS, None)
        told = [listener.next(0), listener.next(0), listener.next(0)]
    assert [event and event["estado"] for event in told] == ["ERROR", "RUNNING", None]
    assert told[0] is not None
    assert "TB-FB-INACESSIVEL" in told[0]["motivo"]


def test_a_backup_shows_before_a_pause_and_a_pause_before_a_trouble(journal: Journal) -> None:
    controller = Controller(journal, Events(), lambda: NOW)
    controller.ready()
    controller.in_trouble(Part.DATABASE, OperationFailed(FIREBIRD_UNREACHABLE))
    controller.pause(timedelta(hours=1))
    states = [controller.state]
    controller.backup(running=True)
    states.append(controller.state)
    controller.backup(running=False)
    controller.resume()
    states.append(controller.state)
    assert states == [State.PAUSED, State.BACKUP_RUNNING, State.ERROR]


def test_a_pause_ends_by_itself_outlives_a_restart_and_is_never_long(journal: Journal) -> None:
    wall = Wall()
    controller = Controller(journal, Events(), wall.now)
    controller.ready()
    assert controller.pause(timedelta(days=30)) == NOW + LONGEST_PAUSE
    again = Controller(journal, Events(), wall.now)
    again.ready()
    states = [again.state]
    wall.time = NOW + LONGEST_PAUSE
    again.look_at_the_pause()
    states.append(again.state)
    assert states == [State.PAUSED, State.RUNNING]
    assert Controller(journal, Events(), wall.now).paused_until is None


def test_a_clock_set_back_makes_no_pause_longer(journal: Journal) -> None:
    wall = Wall()
    controller = Controller(journal, Events(), wall.now)
    controller.ready()
    controller.pause(timedelta(hours=2))
    wall.time = NOW - timedelta(days=400)
    controller.look_at_the_pause()
    assert controller.state is State.RUNNING


def test_after_the_end_nothing_moves_any_more(journal: Journal) -> None:
    controller = Controller(journal, Events(), lambda: NOW)
    controller.stopped()
    controller.in_trouble(Part.DATABASE, OperationFailed(FIREBIRD_UNREACHABLE))
    controller.ready()
    assert controller.state is State.STOPPED


def test_a_listener_that_sleeps_loses_the_oldest_and_hears_how_many() -> None:
    events = Events()
    with events.heard() as listener:
        for number in range(1000):
            events.tell("progresso", feito=number)
        assert listener.next(0) == {"evento": "perdidos", "quantos": 744}
        first = listener.next(0)
        assert first is not None
        assert first["feito"] == 744
    events.tell("progresso", feito=1)
    assert events._listeners == []
