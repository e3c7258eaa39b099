"""What will happen, in plain sentences, and when: the last step's page. Pure: now is an argument."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from topbackup.gui.words import days_short, naming
from topbackup.i18n import _
from topbackup.setup.fields import CloudKind, Field, Step
from topbackup.setup.wizard import Wizard
from topcore.agenda import Agenda, slots_between

_AHEAD = timedelta(days=60)
RUNS_SHOWN = 7


@dataclass(frozen=True)
class Sentence:
    """calls: does it say something that a person should not overlook?"""

    words: str
    calls: bool = False


@dataclass(frozen=True)
class DueRun:
    """at: aware, in the shop's zone."""

    at: datetime
    agenda: Agenda


def next_runs(agendas: Sequence[Agenda], now: datetime, zone: ZoneInfo, count: int = RUNS_SHOWN) -> list[DueRun]:
    """The next due runs of all rows, the soonest first. now: aware."""
    due = [
        DueRun(slot.astimezone(zone), agenda)
        for agenda in agendas
        for slot in slots_between(agenda, now, now + _AHEAD, zone)
    ]
    return sorted(due, key=lambda run: (run.at, run.agenda.id))[:count]


def sentences(wizard: Wizard) -> list[Sentence]:
    """In the order in which a person asks: what, when, where to, is it proven, who hears of it, who does it."""
    return [
        *_what(wizard),
        *_when(wizard),
        *_where(wizard),
        *_proof(wizard),
        *_cloud(wizard),
        *_service(wizard),
        *_untried(wizard),
    ]


def when_words(agenda: Agenda) -> str:
    """`todos os dias às 23:00`."""
    days = days_short([day.name for day in agenda.days])
    return _("{day} at {time}").format(day=days, time=f"{agenda.time:%H:%M}") if agenda.days else days


def _what(wizard: Wizard) -> list[Sentence]:
    database, company, finding = wizard.draft[Field.DATABASE].strip(), wizard.company, wizard.firebird
    if company is None:
        return [Sentence(_("The database {database} is backed up.").format(database=database))]
    sentence = _("The database of {company} (CNPJ {tax_id}) is backed up: {database}.")
    found = [Sentence(sentence.format(company=company.trade_name, tax_id=company.tax_id, database=database))]
    if finding is not None and finding.engine is not None and finding.gbak is not None:
        sentence = _("Firebird {engine} makes the copy with its own gbak ({path}).")
        found.append(Sentence(sentence.format(engine=finding.engine, path=finding.gbak.path)))
    return found


def _when(wizard: Wizard) -> list[Sentence]:
    reading = wizard.firebird.agendas if wizard.firebird else None
    if reading is None:
        return []
    active = [row for row in reading.agendas if row.active]
    found = [Sentence(_row_words(row)) for row in active]
    if not active:
        words = _("AGENDA_BACKUP has no valid row: no backup is made by itself until the ERP has one.")
        found.append(Sentence(words, calls=True))
    for row in reading.rejected:
        words = _("Row {row} of AGENDA_BACKUP is not run: {reason}.").format(row=row.row, reason=row.reason)
        found.append(Sentence(words, calls=True))
    return found


def _row_words(row: Agenda) -> str:
    folders = row.destination1 if not row.destination2 else f"{row.destination1} + {row.destination2}"
    sentence = _("Schedule {id}: {when}, to {folders} ({naming}).")
    return sentence.format(id=row.id, when=when_words(row), folders=folders, naming=naming(row.naming.value).lower())


def _where(wizard: Wizard) -> list[Sentence]:
    first, second = (wizard.draft[name].strip() for name in (Field.DESTINATION1, Field.DESTINATION2))
    found = []
    if first:
        folders = first if not second else f"{first} + {second}"
        found.append(Sentence(_("A backup by hand goes to {folders}.").format(folders=folders)))
    if wizard.draft.on(Field.REMOTE):
        where = wizard.draft[Field.FTP_HOST].strip()
        found.append(Sentence(_("A copy goes away from here, to {where}.").format(where=where)))
    return found + _warned(wizard)


def _warned(wizard: Wizard) -> list[Sentence]:
    """Each warning once, with all the folders that it is about."""
    folders: dict[str, list[str]] = {}
    for place in wizard.copies.places if wizard.copies else ():
        for warning in place.warnings:
            folders.setdefault(_(warning.problem.sentence), []).append(place.path)
    return [Sentence(f"{sentence} ({', '.join(paths)})", calls=True) for sentence, paths in folders.items()]


def _proof(wizard: Wizard) -> list[Sentence]:
    if wizard.draft.on(Field.PROVE):
        words = _("Each backup is restored into a scratch database and compared before it counts as done.")
        return [Sentence(words)]
    return [Sentence(_("The backups are not proven: nobody tries whether they restore."), calls=True)]


def _cloud(wizard: Wizard) -> list[Sentence]:
    match wizard.draft.cloud:
        case CloudKind.MYSQL:
            where = f"{wizard.draft[Field.CLOUD_DATABASE].strip()} ({wizard.draft[Field.CLOUD_HOST].strip()})"
            return [Sentence(_("The result of each backup is told to {where}.").format(where=where))]
        case CloudKind.FILE:
            where = wizard.draft[Field.CLOUD_FILE].strip()
            return [Sentence(_("The result of each backup is told to {where}.").format(where=where))]
        case _:
            words = _("No cloud: the result of each backup stays on this computer, and support does not see it.")
            return [Sentence(words, calls=True)]


def _service(wizard: Wizard) -> list[Sentence]:
    if wizard.draft.on(Field.SERVICE):
        return [
            Sentence(_("The service is installed: backups run with nobody logged in, from the computer's start on."))
        ]
    return [Sentence(_("Without the service, backups run only while TopBackup is open."), calls=True)]


def _untried(wizard: Wizard) -> list[Sentence]:
    names = {
        Step.FIREBIRD: _("The database was not proven to be reachable."),
        Step.CLOUD: _("The cloud was not proven to be reachable."),
        Step.COPIES: _("The folders were not proven to be writable."),
    }
    return [Sentence(words, calls=True) for step, words in names.items() if not wizard.proven(step)]
