"""The way of a copy to any place that has files with names: half file, check, rename. Read `put` from top to bottom.

No moment leaves less than before. Where the server replaces a file by a rename, the older one is there until then.
Where it refuses, the older one is first renamed to NAME.anterior, then the new one to NAME, then the older is deleted:
between the two renames NAME itself is missing, but both contents are there, `files` and `get` take NAME.anterior for
NAME, and the next `put` goes on.
"""

import hashlib
import logging
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Protocol

from topbackup.destinations.contract import Checked, Entry, Outgoing, Placed, ProbeStep, Step, Transfer
from topbackup.destinations.fetching import fetch
from topbackup.destinations.pace import BLOCK, Sending, beginning, must_be_whole, paced
from topbackup.destinations.probing import PROBE_BYTES, Steps, Telling, probe_name
from topbackup.destinations.temporary_names import aside_name, is_part_of, part_name, whole
from topbackup.errors import OperationFailed
from topbackup.problems import (
    REMOTE_BUSY,
    REMOTE_CHECK,
    REMOTE_LOST,
    REMOTE_MISSING,
    REMOTE_PARTIAL_CHANGED,
    REMOTE_RENAME,
    REMOTE_SIZE,
    REMOTE_TIMEOUT,
    REMOTE_UNABLE,
)
from topcore.naming import PART_SUFFIX

_logger = logging.getLogger(__name__)
_GONE = (REMOTE_LOST, REMOTE_TIMEOUT, REMOTE_BUSY)  # the line to the server is, whatever became of the file
_ABSENT = -1
_RENAMING = "renomear:"  # remembered just before the rename, with the file's SHA-256


class Session(Protocol):
    """One connection, logged in, with its folder chosen. Every method raises OperationFailed with a TB-REMOTO code."""

    def size(self, name: str) -> int | None:
        """Bytes; None where there is no such file. REMOTE_UNABLE where the server has no way to say."""

    def read(self, name: str, offset: int, length: int | None = None) -> Iterator[bytes]:
        """From there so many bytes, or to its end. REMOTE_UNABLE where the server cannot begin in the middle."""

    def write(self, name: str, offset: int, blocks: Iterable[bytes]) -> None:
        """Write from `offset`, at which a file that is longer than 0 bytes ends; 0 makes it. It returns only when the
        server has said that it has it all. REMOTE_UNABLE where the server cannot go on with a file."""

    def rename(self, old: str, new: str) -> None:
        """Over an existing one where the server does that; REMOTE_RENAME where it refuses."""

    def delete(self, name: str) -> None:
        """None there is no error."""

    def entries(self) -> list[Entry]:
        """All files of the folder, no folders."""

    def same(self, name: str, file: Outgoing) -> bool | None:
        """By a digest that the other side computes of what it holds; None where it cannot."""


Open = Callable[[Telling], AbstractContextManager[Session]]


@dataclass(frozen=True)
class Staged:
    """A Destination on sessions. session: opens one, and tells the step that it is at."""

    name: str
    where: str
    session: Open

    def put(self, file: Outgoing, transfer: Transfer) -> Placed:
        must_be_whole(file)
        with ExitStack() as open_ones:
            session = open_ones.enter_context(self.session(_quiet))
            placed = _placed_before(session, file, transfer)
            if placed is not None:
                return placed
            _take_away_halves(session, transfer.abandoned())
            sending = Sending(file, _ours_already(session, file), transfer)
            try:
                _send(session, file, sending)
            except OperationFailed as error:
                # A control connection that the server or a firewall closed during a long transfer: the data may all
                # be there. What counts is what a new one says.
                if error.problem not in _GONE or not sending.all_sent:
                    raise
                session = open_ones.enter_context(self.session(_quiet))
            checked = _check(session, part_name(file), file, transfer, resumed=sending.start > 0)
            transfer.remember(_RENAMING + file.sha256)
            _give_name(session, part_name(file), file.name)
            _must_have_size(session, file.name, file)
            # The note stays until whoever asked for the copy has written it down: killed before, it asks again.
            _tidy(session, file)
        return Placed(checked, sending.start)

    def get(self, name: str, to: Path, transfer: Transfer) -> None:
        with self.session(_quiet) as session:
            there, size = name, session.size(name)
            if size is None:
                there, size = aside_name(name), session.size(aside_name(name))
            if size is None:
                raise OperationFailed(REMOTE_MISSING, f"{self.where}: {name}")
            fetch(partial(session.read, there), size, to, transfer)

    def files(self) -> Sequence[Entry]:
        with self.session(_quiet) as session:
            return whole(session.entries())

    def remove(self, name: str) -> None:
        with self.session(_quiet) as session:
            session.delete(aside_name(name))
            session.delete(name)

    def probe(self) -> Sequence[ProbeStep]:
        name, content = probe_name(), os.urandom(PROBE_BYTES)
        with Steps() as steps:
            steps.at(Step.CONNECT)
            with self.session(steps.at) as session:
                try:
                    steps.at(Step.WRITE)
                    session.write(name + PART_SUFFIX, 0, [content])
                    steps.at(Step.READ)
                    _must_be(content, session.read(name + PART_SUFFIX, 0))
                    steps.at(Step.RENAME)
                    session.rename(name + PART_SUFFIX, name)
                    steps.at(Step.DELETE)
                    session.delete(name)
                except OperationFailed:
                    with suppress(OperationFailed):
                        session.delete(name + PART_SUFFIX)
                        session.delete(name)
                    raise
        return steps.told


def _quiet(_: Step) -> None:
    """Steps are told in a probe only."""


def _must_be(content: bytes, blocks: Iterable[bytes]) -> None:
    if b"".join(blocks) != content:
        raise OperationFailed(REMOTE_CHECK)


def _placed_before(session: Session, file: Outgoing, transfer: Transfer) -> Placed | None:
    """Did an attempt before end between the rename and its being written down here? Then nothing is sent again."""
    if transfer.recall() != _RENAMING + file.sha256 or _told_size(session, part_name(file)) != _ABSENT:
        return None
    if _told_size(session, file.name) != file.size or not _ends_like(session, file.name, file, file.size):
        return None
    checked = _compare(session, file.name, file, transfer)
    return None if checked is None else Placed(checked, file.size)


def _ours_already(session: Session, file: Outgoing) -> int:
    """How many bytes of the half file there are ours. One that was changed or cannot be looked at is taken away."""
    part = part_name(file)
    there = _told_size(session, part)
    if there == _ABSENT:
        return 0
    if there is not None and 0 < there <= file.size and _ends_like(session, part, file, there):
        return there
    _logger.warning("%s: %s (%s)", REMOTE_PARTIAL_CHANGED.code, part, there)
    session.delete(part)
    return 0


def _ends_like(session: Session, name: str, file: Outgoing, end: int) -> bool:
    """Are its last bytes ours? False where the server cannot read from the middle."""
    length = min(end, BLOCK)
    try:
        return b"".join(session.read(name, end - length, length)) == beginning(file, end, length)
    except OperationFailed as error:
        if error.problem is not REMOTE_UNABLE:
            raise
        return False


def _send(session: Session, file: Outgoing, sending: Sending) -> None:
    if sending.all_sent and file.size > 0:
        return
    try:
        session.write(part_name(file), sending.sent, sending)
    except OperationFailed as error:
        if error.problem is not REMOTE_UNABLE or sending.sent == 0:
            raise
        # A server that reads from the middle but does not write there.
        session.delete(part_name(file))
        sending.begin_anew()
        session.write(part_name(file), 0, sending)


def _check(session: Session, part: str, file: Outgoing, transfer: Transfer, *, resumed: bool) -> Checked:
    """Raises OperationFailed: it is not our file. What is short is kept; what cannot become it is taken away."""
    size = _told_size(session, part)
    if size is not None and size != file.size:
        if size > file.size:
            session.delete(part)
        raise OperationFailed(REMOTE_SIZE, f"{part}: {size} ≠ {file.size}")
    # Of a half file only the end was looked at: what may have been changed before it, no size tells.
    strict = replace(transfer, want=Checked.HASH) if resumed and transfer.want is Checked.SIZE else transfer
    checked = _compare(session, part, file, strict)
    if checked is None:
        session.delete(part)
        raise OperationFailed(REMOTE_PARTIAL_CHANGED if resumed else REMOTE_CHECK, part)
    return checked


def _compare(session: Session, name: str, file: Outgoing, transfer: Transfer) -> Checked | None:
    """The strongest check that costs little, and at least the one wanted; None: the content is not ours."""
    same = session.same(name, file)
    if same is False:
        return None
    enough = transfer.want is Checked.SIZE and _told_size(session, name) is not None
    if transfer.want is not Checked.READ_BACK and (same or enough):
        return Checked.HASH if same else Checked.SIZE
    digest = hashlib.sha256()
    for block in paced(session.read(name, 0), transfer):
        digest.update(block)
    return Checked.READ_BACK if digest.hexdigest() == file.sha256 else None


def _told_size(session: Session, name: str) -> int | None:
    """None where the server has no way to say: then the file is read back."""
    try:
        size = session.size(name)
    except OperationFailed as error:
        if error.problem is not REMOTE_UNABLE:
            raise
        return None
    return _ABSENT if size is None else size


def _must_have_size(session: Session, name: str, file: Outgoing) -> None:
    size = _told_size(session, name)
    if size is not None and size != file.size:
        raise OperationFailed(REMOTE_SIZE, f"{name}: {size} ≠ {file.size}")


def _give_name(session: Session, part: str, name: str) -> None:
    """See above, at the head of this module, for a server that does not replace."""
    try:
        session.rename(part, name)
    except OperationFailed as error:
        if error.problem is not REMOTE_RENAME or _told_size(session, name) == _ABSENT:
            raise
        aside = aside_name(name)
        session.delete(aside)  # NAME is there: an older one put aside is not the only one
        session.rename(name, aside)
        try:
            session.rename(part, name)
        except OperationFailed:
            session.rename(aside, name)
            raise


def _take_away_halves(session: Session, names: Sequence[str]) -> None:
    if names:
        _delete_those(session, lambda entry: any(is_part_of(entry, name) for name in names))


def _tidy(session: Session, file: Outgoing) -> None:
    """The one put aside, and half files of contents that this one supersedes."""
    _delete_those(session, lambda entry: entry == aside_name(file.name) or is_part_of(entry, file.name))


def _delete_those(session: Session, unwanted: Callable[[str], bool]) -> None:
    """A failure here is none of the copy."""
    try:
        for entry in session.entries():
            if unwanted(entry.name):
                session.delete(entry.name)
    except OperationFailed as error:
        _logger.warning("%s", error.sentence)
