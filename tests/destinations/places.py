"""The places of the contract test: a Destination of each kind, beside what is really there, seen without it."""

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pytest

from lab.remote_peers import PASSWORD, USER
from topbackup.destinations.contract import Checked, Destination, Outgoing, Transfer
from topbackup.destinations.opening import open_destination
from topbackup.errors import TopBackupError
from topbackup.settings_remote import FolderRemote, FtpRemote, SftpRemote
from topcore.naming import PART_SUFFIX

SECONDS = 2  # tempo_segundos of the tests


class Server(Protocol):
    """What a lab's server is to a test."""

    files: Path
    host: str
    port: int


@dataclass
class Place:
    """destination: the one under test. read: a file there, without it; None where none is. names: all that is there.
    halves: what is half there, as the kind keeps it.
    """

    destination: Destination
    read: Callable[[str], bytes | None]
    names: Callable[[], list[str]]
    halves: Callable[[], list[str]]
    cut: Callable[[], object]
    heal: Callable[[], object] = lambda: None
    memory: dict[str, str | None] = field(default_factory=dict)

    def transfer(
        self,
        want: Checked = Checked.SIZE,
        *,
        rate: int | None = None,
        go_on: Callable[[], None] = lambda: None,
        told: Callable[[int], object] = lambda _: None,
        abandoned: Sequence[str] = (),
    ) -> Transfer:
        """With a memory that lasts as long as this place, as the journal's does."""

        def tell(count: int) -> None:
            told(count)

        def remember(text: str | None) -> None:
            self.memory["it"] = text

        return Transfer(go_on, tell, rate, want, lambda: self.memory.get("it"), remember, lambda: abandoned)

    def assert_never_half(self, name: str, *allowed: bytes | None) -> None:
        """Under a whole name there is a whole file, old or new, or none."""
        assert self.read(name) in allowed


def folder_place(destination: Destination, files: Path, cut: Callable[[], object]) -> Place:
    def read(name: str) -> bytes | None:
        return (files / name).read_bytes() if (files / name).exists() else None

    def names() -> list[str]:
        """pure-ftpd keeps an upload under a name of its own; killed, it leaves that behind, hidden from its clients."""
        return sorted(path.name for path in files.iterdir() if not path.name.startswith(".pureftpd-upload."))

    def halves() -> list[str]:
        return [name for name in names() if name.endswith(PART_SUFFIX)]

    return Place(destination, read, names, halves, cut)


def ftp_of(server: Server, **fields: Any) -> Destination:
    """As the settings would have it."""
    values = {"host": "localhost", "porta": server.port, "usuario": USER, "senha": PASSWORD, "tempo_segundos": SECONDS}
    return open_destination(FtpRemote.model_validate({"nome": "x", "tipo": "ftp", **values, **fields}), Path())


def sftp_of(server: Any, data: Path, **fields: Any) -> Destination:
    values = {"host": "127.0.0.1", "porta": server.port, "usuario": "root"}
    values |= {"chave_privada": str(server.key)} if hasattr(server, "key") else {}
    values |= {"caminho": str(server.files), "tempo_segundos": SECONDS}
    return open_destination(SftpRemote.model_validate({"nome": "x", "tipo": "sftp", **values, **fields}), data)


def folder_of(path: Path) -> Destination:
    return open_destination(FolderRemote(nome="x", tipo="pasta", caminho=str(path)), path)


def outgoing(folder: Path, size: int, name: str = "11222333000181.zip", seed: int = 0) -> Outgoing:
    """A file of random bytes, another for each seed."""
    path = folder / f"{seed}-{size}.zip"
    content = os.urandom(size)
    path.write_bytes(content)
    return Outgoing(path, name, size, hashlib.sha256(content).hexdigest())


def attempt(place: Place, file: Outgoing, told: Callable[[int], object] = lambda _: None) -> TopBackupError | None:
    """What one upload ended with; nothing of it holds a secret."""
    try:
        place.destination.put(file, place.transfer(told=told))
    except TopBackupError as error:
        assert_no_secret(error)
        return error
    return None


def sooner_or_later(place: Place, file: Outgoing) -> None:
    """As the queue would: again after what may pass by itself, as a server that still holds the half file."""
    for _ in range(5):
        error = attempt(place, file)
        if error is None:
            return
        assert error.retry, error
    pytest.fail("five attempts")


class Stop(TopBackupError):
    """What a test's own go_on raises."""


@contextmanager
def fails_with(*codes: str) -> Iterator[list[TopBackupError]]:
    """The block fails with one of these codes, and no secret stands anywhere in the chain of exceptions."""
    caught: list[TopBackupError] = []
    with pytest.raises(TopBackupError) as failure:
        yield caught
    caught.append(failure.value)
    assert failure.value.code in codes, failure.value
    assert_no_secret(failure.value)


def assert_no_secret(error: BaseException | None) -> None:
    """Also in what it came from, as a log with a traceback would show it."""
    while error is not None:
        for text in (str(error), repr(error), repr(error.args)):
            assert PASSWORD not in text
            assert PASSWORD.encode().decode("latin-1") not in text
        error = error.__cause__ or error.__context__
