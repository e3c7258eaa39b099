"""Requests that change nothing: how the agent stands, what it did, what it will do."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from topbackup import logs
from topbackup.agent.arguments import Arguments, number
from topbackup.agent.controller import Part
from topbackup.agent.doctor import examine
from topbackup.agent.documents import (
    Document,
    agenda_document,
    company_document,
    error_document,
    files_document,
    history_page,
    sending_document,
    status_document,
)
from topbackup.agent.remote import destinations_document, retention_document
from topbackup.agent.requests import PULSE, READING, asked
from topbackup.agent.runs import ticket_document
from topbackup.errors import BadUsage, OperationFailed
from topbackup.problems import BAD_ARGUMENT, FIREBIRD_TIMEOUT
from topbackup.version import __version__
from topcore.agenda import next_due

if TYPE_CHECKING:
    from topbackup.agent.host import Host
    from topbackup.ipc.channel import Peer


@asked("status")
def _status(host: Host, _arguments: Arguments, _peer: Peer) -> Document:
    now, cloud = host.parts.clock.now(), host.cloud
    due = [(next_due(seen.agenda, now, host.parts.settings.app.zone), seen.agenda.id) for seen in host.book.seen()]
    slots = sorted((slot, number) for slot, number in due if slot is not None)
    trouble, until, breaker = host.controller.trouble, host.controller.paused_until, cloud.state
    registration = host.watch.registration
    agent = {
        "estado": host.controller.state.value,
        "versao": __version__,
        "desde": host.began.isoformat(),
        "empresa": None if registration is None else company_document(registration.company),
        "problema": None if trouble is None else error_document(trouble),
        "pausado_ate": None if until is None else until.isoformat(),
        "pedidos": [ticket_document(ticket) for ticket in host.runs.in_hand()],
        "proximos": [{"agenda": number, "previsto": slot.isoformat()} for slot, number in slots],
        "envio": None if host.uploads.sending is None else sending_document(host.uploads.sending),
        "nuvem": {
            "configurada": host.parts.settings.mysql.configured,
            "disjuntor": None if breaker is None else breaker.breaker.value,
            "falhas": 0 if breaker is None else breaker.failures,
            "proximo_contato": (now + timedelta(seconds=cloud.next_in)).isoformat(),
            "codigo_erro": cloud.result.failure.code if cloud.result and cloud.result.failure else None,
        },
    }
    found = status_document(host.journal, now, host.parts.settings.app.zone)
    return found | {"agente": agent, "copias_locais": files_document(host.files_here.last)}


@asked("look at copies")
def _look_at_copies(host: Host, _arguments: Arguments, _peer: Peer) -> Document:
    """Somebody wants to see them. What is found is in the status, and told by an event where it is news."""
    host.files_here.look_now()
    return {}


@asked("history")
def _history(host: Host, arguments: Arguments, _peer: Peer) -> list[Document]:
    """antes: the UUID of a run; those before it, newest first. An answer holds no more than a page.

    copias: with what became of each copy.
    """
    limit, before = number(arguments, "limite", 20, least=1, most=10_000), arguments.get("antes")
    try:
        known = None if before is None else str(UUID(before))
    except (ValueError, AttributeError, TypeError):
        raise BadUsage(BAD_ARGUMENT, "antes") from None
    return history_page(host.journal, limit, known, copies=arguments.get("copias") is True)


@asked("agenda")
def _agenda(host: Host, arguments: Arguments, _peer: Peer) -> Document:
    """Read from the customer's database now, as the command without an agent would. conhecida: as last read, if that
    went well.
    """
    known = arguments.get("conhecida") is True and host.watch.healthy and host.watch.registration is not None
    answered = known or host.watch.look_now(READING)
    registration = host.watch.registration
    if registration is None or not host.watch.healthy or not answered:
        trouble = host.controller.trouble_of(Part.DATABASE) or host.controller.trouble
        raise trouble or OperationFailed(FIREBIRD_TIMEOUT, f"{READING:.0f} s")
    agendas, clock = registration.agendas, host.parts.clock
    zone = host.parts.settings.app.zone
    return agenda_document(registration.company, agendas.agendas, agendas.rejected, clock.now(), zone)


@asked("log")
def _log_lines(host: Host, arguments: Arguments, _peer: Peer) -> Document:
    """desde: the place that an earlier answer gave; without it, the last `linhas`."""
    folder = host.parts.places.logs
    if arguments.get("desde") is None:
        lines, place = logs.tail(folder, number(arguments, "linhas", 50, least=1, most=5000))
    else:
        lines, place = logs.since(folder, number(arguments, "desde", 0, least=0, most=2**53))
    return {"linhas": lines, "posicao": place}


@asked("destinations")
def _destinations(host: Host, _arguments: Arguments, _peer: Peer) -> list[Document]:
    return destinations_document(host.parts)


@asked("retention", administrators=True)
def _retention(host: Host, _arguments: Arguments, _peer: Peer) -> list[Document]:
    """What a sweep would do now, and why; nothing is touched."""
    return retention_document(host.journal, host.parts)


@asked("doctor")
def _doctor(host: Host, _arguments: Arguments, _peer: Peer) -> list[Document]:
    return [finding.document() for finding in examine(host.parts)]


@asked("subscribe")
def _subscribe(host: Host, _arguments: Arguments, _peer: Peer) -> Iterator[Document]:
    with host.events.heard() as listener:
        yield {"evento": "estado", "estado": host.controller.state.value, "anterior": None, "motivo": None}
        began = time.monotonic()
        while True:
            event = listener.next(PULSE)
            yield {"evento": "pulso", "segundos": round(time.monotonic() - began)} if event is None else dict(event)
