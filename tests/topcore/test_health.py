"""The rule of design §4.4, line by line, and what must hold of any history."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topcore.health import RunFact, evidence, status, weakest
from topcore.tables import CardStatus, Proof, RunStatus

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def run(began_ago: timedelta, kind: str = "S", **more: object) -> RunFact:
    began = NOW - began_ago
    return RunFact(began, began, RunStatus(kind), **more)  # type: ignore[arg-type]  # a table of cases


def card(*history: RunFact, later: timedelta = timedelta()) -> CardStatus:
    return status(evidence(history), NOW + later)


def ahead(much: timedelta, told: timedelta = HOUR) -> RunFact:
    """A success that was reported so long ago, by a clock that is so much ahead; its slot is that clock's tomorrow."""
    began = NOW - told + much
    return RunFact(began, NOW - told, RunStatus.SUCCEEDED, next_due=began + timedelta(days=1, hours=12))


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        ([], "SEM_DADOS"),
        ([run(HOUR, "S")], "OK"),
        ([run(24 * HOUR, "S")], "OK"),
        ([run(24 * HOUR + timedelta(seconds=1), "S")], "ATENCAO"),
        ([run(48 * HOUR, "S")], "ATENCAO"),
        ([run(48 * HOUR + timedelta(seconds=1), "S")], "VERIFICAR"),
        ([run(HOUR, "F")], "FALHA"),
        ([run(2 * HOUR, "F"), run(HOUR, "S")], "OK"),
        ([run(2 * HOUR, "S"), run(HOUR, "F")], "FALHA"),
        ([run(HOUR, "S"), run(HOUR, "F")], "FALHA"),  # the same second: fail closed
        ([run(74 * timedelta(minutes=1), "E")], "EXECUTANDO"),
        ([run(75 * timedelta(minutes=1), "E")], "FALHA"),  # interrupted
        ([run(2 * HOUR, "S"), run(76 * timedelta(minutes=1), "E")], "FALHA"),
        ([run(2 * HOUR, "E"), run(HOUR, "S")], "OK"),  # a success followed the interrupted one
        ([run(5 * timedelta(minutes=1), "P")], "SEM_DADOS"),
        ([run(2 * HOUR, "S"), run(5 * timedelta(minutes=1), "P")], "OK"),
        ([run(2 * HOUR, "S"), run(15 * timedelta(minutes=1), "P")], "FALHA"),
        ([run(HOUR, "S", partial=True)], "ATENCAO"),  # a copy is missing: never green
        ([run(HOUR, "S", proof=Proof.REFUTED)], "FALHA"),  # it does not restore
        ([run(HOUR, "S", next_due=NOW)], "OK"),
        ([run(3 * HOUR, "S", next_due=NOW - HOUR)], "OK"),  # the slot's own hour
        ([run(3 * HOUR, "S", next_due=NOW - HOUR - timedelta(seconds=1))], "ATENCAO"),
        ([run(60 * HOUR, "S", next_due=NOW + 4 * HOUR)], "OK"),  # Friday's, on a Sunday
        ([run(HOUR, "S", next_due=NOW + timedelta(days=3650))], "OK"),  # unbelievable slot: 24 h count
        ([run(25 * HOUR, "S", next_due=NOW + timedelta(days=3650))], "ATENCAO"),
        ([run(25 * HOUR, "S", next_due=NOW - timedelta(days=3650))], "ATENCAO"),
        ([run(-HOUR, "S")], "VERIFICAR"),  # a success of the future proves nothing
        ([run(-10 * timedelta(minutes=1), "S")], "OK"),  # clocks differ by minutes
        ([run(-HOUR, "E")], "FALHA"),  # of a clock that was wrong: nobody ends it any more
        ([run(-10 * timedelta(minutes=1), "E")], "EXECUTANDO"),
        ([run(-HOUR, "P")], "FALHA"),
        ([ahead(timedelta(days=5))], "OK"),  # for a day from when it was reported,
        ([ahead(timedelta(days=5), told=30 * HOUR)], "ATENCAO"),  # and not until the slot of a clock that is ahead
        ([ahead(timedelta(days=5), told=50 * HOUR)], "VERIFICAR"),
        ([ahead(timedelta(minutes=15), told=30 * HOUR)], "OK"),
        ([run(HOUR, "S", size=1)], "OK"),
        ([run(HOUR, "S", size=0)], "SEM_DADOS"),  # a file without a byte is no backup
        ([run(30 * HOUR, "S"), run(HOUR, "S", size=-1)], "ATENCAO"),
    ],
)
def test_the_table(history: list[RunFact], expected: str) -> None:
    assert card(*history) is CardStatus(expected)


def test_a_clock_years_ahead_counts_from_the_moment_of_arrival() -> None:
    ahead = RunFact(NOW + timedelta(days=3000), NOW, RunStatus.SUCCEEDED, next_due=NOW + timedelta(days=3001))
    assert card(ahead) is CardStatus.OK
    assert card(ahead, later=timedelta(days=3)) is CardStatus.CHECK


def test_cards_are_ordered_worst_first() -> None:
    assert [each.value for each in CardStatus] == ["FALHA", "VERIFICAR", "SEM_DADOS", "ATENCAO", "EXECUTANDO", "OK"]


facts = st.builds(
    RunFact,
    started_at=st.integers(-200 * 3600, 48 * 3600).map(lambda s: NOW + timedelta(seconds=s)),
    received_at=st.integers(-200 * 3600, 0).map(lambda s: NOW + timedelta(seconds=s)),
    status=st.sampled_from(RunStatus),
    partial=st.booleans(),
    proof=st.sampled_from(Proof),
    next_due=st.none() | st.integers(-48 * 3600, 30 * 24 * 3600).map(lambda s: NOW + timedelta(seconds=s)),
)


@settings(max_examples=500)
@given(st.lists(facts, max_size=8))
def test_green_needs_a_whole_success_that_nothing_bad_followed(history: list[RunFact]) -> None:
    if card(*history) is not CardStatus.OK:
        return
    good = [fact.began for fact in history if fact.succeeded and not fact.partial]
    assert good
    assert not any(fact.failed and fact.began >= max(good) for fact in history)


@settings(max_examples=500)
@given(st.lists(facts, max_size=8))
def test_silence_turns_every_card(history: list[RunFact]) -> None:
    """Whatever was ever reported, a month without a word is never green, yellow or running."""
    later = card(*history, later=timedelta(days=30))
    assert later in (CardStatus.FAILED, CardStatus.CHECK, CardStatus.NO_DATA)


@settings(max_examples=300)
@given(st.lists(facts, max_size=8), st.integers(0, 40 * 24), st.integers(0, 40 * 24))
def test_time_alone_never_makes_a_card_green(history: list[RunFact], sooner: int, later: int) -> None:
    first, second = sorted((sooner, later))
    if card(*history, later=second * HOUR) is CardStatus.OK:
        assert card(*history, later=first * HOUR) in (CardStatus.OK, CardStatus.RUNNING, CardStatus.CHECK)


@settings(max_examples=700)
@given(st.lists(st.lists(facts, max_size=5), min_size=2, max_size=3), st.integers(0, 40 * 24))
def test_several_databases_are_green_only_where_each_is(histories: list[list[RunFact]], hours: int) -> None:
    now = NOW + hours * HOUR
    each = [evidence(history) for history in histories]
    of_each = [status(known, now) for known in each]
    whole = status(weakest(each), now)
    if whole is CardStatus.RUNNING:
        assert CardStatus.RUNNING in of_each
    elif CardStatus.RUNNING not in of_each:
        assert (whole is CardStatus.OK) == (set(of_each) == {CardStatus.OK})
        assert (whole is CardStatus.FAILED) == (CardStatus.FAILED in of_each)
        assert (whole is CardStatus.NO_DATA) == (CardStatus.NO_DATA in of_each and CardStatus.FAILED not in of_each)
        if CardStatus.NO_DATA not in of_each:
            assert whole is min(of_each, key=list(CardStatus).index)
    else:
        # A run that a later success of its own database has overtaken is no news of the whole.
        assert whole is not CardStatus.OK or set(of_each) <= {CardStatus.OK, CardStatus.RUNNING}


@given(st.lists(facts, max_size=8))
def test_one_database_is_its_company(history: list[RunFact]) -> None:
    assert weakest([evidence(history)]) == evidence(history)


def test_a_success_of_one_database_is_none_of_another() -> None:
    failed, good, silent = [run(3 * HOUR, "F")], [run(HOUR, "S", next_due=NOW + 20 * HOUR)], [run(80 * HOUR, "S")]
    assert card(*failed, *good) is CardStatus.OK  # as one history, the later success would hide the failure
    for other, expected in ((failed, "FALHA"), (silent, "VERIFICAR"), ([], "SEM_DADOS"), (good, "OK")):
        assert status(weakest([evidence(good), evidence(other)]), NOW) == expected
