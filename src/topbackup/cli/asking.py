"""Ask the agent where one runs; where none does, the command does it itself, with the same output."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from topbackup.errors import AgentNotRunning, NotConfigured
from topbackup.places import Places

if TYPE_CHECKING:
    from topbackup.ipc.client import Client

LONG = 600.0  # seconds for an answer that takes a look at the database, the cloud or a disk
_SHORT = 30.0


@contextmanager
def agent(config: Path) -> "Iterator[Client]":
    """The agent of these settings. Raises AgentNotRunning, and NotConfigured where there are no settings."""
    from topbackup.ipc.client import Client  # noqa: PLC0415 - see cli/backup.py
    from topbackup.settings_file import need  # noqa: PLC0415

    need(config)
    with Client.of(Places(config.absolute()).home) as client:
        yield client


def answer(
    config: Path,
    request: str,
    arguments: Mapping[str, Any] | None = None,
    *,
    otherwise: Callable[[], Any],
    patience: float = _SHORT,
) -> Any:
    """The agent's answer, or that of `otherwise` when none runs. Raises what either raises."""
    try:
        with agent(config) as client:
            return client.ask(request, arguments, patience=patience)
    except AgentNotRunning:
        return otherwise()


def zone(config: Path) -> ZoneInfo:
    """The shop's time zone: of the settings, or as the agent says where this account may not read them."""
    from topbackup.settings_file import load  # noqa: PLC0415 - see cli/backup.py

    try:
        return load(config).app.zone
    except NotConfigured as unreadable:
        try:
            with agent(config) as client:
                return ZoneInfo(client.ask("status")["fuso"])
        except AgentNotRunning:
            raise unreadable from None
