"""Leaving the window: what it would cost now. Pure."""

from topbackup.i18n import _


def leaving_costs(*, hosting: bool, setting_up: bool, restoring: bool, unsaved: bool) -> list[str]:
    """What a person gives up by leaving now, a sentence each; none: the window may go unasked."""
    costs = []
    if setting_up:
        costs.append(_("The setup is not over: the first backup would be broken off."))
    if restoring:
        costs.append(_("A check or a restore is under way: leaving ends it, and nothing of it is left behind."))
    if unsaved:
        costs.append(_("What you typed is not saved: leaving drops it."))
    if hosting:
        costs.append(_("This window is the backup agent of this computer: without it no scheduled backup is made."))
    return costs
