"""The one large sentence: how this shop's backups stand. Pure: the view, the book of slots, and now.

It fails closed. `Protegido` needs a success that was restored and compared, within its deadline by the Dashboard's own
rule, no slot missed since, and an agent that keeps the schedule now. Of several troubles the worst one speaks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from topbackup.gui.doubts import doubt, missing_copies
from topbackup.gui.files_here import looked, not_here, one_is_gone
from topbackup.gui.restore_plan import archive_of_run
from topbackup.gui.state import Link, View
from topbackup.gui.theme import Tone
from topbackup.gui.words import happened, instant, mend_of, rows_of, when
from topbackup.i18n import _
from topbackup.problems import AGENT_FULL, AGENT_SILENT, COPY_LOST, INTERNAL
from topcore.duty import Missed
from topcore.sources import file_name
from topcore.tables import CardStatus, Proof, RunStatus

BUSY_CODES = (AGENT_FULL.code, AGENT_SILENT.code)
_WORSE = (Tone.OK, Tone.NEUTRAL, Tone.RUNNING, Tone.ATTENTION, Tone.CHECK, Tone.FAILED)
_NOT_WORSE_THAN_LOST = (CardStatus.OK.value, CardStatus.ATTENTION.value, CardStatus.CHECK.value)
_CLOCKS_DIFFER = timedelta(minutes=5)
STALE = timedelta(minutes=3)  # a status older than this says nothing about now


class Action(Enum):
    """What the person may do about it, at one click."""

    NONE = ""
    BACK_UP = "backup"
    VERIFY = "verify"
    RESUME = "resume"
    START_SERVICE = "start"
    SET_UP = "setup"
    OPEN_LOGS = "logs"


@dataclass(frozen=True)
class Headline:
    """tone and glyph: its sign. more: one or two lines below. mend: what to do, and who; "" where nobody needs to.

    run: the UUID of the backup that the action is about; "" where it is about none.
    """

    tone: Tone
    sentence: str
    more: str = ""
    mend: str = ""
    action: Action = Action.NONE
    glyph: str = ""
    code: str = ""
    run: str = ""


def headline(view: View, now: datetime) -> Headline:
    """now: aware."""
    return _of_the_link(view, now) or _of_the_runs(view, now)


def missed_slot(view: View, now: datetime) -> tuple[int, datetime] | None:
    """(ID of the agenda, slot) of the latest slot that did not run, of an agenda that did not succeed after it."""
    later: dict[int, datetime] = {}
    for run in view.runs:
        began = instant(run.get("data_inicio"))
        agenda = run.get("agenda")
        if began is None or began > now:  # a run of the future makes no slot good
            continue
        if run.get("status") == RunStatus.SUCCEEDED.value and isinstance(agenda, int):
            later[agenda] = max(later.get(agenda, began), began)
    for row in rows_of((view.status or {}).get("horarios")):
        slot, agenda = instant(row.get("previsto")), row.get("agenda")
        if slot is None or not isinstance(agenda, int) or slot > now or row.get("resultado") != Missed.TOO_LATE.value:
            continue
        if agenda not in later or later[agenda] < slot:
            return agenda, slot
    return None


def _of_the_link(view: View, now: datetime) -> Headline | None:
    """None where an agent answers and its status is of now."""
    if view.link is Link.UNCONFIGURED:
        cause = "" if view.trouble is None else view.trouble.sentence
        return Headline(
            Tone.CHECK,
            _("TopBackup is not configured yet."),
            cause,
            _("Run the setup: it takes five minutes."),
            Action.SET_UP,
        )
    if view.link in (Link.LOST, Link.SEARCHING) and view.trouble is not None and view.trouble.code in BUSY_CODES:
        return Headline(
            Tone.CHECK,
            _("The backup agent does not answer now."),
            f"{view.trouble.sentence} {_('The window looks for it again by itself.')}",
            code=view.trouble.code,
        )
    if view.link is Link.SEARCHING:
        if view.trouble is None:
            return Headline(Tone.NEUTRAL, _("Looking for the backup agent…"))
        return _no_agent(_("The backup agent does not run: no scheduled backup is being made."), view)
    if view.link is Link.LOST:
        return _no_agent(_("The backup agent stopped: no scheduled backup is being made."), view)
    if view.status is None or view.status_at is None:
        return Headline(Tone.NEUTRAL, _("Reading how the backups stand…"))
    if abs(now - view.status_at) > STALE:  # the clock may have gone back
        return Headline(
            Tone.CHECK,
            _("The backup agent has not answered since {when}.").format(when=when(view.status_at, now, view.zone)),
            _("What was known before says nothing about now. It is asked again by itself."),
        )
    return None


def _no_agent(sentence: str, view: View) -> Headline:
    trouble = view.trouble
    more = _("The window looks for it again by itself.")
    if trouble is not None:
        more = f"{trouble.sentence} {more}"
    return Headline(
        Tone.FAILED,
        sentence,
        more,
        _("Start the service, or keep this window open: where no service is installed, it does the service's work."),
        Action.START_SERVICE,
        code="" if trouble is None else trouble.code,
    )


def _of_the_runs(view: View, now: datetime) -> Headline:
    status = view.status or {}
    if view.running or status.get("status") == CardStatus.RUNNING.value:
        return Headline(Tone.RUNNING, _("A backup is being made now."), _("Everybody may go on working meanwhile."))
    databases = rows_of(status.get("bancos"))  # worst first; none where there are not several
    if not databases:
        return _of_one(view, now)
    heads = [(str(row.get("banco_origem")), _of_one(_of_database(view, row), now)) for row in databases]
    name, head = max(heads, key=lambda found: _WORSE.index(found[1].tone))  # the first of those that are alike
    if head.tone in (Tone.OK, Tone.NEUTRAL) or (head.tone is Tone.ATTENTION and missed_slot(view, now) is not None):
        return head
    return replace(head, sentence=f"{file_name(name)}: {head.sentence}")


def _of_database(view: View, row: Mapping[str, Any]) -> View:
    """As if there were no other database, and no agenda of one."""
    sources: dict[str, object] = {}  # of each agenda, the database that its last run was of
    for each in view.runs:  # newest first
        sources.setdefault(str(each.get("agenda")), each.get("banco_origem"))
    others = {agenda for agenda, source in sources.items() if source != row.get("banco_origem")}
    slots = [slot for slot in rows_of((view.status or {}).get("horarios")) if str(slot.get("agenda")) not in others]
    told = [run for key in ("ultimo", "ultimo_sucesso") if isinstance(run := row.get(key), Mapping)]
    seen = [run for run in view.runs if run.get("banco_origem") == row.get("banco_origem")]
    known = {str(run.get("uuid")) for run in seen}
    status = {**(view.status or {}), "status": row.get("status"), "ultimo": row.get("ultimo"), "horarios": slots}
    looked = status.get("copias_locais")
    if isinstance(looked, Mapping):
        own = [each for each in rows_of(looked.get("bancos")) if each.get("banco_origem") == row.get("banco_origem")]
        status["copias_locais"] = {**looked, "bancos": own}
    return replace(view, status=status, runs=(*seen, *(run for run in told if str(run.get("uuid")) not in known)))


def _of_one(view: View, now: datetime) -> Headline:
    status = view.status or {}
    lost, last = not_here(view, now), status.get("ultimo")
    for_that = isinstance(last, Mapping) and last.get("codigo_erro") == COPY_LOST.code
    if lost is not None and (status.get("status") in _NOT_WORSE_THAN_LOST or for_that):
        return Headline(lost.tone, lost.sentence, lost.more, lost.mend, Action.BACK_UP)
    if lost is None and status.get("status") == CardStatus.OK.value and not looked(view):
        return Headline(Tone.NEUTRAL, _("Looking whether the files of the backups are still there…"))
    match status.get("status"):
        case CardStatus.FAILED.value:
            return _failed(last if isinstance(last, Mapping) else {}, now, view)
        case CardStatus.CHECK.value:
            return _too_long(view, now)
        case CardStatus.NO_DATA.value:
            return Headline(
                Tone.CHECK,
                _("No backup was made on this computer yet."),
                _next_words(view, now),
                _("Make the first one now, so that there is something to go back to."),
                Action.BACK_UP,
            )
        case CardStatus.ATTENTION.value:
            return _attention(view, now)
        case CardStatus.OK.value:
            return _in_time(view, now)
        case _:
            return Headline(Tone.CHECK, _("The agent says what this window does not understand."), view.version)


def _in_time(view: View, now: datetime) -> Headline:
    success = _last_success(view)
    trouble = view.agent.get("problema")
    if isinstance(trouble, Mapping):
        return _troubled(trouble)
    if missed_slot(view, now) is not None:
        return _attention(view, now)
    at = None if success is None else instant(success.get("data_fim"))
    if success is None or at is None:
        return Headline(Tone.CHECK, _("The last backup could not be read from the history."), "", "", Action.OPEN_LOGS)
    last = when(at, now, view.zone)
    if success.get("verificado") != Proof.PROVEN.value:
        return Headline(
            Tone.ATTENTION,
            _("The backup is in time, but not proven. Last one: {when}.").format(when=last),
            _next_words(view, now),
            _("Prove it: TopBackup restores it into a scratch database and compares. Nothing else is touched."),
            Action.VERIFY,
            run=str(success.get("uuid")),
        )
    found = doubt(view, now)
    if found is not None:
        return Headline(found.tone, found.sentence, found.more, found.mend, Action.NONE, code=found.code)
    if view.paused_until is not None:
        return Headline(
            Tone.NEUTRAL,
            _("Paused until {when}. Last backup: {last}, proven.").format(
                when=when(view.paused_until, now, view.zone), last=last
            ),
            _("A due time that falls into the pause runs afterwards, once."),
            "",
            Action.RESUME,
            "pause",
        )
    more = " ".join(missing_copies(view, now))
    return Headline(Tone.OK, _("Protected. Last backup: {when}, proven.").format(when=last), more)


def _attention(view: View, now: datetime) -> Headline:
    success = _last_success(view)
    missed = missed_slot(view, now)
    if missed is not None:
        number, slot = missed
        failure = _failure_of_slot(view, number, slot)
        more = _("The computer, or TopBackup on it, was off at that time.") if failure is None else failure
        return _not_made(when(slot, now, view.zone), more)
    if success is not None and success.get("parcial"):
        code, message = str(success.get("codigo_erro")), str(success.get("mensagem_erro"))
        gone = one_is_gone(view, now) if code == COPY_LOST.code else None
        if gone is not None:
            return Headline(gone.tone, gone.sentence, gone.more, gone.mend, Action.BACK_UP, code=code)
        _cause, mend, who = mend_of(code)
        return Headline(
            Tone.ATTENTION,
            _("Attention: the backup was made, but one of its copies is missing."),
            happened(code, message),
            _("{mend} ({who} acts)").format(mend=mend, who=who),
            Action.NONE,
            code=code,
        )
    trouble = view.agent.get("problema")
    if isinstance(trouble, Mapping):
        return _troubled(trouble)
    due = None if success is None else instant(success.get("proximo_do_banco") or success.get("proximo_previsto"))
    if due is not None and due < now:
        more = _("The agent runs again now, and makes up for it as soon as it can.")
        return _not_made(when(due, now, view.zone), more)
    return Headline(
        Tone.ATTENTION,
        _("Attention: the next backup is late. Last one: {when}.").format(when=_last_words(view, now)),
        "",
        _("Make a backup now."),
        Action.BACK_UP,
    )


def _not_made(slot: str, more: str) -> Headline:
    return Headline(
        Tone.ATTENTION,
        _("Attention: the backup of {when} was not made.").format(when=slot),
        more,
        _("Make it now, and leave the computer on at the time of the backup."),
        Action.BACK_UP,
    )


def _too_long(view: View, now: datetime) -> Headline:
    success = _last_success(view)
    at = None if success is None else instant(success.get("data_fim"))
    if at is not None and at > now + _CLOCKS_DIFFER:
        return Headline(
            Tone.CHECK,
            _("The last backup is dated in the future: {when}.").format(when=when(at, now, view.zone)),
            _("This computer's clock was wrong then, or is now. By such a date nothing can be judged."),
            _("See that date and time are right, then make a backup."),
            Action.BACK_UP,
        )
    return Headline(
        Tone.CHECK,
        _("No backup for too long. Last one: {when}.").format(when=_last_words(view, now)),
        _next_words(view, now),
        _("Make a backup now. If it fails, the reason will be shown here."),
        Action.BACK_UP,
    )


def _failed(run: Mapping[str, Any], now: datetime, view: View) -> Headline:
    if run.get("verificado") == Proof.REFUTED.value:
        return _refuted(run, now, view)
    began = instant(run.get("data_inicio"))
    if run.get("status") != RunStatus.FAILED.value:
        return Headline(
            Tone.FAILED,
            _("The last backup was interrupted."),
            _("The computer or TopBackup on it stopped meanwhile."),
            _("Make a backup now, and leave the computer on until it has ended."),
            Action.BACK_UP,
        )
    code, message = str(run.get("codigo_erro") or INTERNAL.code), str(run.get("mensagem_erro") or "")
    cause, mend, who = mend_of(code)
    return Headline(
        Tone.FAILED,
        _("The backup of {when} failed.").format(when="" if began is None else when(began, now, view.zone)),
        f"{happened(code, message)} {cause}",
        _("{mend} ({who} acts)").format(mend=mend, who=who),
        Action.BACK_UP,
        code=code,
    )


def _refuted(run: Mapping[str, Any], now: datetime, view: View) -> Headline:
    """Where another file of it was not tried yet, that one decides."""
    key = str(run.get("uuid"))
    other, lost = archive_of_run(view, key, now), run.get("codigo_erro") == COPY_LOST.code
    if other and lost:
        mend = _("Its file is there again: prove {path}. If it restores, it is good. Make a new backup in any case.")
    elif other:
        mend = _("Prove its other file, {path}: if that one restores, this backup is good. Make a new one in any case.")
    else:
        mend = _(
            "Make a backup now. If that one does not restore either, call support: disk or database may be damaged."
        )
    more = _("A test restore of its file failed, or gave other rows than were recorded.")
    if lost:
        more = happened(COPY_LOST.code, str(run.get("mensagem_erro") or ""))
    return Headline(
        Tone.FAILED,
        _("The last backup does not restore: it is no protection."),
        more,
        mend.format(path=other),
        Action.VERIFY if other else Action.BACK_UP,
        run=key,
    )


def _troubled(trouble: Mapping[str, Any]) -> Headline:
    code = str(trouble.get("codigo", ""))
    cause, mend, who = mend_of(code, trouble)
    return Headline(
        Tone.CHECK,
        _("The next backup cannot be made as things are now."),
        f"{happened(code, str(trouble.get('mensagem', '')))} {cause}",
        _("{mend} ({who} acts)").format(mend=mend, who=who),
        Action.NONE,
        code=code,
    )


def _last_success(view: View) -> Mapping[str, Any] | None:
    """Of the status' own last run where it is one: history comes a moment later."""
    last = (view.status or {}).get("ultimo")
    runs = [last, *view.runs] if isinstance(last, Mapping) else list(view.runs)
    return next((run for run in runs if run.get("status") == RunStatus.SUCCEEDED.value), None)


def _last_words(view: View, now: datetime) -> str:
    success = _last_success(view)
    at = None if success is None else instant(success.get("data_fim"))
    return _("never") if at is None else when(at, now, view.zone)


def _next_words(view: View, now: datetime) -> str:
    due = view.next_slot
    if due is None:
        return _("No backup is scheduled: AGENDA_BACKUP has no valid row with a day.")
    return _("Next backup: {when}.").format(when=when(due[1], now, view.zone))


def _failure_of_slot(view: View, number: int, slot: datetime) -> str | None:
    for run in view.runs:
        if run.get("agenda") == number and instant(run.get("previsto")) == slot and run.get("codigo_erro"):
            return happened(str(run["codigo_erro"]), str(run.get("mensagem_erro") or ""))
    return None
