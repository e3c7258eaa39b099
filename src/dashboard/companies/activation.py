"""A company comes on the panel, or goes from it: EMPRESA.ATIVO, which agents set only when they first write the row."""

from typing import Any

from django.db import transaction

from dashboard.accounts.audit import Action, record
from dashboard.companies import notes
from dashboard.companies.models import NoteKind
from dashboard.monitoring.cards import shown
from dashboard.monitoring.models import Company
from topcore.tables import NO, YES


def switch(company: Company, user: Any, reason: str, *, active: bool) -> bool:
    """Change, audit and note are one transaction. False: it was so already, and nothing was done.

    reason: checked by notes.checked.
    """
    with transaction.atomic():
        wanted = YES if active else NO
        row = Company.objects.select_for_update().only("active").get(pk=company.pk)
        if row.active == wanted:
            return False
        Company.objects.filter(pk=company.pk).update(active=wanted)
        action = Action.COMPANY_ENABLED if active else Action.COMPANY_DISABLED
        record(user, action, shown(company.tax_id), reason)
        notes.write(company, user, reason, NoteKind.ACTIVATED if active else NoteKind.DEACTIVATED)
    return True
