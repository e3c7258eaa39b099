"""The door is shut for a while after too many wrong passwords or codes (django-axes): until when, and its page."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from dashboard.accounts.addresses import client_address


def locked(request: HttpRequest, _response: HttpResponse | None, credentials: dict[str, str] | None) -> HttpResponse:
    """settings.AXES_LOCKOUT_CALLABLE: 429, and when it ends."""
    now = timezone.now()
    username = (credentials or {}).get("username", "")
    attempts = AccessAttempt.objects.filter(username=username, ip_address=client_address(request))
    until = locked_until(attempts, now) or now + _cool_off()
    response = render(request, "dashboard/locked.html", {"until": until, "now": now}, status=429)
    response["Retry-After"] = str(max(1, round((until - now).total_seconds())))
    return response


def locked_until(attempts: Iterable[AccessAttempt], now: datetime) -> datetime | None:
    """When the lock ends of one login at one address, by all its attempts; None: it is not locked."""
    recent = sorted((one for one in attempts if one.attempt_time > now - _cool_off()), key=lambda one: one.attempt_time)
    total = sum(one.failures_since_start for one in recent)
    for one in recent:  # the oldest fall out of the count first
        if total < settings.AXES_FAILURE_LIMIT:
            break
        total -= one.failures_since_start
        if total < settings.AXES_FAILURE_LIMIT:
            ends: datetime = one.attempt_time + _cool_off()
            return ends
    return None


def locks(usernames: Iterable[str], now: datetime) -> dict[str, datetime]:
    """Of these logins, those that are locked at some address, and until when. One query."""
    by_place: dict[tuple[str, str | None], list[AccessAttempt]] = {}
    recent = AccessAttempt.objects.filter(username__in=list(usernames), attempt_time__gt=now - _cool_off())
    for attempt in recent.defer("get_data", "post_data"):
        by_place.setdefault((str(attempt.username), attempt.ip_address), []).append(attempt)
    found: dict[str, datetime] = {}
    for (username, _address), attempts in by_place.items():
        until = locked_until(attempts, now)
        if until is not None:
            found[username] = max(until, found.get(username, until))
    return found


def unlock(username: str) -> int:
    """Forget the wrong attempts of this login, wherever they came from. Returns how many places there were."""
    return int(reset(username=username))


def is_locked(request: HttpRequest, username: str) -> bool:
    """Here and now, for this login."""
    return not AxesProxyHandler.is_allowed(request, {"username": username})


def count_failure(request: HttpRequest, username: str) -> None:
    """A wrong code counts as a wrong password does: the page of the lock follows by itself."""
    user_login_failed.send(sender=__name__, credentials={"username": username}, request=request)


def _cool_off() -> timedelta:
    return timedelta(hours=settings.AXES_COOLOFF_TIME)
