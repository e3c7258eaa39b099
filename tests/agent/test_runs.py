"""The queue of backups, by itself: one order for many clicks, and who may end it."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from topbackup.agent.backup_now import Order
from topbackup.agent.runs import Runs
from topbackup.backup.workplace import Progress
from topbackup.cancellation import Cancellation
from topcore.company import TaxId
from topcore.record import BackupRecord
from topcore.tables import NamingScheme


@dataclass
class Bench:
    """Makes no backup: it waits until it is let go or cancelled. made: the orders, as they were begun."""

    made: list[Order] = field(default_factory=list)
    let_go: threading.Event = field(default_factory=threading.Event)

    def work(self, order: Order, told: Callable[[Progress], None], cancel: Cancellation) -> BackupRecord:
        self.made.append(order)
        while not self.let_go.wait(0.01):
            cancel.check()
        return BackupRecord(
            run_id=uuid4(),
            tax_id=TaxId("11222333000181"),
            source="/b.fdb",
            naming=NamingScheme.SINGLE,
            manual=True,
            started_at=datetime.now(UTC),
            file_name="x.zip",
            destination1="/d",
        )


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.fixture
def runs(bench: Bench) -> Iterator[Runs]:
    queue = Runs(bench.work, lambda ticket: None)
    queue.start()
    yield queue
    bench.let_go.set()
    assert queue.close(10)


def test_one_order_asked_for_many_times_is_made_once(runs: Runs, bench: Bench) -> None:
    first = runs.submit(Order(1), "1000")
    assert [runs.submit(Order(1), who) for who in ("1000", "1001", "0")] == [first] * 3, "while it runs"
    waiting = runs.submit(Order(2), "1000")
    assert runs.submit(Order(2), "1000") is waiting, "while it waits"
    assert runs.submit(Order(None, "/outro.fdb")) is not waiting
    assert [ticket.order for ticket in runs.in_hand()] == [Order(1), Order(2), Order(None, "/outro.fdb")]
    bench.let_go.set()
    assert all(ticket.done.wait(10) for ticket in runs.in_hand())
    assert bench.made == [Order(1), Order(2), Order(None, "/outro.fdb")]
    assert runs.submit(Order(1)) is not first, "asked for anew once it is over"


def test_what_was_cancelled_may_be_asked_for_anew(runs: Runs) -> None:
    first = runs.submit(Order(1))
    assert runs.cancel() == 1
    assert runs.cancel() == 0
    assert runs.submit(Order(1)) is not first


def test_a_ticket_knows_all_who_asked_for_it(runs: Runs) -> None:
    mine, ours = runs.submit(Order(1), "1000"), runs.submit(Order(2), "1000")
    runs.submit(Order(2), "1001")
    scheduled = runs.submit(Order(3, slot=datetime.now(UTC)))
    assert (mine.asked_by, ours.asked_by, scheduled.asked_by) == ({"1000"}, {"1000", "1001"}, {""})
    assert runs.cancel(lambda ticket: ticket.asked_by == {"1000"}) == 1
    assert mine.done.wait(10)
    assert ours.order in [ticket.order for ticket in runs.in_hand()]
