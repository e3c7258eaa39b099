"""Template filters of the pages about logins."""

import re

from django import template
from django.utils.translation import gettext as _

from dashboard.accounts.audit import LABELS, Action

register = template.Library()
# The first that is found: each browser also names those that it is like.
_BROWSERS = [("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox")]
_BROWSERS += [("Chrome", "Chrome"), ("Safari", "Safari")]
_SYSTEMS = [("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows")]
_SYSTEMS += [("Mac OS", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")]
_LONGEST = 60


@register.filter
def browser(agent: str) -> str:
    """`Firefox, Windows` from a browser's User-Agent; what it says itself where it is none that we know."""
    name = next((shown for mark, shown in _BROWSERS if re.search(rf"\b{mark}\w*/", agent)), "")
    system = next((shown for mark, shown in _SYSTEMS if mark in agent), "")
    return ", ".join(filter(None, (name, system))) or agent[:_LONGEST] or _("unknown browser")


@register.filter
def deed(action: str) -> str:
    """An action in words; a code of a later version as it is."""
    return str(LABELS[Action(action)]) if action in list(Action) else action
