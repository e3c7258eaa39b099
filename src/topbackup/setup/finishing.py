"""The end of the wizard, read from top to bottom: save, install the service, try the folders as its account, and make
the first backup, by the very agent that will make the next ones where one runs.

A task that fails does not keep the next from being done, but for the settings, which all the others stand on.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any

from topbackup.agent.backup_now import Order, back_up_now
from topbackup.agent.cloud_link import published_meanwhile
from topbackup.agent.documents import Document, record_document
from topbackup.agent.parts import Parts
from topbackup.backup.workplace import Progress
from topbackup.cancellation import Cancellation
from topbackup.errors import AgentNotRunning, OperationFailed, TopBackupError
from topbackup.ipc.client import Client, told_error
from topbackup.places import Places
from topbackup.problems import AGENT_SILENT, RUN_CANCELLED, RUN_INTERRUPTED
from topbackup.service import control
from topbackup.setup import config as config_file
from topbackup.setup.copies_trial import RemoteTrial, try_copies
from topbackup.setup.draft import Draft
from topbackup.setup.fields import Field
from topbackup.setup.findings import CopiesFinding
from topbackup.setup.remote_trial import try_remote
from topcore.agenda import Agenda

_PULSES = 60.0  # seconds: an agent that follows a run says something each 15
_AGENT_STARTS = 30.0
_PAUSE = 0.2


class Task(Enum):
    """In their order."""

    SAVE = "save"
    SERVICE = "service"
    FOLDERS = "folders"
    BACKUP = "backup"


class TaskState(Enum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class Told:
    """What became of a task, as it goes. record: of the finished backup, as `documents.record_document` gives it."""

    task: Task
    state: TaskState
    error: TopBackupError | None = None
    progress: Progress | None = None
    saved: config_file.Saved | None = None
    folders: CopiesFinding | None = None
    record: Document | None = None


@dataclass(frozen=True)
class Finishing:
    """What is to be done. agendas: valid rows; database: its file, where it is on this computer."""

    config: Path
    draft: Draft
    agendas: tuple[Agenda, ...]
    database: Path | None
    remote: RemoteTrial = try_remote

    @property
    def tasks(self) -> tuple[Task, ...]:
        service = (Task.SERVICE, Task.FOLDERS) if self.draft.on(Field.SERVICE) else ()
        backup = (Task.BACKUP,) if self.draft.on(Field.FIRST_BACKUP) else ()
        return (Task.SAVE, *service, *backup)

    @property
    def first_order(self) -> Order:
        """As the schedule would make it, where there is one: what is tried is what will run."""
        active = [row for row in self.agendas if row.active] or list(self.agendas)
        return Order(active[0].id) if active else Order()


def finish(todo: Finishing, now: datetime, tell: Callable[[Told], None], cancel: Cancellation) -> bool:
    """Do it; True when all of it went well. now: aware, local. tell: hears each task begin, go on and end."""
    done = _Doing(todo, tell, cancel)
    if not done.task(Task.SAVE, lambda: done.save(now)):
        return False
    service = Task.SERVICE not in todo.tasks or done.task(Task.SERVICE, done.install)
    folders = Task.FOLDERS not in todo.tasks or (service and done.task(Task.FOLDERS, done.try_folders))
    backup = Task.BACKUP not in todo.tasks or done.task(Task.BACKUP, done.back_up)
    return service and folders and backup


class _Doing:
    def __init__(self, todo: Finishing, tell: Callable[[Told], None], cancel: Cancellation) -> None:
        self._todo, self._tell, self._cancel = todo, tell, cancel

    def task(self, task: Task, work: Callable[[], dict[str, Any]]) -> bool:
        self._tell(Told(task, TaskState.RUNNING))
        try:
            if self._cancel.is_set():
                raise OperationFailed(RUN_CANCELLED)
            found = work()
        except TopBackupError as error:
            self._tell(Told(task, TaskState.FAILED, error))
            return False
        well = found.get("error") is None
        self._tell(Told(task, TaskState.DONE if well else TaskState.FAILED, **found))
        return well

    def save(self, now: datetime) -> dict[str, Any]:
        return {"saved": config_file.save(self._todo.config, self._todo.draft, now)}

    def install(self) -> dict[str, Any]:
        """Installed and running; one that is there already is left as it is, and reads the new settings by itself."""
        service = control.service()
        if service.state() == "not-installed":
            control.install(self._todo.config.absolute())
        service.start()
        self._until_the_agent_answers()
        return {}

    def try_folders(self) -> dict[str, Any]:
        settings = Parts.of(self._todo.config).settings
        todo = self._todo
        found = try_copies(settings, todo.agendas, todo.database, todo.config, self._cancel, remote=todo.remote)
        return {"folders": found, "error": found.error}

    def back_up(self) -> dict[str, Any]:
        try:
            record = self._by_the_agent()
        except AgentNotRunning:
            record = self._by_ourselves()
        return {"record": record, "error": _error_of(record)}

    def _by_the_agent(self) -> Document:
        """Raises AgentNotRunning where none runs."""
        with Client.of(self._home) as client:
            client.ask("backup", {"agenda": self._todo.first_order.agenda_id, "seguir": True})
            try:
                for event in client.events(_PULSES):
                    if self._cancel.is_set():
                        self._cancel_there()
                    if event.get("evento") == "progresso":
                        self._progress(Progress(event["passo"], event["feito"], event["total"]))
                    if event.get("evento") == "resultado":
                        return _result(event)
            except AgentNotRunning:
                raise OperationFailed(RUN_INTERRUPTED) from None  # it was there, and took the run with it
        raise OperationFailed(AGENT_SILENT)

    def _by_ourselves(self) -> Document:
        parts = Parts.of(self._todo.config)
        with published_meanwhile(parts) as publishing:
            know = publishing.know if publishing else lambda registration: None
            record = back_up_now(parts, self._todo.first_order, self._progress, self._cancel, know)
        return record_document(record)

    def _cancel_there(self) -> None:
        with Client.of(self._home) as other:
            other.ask("cancel")

    def _progress(self, progress: Progress) -> None:
        self._tell(Told(Task.BACKUP, TaskState.RUNNING, progress=progress))

    def _until_the_agent_answers(self) -> None:
        deadline = time.monotonic() + _AGENT_STARTS
        while True:
            try:
                with Client.of(self._home) as client:
                    client.ask("status")
            except AgentNotRunning:
                if time.monotonic() > deadline or self._cancel.is_set():
                    raise
                time.sleep(_PAUSE)
            else:
                return

    @property
    def _home(self) -> Path:
        return Places(self._todo.config.absolute()).home


def _result(event: Any) -> Document:
    if event["erro"] is not None:
        raise told_error(event["erro"])
    record: Document = event["registro"]
    return record


def _error_of(record: Document) -> TopBackupError | None:
    """Why the run failed, or a copy is missing; the error as its code tells it."""
    if record["codigo_erro"] is None:
        return None
    return told_error({"codigo": record["codigo_erro"], "detalhe": record["mensagem_erro"]})
