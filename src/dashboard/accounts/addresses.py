"""From which computer a request comes, also behind proxies: the lockout counts by it."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The address that our outermost own proxy saw (TOPBACKUP_DASHBOARD_PROXIES of them); what is before that is
    anybody's word. Without a proxy, or where it says nothing of use: who spoke with us. None: not an address."""
    peer = _address(request.META.get("REMOTE_ADDR", ""))
    if settings.PROXIES == 0:
        return peer
    hops = request.headers.get("X-Forwarded-For", "").split(",")
    return (_address(hops[-settings.PROXIES]) if len(hops) >= settings.PROXIES else None) or peer


def _address(text: str) -> str | None:
    try:
        return str(ip_address(text.strip()))
    except ValueError:
        return None
