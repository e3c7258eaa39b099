"""Django's sessions in the database, in a table that knows whose each is (settings.SESSION_ENGINE)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends import db
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from dashboard.accounts.addresses import client_address
from dashboard.accounts.models import OpenSession

_CAME_IN = "entrada"
_LONGEST_BROWSER = 300


class SessionStore(db.SessionStore):
    """The same in every replica: nothing is kept in a process."""

    @classmethod
    def get_model_class(cls) -> type[OpenSession]:
        return OpenSession

    def create_model_instance(self, data: dict[str, Any]) -> OpenSession:
        """Its row; who and from where comes from what the login put into it."""
        row = super().create_model_instance(data)
        assert isinstance(row, OpenSession)
        came = data.get(_CAME_IN, {})
        row.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        row.began = datetime.fromisoformat(came["quando"]) if came else None
        row.address, row.browser = came.get("endereco"), came.get("navegador", "")
        return row


def others_of(user: Any, current: str | None) -> Iterable[OpenSession]:
    """The person's sessions that are still open, without the current one; the newest first."""
    rows = OpenSession.objects.filter(user_id=user.pk, expire_date__gt=timezone.now())
    return rows.exclude(session_key=current or "").order_by("-began", "session_key")


def end_all(user: Any, but: str | None = None) -> int:
    """At once and for good: a session without its row is none. Returns how many there were."""
    return OpenSession.objects.filter(user_id=user.pk).exclude(session_key=but or "").delete()[0]


@receiver(user_logged_in, dispatch_uid="accounts.sessions")
def note_the_login(request: HttpRequest | None, **_: Any) -> None:
    """From where it came; and those that are over go, so that no timer has to sweep them."""
    if request is None or not hasattr(request, "session"):
        return
    request.session[_CAME_IN] = {
        "quando": timezone.now().isoformat(),
        "endereco": client_address(request),
        "navegador": request.headers.get("User-Agent", "")[:_LONGEST_BROWSER],
    }
    OpenSession.objects.filter(expire_date__lt=timezone.now()).delete()
