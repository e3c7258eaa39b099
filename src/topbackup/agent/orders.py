"""Requests that have the agent do something: back up, end it, pause, read anew, tell the cloud, end."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from topbackup.agent.arguments import Arguments, number, sayable
from topbackup.agent.backup_now import Order
from topbackup.agent.controller import Part
from topbackup.agent.documents import Document, sync_document
from topbackup.agent.requests import PULSE, READING, asked
from topbackup.agent.runs import ticket_document
from topbackup.errors import BadUsage, OperationFailed
from topbackup.problems import AGENDA_UNKNOWN, BAD_ARGUMENT, DATABASE_ELSEWHERE, NOT_ALLOWED

if TYPE_CHECKING:
    from topbackup.agent.host import Host
    from topbackup.ipc.channel import Peer

_log = logging.getLogger(__name__)
_LARGEST = 2**63 - 1  # of an ID in AGENDA_BACKUP


@asked("backup")
def _backup(host: Host, arguments: Arguments, peer: Peer) -> Document | Iterator[Document]:
    """seguir: events until the result; without it, the ticket at once."""
    agenda, database, follow = arguments.get("agenda"), arguments.get("banco"), arguments.get("seguir", False)
    if database is not None and not (isinstance(database, str) and sayable(database)):
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
        return ticket_document(host.runs.submit(order, peer.account))
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
        yield {"evento": "pedido"} | ticket_document(ticket)
        while True:
            event = listener.next(PULSE)
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
    minutes = number(arguments, "minutos", 60, least=1, most=24 * 60)
    return {"pausado_ate": host.controller.pause(timedelta(minutes=minutes)).isoformat()}


@asked("resume", administrators=True)
def _resume(host: Host, _arguments: Arguments, _peer: Peer) -> Document:
    host.controller.resume()
    host.wake()
    return {"estado": host.controller.state.value}


@asked("reload", administrators=True)
def _reload(host: Host, _arguments: Arguments, _peer: Peer) -> Document:
    host.reload()
    host.watch.look_now(READING)
    return {"estado": host.controller.state.value}


@asked("sync")
def _sync(host: Host, _arguments: Arguments, _peer: Peer) -> Document:
    host.watch.look_now(READING)
    result = host.cloud.synchronise()
    trouble = host.controller.trouble_of(Part.DATABASE) or host.controller.trouble
    return sync_document(result.sent, result.waiting, result.failure or (trouble.failure() if trouble else None))


@asked("send", administrators=True)
def _send(host: Host, _arguments: Arguments, _peer: Peer) -> Document:
    """What waits for its next attempt is tried now."""
    return {"pendentes": host.uploads.try_now()}


@asked("shutdown", administrators=True)
def _shutdown(host: Host, _arguments: Arguments, _peer: Peer) -> Document:
    host.stop()
    return {}
