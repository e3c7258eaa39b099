"""What every place away from this computer can do. One file per kind; one contract test for all (tests/destinations).

A name there that is whole means a file that is whole, as in a folder here: everything is sent under a temporary name,
checked by what the other side says of it, and only then renamed.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol


class Checked(StrEnum):
    """How a copy there was compared with the file here, the weakest first. Stored in the journal."""

    SIZE = "tamanho"
    HASH = "hash"  # the other side computed a digest of what it holds
    READ_BACK = "lido-de-volta"


type Identity = tuple[int, int, int]


def identity_of(found: os.stat_result) -> Identity:
    """What a file has that a newer one of the same name has not."""
    return (found.st_ino, found.st_size, found.st_mtime_ns)


@dataclass(frozen=True)
class Outgoing:
    """A finished local file that is to be there under `name`. sha256: of the whole file, hexadecimal.

    identity: of the file of which that is the SHA-256 (`identity_of`): another one under the path is never sent for it.
    """

    path: Path
    name: str
    size: int
    sha256: str
    identity: Identity | None = None


@dataclass(frozen=True)
class Placed:
    """What became of an upload. resumed_at: how many bytes were there already, from an attempt before."""

    checked: Checked
    resumed_at: int = 0


@dataclass(frozen=True)
class Entry:
    """A file there. modified: aware UTC, as the other side has it; None where it does not say."""

    name: str
    size: int
    modified: datetime | None


@dataclass(frozen=True)
class Transfer:
    """How a transfer behaves.

    go_on: called at each block; raises where it is to end. told: bytes done so far. rate: bytes a second at the most;
    None for no limit. want: the least that the check must be. recall, remember: a short text that the next attempt of
    the same upload gets back, after a restart too (an S3 upload's id); None forgets it. abandoned: names of files whose
    upload began and will not be gone on with: what is half there of them is taken away first, for it takes the room.
    """

    go_on: Callable[[], None]
    told: Callable[[int], None]
    rate: int | None
    want: Checked
    recall: Callable[[], str | None]
    remember: Callable[[str | None], None]
    abandoned: Callable[[], Sequence[str]] = tuple


class Step(StrEnum):
    """The steps of `topbackup destinations test`, in their order. Told in its JSON."""

    CONNECT = "conectar"
    LOGIN = "entrar"
    WRITE = "gravar"
    READ = "ler"
    RENAME = "renomear"
    DELETE = "apagar"


@dataclass(frozen=True)
class ProbeStep:
    """One step of `topbackup destinations test`. step: a Step's value. code: TB-…, where it failed."""

    step: str
    code: str | None
    sentence: str


class Destination(Protocol):
    """Every method connects by itself and leaves nothing open. Raises OperationFailed, with a code and no secret."""

    @property
    def name(self) -> str:
        """As the settings name it; unique among them."""

    @property
    def where(self) -> str:
        """The address for people, without a secret: `sftp://backup.example:22/loja`."""

    def put(self, file: Outgoing, transfer: Transfer) -> Placed:
        """Make the file be there under its name, whole and checked; an older one of that name is replaced only then."""

    def get(self, name: str, to: Path, transfer: Transfer) -> None:
        """Bring NAME into the local file `to`, which may hold the beginning of it already."""

    def files(self) -> Sequence[Entry]:
        """What is there under whole names; our own half files are left out."""

    def remove(self, name: str) -> None:
        """Take NAME away; none there is no error."""

    def probe(self) -> Sequence[ProbeStep]:
        """Write, read back, rename and delete a small file. Never raises: the last step tells why it ended."""
