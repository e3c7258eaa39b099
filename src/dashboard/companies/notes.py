"""What the team writes about a company: never changed, at most struck out, and then still there to be read."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard.accounts.audit import Action, record
from dashboard.accounts.roles import Role, role_of
from dashboard.companies.models import Note, NoteKind
from dashboard.monitoring.cards import shown
from dashboard.monitoring.models import Company

LONGEST = 4000
SHOWN = 100


class BadNote(ValueError):
    """The message says to the user what is wrong with the text."""


def checked(text: str) -> str:
    """Raises BadNote."""
    clean = text.replace("\r\n", "\n").replace("\0", "").strip()
    if not clean:
        raise BadNote(_("Write something first."))
    if len(clean) > LONGEST:
        too_long = _("The text has %(number)d characters; at most %(most)d fit.")
        raise BadNote(too_long % {"number": len(clean), "most": LONGEST})
    return clean


def latest(company_id: int) -> list[Note]:
    """The newest first, at most SHOWN."""
    return list(Note.objects.filter(company_id=company_id).order_by("-pk")[:SHOWN])


def write(company: Company, user: Any, text: str, kind: NoteKind = NoteKind.NOTE) -> None:
    """text: checked. In the transaction of its line in the audit, or of whatever it is the reason of."""
    with transaction.atomic():
        Note.objects.create(
            company=company,
            kind=kind.value,
            at=timezone.now(),
            author=user.get_username()[:150],
            author_id=user.pk,
            text=text,
        )
        if kind is NoteKind.NOTE:
            record(user, Action.NOTE_WRITTEN, shown(company.tax_id))


def may_strike(note: Note, user: Any) -> bool:
    """Its author, or an administrator; and not the reason of an activation, which is part of the record."""
    if note.struck_at is not None or note.kind != NoteKind.NOTE:
        return False
    role = role_of(user)
    return role is Role.ADMIN or (role is Role.SUPPORT and note.author_id == user.pk)


def strike(note: Note, user: Any) -> None:
    """Whoever comes second changes nothing."""
    with transaction.atomic():
        struck = Note.objects.filter(pk=note.pk, struck_at=None).update(
            struck_at=timezone.now(), struck_by=user.get_username()[:150]
        )
        if struck:
            record(user, Action.NOTE_STRUCK, shown(note.company.tax_id), f"ID {note.pk}")
