"""The examination: every part that a backup stands on, one finding each. It changes nothing but a probe file."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from topbackup.agent.cloud_link import cloud_address
from topbackup.agent.documents import Document, error_document
from topbackup.agent.parts import Parts, Registration
from topbackup.backup.job import BackupJob
from topbackup.backup.space import zip_estimate
from topbackup.cloud import open_cloud
from topbackup.destinations.folder import Folder
from topbackup.errors import OperationFailed, TopBackupError
from topbackup.i18n import _
from topbackup.journal import Journal
from topbackup.problems import (
    AGENDA_EMPTY,
    AGENDA_ROW,
    CLOCK_WENT_BACK,
    DESTINATION_FULL,
    DESTINATION_SAME,
    INTERNAL,
    all_problems,
)
from topcore.tables import NamingScheme

_ROOM_FOR_THE_AGENT = 200 << 20  # bytes: journal, logs, and a scratch database of a small shop
_CLOCK_TOLERANCE = timedelta(minutes=2)


@dataclass(frozen=True)
class Finding:
    """subject: what was examined. words: what was found. error: None when it is well."""

    subject: str
    words: str
    error: TopBackupError | None = None

    def document(self) -> Document:
        return {
            "exame": self.subject,
            "ok": self.error is None,
            "detalhe": self.words,
            "erro": None if self.error is None else error_document(self.error),
        }


def examine(parts: Parts) -> list[Finding]:
    """All findings; the one that fails does not keep the next from being made."""
    findings = []
    registrations: list[Registration] = []

    def firebird() -> str:
        registrations.append(parts.registration())
        return f"{parts.source.server} · {registrations[0].company.trade_name} · {registrations[0].company.tax_id}"

    findings.append(_finding(_("Firebird"), firebird))
    registration = registrations[0] if registrations else None
    if registration is not None:
        findings.extend(_schedule(registration))
        findings.append(_finding("gbak", lambda: _gbak(parts, registration)))
        findings.extend(_destinations(parts, registration))
    for remote in parts.settings.remotes:
        subject = f"{_('Destination')} {remote.nome}"
        findings.append(_finding(subject, lambda name=remote.nome: _reaches(parts, name)))  # type: ignore[misc]  # see above
    findings.append(_finding(_("Journal"), lambda: _journal(parts)))
    findings.append(_finding(_("Clock"), lambda: _clock(parts)))
    findings.append(_finding(_("Disk"), lambda: _disk(parts)))
    if parts.settings.mysql.configured:
        findings.append(_finding(_("Cloud"), lambda: _cloud(parts)))
    return findings


def _finding(subject: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(subject, look())
    except TopBackupError as error:
        return Finding(subject, error.sentence, error)


def _schedule(registration: Registration) -> list[Finding]:
    agendas = registration.agendas
    summary = _("Valid rows: {valid}. Rejected: {rejected}.").format(
        valid=len(agendas.agendas), rejected=len(agendas.rejected)
    )
    if not agendas.agendas and not agendas.rejected:
        return [Finding(_("Agenda"), summary, OperationFailed(AGENDA_EMPTY))]
    findings = [Finding(_("Agenda"), summary)]
    for row in agendas.rejected:
        words = _("Row {row} rejected: {reason}").format(row=row.row, reason=row.reason)
        findings.append(Finding(_("Agenda"), words, OperationFailed(AGENDA_ROW, f"{row.row}: {row.reason}")))
    return findings


def _gbak(parts: Parts, registration: Registration) -> str:
    job = BackupJob(
        run_id=uuid4(),
        company=registration.company,
        source=parts.source,
        source_name=str(parts.source),
        destination1=Path(),
        destination2=None,
        naming=NamingScheme.SINGLE,
        zone=parts.settings.app.zone,
    )
    source = parts.look(job)
    return f"{source.gbak.path} {source.gbak.version} · {_('server')} {source.facts.engine}"


def _destinations(parts: Parts, registration: Registration) -> list[Finding]:
    backup = parts.settings.backup
    pairs = [(agenda.destination1, agenda.destination2 or "") for agenda in registration.agendas.agendas]
    pairs.append((backup.local_destino1, backup.local_destino2))
    findings = []
    for folder in dict.fromkeys(path for pair in pairs for path in pair if path):
        findings.append(_finding(f"{_('Destination')} {folder}", lambda folder=folder: _writes(parts, Path(folder))))  # type: ignore[misc]  # a default argument binds the loop's value
    findings += [
        Finding(f"{_('Destination')} {first}", "", OperationFailed(DESTINATION_SAME, first))
        for first, second in dict.fromkeys(pairs)
        if first and second and Path(first).exists() and Path(second).exists() and Path(first).samefile(second)
    ]
    return findings


def _writes(parts: Parts, path: Path) -> str:
    """Write, as a backup would, and take it away."""
    with Journal.open(parts.places.journal) as journal:
        needed = zip_estimate(journal.last_success(str(parts.source)), None)
    return _("{free} MB free").format(free=Folder(path).try_out(needed) >> 20)


def _reaches(parts: Parts, name: str) -> str:
    """Write, read back, rename and delete a small file there."""
    destination = parts.remote_place(name).destination
    for step in destination.probe():
        if step.code is not None:
            raise OperationFailed(all_problems().get(step.code, INTERNAL), destination.where)
    return destination.where


def _journal(parts: Parts) -> str:
    with Journal.open(parts.places.journal) as journal:
        return _("{count} records wait for the cloud").format(count=journal.waiting())


def _clock(parts: Parts) -> str:
    now, zone = parts.clock.now(), parts.settings.app.zone
    with Journal.open(parts.places.journal) as journal:
        last = journal.last_instant()
    if last is not None and now < last - _CLOCK_TOLERANCE:
        raise OperationFailed(CLOCK_WENT_BACK, f"{now.astimezone(zone):%d/%m/%Y %H:%M}")
    return f"{now.astimezone(zone):%d/%m/%Y %H:%M:%S} {zone.key}"


def _disk(parts: Parts) -> str:
    free = shutil.disk_usage(parts.places.home).free
    if free < _ROOM_FOR_THE_AGENT:
        raise OperationFailed(DESTINATION_FULL, f"{parts.places.home}: {free >> 20} MB")
    return _("{free} MB free").format(free=free >> 20)


def _cloud(parts: Parts) -> str:
    address = cloud_address(parts.settings.mysql)
    with open_cloud(address) as store:
        store.check()
    return str(address)
