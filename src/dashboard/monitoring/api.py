"""JSON for programs. Keys are the columns' names in lower case; times are ISO 8601 with their offset."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.timezone import localtime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.accounts.roles import Role, needs
from dashboard.monitoring import queries
from dashboard.monitoring.board import board, counted
from dashboard.monitoring.cards import Card, shown
from dashboard.monitoring.freshness import require_current_evidence
from dashboard.monitoring.models import Run
from dashboard.monitoring.parameters import LARGEST_PAGE, BadParameter, parse
from topcore.tables import RunStatus


@needs(Role.VIEWER)
@require_safe
@never_cache
def counters(_request: HttpRequest) -> HttpResponse:
    """How many companies have each status."""
    now, numbers = counted()
    return JsonResponse({
        "agora": _instant(now),
        "total": sum(numbers.values()),
        "status": {status.value: number for status, number in numbers.items()},
    })  # fmt: skip


@needs(Role.VIEWER)
@require_safe
@never_cache
def cards(request: HttpRequest) -> HttpResponse:
    """A page of cards, worst first."""
    try:
        asked = parse(request.GET)
    except BadParameter as bad:
        return JsonResponse({"erro": "parametro", "campo": bad.field, "mensagem": str(bad)}, status=400)
    found = board(asked)
    return JsonResponse({
        "agora": _instant(found.now),
        "cards": [as_json(card) for card in found.cards],
        "proxima": found.following or None,
    })  # fmt: skip


@needs(Role.VIEWER)
@require_safe
@never_cache
def running(_request: HttpRequest) -> HttpResponse:
    """The backups under way."""
    now = timezone.now()
    require_current_evidence(now)
    states = queries.running(now, LARGEST_PAGE)
    runs = Run.objects.filter(company__in=[state.pk for state in states], status=RunStatus.RUNNING).order_by("pk")
    latest = {run.company_id: run for run in runs}
    return JsonResponse({
        "agora": _instant(now),
        "executando": [
            {
                "id_empresa": state.pk,
                "fantasia": shown(state.company.trade_name),
                "cnpj": shown(state.company.tax_id),
                "executando_desde": _instant(state.running_since),
                "nome_arquivo": shown(latest[state.pk].file_name) if state.pk in latest else None,
                "banco_origem": shown(latest[state.pk].source) if state.pk in latest else None,
                "manual": latest[state.pk].manual if state.pk in latest else None,
            }
            for state in states
        ],
    })  # fmt: skip


def as_json(card: Card) -> dict[str, Any]:
    """A card's JSON face."""
    return {
        "id_empresa": card.company_id,
        "fantasia": card.name,
        "razao": card.legal_name,
        "cnpj": card.tax_id,
        "status": card.status.value,
        "motivo": card.reason,
        "desde": _instant(card.since),
        "codigo_erro": card.error_code or None,
        "ultimo_sucesso": _instant(card.last_success),
        "proximo_previsto": _instant(card.next_due),
        "tamanho_bytes": card.size_bytes,
        "tamanho_formatado": card.size,
        "copias": card.copies,
        "versao_local": card.agent_version or None,
        "ultimo_contato": _instant(card.last_contact),
        "ultima_prova": _instant(card.last_proof),
    }


def _instant(moment: datetime | None) -> str | None:
    return None if moment is None else localtime(moment).isoformat()
