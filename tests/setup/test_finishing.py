"""The end of the wizard: saved, installed, tried by the service's account, backed up, proven; what fails is told."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from tests.integration.faults import read_only
from tests.integration.running_agent import TOPBACKUP, running
from tests.integration.shop import SINGLE, WEEKDAY, Shop
from tests.setup.test_trials import draft_of
from topbackup import problems, settings_file
from topbackup.agent.backup_now import Order
from topbackup.cancellation import Cancellation
from topbackup.errors import OperationFailed
from topbackup.service import control
from topbackup.setup import finishing
from topbackup.setup.config import as_settings
from topbackup.setup.draft import Draft
from topbackup.setup.fields import Field
from topbackup.setup.finishing import Finishing, Task, TaskState, Told, finish
from topbackup.setup.trials import try_firebird
from topcore.agenda import Agenda

NOW = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)


def agendas_of(shop: Shop, draft: Draft) -> tuple[Agenda, ...]:
    found = try_firebird(as_settings(draft, shop.config), shop.config, Cancellation())
    assert found.agendas is not None, found.error
    return found.agendas.agendas


def todo(shop: Shop, **changes: str) -> Finishing:
    draft = draft_of(shop, **{"SERVICE": "N", "DESTINATION1": str(shop.d1)} | changes)
    draft = draft.typed(Field.COMPANY_TAX_ID, "11.222.333/0001-81")
    return Finishing(shop.config, draft, agendas_of(shop, draft), shop.database)


def done(what: Finishing, cancel: Cancellation | None = None) -> tuple[bool, list[Told]]:
    told: list[Told] = []
    well = finish(what, NOW, told.append, cancel or Cancellation())
    return well, told


def last(told: list[Told], task: Task) -> Told:
    return next(each for each in reversed(told) if each.task is task)


def test_saved_and_backed_up_and_proven_with_its_progress(shop: Shop) -> None:
    well, told = done(todo(shop))
    assert well
    assert [each.task for each in told if each.progress is None] == [Task.SAVE] * 2 + [Task.BACKUP] * 2
    steps = [each.progress.step for each in told if each.progress]
    assert steps[0] == "dump"
    assert "prove" in steps
    record = last(told, Task.BACKUP).record
    assert record is not None
    assert record["verificado"] == "S"
    assert record["agenda"] == 1
    assert settings_file.load(shop.config).app.first_run is False
    assert (shop.d1 / record["nome_arquivo"]).is_file()
    assert (shop.d2 / record["nome_arquivo"]).is_file()


def test_what_cannot_be_saved_begins_nothing(shop: Shop) -> None:
    what = todo(shop)
    with read_only(shop.home):
        well, told = done(what)
    assert not well
    assert [each.task for each in told] == [Task.SAVE, Task.SAVE]
    error = last(told, Task.SAVE).error
    assert error is not None
    assert error.problem is problems.CONFIG_UNWRITABLE


def test_a_backup_that_fails_says_why(shop: Shop) -> None:
    what = todo(shop)
    shutil.rmtree(shop.d1)
    well, told = done(what)
    assert not well
    error = last(told, Task.BACKUP).error
    assert error is not None
    assert error.problem is problems.DESTINATION_MISSING
    assert last(told, Task.SAVE).state is TaskState.DONE


def test_cancelled_in_the_middle_it_ends_and_leaves_nothing_half(shop: Shop) -> None:
    what, cancel = todo(shop), Cancellation()
    told: list[Told] = []

    def hear(news: Told) -> None:
        told.append(news)
        if news.progress and news.progress.step == "dump":
            cancel.ask()

    assert not finish(what, NOW, hear, cancel)
    error = last(told, Task.BACKUP).error
    assert error is not None
    assert error.problem is problems.RUN_CANCELLED
    shop.assert_nothing_lost()


def test_the_agent_that_runs_makes_the_first_backup_itself(shop: Shop) -> None:
    shop.configure()
    with running(shop) as agent:
        well, told = done(todo(shop))
        assert well, told
        record = last(told, Task.BACKUP).record
        assert record is not None
        assert record["uuid"][:8] in agent.log(), "its process made it, not ours"
        assert any(each.progress for each in told)


def test_a_schedule_is_tried_as_it_will_run_and_without_one_the_settings(shop: Shop) -> None:
    what = todo(shop)
    assert what.first_order == Order(1)
    assert Finishing(what.config, what.draft, (), None).first_order == Order()
    assert {SINGLE, WEEKDAY} < {row.id for row in what.agendas}


@pytest.fixture
def stand_in(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """In the place of systemd, which this machine may not have: it starts the real agent, as its unit would."""
    asked: list[str] = []
    processes: list[subprocess.Popen[bytes]] = []

    def start() -> None:
        asked.append("start")
        command = [*TOPBACKUP, "run", "--quiet", "--config", str(shop.config)]
        quiet = subprocess.DEVNULL
        processes.append(subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet))

    service = SimpleNamespace(
        state=lambda: "inactive" if "install" in asked else "not-installed",
        install=lambda _program, config: asked.append("install") if config == shop.config else None,
        start=start,
    )
    monkeypatch.setattr(control, "service", lambda: service)
    yield asked
    for process in processes:
        process.terminate()
        process.wait(30)


def test_installed_then_tried_and_backed_up_by_the_service(shop: Shop, stand_in: list[str]) -> None:
    well, told = done(todo(shop, SERVICE="S"))
    assert well, [each.error for each in told if each.error]
    assert stand_in == ["install", "start"]
    folders = last(told, Task.FOLDERS).folders
    assert folders is not None
    assert folders.by_agent
    assert [place.path for place in folders.places] == [str(shop.d1), str(shop.d2)]
    record = last(told, Task.BACKUP).record
    assert record is not None
    assert record["verificado"] == "S"


def test_a_folder_that_the_service_cannot_write_to_is_told(shop: Shop, stand_in: list[str]) -> None:
    what = todo(shop, SERVICE="S", DESTINATION2=str(shop.home / "fechada"))
    (shop.home / "fechada").mkdir()
    with read_only(shop.home / "fechada"):
        well, told = done(what)
    assert stand_in
    assert not well
    error = last(told, Task.FOLDERS).error
    assert error is not None
    assert error.problem is problems.DESTINATION_READ_ONLY
    assert last(told, Task.BACKUP).state is TaskState.DONE, "what can be done is done"


def test_no_service_here_does_not_keep_the_first_backup_from_being_made(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OperationFailed(problems.SERVICE_NO_SYSTEMD)

    service = SimpleNamespace(state=lambda: "not-installed", install=refuse, start=refuse)
    monkeypatch.setattr(control, "service", lambda: service)
    well, told = done(todo(shop, SERVICE="S"))
    assert not well
    error = last(told, Task.SERVICE).error
    assert error is not None
    assert error.problem is problems.SERVICE_NO_SYSTEMD
    assert not [each for each in told if each.task is Task.FOLDERS]
    assert last(told, Task.BACKUP).state is TaskState.DONE


def test_a_service_that_never_answers_costs_its_time(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    service = SimpleNamespace(state=lambda: "inactive", start=lambda: None)
    monkeypatch.setattr(control, "service", lambda: service)
    monkeypatch.setattr(finishing, "_AGENT_STARTS", 0.3)
    began = time.monotonic()
    _well, told = done(todo(shop, SERVICE="S", FIRST_BACKUP="N"))
    assert time.monotonic() - began < 5
    error = last(told, Task.SERVICE).error
    assert error is not None
    assert error.problem is problems.AGENT_NOT_RUNNING
