"""A slot at which no backup was made, and what the large sentence says of it. Pure."""

from datetime import datetime

from topbackup.gui.head import Action, Headline
from topbackup.gui.state import View
from topbackup.gui.theme import Tone
from topbackup.gui.words import happened, instant, rows_of
from topbackup.i18n import _
from topcore.duty import Missed
from topcore.tables import RunStatus


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


def head_of_a_miss(slot: str, more: str) -> Headline:
    return Headline(
        Tone.ATTENTION,
        _("Attention: the backup of {when} was not made.").format(when=slot),
        more,
        _("Make it now, and leave the computer on at the time of the backup."),
        Action.BACK_UP,
    )


def failure_of_slot(view: View, number: int, slot: datetime) -> str | None:
    for run in view.runs:
        if run.get("agenda") == number and instant(run.get("previsto")) == slot and run.get("codigo_erro"):
            return happened(str(run["codigo_erro"]), str(run.get("mensagem_erro") or ""))
    return None
