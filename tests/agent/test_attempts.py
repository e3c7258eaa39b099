"""What keeps a backup from beginning is on record and in the state, whatever it is."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from topbackup.agent import attempts as module
from topbackup.agent.attempts import Attempts
from topbackup.agent.backup_now import Order
from topbackup.agent.controller import Controller, Part
from topbackup.agent.events import Events
from topbackup.agent.parts import Parts
from topbackup.agent.watch import Watch
from topbackup.cancellation import Cancellation
from topbackup.errors import BadUsage, Busy, OperationFailed, TopBackupError
from topbackup.journal import Journal
from topbackup.problems import AGENDA_UNKNOWN, INTERNAL, JOURNAL_UNWRITABLE, RUN_BUSY, RUN_INTERRUPTED, Problem

SLOT = datetime(2026, 11, 23, 15, tzinfo=UTC)
CONFIG = '{"firebird": {"database_path": ""}, "app": {"empresa_cnpj": "11.222.333/0001-81"}}'


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.open(tmp_path / "d.sqlite") as journal:
        yield journal


def attempted(
    journal: Journal, tmp_path: Path, order: Order, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> Controller:
    """An attempt that ends with this error before it begins."""
    (tmp_path / "config.json").write_text(CONFIG)
    controller = Controller(journal, Events(), lambda: SLOT)
    watch = Watch(lambda: None, lambda read: None, lambda trouble: None)  # type: ignore[arg-type,return-value]  # not started

    def fails(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(module, "back_up_now", fails)
    parts = Parts.of(tmp_path / "config.json")
    attempts = Attempts(journal, controller, watch, lambda: parts)
    cancel = Cancellation()
    if isinstance(error, TopBackupError) and error.problem is RUN_INTERRUPTED:
        cancel.ask(RUN_INTERRUPTED)
    with pytest.raises(TopBackupError):
        attempts.back_up(order, lambda progress: None, cancel)
    return controller


@pytest.mark.parametrize(
    ("error", "code", "trouble"),
    [
        (ValueError("a defect"), "TB-INTERNO", INTERNAL),
        (BadUsage(AGENDA_UNKNOWN, "1"), "TB-AGENDA-ID", None),
        (Busy(RUN_BUSY), None, None),
        (OperationFailed(RUN_INTERRUPTED), None, None),
    ],
)
def test_a_due_slot_that_could_not_begin(
    error: Exception,
    code: str | None,
    trouble: Problem | None,
    journal: Journal,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    controller = attempted(journal, tmp_path, Order(1, slot=SLOT), error, monkeypatch)
    codes = [run.failure and run.failure.code for run in journal.history(5)]
    assert codes == ([code] if code else [])
    assert journal.rows("SELECT * FROM PREVISTO") == [], "still owed"
    found = controller.trouble_of(Part.RUN)
    assert (found and found.problem) is trouble


def test_by_hand_the_asker_is_told_and_nothing_is_on_record(
    journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempted(journal, tmp_path, Order(1), ValueError("a defect"), monkeypatch)
    assert journal.history(5) == []


def test_a_journal_that_cannot_be_written_is_the_agents_trouble(
    journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order, full = Order(1, slot=SLOT), OperationFailed(JOURNAL_UNWRITABLE, "disk full")
    controller = attempted(journal, tmp_path, order, full, monkeypatch)
    found = controller.trouble_of(Part.JOURNAL)
    assert found is not None
    assert found.problem is JOURNAL_UNWRITABLE


def test_a_pause_that_could_not_be_kept_is_none(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    controller = Controller(journal, Events(), lambda: SLOT)

    def full(*_: object) -> None:
        raise OperationFailed(JOURNAL_UNWRITABLE)

    monkeypatch.setattr(journal, "remember", full)
    with pytest.raises(OperationFailed):
        controller.pause(timedelta(hours=10))
    assert controller.paused_until is None
    monkeypatch.undo()
    controller.pause(timedelta(hours=10))
    monkeypatch.setattr(journal, "remember", full)
    with pytest.raises(OperationFailed):
        controller.resume()
    assert controller.paused_until is not None
