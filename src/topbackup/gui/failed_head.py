"""The large sentence of a backup that failed or does not restore, and of what stands in the way of the next. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from topbackup.gui.head import Action, Headline
from topbackup.gui.restore_plan import archive_of_run
from topbackup.gui.state import View
from topbackup.gui.theme import Tone
from topbackup.gui.words import happened, instant, mend_of, when
from topbackup.i18n import _
from topbackup.problems import INTERNAL, NONE_LEFT
from topcore.tables import Proof, RunStatus


def head_of_a_failure(run: Mapping[str, Any], now: datetime, view: View) -> Headline:
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
    other, lost = archive_of_run(view, key, now), run.get("codigo_erro") == NONE_LEFT.code
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
        more = happened(NONE_LEFT.code, str(run.get("mensagem_erro") or ""))
    sentence = _("The last backup does not restore: it is no protection.")
    return Headline(
        Tone.FAILED,
        _("The files of the last backup were lost or changed: it is no protection.") if lost else sentence,
        more,
        mend.format(path=other),
        Action.VERIFY if other else Action.BACK_UP,
        run=key,
    )


def head_of_trouble(trouble: Mapping[str, Any]) -> Headline:
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
