"""The large sentence where no agent answers, or what it said is too old to be believed. Pure."""

from datetime import datetime, timedelta

from topbackup.gui.head import Action, Headline
from topbackup.gui.state import Link, View
from topbackup.gui.theme import Tone
from topbackup.gui.words import when
from topbackup.i18n import _
from topbackup.problems import AGENT_FULL, AGENT_SILENT

BUSY_CODES = (AGENT_FULL.code, AGENT_SILENT.code)
STALE = timedelta(minutes=3)  # a status older than this says nothing about now


def head_of_the_link(view: View, now: datetime) -> Headline | None:
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
