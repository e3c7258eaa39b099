"""What is odd about successes: each rule at its edge, and on whatever comes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topcore.anomalies import RUNS_LOOKED_AT, Anomaly, Finding, Success, findings, same_place

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def history(*sizes: int | None, minutes: tuple[int, ...] = ()) -> list[Success]:
    """The oldest first, one a day; each takes ten minutes where nothing else is said."""
    runs = []
    for number, size in enumerate(sizes):
        start = NOW - DAY * (len(sizes) - number)
        end = start + MINUTE * (minutes[number] if minutes else 10)
        runs.append(Success(number + 1, start, end, end, size, "D:/ERP.FDB", "D:/BACKUP", "E:/BACKUP"))
    return runs


def kinds(runs: list[Success]) -> list[Anomaly]:
    return [finding.kind for finding in findings(runs, NOW)]


@pytest.mark.parametrize(
    ("sizes", "found"),
    [
        ((1000, 1002, 1004, 501), []),
        ((1000, 1002, 1004, 500), [Anomaly.SIZE_FELL]),
        ((1000, 1002, 1004, 0), [Anomaly.SIZE_FELL]),
        ((1000, 1002, 1), []),  # two before: nothing is usual yet
        ((1000, 1002, 1004, None), []),
        ((1000, 1002, None, 1), []),
        ((-5, -6, -7, -8), []),
        ((10, 1000, 1002, 1004, 501), []),  # by the median: one small run before does not hide it, nor make it
        ((10**20, 1000, 1002, 1004, 1003), []),
    ],
)
def test_size_fell_by_more_than_half(sizes: tuple[int | None, ...], found: list[Anomaly]) -> None:
    assert kinds(history(*sizes)) == found


@pytest.mark.parametrize(
    ("sizes", "found"),
    [
        ((9, 7, 7, 7, 7), []),
        ((9, 7, 7, 7, 7, 7), [Anomaly.SAME_SIZE]),
        ((7, 7, 7, 7, 8), []),
        ((7, 7, 7, 7, 7, 8), []),
        ((7, 7, None, 7, 7, 7), []),
        ((0, 0, 0, 0, 0, 0), []),
    ],
)
def test_the_same_size_five_times_in_a_row(sizes: tuple[int | None, ...], found: list[Anomaly]) -> None:
    assert kinds(history(*sizes)) == found


def test_since_is_the_first_of_those_with_the_same_size() -> None:
    runs = history(9, 7, 7, 7, 7, 7, 7)
    (finding,) = findings(runs, NOW)
    assert finding == Finding(Anomaly.SAME_SIZE, runs[1].started_at, 7, 6, 7, "D:/ERP.FDB")


@pytest.mark.parametrize(
    ("minutes", "found"),
    [
        ((10, 10, 10, 29), []),
        ((10, 10, 10, 30), [Anomaly.SLOW]),
        ((10, 10, 30), []),
        ((0, 0, 0, 1), []),  # a minute is not slow
        ((-10, -10, -10, 30), []),  # ended before they began: no duration
        ((10, 10, 10, -30), [Anomaly.CLOCK]),
    ],
)
def test_duration_tripled(minutes: tuple[int, ...], found: list[Anomaly]) -> None:
    assert kinds(history(*range(1000, 1000 + len(minutes)), minutes=minutes)) == found


@pytest.mark.parametrize(
    ("ahead", "found"), [(timedelta(minutes=15), []), (timedelta(minutes=15, microseconds=1), [Anomaly.CLOCK])]
)
def test_a_clock_that_is_ahead_of_the_servers(ahead: timedelta, found: list[Anomaly]) -> None:
    *before, last = history(1, 2, 3)
    assert kinds([*before, replace(last, received_at=last.started_at - ahead)]) == found
    # Received without a stamp: the future is held against now.
    future = replace(last, started_at=NOW + ahead, ended_at=None, received_at=None)
    assert kinds([*before, future]) == found


def test_a_late_report_is_no_wrong_clock() -> None:
    *before, last = history(1, 2, 3)
    assert kinds([*before, replace(last, received_at=last.started_at + 300 * DAY)]) == []


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("D:\\BACKUP", "d:/backup/", True),
        ("D:\\\\BACKUP\\.\\", " D:/Backup ", True),
        ("\\\\SRV\\dados", "//srv/dados/", True),
        ("\\\\SRV\\dados", "/srv/dados", False),
        ("/mnt/a", "mnt/a", False),
        ("D:/BACKUP", "E:/BACKUP", False),
        ("D:/BACKUP", "D:/BACKUP2", False),
        ("", "", False),
        ("  ", "", False),
        ("D:/AÇÃO", "d:/ação", True),
    ],
)
def test_two_spellings_of_one_folder(first: str, second: str, same: bool) -> None:
    assert same_place(first, second) is same
    *before, last = history(1, 2, 3)
    found = kinds([*before, replace(last, destination_1=first, destination_2=second)])
    assert found == ([Anomaly.SAME_PLACE] if same else [])


def test_databases_are_judged_apart() -> None:
    large = history(1000, 1001, 1002, 1003)
    small = [replace(run, run_id=run.run_id + 10, size=5 + run.run_id, source="D:/LOJA.FDB") for run in large]
    assert kinds([*large, *small]) == []


_sizes = st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1), st.sampled_from([0, 1, 7, 7, 500, 1000]))
_instants = st.datetimes(datetime(1971, 1, 1), datetime(9990, 1, 1), timezones=st.just(UTC))
_runs = st.builds(
    Success,
    run_id=st.integers(1, 40),
    started_at=st.one_of(_instants, st.sampled_from([NOW - DAY * n for n in range(8)])),
    ended_at=st.one_of(st.none(), _instants),
    received_at=st.one_of(st.none(), _instants),
    size=_sizes,
    source=st.sampled_from(["", "A"]),
    destination_1=st.text(max_size=8),
    destination_2=st.text(max_size=8),
)


@given(st.lists(_runs, max_size=RUNS_LOOKED_AT + 5))
def test_whatever_comes_each_kind_is_found_once_whatever_the_order(runs: list[Success]) -> None:
    runs = list({run.run_id: run for run in runs}.values())
    found = findings(runs, NOW)
    assert len({finding.kind for finding in found}) == len(found)
    assert sorted(findings(runs[::-1], NOW), key=str) == sorted(found, key=str)
    for finding in found:
        assert finding.run_id in {run.run_id for run in runs}


@given(st.integers(3, 14), st.integers(2, 10**12), st.floats(0, 2))
def test_half_of_a_steady_size_is_the_edge(before: int, usual: int, part: float) -> None:
    last = int(usual * part)
    fell = Anomaly.SIZE_FELL in kinds(history(*([usual] * before), last))
    assert fell == (last < usual * 0.5)
