"""JSON for programs. Keys are the columns' names in lower case; times are ISO 8601 with their offset."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from dashboard.accounts.roles import Role, needs
from dashboard.monitoring import clock
from dashboard.monitoring.board import counted, page_of_cards
from dashboard.monitoring.cards import Card
from dashboard.monitoring.freshness import require_current_evidence
from dashboard.monitoring.openapi import document
from dashboard.monitoring.parameters import CARDS, LARGEST_PAGE, BadParameter, parse, refuse_unknown
from dashboard.monitoring.problem import problem
from dashboard.monitoring.running import RunningBackup, running_now

type View = Callable[[HttpRequest], HttpResponse]
_METHODS = ("GET", "HEAD")


def endpoint(*known: str) -> Callable[[Callable[[HttpRequest], Any]], View]:
    """What every endpoint has in common. known: the names of its parameters."""

    def made(answer: Callable[[HttpRequest], Any]) -> View:
        @needs(Role.VIEWER)
        @never_cache
        @wraps(answer)
        def view(request: HttpRequest) -> HttpResponse:
            if request.method not in _METHODS:
                refused = problem(405, "metodo", _("This address is only read: use GET."))
                refused.headers["Allow"] = ", ".join(_METHODS)
                return refused
            try:
                refuse_unknown(request.GET, known)
                found = answer(request)
            except BadParameter as bad:
                said = _("The parameter “%(field)s” is not right.") % {"field": bad.field}
                return problem(400, "parametro", said, campo=bad.field, esperado=str(bad))
            return HttpResponse(orjson.dumps(found), content_type="application/json")

        return view

    return made


@endpoint()
def counters(_request: HttpRequest) -> dict[str, Any]:
    """How many companies have each status."""
    now, numbers = counted()
    return {
        "agora": _instant(now),
        "total": sum(numbers.values()),
        "status": {status.value: number for status, number in numbers.items()},
    }


@endpoint(*CARDS)
def cards(request: HttpRequest) -> dict[str, Any]:
    """A page of cards, worst first."""
    now, found, following = page_of_cards(parse(request.GET))
    return {"agora": _instant(now), "cards": [as_json(card) for card in found], "proxima": following or None}


@endpoint()
def running(_request: HttpRequest) -> dict[str, Any]:
    """The backups under way."""
    now = clock.now()
    require_current_evidence(now)
    return {"agora": _instant(now), "executando": [_running(backup) for backup in running_now(now, LARGEST_PAGE)]}


@endpoint()
def openapi(_request: HttpRequest) -> dict[str, Any]:
    """The description of all of these."""
    return document()


def as_json(card: Card) -> dict[str, Any]:
    """A card's JSON face."""
    copies = card.copies
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
        "ultimos_tamanhos": card.sizes,
        "copias": None if copies is None or not copies.complete else copies.there,
        "copias_por_destino": copies
        and {
            "caminho_destino": copies.first.value,
            "caminho_destino2": copies.second.value,
            "enviado_ftp": copies.remote.value,
        },
        "copias_em_falta": [
            {"destino": copy.destination, "desde": _instant(copy.since), "codigo_erro": copy.code or None}
            for copy in (copies.missing if copies else ())
        ],
        "versao_local": card.agent_version or None,
        "ultimo_contato": _instant(card.last_contact),
        "ultima_prova": _instant(card.last_proof),
        "bancos": [
            {
                "banco_origem": database.source,
                "status": database.status.value,
                "ultimo_sucesso": _instant(database.last_success),
            }
            for database in card.databases
        ],
    }


def _running(backup: RunningBackup) -> dict[str, Any]:
    return {
        "id_empresa": backup.company_id,
        "fantasia": backup.name,
        "cnpj": backup.tax_id,
        "executando_desde": _instant(backup.since),
        "nome_arquivo": backup.file_name or None,
        "banco_origem": backup.source or None,
        "manual": None if backup.manual is None else "S" if backup.manual else "N",
    }


def _instant(moment: datetime | None) -> str | None:
    return None if moment is None else localtime(moment).isoformat()
