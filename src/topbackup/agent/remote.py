"""What commands and window ask of the places away: which there are, do they work, what is there, what may go."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from topbackup.agent.documents import Document
from topbackup.agent.parts import Parts
from topbackup.backup.archive import check_archive
from topbackup.backup.manifest import Manifest, manifest_name, parse_manifest
from topbackup.backup.scratch import scratch_folder
from topbackup.backup.sweep import Fate, judged
from topbackup.cancellation import Cancellation
from topbackup.destinations.contract import Checked, ProbeStep, Transfer
from topbackup.destinations.folder import Folder, sha256_of
from topbackup.errors import BadUsage, OperationFailed
from topbackup.journal import Journal
from topbackup.journal.copies import CopyBook
from topbackup.problems import (
    BAD_ARGUMENT,
    FILE_ALTERED,
    REMOTE_MISSING,
    REMOTE_NOT_CONFIGURED,
    RESTORE_TARGET_EXISTS,
    RUN_CANCELLED,
)

_log = logging.getLogger(__name__)


def destinations_document(parts: Parts) -> list[Document]:
    """The destinations of the settings, without a secret. One that cannot be used says why."""
    found: list[Document] = []
    for remote in parts.settings.remotes:
        hours = remote.hours
        document: Document = {
            "nome": remote.nome,
            "tipo": remote.tipo,
            "horario": None if hours is None else [f"{hours[0]:%H:%M}", f"{hours[1]:%H:%M}"],
            "limite_kbps": remote.limite_kbps,
            "onde": None,
            "codigo_erro": None,
            "mensagem_erro": None,
        }
        try:
            document["onde"] = parts.remote_place(remote.nome).destination.where
        except OperationFailed as failed:
            document |= {"codigo_erro": failed.code, "mensagem_erro": failed.sentence}
        found.append(document)
    return found


def probe_destinations(parts: Parts, name: object = None) -> list[Document]:
    """Write, read back, rename and delete a small file at each of them, or at the one of this name.

    Raises BadUsage for an unknown name; OperationFailed with REMOTE_NOT_CONFIGURED where there is none at all.
    """
    names = [remote.nome for remote in parts.settings.remotes]
    if name is not None and name not in names:
        raise BadUsage(BAD_ARGUMENT, f"{name}: {', '.join(names) or '–'}")
    if not names:
        raise OperationFailed(REMOTE_NOT_CONFIGURED)
    return [_probed(parts, each) for each in names if name in (None, each)]


def _probed(parts: Parts, name: str) -> Document:
    try:
        destination = parts.remote_place(name).destination
    except OperationFailed as failed:
        return {
            "nome": name,
            "onde": None,
            "ok": False,
            "passos": [_step(ProbeStep("configuracao", failed.code, failed.sentence))],
        }
    steps = destination.probe()
    return {
        "nome": name,
        "onde": destination.where,
        "ok": bool(steps) and all(step.code is None for step in steps),
        "passos": [_step(step) for step in steps],
    }


def _step(step: ProbeStep) -> Document:
    return {"passo": step.step, "codigo_erro": step.code, "mensagem": step.sentence}


def files_document(parts: Parts, name: str) -> list[Document]:
    """The backups that are there, newest name first."""
    entries = parts.remote_place(name).destination.files()
    return [
        {
            "nome_arquivo": entry.name,
            "tamanho_bytes": entry.size,
            "data": None if entry.modified is None else entry.modified.isoformat(),
        }
        for entry in sorted(entries, key=lambda entry: entry.name, reverse=True)
        if entry.name.endswith(".zip")
    ]


def bring(parts: Parts, name: str, file: str, folder: Path, cancel: Cancellation) -> Path:
    """The ZIP `file` of that destination, and its manifest where there is one, into `folder`; never over a file.

    What came half is under NAME.part until it is whole. Raises BadUsage where the folder is none or has it; else
    OperationFailed with what the destination says.
    """
    target = folder / file
    if not folder.is_dir() or target.exists() or Path(file).name != file:
        raise BadUsage(RESTORE_TARGET_EXISTS if target.exists() else BAD_ARGUMENT, str(target))
    names = [remote.nome for remote in parts.settings.remotes]
    if name not in names:
        raise BadUsage(BAD_ARGUMENT, f"{name}: {', '.join(names) or '–'}")
    destination, here = parts.remote_place(name).destination, Folder(folder)
    manifest: Manifest | None = None
    try:
        destination.get(manifest_name(file), here.part(manifest_name(file)), _plainly(cancel))
        manifest = parse_manifest(here.part(manifest_name(file)).read_bytes())
    except OperationFailed as failed:
        if failed.problem is not REMOTE_MISSING:
            raise
    destination.get(file, here.part(file), _plainly(cancel))
    if manifest is not None and sha256_of(here.part(file)) != manifest.sha256:
        here.discard(file)  # what an attempt before had left may have been another file's
        destination.get(file, here.part(file), _plainly(cancel))
        if sha256_of(here.part(file)) != manifest.sha256:
            manifest = None
            if not _is_whole(here.part(file), cancel):
                here.discard(file)
                here.discard(manifest_name(file))
                raise OperationFailed(FILE_ALTERED, f"{name}: {file}")
            _log.warning("%s: the manifest of %s is another file's: not compared with it", name, file)
    if manifest is not None:
        here.publish(manifest_name(file))
    else:
        here.discard(manifest_name(file))
    return here.publish(file)


def _is_whole(archive: Path, cancel: Cancellation) -> bool:
    """By the ZIP's own sums. Then the manifest is of the file before it: the upload ended between the two."""
    try:
        check_archive(archive, cancel.check)
    except OperationFailed as failed:
        if failed.problem is RUN_CANCELLED:
            raise
        return False
    return True


@contextmanager
def brought_here(parts: Parts, name: str, file: str, cancel: Cancellation) -> Iterator[Path]:
    """As `bring`, into a temporary folder that is gone afterwards."""
    with scratch_folder(parts.places, uuid4()) as folder:
        yield bring(parts, name, file, folder, cancel)


def _plainly(cancel: Cancellation) -> Transfer:
    return Transfer(
        go_on=cancel.check,
        told=lambda done: None,
        rate=None,
        want=Checked.SIZE,
        recall=lambda: None,
        remember=lambda note: None,
    )


def retention_document(journal: Journal, parts: Parts) -> list[Document]:
    """For every V copy of ours, what a sweep would do with it now, and why. Nothing is touched."""
    return [_fate(fate) for fate in judged(CopyBook(journal), parts.sweeping())]


def _fate(fate: Fate) -> Document:
    record = fate.known.record
    return {
        "banco_origem": fate.database,
        "lugar": fate.known.place,
        "nome_arquivo": record.file_name,
        "data_inicio": record.started_at.isoformat(),
        "tamanho_bytes": record.size,
        "verificado": record.proof.value,
        "sai": fate.goes,
        "motivo": fate.why.value,
        "codigo_erro": None if fate.failure is None else fate.failure.code,
    }
