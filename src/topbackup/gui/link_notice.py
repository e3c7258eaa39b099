"""How the window stands to the agent, in words: always in its corner, above the page where it matters. Pure."""

from topbackup.gui.link_head import BUSY_CODES
from topbackup.gui.state import Link, View
from topbackup.gui.theme import Tone
from topbackup.gui.words import mend_of
from topbackup.i18n import _
from topbackup.version import __version__


def link_words(view: View) -> tuple[Tone, str, str]:
    """(tone, word, more) for the corner."""
    version = _("version {version}").format(version=view.version) if view.version else ""
    match view.link:
        case Link.SERVICE:
            return Tone.OK, _("Connected"), version
        case Link.HOSTED:
            return Tone.OK, _("In this window"), _("The agent works in this window. Keep it open.")
        case Link.UNCONFIGURED:
            return Tone.CHECK, _("Not configured"), ""
        case Link.LOST:
            if view.trouble is not None and view.trouble.code in BUSY_CODES:
                return Tone.ATTENTION, _("Service busy"), _("Trying again…")
            return Tone.FAILED, _("Service stopped"), _("Trying again…")
        case Link.SEARCHING if view.trouble is not None:
            return Tone.FAILED, _("No agent"), _("Trying again…")
        case Link.SEARCHING:
            return Tone.NEUTRAL, _("Connecting…"), ""


def link_notice(view: View) -> tuple[Tone, str, str] | None:
    """(tone, sentence, more) above the page; None: nothing that a person should know."""
    if view.link is Link.SERVICE and view.version not in ("", __version__):
        return (
            Tone.ATTENTION,
            _("The service is version {service}, this window is version {window}.").format(
                service=view.version, window=__version__
            ),
            _("The backups go on. Update both to the same version: some things may not be shown right until then."),
        )
    if view.link is Link.LOST and view.trouble is not None:
        _cause, mend, _who = mend_of(view.trouble.code)
        if view.trouble.code in BUSY_CODES:
            return Tone.ATTENTION, view.trouble.sentence, mend
        return (
            Tone.FAILED,
            _("The backup agent does not answer any more. What is shown here is what was known before."),
            f"{view.trouble.code}: {mend}",
        )
    return None
