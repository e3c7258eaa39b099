"""The publisher, between an outbox and real clouds that come and go: in order, exactly once, and never an exception."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.mariadb_server import PASSWORD
from tests.cloud.clouds import Cloud
from tests.cloud.file_outbox import FileOutbox
from tests.cloud.samples import failed, pending, running, succeeded
from topbackup.clock import Clock
from topbackup.cloud import DrainResult, MysqlAddress, Publisher, open_cloud
from topbackup.cloud.publisher import BreakerState, Patience
from topbackup.cloud.retry import backoff_delay
from topbackup.cloud.store import CloudStore
from topbackup.errors import Busy
from topbackup.problems import (
    CLOUD_BREAKER_OPEN,
    CLOUD_LOGIN,
    CLOUD_REFUSED,
    CLOUD_UNREACHABLE,
    INTERNAL,
    JOURNAL_LOCKED,
)
from topcore.record import BackupRecord, OutboxEntry

NOW = datetime(2026, 11, 3, 12, 30, 0, tzinfo=UTC)


class HandClock:
    """Monotonic seconds that pass when told, and a wall clock that can be set back on its own."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.wall = NOW
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds
        self.wall += timedelta(seconds=seconds)

    def clock(self) -> Clock:
        return Clock(now=lambda: self.wall, monotonic=lambda: self.seconds)


@pytest.fixture
def outbox(tmp_path: Path) -> FileOutbox:
    return FileOutbox(tmp_path / "outbox")


@pytest.fixture
def hand() -> HandClock:
    return HandClock()


@pytest.fixture
def make(outbox: FileOutbox, cloud: Cloud, hand: HandClock) -> Callable[..., Publisher]:
    """A publisher from this outbox to this cloud, with anything of it replaced."""

    def publisher(**changes: object) -> Publisher:
        parts: dict[str, object] = {
            "pending": outbox.pending,
            "acknowledge": outbox.acknowledge,
            "waiting": outbox.waiting,
            "open_store": lambda: open_cloud(cloud.address),
            "clock": hand.clock(),
            "random": lambda: 0.5,
            "sleep": hand.sleep,
        }
        return Publisher(**(parts | changes))  # type: ignore[arg-type]

    return publisher


def history(count: int) -> Iterator[BackupRecord]:
    for number in range(1, count + 1):
        yield pending(number)
        yield running(number)
        yield failed(number) if number % 7 == 0 else succeeded(number)


def uuids(cloud: Cloud, where: str = "") -> list[UUID]:
    return [UUID(text) for (text,) in cloud.rows(f"SELECT UUID FROM LOG_BACKUPS {where} ORDER BY ID")]


def in_order(count: int) -> list[UUID]:
    return [UUID(int=number) for number in range(1, count + 1)]


def assert_all_there_once(cloud: Cloud, runs: int) -> None:
    assert uuids(cloud) == in_order(runs)
    assert uuids(cloud, "WHERE STATUS = 'F'") == [UUID(int=number) for number in range(7, runs + 1, 7)]
    assert cloud.one("SELECT COUNT(*) FROM LOG_BACKUPS WHERE STATUS IN ('P', 'E')") == 0


def test_fifty_runs_are_there_in_order_and_once(
    cloud: Cloud, outbox: FileOutbox, make: Callable[..., Publisher]
) -> None:
    outbox.put(history(50))
    assert make().drain() == DrainResult(sent=150, waiting=0)
    assert_all_there_once(cloud, 50)
    assert make().drain() == DrainResult(sent=0, waiting=0)


def test_an_empty_outbox_does_not_touch_the_cloud(make: Callable[..., Publisher]) -> None:
    def refuse() -> CloudStore:
        raise AssertionError("opened")

    assert make(open_store=refuse).drain() == DrainResult(0, 0)


def test_the_cloud_is_away_for_fifty_runs_and_comes_back(mariadb: Cloud, tmp_path: Path, hand: HandClock) -> None:
    mariadb.create()
    assert mariadb.server is not None
    outbox = FileOutbox(tmp_path / "outbox")
    publisher = Publisher(
        outbox.pending, outbox.acknowledge, outbox.waiting, lambda: open_cloud(mariadb.address),
        clock=hand.clock(), sleep=hand.sleep,
    )  # fmt: skip
    mariadb.server.stop()
    codes = set()
    for number, record in enumerate(history(50)):
        outbox.put([record])
        result = publisher.drain()
        assert (result.sent, result.waiting) == (0, number + 1)
        assert result.failure is not None
        codes.add(result.failure.code)
    assert codes == {CLOUD_UNREACHABLE.code, CLOUD_BREAKER_OPEN.code}
    mariadb.server.start()
    hand.sleep(3600)
    assert publisher.drain() == DrainResult(sent=150, waiting=0)
    assert_all_there_once(mariadb, 50)
    assert publisher.state.breaker is BreakerState.CLOSED


def test_the_server_is_killed_in_the_middle_of_a_drain(mariadb: Cloud, tmp_path: Path, hand: HandClock) -> None:
    mariadb.create()
    server = mariadb.server
    assert server is not None
    outbox = FileOutbox(tmp_path / "outbox")
    outbox.put(history(30))

    def acknowledge(sequence: int) -> None:
        outbox.acknowledge(sequence)
        if sequence == 40:
            threading.Thread(target=server.kill).start()

    publisher = Publisher(
        outbox.pending, acknowledge, outbox.waiting, lambda: open_cloud(mariadb.address),
        clock=hand.clock(), sleep=hand.sleep,
    )  # fmt: skip
    result = publisher.drain()
    assert 40 <= result.sent < 90
    assert result.waiting == 90 - result.sent
    assert result.failure is not None
    assert result.failure.code == CLOUD_UNREACHABLE.code
    server.start()
    assert publisher.drain() == DrainResult(sent=90 - result.sent, waiting=0)
    assert_all_there_once(mariadb, 30)


CHILD = """
import os, signal, sys
from pathlib import Path
from tests.cloud.clouds import address_from_environment
from tests.cloud.file_outbox import FileOutbox
from topbackup.cloud import Publisher, open_cloud

outbox = FileOutbox(Path(sys.argv[1]))

def acknowledge(sequence):
    if sequence == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
    outbox.acknowledge(sequence)

address = address_from_environment()
Publisher(outbox.pending, acknowledge, outbox.waiting, lambda: open_cloud(address)).drain()
"""


@pytest.mark.parametrize("killed_at", [1, 2, 3, 8])
def test_a_publisher_killed_between_send_and_acknowledge_sends_again_and_the_row_is_there_once(
    cloud: Cloud, outbox: FileOutbox, make: Callable[..., Publisher], tmp_path: Path, killed_at: int
) -> None:
    outbox.put(history(3))
    root = Path(__file__).parents[2]
    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(tmp_path / "outbox"), str(killed_at)],
        env=os.environ | cloud.environment() | {"PYTHONPATH": os.pathsep.join([str(root), str(root / "src")])},
        check=False,
    )
    assert child.returncode == -signal.SIGKILL
    assert outbox.sequences()[0] == killed_at, "it was sent and not acknowledged"
    assert len(uuids(cloud)) == (killed_at + 2) // 3
    before = uuids(cloud)
    assert make().drain() == DrainResult(sent=10 - killed_at, waiting=0)
    assert uuids(cloud)[: len(before)] == before
    assert uuids(cloud) == in_order(3)
    assert cloud.rows("SELECT STATUS, COUNT(*) FROM LOG_BACKUPS GROUP BY STATUS") == [("S", 3)]


def test_a_refused_run_keeps_its_place_and_the_others_go_on(
    cloud: Cloud, outbox: FileOutbox, make: Callable[..., Publisher]
) -> None:
    entries = [
        replace(record, file_name="veneno.zip") if record.run_id.int in (1, 3) else record for record in history(5)
    ]
    outbox.put(entries)
    cloud.refuse_files_called("veneno.zip")
    tries = []

    class Counting(CloudStore):
        def save_run(self, record: BackupRecord) -> None:
            tries.append(record.run_id.int)
            super().save_run(record)

    def counting() -> CloudStore:
        return Counting(vars(open_cloud(cloud.address))["_engine"], "nuvem")

    publisher = make(open_store=counting, patience=Patience(batch=2))
    for sent in (9, 0, 0, 0, 0, 0, 0):
        result = publisher.drain()
        assert (result.sent, result.waiting) == (sent, 6)
        assert result.failure is not None
        assert result.failure.code == CLOUD_REFUSED.code
    assert outbox.sequences() == [1, 2, 3, 7, 8, 9]
    assert tries[:3] == [1, 2, 2], "one try of a refused run in a drain: its later entries may not overtake"
    assert tries[-2:] == [1, 3]
    assert uuids(cloud) == [UUID(int=2), UUID(int=4), UUID(int=5)]
    assert publisher.state.breaker is BreakerState.CLOSED, "a cloud that refuses one record is well"
    cloud.execute("DROP TRIGGER RECUSA")
    assert publisher.drain() == DrainResult(sent=6, waiting=0)
    assert sorted(uuids(cloud)) == in_order(5)
    assert cloud.rows("SELECT STATUS, COUNT(*) FROM LOG_BACKUPS GROUP BY STATUS") == [("S", 5)]


def test_more_refused_runs_than_fit_a_batch_do_not_block_the_rest(
    cloud: Cloud, outbox: FileOutbox, make: Callable[..., Publisher]
) -> None:
    cloud.refuse_files_called("veneno.zip")
    outbox.put(replace(succeeded(number), file_name="veneno.zip") for number in range(1, 31))
    outbox.put([succeeded(31)])
    result = make(patience=Patience(batch=4)).drain()
    assert (result.sent, result.waiting) == (1, 30)
    assert uuids(cloud) == [UUID(int=31)]


def test_a_cloud_that_was_not_migrated_stops_the_drain_and_keeps_everything(
    empty_cloud: Cloud, outbox: FileOutbox, hand: HandClock
) -> None:
    empty_cloud.create(upgraded=False)
    outbox.put(history(2))
    tried = []

    def open_counted() -> CloudStore:
        tried.append(1)
        return open_cloud(empty_cloud.address)

    publisher = Publisher(
        outbox.pending, outbox.acknowledge, outbox.waiting, open_counted, clock=hand.clock(), sleep=hand.sleep
    )
    result = publisher.drain()
    assert (result.sent, result.waiting, hand.slept, tried) == (0, 6, [], [1])
    assert result.failure is not None
    assert result.failure.code == CLOUD_REFUSED.code
    empty_cloud.upgrade()
    assert publisher.drain() == DrainResult(sent=6, waiting=0)


def test_a_wrong_password_is_not_tried_again_and_again(
    mariadb: Cloud, outbox: FileOutbox, hand: HandClock, caplog: pytest.LogCaptureFixture
) -> None:
    mariadb.create()
    outbox.put(history(1))
    assert isinstance(mariadb.address, MysqlAddress)
    wrong = replace(mariadb.address, user="outro")
    publisher = Publisher(
        outbox.pending, outbox.acknowledge, outbox.waiting, lambda: open_cloud(wrong),
        clock=hand.clock(), random=lambda: 0.5, sleep=hand.sleep,
    )  # fmt: skip
    codes = [result.failure.code for result in (publisher.drain() for _ in range(8)) if result.failure]
    assert codes == [CLOUD_LOGIN.code] * 5 + [CLOUD_BREAKER_OPEN.code] * 3
    assert hand.slept == []
    assert PASSWORD not in caplog.text


def test_the_breaker_opens_rests_tries_once_and_closes(
    cloud: Cloud, outbox: FileOutbox, make: Callable[..., Publisher], hand: HandClock
) -> None:
    outbox.put(history(1))
    address = [cloud.away()]
    opened = []

    def open_store() -> CloudStore:
        opened.append(1)
        return open_cloud(address[0])

    publisher = make(open_store=open_store)
    assert publisher.state.breaker is BreakerState.CLOSED
    publisher.drain()
    assert hand.slept == [0.5, 1.0], "half of 1 s, half of 2 s"
    assert (publisher.state.failures, publisher.state.next_attempt_at) == (3, None)
    publisher.drain()
    state = publisher.state
    assert state.breaker is BreakerState.OPEN
    assert state.next_attempt_at == hand.wall + timedelta(seconds=30)
    opened.clear()
    result = publisher.drain()
    assert (opened, result.failure and result.failure.code) == ([], CLOUD_BREAKER_OPEN.code)
    hand.sleep(31)
    result = publisher.drain()
    assert (len(opened), result.failure and result.failure.code) == (1, CLOUD_UNREACHABLE.code)
    assert publisher.state.next_attempt_at == hand.wall + timedelta(seconds=60), "twice as long after the second"
    hand.sleep(61)
    address[0] = cloud.address
    assert publisher.drain() == DrainResult(sent=3, waiting=0)
    assert publisher.state == replace(state, breaker=BreakerState.CLOSED, failures=0, next_attempt_at=None)


def test_a_clock_set_back_by_a_year_does_not_make_the_rest_a_year_long(
    cloud: Cloud, outbox: FileOutbox, make: Callable[..., Publisher], hand: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox.put(history(1))
    address = [cloud.away()]
    publisher = make(open_store=lambda: open_cloud(address[0]), patience=Patience(trip_after=1))
    publisher.drain()
    assert publisher.state.breaker is BreakerState.OPEN

    class LastYear(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return NOW - timedelta(days=365)

    monkeypatch.setattr("pybreaker.datetime", LastYear)
    monkeypatch.setattr("topbackup.circuit.datetime", LastYear)
    hand.wall -= timedelta(days=365)
    hand.seconds += 61
    address[0] = cloud.address
    assert publisher.drain().sent == 3


def test_two_drains_at_once_are_one(cloud: Cloud, outbox: FileOutbox, make: Callable[..., Publisher]) -> None:
    outbox.put(history(3))
    publishers: list[Publisher] = []
    second: list[DrainResult] = []

    def acknowledge(sequence: int) -> None:
        if sequence == 1:
            second.append(publishers[0].drain())
        outbox.acknowledge(sequence)

    publishers.append(make(acknowledge=acknowledge))
    assert publishers[0].drain() == DrainResult(sent=9, waiting=0)
    assert second == [DrainResult(sent=0, waiting=9)]


def test_an_outbox_that_forgets_nothing_does_not_hold_a_drain_for_ever(
    cloud: Cloud, outbox: FileOutbox, make: Callable[..., Publisher]
) -> None:
    outbox.put(history(4))
    make(acknowledge=lambda _: None, patience=Patience(batch=5)).drain()
    assert make().drain().waiting == 0
    assert uuids(cloud) == in_order(4)


@pytest.mark.parametrize("broken", ["pending", "acknowledge", "waiting", "open_store"])
@pytest.mark.parametrize(
    ("error", "code"), [(Busy(JOURNAL_LOCKED), JOURNAL_LOCKED.code), (ZeroDivisionError(), INTERNAL.code)]
)
def test_nothing_that_breaks_raises_into_a_backup(
    cloud: Cloud, outbox: FileOutbox, make: Callable[..., Publisher], broken: str, error: Exception, code: str
) -> None:
    outbox.put(history(2))

    def raises(*_: object) -> Sequence[OutboxEntry]:
        raise error

    result = make(**{broken: raises}).drain()
    if broken == "waiting":
        assert result == DrainResult(sent=6, waiting=None), "not known is not none"
    else:
        assert (result.sent, result.waiting) == (0, 6)
        assert result.failure is not None
        assert result.failure.code == code
    assert make().drain().waiting == 0
    assert uuids(cloud) == in_order(2)


@given(
    attempt=st.integers(1, 10**6),
    base=st.floats(0.001, 100),
    cap=st.floats(0.001, 10_000),
    luck=st.floats(0.001, 0.999),
)
def test_a_delay_is_between_nothing_and_the_cap_and_doubles(attempt: int, base: float, cap: float, luck: float) -> None:
    delay = backoff_delay(attempt, base, cap, lambda: luck)
    assert 0 <= delay <= cap
    assert delay <= luck * base * 2.0 ** min(attempt - 1, 60)


def test_delays_double_until_the_cap() -> None:
    assert [backoff_delay(n, 1, 10, lambda: 1) for n in range(1, 7)] == [1, 2, 4, 8, 10, 10]
