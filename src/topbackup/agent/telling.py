"""What a run tells as it goes, made events and states for whoever looks."""

import time
from collections.abc import Callable

from topbackup.agent.controller import Controller
from topbackup.agent.documents import error_document, record_document
from topbackup.agent.events import Events
from topbackup.agent.runs import Ticket
from topbackup.backup.workplace import Progress

_PROGRESS = 0.25  # seconds between two progress events of one step


class Telling:
    """news: the journal has something for the cloud."""

    def __init__(self, events: Events, controller: Controller, news: Callable[[], None]) -> None:
        self._events, self._controller, self._news = events, controller, news
        self._progress_at = 0.0

    def ticket(self, ticket: Ticket) -> None:
        """It began, came along, or ended."""
        order = ticket.order
        facts: dict[str, int | None] = {"pedido": ticket.number, "agenda": order.agenda_id}
        if ticket.done.is_set():
            record = None if ticket.record is None else record_document(ticket.record)
            error = None if ticket.error is None else error_document(ticket.error) | {"saida": ticket.error.exit_code}
            self._events.tell("resultado", **facts, registro=record, erro=error)
            self._controller.backup(running=False)
            self._news()
        elif ticket.progress is None:
            self._controller.backup(running=True, why=f"agenda {order.agenda_id}, {order.slot or 'manual'}")
            self._events.tell("inicio", **facts, previsto=order.slot and order.slot.isoformat())
        else:
            self._progress(ticket.progress, facts)

    def _progress(self, progress: Progress, facts: dict[str, int | None]) -> None:
        now = time.monotonic()
        begins = progress.step != "dump" or progress.done == 0
        if begins or now - self._progress_at >= _PROGRESS:
            if begins:
                self._news()
            self._progress_at = now
            self._events.tell("progresso", **facts, passo=progress.step, feito=progress.done, total=progress.total)
