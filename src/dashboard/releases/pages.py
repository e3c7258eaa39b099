"""What runs where, and the publishing of a version."""

from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dashboard.accounts import audit
from dashboard.accounts.roles import Role, needs, role_of
from dashboard.asked import names_bad_parameters, text_of
from dashboard.monitoring.cards import shown
from dashboard.monitoring.models import AppVersion
from dashboard.monitoring.parameters import BadParameter
from dashboard.releases.fleet import UNKNOWN, companies_with, fleet, releases
from dashboard.releases.forms import ChangeForm, PublishForm
from topcore.tables import YES, yes_no
from topcore.versions import Standing

_LARGEST_ID = 2**63 - 1


@needs(Role.VIEWER)
@require_safe
@never_cache
@names_bad_parameters
def overview(request: HttpRequest) -> HttpResponse:
    """Versions that run, those that were published, and the companies of one that is asked for."""
    chosen, after = text_of(request, "versao"), _after(request)
    published = releases()
    running = fleet(published)
    context: dict[str, Any] = {
        "running": running,
        "total": sum(each.companies for each in running),
        "outdated": sum(each.companies for each in running if each.standing in (Standing.OUTDATED, Standing.FORBIDDEN)),
        "unknown": sum(each.companies for each in running if each.standing is Standing.UNKNOWN),
        "releases": published,
        "chosen": chosen,
        "unknown_mark": UNKNOWN,
        "may_publish": _is_admin(request),
    }
    if chosen:
        rows, following = companies_with(chosen, after)
        context |= {
            "companies": [(row.pk, shown(row.trade_name) or shown(row.tax_id), shown(row.tax_id)) for row in rows],
            "following": following,
        }
    return render(request, "releases/overview.html", context)


@needs(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def publish(request: HttpRequest) -> HttpResponse:
    """A new row of VERSAO_APP, released now."""
    form = PublishForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _published(request, form):
        messages.success(request, _("Version %(version)s is published.") % {"version": form.cleaned_data["versao"]})
        return redirect("versoes")
    return render(request, "releases/form.html", {"form": form, "release": None}, status=400 if form.errors else 200)


@needs(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def change(request: HttpRequest, release_id: int) -> HttpResponse:
    """The changelog, and whether it is mandatory: what a file and its hash are, is settled."""
    if release_id > _LARGEST_ID:
        release_id = 0  # more than a column holds: there is none
    row = get_object_or_404(AppVersion, pk=release_id)
    before = {"changelog": row.changelog or "", "obrigatoria": row.mandatory == YES}
    form = ChangeForm(request.POST if request.method == "POST" else None, initial=before)
    if request.method == "POST" and form.is_valid():
        row.changelog, row.mandatory = form.cleaned_data["changelog"], yes_no(form.cleaned_data["obrigatoria"])
        with transaction.atomic():
            row.save(update_fields=["changelog", "mandatory"])
            detail = f"OBRIGATORIA {yes_no(before['obrigatoria'] is True)} → {row.mandatory}\n{row.changelog}"
            audit.record(request.user, audit.Action.VERSION_CHANGED, shown(row.version), detail)
        messages.success(request, _("Version %(version)s was changed.") % {"version": shown(row.version)})
        return redirect("versoes")
    context = {"form": form, "release": row, "version": shown(row.version)}
    return render(request, "releases/form.html", context, status=400 if form.errors else 200)


def _published(request: HttpRequest, form: PublishForm) -> bool:
    said = form.cleaned_data
    try:
        with transaction.atomic():
            AppVersion.objects.create(
                version=said["versao"],
                released_at=timezone.now(),
                download_url=said["url"],
                sha256=said["sha256"],
                changelog=said["changelog"],
                mandatory=yes_no(said["obrigatoria"]),
                signature=said["assinatura"] or None,
            )
            detail = f"{said['url']}\nSHA-256 {said['sha256']}\nOBRIGATORIA {yes_no(said['obrigatoria'])}"
            audit.record(request.user, audit.Action.VERSION_PUBLISHED, said["versao"], detail)
    except IntegrityError:  # somebody else, a moment ago; or, to MySQL, the same but for capitals
        form.add_error("versao", _("This version was published already. Change it in the list."))
        return False
    return True


def _is_admin(request: HttpRequest) -> bool:
    role = role_of(request.user)
    return role is not None and role.covers(Role.ADMIN)


def _after(request: HttpRequest) -> int:
    value = request.GET.get("depois", "0")
    if not (value.isascii() and value.isdigit() and len(value) <= 19 and int(value) <= _LARGEST_ID):
        raise BadParameter("depois", "the value that the page before names")
    return int(value)
