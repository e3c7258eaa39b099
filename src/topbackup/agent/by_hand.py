"""Requests that try something out under the agent's account: a backup's file, a folder, a destination away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from topbackup.account import account_name
from topbackup.agent.arguments import Arguments, path_of
from topbackup.agent.documents import Document
from topbackup.agent.following import followed
from topbackup.agent.remote import probe_destinations
from topbackup.agent.requests import asked
from topbackup.agent.verification import restore_file, verify_file
from topbackup.destinations.folder import Folder

if TYPE_CHECKING:
    from topbackup.agent.host import Host
    from topbackup.backup.restore import Verdict
    from topbackup.backup.workplace import Progress
    from topbackup.cancellation import Cancellation
    from topbackup.ipc.channel import Peer

type Check = Callable[[Callable[[Progress], None], Cancellation], Verdict]


@asked("verify", administrators=True)
def _verify(host: Host, arguments: Arguments, _peer: Peer) -> Document | Iterator[Document]:
    """seguir: events until the result, and whoever stops listening ends it; without it, the verdict."""
    archive = path_of(arguments, "arquivo")
    return _by_hand(host, arguments, lambda told, cancel: verify_file(host.parts, archive, cancel, told))


@asked("restore", administrators=True)
def _restore(host: Host, arguments: Arguments, _peer: Peer) -> Document | Iterator[Document]:
    """seguir: as `verify`."""
    archive, target = path_of(arguments, "arquivo"), path_of(arguments, "destino")
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


@asked("destinations test", administrators=True)
def _destinations_test(host: Host, arguments: Arguments, _peer: Peer) -> list[Document]:
    """As the account that makes the backups, which is what counts."""
    return probe_destinations(host.parts, arguments.get("nome"))


@asked("try_folder", administrators=True)
def _try_folder(_host: Host, arguments: Arguments, _peer: Peer) -> Document:
    """Can the account that makes the backups write there? For administrators: it writes where it is told."""
    return {"livre": Folder(path_of(arguments, "pasta")).try_out(), "conta": account_name()}


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
