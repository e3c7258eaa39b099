"""The one large sentence: how this shop's backups stand. Pure: the view, the book of slots, and now.

It fails closed. `Protegido` needs a success that was restored and compared, within its deadline by the Dashboard's own
rule, no slot missed since, and an agent that keeps the schedule now. Of several troubles the worst one speaks.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from topbackup.gui.doubts import doubt, missing_copies
from topbackup.gui.failed_head import head_of_a_failure, head_of_trouble
from topbackup.gui.files_here import looked, not_here, one_is_gone
from topbackup.gui.head import Action, Headline
from topbackup.gui.link_head import head_of_the_link
from topbackup.gui.missed import failure_of_slot, head_of_a_miss, missed_slot
from topbackup.gui.state import View
from topbackup.gui.theme import Tone
from topbackup.gui.words import happened, instant, mend_of, rows_of, when
from topbackup.i18n import _
from topbackup.problems import COPY_LOST, NONE_LEFT
from topcore.sources import file_name
from topcore.tables import CardStatus, Proof, RunStatus

_WORSE = (Tone.OK, Tone.NEUTRAL, Tone.RUNNING, Tone.ATTENTION, Tone.CHECK, Tone.FAILED)
_NOT_WORSE_THAN_LOST = (CardStatus.OK.value, CardStatus.ATTENTION.value, CardStatus.CHECK.value)
_CLOCKS_DIFFER = timedelta(minutes=5)


def headline(view: View, now: datetime) -> Headline:
    """now: aware."""
    return head_of_the_link(view, now) or _of_the_runs(view, now)


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
    for_that = isinstance(last, Mapping) and last.get("codigo_erro") == NONE_LEFT.code
    if lost is not None and (status.get("status") in _NOT_WORSE_THAN_LOST or for_that):
        tone = Tone.FAILED if status.get("status") == CardStatus.FAILED.value else lost.tone  # no milder than the card
        return Headline(tone, lost.sentence, lost.more, lost.mend, Action.BACK_UP)
    if lost is None and status.get("status") == CardStatus.OK.value and not looked(view):
        return Headline(Tone.NEUTRAL, _("Looking whether the files of the backups are still there…"))
    match status.get("status"):
        case CardStatus.FAILED.value:
            return head_of_a_failure(last if isinstance(last, Mapping) else {}, now, view)
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
        return head_of_trouble(trouble)
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
        failure = failure_of_slot(view, number, slot)
        more = _("The computer, or TopBackup on it, was off at that time.") if failure is None else failure
        return head_of_a_miss(when(slot, now, view.zone), more)
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
        return head_of_trouble(trouble)
    due = None if success is None else instant(success.get("proximo_do_banco") or success.get("proximo_previsto"))
    if due is not None and due < now:
        more = _("The agent runs again now, and makes up for it as soon as it can.")
        return head_of_a_miss(when(due, now, view.zone), more)
    return Headline(
        Tone.ATTENTION,
        _("Attention: the next backup is late. Last one: {when}.").format(when=_last_words(view, now)),
        "",
        _("Make a backup now."),
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
