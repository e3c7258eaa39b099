"""What other programs may ask of the agent: one small function a request, in one registry.

`@asked("name")` is for everybody who may connect; `administrators=True` for those who may change the agent.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from topbackup import logs
from topbackup.account import account_name
from topbackup.agent.backup_now import Order
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
    sync_document,
)
from topbackup.agent.following import followed
from topbackup.agent.remote import destinations_document, probe_destinations, retention_document
from topbackup.agent.verification import restore_file, verify_file
from topbackup.destinations.folder import Folder
from topbackup.errors import BadUsage, OperationFailed
from topbackup.problems import (
    AGENDA_UNKNOWN,
    BAD_ARGUMENT,
    DATABASE_ELSEWHERE,
    FIREBIRD_TIMEOUT,
    MESSAGE_INVALID,
    NOT_ALLOWED,
)
from topbackup.version import __version__
from topcore.agenda import next_due

if TYPE_CHECKING:
    from topbackup.agent.host import Host
    from topbackup.agent.runs import Ticket
    from topbackup.backup.restore import Verdict
    from topbackup.backup.workplace import Progress
    from topbackup.cancellation import Cancellation
    from topbackup.ipc.channel import Peer
    from topbackup.ipc.messages import Request

_log = logging.getLogger(__name__)
_PULSE = 15.0  # seconds: a listener that has gone is noticed when something is sent to it
_READING = 25.0  # seconds to wait for the customer's database
_LARGEST = 2**63 - 1  # of an ID in AGENDA_BACKUP
_LONGEST_TEXT = 4096  # of a path or an address
type Arguments = Mapping[str, Any]
type Check = Callable[[Callable[[Progress], None], Cancellation], Verdict]


@dataclass(frozen=True)
class _Asked:
    answer: Callable[[Host, Arguments, Peer], Any]
    administrators: bool


_registry: dict[str, _Asked] = {}


def asked(name: str, *, administrators: bool = False) -> Callable[[Callable[[Host, Arguments, Peer], Any]], Any]:
    """Enter a function into the registry."""

    def enter(answer: Callable[[Host, Arguments, Peer], Any]) -> Callable[[Host, Arguments, Peer], Any]:
        _registry[name] = _Asked(answer, administrators)
        return answer

    return enter


def answer(host: Host, request: Request, peer: Peer) -> Any:
    """Raises BadUsage: no such request, not allowed, a wrong argument; and what the request itself raises."""
    found = _registry.get(request.name)
    if found is None:
        raise BadUsage(MESSAGE_INVALID, request.name)
    if found.administrators:
        if not peer.administrator:
            _log.warning("refused to %s: %s", peer.name, request.name)
            raise OperationFailed(NOT_ALLOWED, f"{request.name}: {peer.name}")
        _log.info("asked by %s: %s", peer.name, request.name)
    return found.answer(host, request.arguments, peer)


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
        "pedidos": [_ticket(ticket) for ticket in host.runs.in_hand()],
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
    limit, before = _number(arguments, "limite", 20, least=1, most=10_000), arguments.get("antes")
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
    answered = known or host.watch.look_now(_READING)
    registration = host.watch.registration
    if registration is None or not host.watch.healthy or not answered:
        trouble = host.controller.trouble_of(Part.DATABASE) or host.controller.trouble
        raise trouble or OperationFailed(FIREBIRD_TIMEOUT, f"{_READING:.0f} s")
    agendas, clock = registration.agendas, host.parts.clock
    zone = host.parts.settings.app.zone
    return agenda_document(registration.company, agendas.agendas, agendas.rejected, clock.now(), zone)


@asked("log")
def _log_lines(host: Host, arguments: Arguments, _peer: Peer) -> Document:
    """desde: the place that an earlier answer gave; without it, the last `linhas`."""
    folder = host.parts.places.logs
    if arguments.get("desde") is None:
        lines, place = logs.tail(folder, _number(arguments, "linhas", 50, least=1, most=5000))
    else:
        lines, place = logs.since(folder, _number(arguments, "desde", 0, least=0, most=2**53))
    return {"linhas": lines, "posicao": place}


@asked("backup")
def _backup(host: Host, arguments: Arguments, peer: Peer) -> Document | Iterator[Document]:
    """seguir: events until the result; without it, the ticket at once."""
    agenda, database, follow = arguments.get("agenda"), arguments.get("banco"), arguments.get("seguir", False)
    if database is not None and not (isinstance(database, str) and _sayable(database)):
        raise BadUsage(BAD_ARGUMENT, "banco")
    if agenda is not None and database is not None:
        raise BadUsage(BAD_ARGUMENT, "agenda / banco")
    if agenda is not None and (not isinstance(agenda, int) or isinstance(agenda, bool)):
        raise BadUsage(BAD_ARGUMENT, "agenda")
    if agenda is not None and abs(agenda) > _LARGEST:
        raise BadUsage(AGENDA_UNKNOWN, "agenda")
    if database is not None:
        _reachable(host, database, peer)
    order = Order(agenda, database)
    if follow is not True:
        return _ticket(host.runs.submit(order, peer.account))
    return _followed(host, order, peer)


def _reachable(host: Host, database: str, peer: Peer) -> None:
    """The agent logs in there with its own password: an ordinary user does not choose to whom it is sent.

    Nor may the path name a computer, which the server would then go on to. Raises BadUsage for what is no address.
    """
    named = host.parts.named_database(database)
    if peer.administrator or (named.same_server(host.parts.source) and named.stays_there):
        return
    _log.warning("refused to %s: a database of another server", peer.name)
    raise OperationFailed(DATABASE_ELSEWHERE, named.server)


def _followed(host: Host, order: Order, peer: Peer) -> Iterator[Document]:
    with host.events.heard() as listener:
        ticket = host.runs.submit(order, peer.account)
        yield {"evento": "pedido"} | _ticket(ticket)
        while True:
            event = listener.next(_PULSE)
            if event is None:
                yield {"evento": "pulso"}
            elif event.get("pedido") == ticket.number:
                yield dict(event)
            if event is not None and event.get("pedido") == ticket.number and event["evento"] == "resultado":
                return
            if host.stopped and host.runs.in_hand() == ():
                return


@asked("cancel")
def _cancel(host: Host, _arguments: Arguments, peer: Peer) -> Document:
    """All for an administrator; for others what they alone asked for by hand."""
    if peer.administrator:
        _log.info("asked by %s: cancel", peer.name)
        return {"cancelados": host.runs.cancel()}
    ended = host.runs.cancel(lambda ticket: ticket.asked_by == {peer.account})
    if not ended and host.runs.in_hand():
        _log.warning("refused to %s: cancel", peer.name)
        raise OperationFailed(NOT_ALLOWED, f"cancel: {peer.name}")
    return {"cancelados": ended}


@asked("pause", administrators=True)
def _pause(host: Host, arguments: Arguments, _peer: Peer) -> Document:
    minutes = _number(arguments, "minutos", 60, least=1, most=24 * 60)
    return {"pausado_ate": host.controller.pause(timedelta(minutes=minutes)).isoformat()}


@asked("resume", administrators=True)
def _resume(host: Host, _arguments: Arguments, _peer: Peer) -> Document:
    host.controller.resume()
    host.wake()
    return {"estado": host.controller.state.value}


@asked("reload", administrators=True)
def _reload(host: Host, _arguments: Arguments, _peer: Peer) -> Document:
    host.reload()
    host.watch.look_now(_READING)
    return {"estado": host.controller.state.value}


@asked("sync")
def _sync(host: Host, _arguments: Arguments, _peer: Peer) -> Document:
    host.watch.look_now(_READING)
    result = host.cloud.synchronise()
    trouble = host.controller.trouble_of(Part.DATABASE) or host.controller.trouble
    return sync_document(result.sent, result.waiting, result.failure or (trouble.failure() if trouble else None))


@asked("destinations")
def _destinations(host: Host, _arguments: Arguments, _peer: Peer) -> list[Document]:
    return destinations_document(host.parts)


@asked("destinations test", administrators=True)
def _destinations_test(host: Host, arguments: Arguments, _peer: Peer) -> list[Document]:
    """As the account that makes the backups, which is what counts."""
    return probe_destinations(host.parts, arguments.get("nome"))


@asked("send", administrators=True)
def _send(host: Host, _arguments: Arguments, _peer: Peer) -> Document:
    """What waits for its next attempt is tried now."""
    return {"pendentes": host.uploads.try_now()}


@asked("retention", administrators=True)
def _retention(host: Host, _arguments: Arguments, _peer: Peer) -> list[Document]:
    """What a sweep would do now, and why; nothing is touched."""
    return retention_document(host.journal, host.parts)


@asked("verify", administrators=True)
def _verify(host: Host, arguments: Arguments, _peer: Peer) -> Document | Iterator[Document]:
    """seguir: events until the result, and whoever stops listening ends it; without it, the verdict."""
    archive = _path(arguments, "arquivo")
    return _by_hand(host, arguments, lambda told, cancel: verify_file(host.parts, archive, cancel, told))


@asked("restore", administrators=True)
def _restore(host: Host, arguments: Arguments, _peer: Peer) -> Document | Iterator[Document]:
    """seguir: as `verify`."""
    archive, target = _path(arguments, "arquivo"), _path(arguments, "destino")
    return _by_hand(host, arguments, lambda told, cancel: restore_file(host.parts, archive, target, cancel, told))


def _by_hand(host: Host, arguments: Arguments, work: Check) -> Document | Iterator[Document]:
    def judged(told: Callable[[Progress], None], cancel: Cancellation) -> Document:
        """A verdict changes what is to be said of the run and of the file, and a bad one above all."""
        try:
            return verdict_document(work(told, cancel))
        finally:
            host.events.tell("copias")
            host.files_here.look_now()

    if arguments.get("seguir") is True:
        return followed(host.by_hand, judged)
    with host.by_hand() as cancel:
        return judged(lambda progress: None, cancel)


@asked("doctor")
def _doctor(host: Host, _arguments: Arguments, _peer: Peer) -> list[Document]:
    return [finding.document() for finding in examine(host.parts)]


@asked("shutdown", administrators=True)
def _shutdown(host: Host, _arguments: Arguments, _peer: Peer) -> Document:
    host.stop()
    return {}


@asked("try_folder", administrators=True)
def _try_folder(_host: Host, arguments: Arguments, _peer: Peer) -> Document:
    """Can the account that makes the backups write there? For administrators: it writes where it is told."""
    return {"livre": Folder(_path(arguments, "pasta")).try_out(), "conta": account_name()}


@asked("subscribe")
def _subscribe(host: Host, _arguments: Arguments, _peer: Peer) -> Iterator[Document]:
    with host.events.heard() as listener:
        yield {"evento": "estado", "estado": host.controller.state.value, "anterior": None, "motivo": None}
        began = time.monotonic()
        while True:
            event = listener.next(_PULSE)
            yield {"evento": "pulso", "segundos": round(time.monotonic() - began)} if event is None else dict(event)


def verdict_document(verdict: Verdict) -> Document:
    """What a verification or a restore found."""
    manifest, found = verdict.manifest, verdict.found
    return {
        "arquivo": str(verdict.archive),
        "manifesto": manifest is not None,
        "hash_sha256": manifest.sha256 if manifest else None,
        "tabelas": dict(found.rows),
        "indices_inativos": list(found.inactive_indices),
    }


def _ticket(ticket: Ticket) -> Document:
    progress = ticket.progress
    return {
        "pedido": ticket.number,
        "agenda": ticket.order.agenda_id,
        "banco": ticket.order.database,
        "previsto": ticket.order.slot and ticket.order.slot.isoformat(),
        "executando": ticket.began,
        "passo": None if progress is None else progress.step,
        "feito": None if progress is None else progress.done,
        "total": None if progress is None else progress.total,
    }


def _sayable(text: str) -> bool:
    """May it be a path or an address? No NUL, and no half sign but those that stand for a byte of a Linux file name."""
    try:
        os.fsencode(text)
    except UnicodeEncodeError:
        return False
    return "\0" not in text and len(text) <= _LONGEST_TEXT


def _number(arguments: Arguments, name: str, default: int, *, least: int, most: int) -> int:
    value = arguments.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise BadUsage(BAD_ARGUMENT, f"{name}: {least} … {most}")
    return value


def _path(arguments: Arguments, name: str) -> Path:
    """Whole: the agent's own folder is not the asker's."""
    value = arguments.get(name)
    if not isinstance(value, str) or not _sayable(value) or not Path(value).is_absolute():
        raise BadUsage(BAD_ARGUMENT, name)
    return Path(value)
