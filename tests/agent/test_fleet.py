"""Thousands of agents that come back at the same minute: simulated, with the pace that each of them keeps."""

import heapq
import random

import pytest

from topbackup.cloud import Pace

AGENTS = 5_000
CONNECTIONS = 151  # MySQL's default; 500 agents at once were refused there (facts.md)
ANSWER = 0.25  # seconds that a contact holds its connection


def peak(arrivals: list[float]) -> int:
    """The most connections at once."""
    events = sorted([(at, 1) for at in arrivals] + [(at + ANSWER, -1) for at in arrivals])
    open_now = most = 0
    for _, change in events:
        open_now += change
        most = max(most, open_now)
    return most


def paces(spread: float, seed: int) -> list[Pace]:
    return [Pace(spread=spread, random=random.Random(seed * AGENTS + number).random) for number in range(AGENTS)]


@pytest.mark.parametrize("seed", range(5))
def test_the_power_comes_back_in_one_second(seed: int) -> None:
    arrivals = [pace.at_start() for pace in paces(20.0, seed)]
    assert peak(arrivals) < CONNECTIONS
    assert max(arrivals) <= 20.0, "and none waits long"


@pytest.mark.parametrize("seed", range(5))
def test_everybody_s_slot_is_at_23_00(seed: int) -> None:
    assert peak([pace.after_news() for pace in paces(20.0, seed)]) < CONNECTIONS


def test_without_the_spread_they_would_storm_it() -> None:
    assert peak([pace.at_start() for pace in paces(0.0, 1)]) == AGENTS


@pytest.mark.parametrize("minutes", [1, 10, 120])
def test_a_cloud_that_was_away_is_not_stormed_when_it_is_back(minutes: int) -> None:
    """Nobody keeps asking in step; all have told it what they had within an hour; and nobody asks all the time."""
    waiting = [(pace.at_start(), number, 0) for number, pace in enumerate(paces(20.0, 7))]
    agents = paces(20.0, 11)
    heapq.heapify(waiting)
    back, arrivals, attempts, last = minutes * 60.0, [], [0] * AGENTS, 0.0
    while waiting:
        at, number, failures = heapq.heappop(waiting)
        attempts[number] += 1
        if at >= back:
            arrivals.append(at)
            last = at
        else:
            heapq.heappush(waiting, (at + agents[number].after_failure(failures + 1), number, failures + 1))
    assert peak(arrivals) < CONNECTIONS
    assert last - back < 3600
    assert max(attempts) < 60 + minutes


def test_agents_that_met_once_drift_apart() -> None:
    first = [pace.after_success() for pace in paces(20.0, 3)]
    assert min(first) >= 1620
    assert max(first) <= 1980
    assert peak(first) < CONNECTIONS / 4
