"""Retention over tables of dates, and its invariants over random histories."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topcore.retention import Copy, Decision, Policy, Why, decide

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
START = datetime(2026, 1, 1, 2, tzinfo=UTC)  # 23:00 of the day before in São Paulo


def copy(number: int, place: str = "/a", *, days: float | None = None, **more: object) -> Copy:
    began = START + timedelta(days=number if days is None else days)
    fields = {"size": 10, "checked": True, "proven": False} | more
    return Copy(place, f"c{number}.zip", UUID(int=number), number, began, **fields)  # type: ignore[arg-type]


def gone(decisions: Sequence[Decision]) -> set[tuple[str, int]]:
    return {(each.copy.place, each.copy.run_id.int) for each in decisions if each.goes}


def whys(decisions: Sequence[Decision]) -> list[Why]:
    return [each.why for each in decisions]


def test_without_a_policy_everything_stays() -> None:
    assert whys(decide([copy(1), copy(2)], Policy(), SAO_PAULO, runs_fail=False)) == [Why.NO_POLICY] * 2


def test_the_last_three() -> None:
    copies = [copy(number) for number in range(1, 7)]
    decisions = decide(copies, Policy(last=3), SAO_PAULO, runs_fail=False)
    assert [each.copy.run_id.int for each in decisions] == [6, 5, 4, 3, 2, 1]
    assert whys(decisions) == [Why.NEWEST, Why.LAST, Why.LAST, Why.SUPERSEDED, Why.SUPERSEDED, Why.SUPERSEDED]


def test_days_are_those_of_the_zone() -> None:
    """23:30 and 00:30 in São Paulo are two days, though both are one in UTC."""
    late, early = copy(1, days=0.5 / 24), copy(2, days=1.5 / 24)
    noon = copy(3, days=13 / 24)
    decisions = decide([late, early, noon], Policy(daily=2), SAO_PAULO, runs_fail=False)
    assert [(each.copy.run_id.int, each.why) for each in decisions] == [
        (3, Why.NEWEST),
        (2, Why.SUPERSEDED),
        (1, Why.DAILY),
    ]


def test_days_weeks_and_months_each_keep_their_newest() -> None:
    copies = [copy(number) for number in range(120)]
    decisions = decide(copies, Policy(daily=7, weekly=4, monthly=3), SAO_PAULO, runs_fail=False)
    kept = [each.copy.began.astimezone(SAO_PAULO).date().isoformat() for each in decisions if not each.goes]
    assert kept == [
        *("2026-04-29", "2026-04-28", "2026-04-27", "2026-04-26", "2026-04-25", "2026-04-24", "2026-04-23"),
        *("2026-04-19", "2026-04-12", "2026-03-31", "2026-02-28"),
    ]


def test_nothing_goes_while_runs_fail() -> None:
    copies = [copy(number) for number in range(5)]
    assert gone(decide(copies, Policy(last=1), SAO_PAULO, runs_fail=True)) == set()


def test_nothing_goes_for_a_newer_copy_that_was_not_checked() -> None:
    copies = [copy(1), copy(2), copy(3, checked=False)]
    decisions = decide(copies, Policy(last=1), SAO_PAULO, runs_fail=False)
    assert whys(decisions) == [Why.NOTHING_NEWER, Why.NEWEST, Why.SUPERSEDED]
    lonely = decide([copy(1, checked=False), copy(2, checked=False)], Policy(last=1), SAO_PAULO, runs_fail=False)
    assert gone(lonely) == set()


def test_an_unchecked_copy_takes_nobodys_place() -> None:
    copies = [copy(1), copy(2, checked=False), copy(3)]
    assert gone(decide(copies, Policy(last=2), SAO_PAULO, runs_fail=False)) == {("/a", 2)}


def test_the_last_proven_stays_everywhere() -> None:
    copies = [copy(number, place, proven=number <= 2) for number in range(1, 6) for place in ("/a", "ftp")]
    decisions = decide(copies, Policy(last=1), SAO_PAULO, runs_fail=False)
    assert gone(decisions) == {(place, number) for place in ("/a", "ftp") for number in (1, 3, 4)}


def test_a_place_is_never_emptied_by_what_another_has() -> None:
    copies = [copy(1, "/a"), copy(2, "/b"), copy(3, "/b")]
    assert gone(decide(copies, Policy(last=1), SAO_PAULO, runs_fail=False)) == {("/b", 2)}


def test_bytes_win_over_counts_and_not_over_protection() -> None:
    copies = [copy(number, proven=number == 1) for number in range(1, 7)]
    decisions = decide(copies, Policy(last=5, largest=30), SAO_PAULO, runs_fail=False)
    assert whys(decisions) == [Why.NEWEST, Why.LAST, Why.LAST, Why.TOO_MUCH, Why.TOO_MUCH, Why.LAST_PROVEN]
    huge = decide([copy(1), copy(2, size=100)], Policy(largest=5), SAO_PAULO, runs_fail=False)
    assert whys(huge) == [Why.NEWEST, Why.TOO_MUCH]


def test_bytes_alone_keep_what_fits() -> None:
    copies = [copy(number) for number in range(1, 6)]
    decisions = decide(copies, Policy(largest=30), SAO_PAULO, runs_fail=False)
    assert whys(decisions) == [Why.NEWEST, Why.ROOM, Why.ROOM, Why.TOO_MUCH, Why.TOO_MUCH]


@pytest.mark.parametrize("field", ["last", "daily", "weekly", "monthly", "largest"])
def test_a_policy_that_keeps_nothing_cannot_be_said(field: str) -> None:
    with pytest.raises(ValueError, match="at least one"):
        Policy(**{field: 0})


_copies = st.lists(
    st.builds(
        copy,
        number=st.integers(0, 400),
        place=st.sampled_from(["/a", "/b", "ftp"]),
        days=st.one_of(st.integers(0, 400).map(float), st.floats(0, 400)),
        size=st.integers(0, 50),
        checked=st.booleans(),
        proven=st.booleans(),
    ),
    max_size=40,
    unique_by=lambda each: (each.place, each.run_id),
)
_count = st.one_of(st.none(), st.integers(1, 6))
_policies = st.builds(
    Policy, last=_count, daily=_count, weekly=_count, monthly=_count, largest=st.one_of(st.none(), st.integers(1, 200))
)


@given(_copies, _policies, st.booleans())
def test_the_invariants(copies: list[Copy], policy: Policy, runs_fail: bool) -> None:
    decisions = decide(copies, policy, SAO_PAULO, runs_fail=runs_fail)
    assert sorted(map(id, (each.copy for each in decisions))) == sorted(map(id, copies)), "each is told of, once"
    left, went = defaultdict(list), [each.copy for each in decisions if each.goes]
    for each in decisions:
        if not each.goes:
            left[each.copy.place].append(each.copy)
    if went:
        assert not runs_fail
        assert policy.bounded
    for copy_ in went:
        assert any(other.checked and other.order > copy_.order for other in left[copy_.place]), "a newer checked one"
    if any(each.proven and each.checked for each in copies):
        newest = max(each.order for each in copies if each.proven and each.checked)
        assert all(each.order < newest for each in went if each.proven), "never the last proven"
    if copies:
        assert any(left.values()), "never the last anywhere"


@given(_copies, _policies)
def test_what_a_count_asks_for_is_there(copies: list[Copy], policy: Policy) -> None:
    """The last N checked copies of a place stay, where no bytes bound them."""
    decisions = decide(copies, policy, SAO_PAULO, runs_fail=False)
    if policy.last is None or policy.largest is not None:
        return
    for place in {each.place for each in copies}:
        checked = sorted((each.order for each in copies if each.place == place and each.checked), reverse=True)
        went = {each.copy.order for each in decisions if each.goes and each.copy.place == place and each.copy.checked}
        assert not went & set(checked[: policy.last])


@pytest.mark.parametrize("years", [-10, 10])
def test_a_clock_that_was_wrong_decides_nothing(years: int) -> None:
    """Before a dead battery's clock, and after one that was ahead: the newest is what was made last."""
    early, late = [copy(1), copy(2)], [copy(3), copy(4)]
    if years > 0:
        early = [copy(number, days=number + years * 365) for number in (1, 2)]
    else:
        late = [copy(number, days=number + years * 365) for number in (3, 4)]
    assert gone(decide([*early, *late], Policy(last=2), SAO_PAULO, runs_fail=False)) == {("/a", 1), ("/a", 2)}
    assert ("/a", 4) not in gone(decide([*early, *late], Policy(daily=2), SAO_PAULO, runs_fail=False))


_orderly = st.lists(
    st.builds(
        copy,
        number=st.integers(0, 400),
        place=st.sampled_from(["/a", "/b", "ftp"]),
        size=st.integers(0, 50),
        checked=st.booleans(),
        proven=st.booleans(),
    ),
    max_size=40,
    unique_by=lambda each: (each.place, each.run_id),
)


@given(_orderly, _policies)
def test_deciding_again_after_the_sweep_takes_nothing_more(copies: list[Copy], policy: Policy) -> None:
    left = [each.copy for each in decide(copies, policy, SAO_PAULO, runs_fail=False) if not each.goes]
    assert gone(decide(left, policy, SAO_PAULO, runs_fail=False)) == set()
