"""What other programs may ask of the agent: the registry, and who may ask what.

The requests themselves are in `questions`, `orders` and `by_hand`, one small function each. `@asked("name")` is for
everybody who may connect; `administrators=True` for those who may change the agent.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from topbackup.errors import BadUsage, OperationFailed
from topbackup.problems import MESSAGE_INVALID, NOT_ALLOWED

if TYPE_CHECKING:
    from topbackup.agent.arguments import Arguments
    from topbackup.agent.host import Host
    from topbackup.ipc.channel import Peer
    from topbackup.ipc.messages import Request

_log = logging.getLogger(__name__)
PULSE = 15.0  # seconds: a listener that has gone is noticed when something is sent to it
READING = 25.0  # seconds to wait for the customer's database


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
