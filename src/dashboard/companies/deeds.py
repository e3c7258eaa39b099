"""What can be done on a company's page: write a note, strike one out, activate and deactivate."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.accounts.roles import Role, needs
from dashboard.companies import activation, notes
from dashboard.companies.dossier import state_of
from dashboard.companies.models import Note
from dashboard.companies.pages import of_a_company, said, shown_page
from dashboard.monitoring.cards import shown
from dashboard.monitoring.models import Company
from dashboard.monitoring.parameters import BadParameter
from topcore.tables import NO, YES


@needs(Role.SUPPORT)
@require_POST
@never_cache
@of_a_company
def write_note(request: HttpRequest, company: Company) -> HttpResponse:
    """A text that is not taken comes back with the page, so that nobody types it twice."""
    draft = request.POST.get("texto", "")
    try:
        text = notes.checked(draft)
    except notes.BadNote as bad:
        return shown_page(request, company, draft=draft, error=str(bad))
    notes.write(company, request.user, text)
    messages.success(request, _("The note was kept."))
    return redirect(_notes_of(company))


@needs(Role.SUPPORT)
@require_POST
@never_cache
@of_a_company
def strike_note(request: HttpRequest, company: Company, note_id: int) -> HttpResponse:
    """Its author, or an administrator."""
    note = Note.objects.select_related("company").filter(pk=note_id, company=company).first()
    if note is None:
        return said(request, _("There is no such note."), 404)
    if note.struck_at is None:
        if not notes.may_strike(note, request.user):
            return said(request, _("Only its author or an administrator may strike a note out."), 403)
        notes.strike(note, request.user)
    messages.success(request, _("The note was struck out. It can still be read."))
    return redirect(_notes_of(company))


@needs(Role.SUPPORT)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@of_a_company
def switch(request: HttpRequest, company: Company) -> HttpResponse:
    """Ask for a reason and a confirmation, then do it."""
    active = state_of(company).active == YES
    error = ""
    if request.method == "POST":
        wanted = request.POST.get("ativo", "")
        if wanted not in (YES, NO):
            raise BadParameter("ativo", "S or N")
        try:
            reason = notes.checked(request.POST.get("motivo", ""))
        except notes.BadNote as bad:
            error, active = str(bad), wanted == NO
        else:
            return _switched(request, company, reason, active=wanted == YES)
    context = {
        "company": company,
        "name": shown(company.trade_name) or shown(company.legal_name) or shown(company.tax_id),
        "active": active,
        "reason": request.POST.get("motivo", ""),
        "error": error,
        "longest": notes.LONGEST,
    }
    return render(request, "companies/switch.html", context, status=400 if error else 200)


def _switched(request: HttpRequest, company: Company, reason: str, *, active: bool) -> HttpResponse:
    if not activation.switch(company, request.user, reason, active=active):
        messages.warning(request, _("Nothing was changed: someone else had done it already."))
    elif active:
        messages.success(request, _("The company is active again: its card is back on the panel."))
    else:
        messages.success(request, _("The company is inactive: it is no longer on the panel, and raises no alert."))
    return redirect(reverse("empresa", args=[company.pk]))


def _notes_of(company: Company) -> str:
    return reverse("empresa", args=[company.pk]) + "#anotacoes"
