"""What the window knows: the agent's documents and events, folded into one frozen view. Pure, without a screen.

The link tells messages; `fold` makes the next view of each. Screens show what the modules beside this say of a view.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

from topbackup.errors import TopBackupError
from topbackup.gui.live import Live
from topbackup.gui.words import instant, number, rows_of
from topcore.agenda import DEFAULT_ZONE

type Document = Mapping[str, Any]


class Link(Enum):
    """How the window stands to the agent."""

    SEARCHING = "procurando"  # nobody has answered yet
    SERVICE = "servico"  # another process is the agent
    HOSTED = "nesta janela"  # this process is the agent
    LOST = "perdido"  # it answered before, and does not now
    UNCONFIGURED = "sem configuracao"


@dataclass(frozen=True)
class Linked:
    """A connection stands. version: of the agent. hosted: it runs in this process."""

    version: str
    hosted: bool


@dataclass(frozen=True)
class Unlinked:
    """No agent answers; it is tried again by itself. unconfigured: there are no settings that hold."""

    error: TopBackupError
    unconfigured: bool = False


@dataclass(frozen=True)
class StatusRead:
    document: Document
    at: datetime


@dataclass(frozen=True)
class HistoryRead:
    runs: Sequence[Document]


@dataclass(frozen=True)
class AgendaRead:
    """error: why AGENDA_BACKUP could not be read now."""

    document: Document | None
    error: TopBackupError | None = None


@dataclass(frozen=True)
class Happened:
    """monotonic: seconds, when it came in."""

    event: Document
    monotonic: float


type Message = Linked | Unlinked | StatusRead | HistoryRead | AgendaRead | Happened


@dataclass(frozen=True)
class Ended:
    """The last backup that ended while the window looked. error: it could not begin."""

    run: Document | None
    error: Document | None


@dataclass(frozen=True)
class View:
    link: Link = Link.SEARCHING
    version: str = ""
    trouble: TopBackupError | None = None
    status: Document | None = None
    status_at: datetime | None = None
    runs: tuple[Document, ...] = ()
    agenda: Document | None = None
    agenda_error: TopBackupError | None = None
    live: Live | None = None
    ended: Ended | None = None

    @property
    def linked(self) -> bool:
        return self.link in (Link.SERVICE, Link.HOSTED)

    @property
    def agent(self) -> Document:
        """What the agent says of itself; empty while it says nothing."""
        found = self.status.get("agente") if self.status and self.linked else None
        return found if isinstance(found, Mapping) else {}

    @property
    def zone(self) -> ZoneInfo:
        try:
            return ZoneInfo(str((self.status or {}).get("fuso", DEFAULT_ZONE)))
        except (ValueError, OSError, KeyError):
            return ZoneInfo(DEFAULT_ZONE)

    @property
    def company(self) -> tuple[str, str]:
        """(name, CNPJ); empty where they are not known yet."""
        for document in (self.agent, self.agenda or {}):
            found = document.get("empresa")
            if isinstance(found, Mapping):
                return str(found.get("fantasia", "")), str(found.get("cnpj", ""))
        return "", str(self.runs[0].get("cnpj", "")) if self.runs else ""

    @property
    def paused_until(self) -> datetime | None:
        return instant(self.agent.get("pausado_ate"))

    @property
    def next_slot(self) -> tuple[int, datetime] | None:
        """(ID of the agenda, instant) of the next backup."""
        for due in rows_of(self.agent.get("proximos")):
            slot, agenda = instant(due.get("previsto")), number(due.get("agenda"))
            if slot is not None and agenda is not None:
                return agenda, slot
        return None

    @property
    def running(self) -> bool:
        return self.linked and self.live is not None


def fold(view: View, message: Message) -> View:
    """The view after the message."""
    match message:
        case Linked(version, hosted):
            return replace(view, link=Link.HOSTED if hosted else Link.SERVICE, version=version, trouble=None)
        case Unlinked(error, unconfigured):
            return replace(view, link=_without(view, unconfigured), trouble=error, live=None)
        case StatusRead(document, at):
            return replace(view, status=document, status_at=at, live=_live_of(view, document))
        case HistoryRead(runs):
            return replace(view, runs=tuple(runs))
        case AgendaRead(document, error):
            return replace(view, agenda=document if document is not None else view.agenda, agenda_error=error)
        case Happened(event, monotonic):
            return _happened(view, event, monotonic)


def _without(view: View, unconfigured: bool) -> Link:
    if unconfigured:
        return Link.UNCONFIGURED
    return Link.SEARCHING if view.link is Link.SEARCHING else Link.LOST


def _happened(view: View, event: Document, monotonic: float) -> View:
    ticket = number(event.get("pedido"))
    if ticket is None:
        return view
    match event.get("evento"):
        case "inicio":
            return replace(view, live=Live.began(ticket, event.get("agenda"), monotonic), ended=None)
        case "progresso":
            live = view.live
            if live is None or live.number != ticket:
                live = Live.began(ticket, event.get("agenda"), monotonic)
            return replace(
                view, live=live.came_to(str(event.get("passo")), event.get("feito"), event.get("total"), monotonic)
            )
        case "resultado":
            ended = Ended(event.get("registro"), event.get("erro"))
            return replace(
                view, live=None if view.live is None or view.live.number == ticket else view.live, ended=ended
            )
        case _:
            return view


def _live_of(view: View, status: Document) -> Live | None:
    """The run that the status knows of: of one that began before the window looked, or that ended unheard."""
    agent = status.get("agente")
    tickets = rows_of(agent.get("pedidos")) if isinstance(agent, Mapping) else []
    for ticket in tickets:
        known = number(ticket.get("pedido"))
        if ticket.get("executando") and known is not None:
            if view.live is not None and view.live.number == known:
                return view.live
            return Live.found(
                known, ticket.get("agenda"), ticket.get("passo"), ticket.get("feito"), ticket.get("total")
            )
    return None
