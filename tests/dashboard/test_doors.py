"""Who may see what: every address of the site against one table. Nothing is open that the table does not name."""

import re
from collections.abc import Iterator

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, include, path

from dashboard.accounts.roles import Role, needed_by
from tests.dashboard.visitors import log_in

OPEN = None
TABLE: dict[str, Role | None] = {
    "entrar": OPEN,
    "entrar-codigo": OPEN,  # sends whoever has not given a password back to the door
    "sair": OPEN,
    "healthz": OPEN,
    "metrics": OPEN,  # to the bearer of a token; see test_operations.py
    "painel": Role.VIEWER,
    "cartoes": Role.VIEWER,
    "api-status": Role.VIEWER,
    "api-cards": Role.VIEWER,
    "api-executando": Role.VIEWER,
    "api-openapi": Role.VIEWER,
    "empresa": Role.VIEWER,
    "empresa-historico": Role.VIEWER,
    "empresa-historico-csv": Role.VIEWER,
    "empresa-anotar": Role.SUPPORT,
    "empresa-riscar": Role.SUPPORT,
    "empresa-situacao": Role.SUPPORT,
    "alertas": Role.VIEWER,
    "alertas-grupo": Role.VIEWER,
    "alertas-ciente": Role.SUPPORT,
    "alertas-reabrir": Role.SUPPORT,
    "relatorios": Role.VIEWER,
    "relatorios-csv": Role.VIEWER,
    "relatorios-pdf": Role.VIEWER,
    "versoes": Role.VIEWER,
    "versoes-publicar": Role.ADMIN,
    "versoes-alterar": Role.ADMIN,
    "conta": Role.VIEWER,
    "conta-senha": Role.VIEWER,
    "conta-aparencia": Role.VIEWER,
    "conta-sessoes": Role.VIEWER,
    "segundo-fator": Role.VIEWER,
    "segundo-fator-novo": Role.VIEWER,
    "segundo-fator-qr": Role.VIEWER,
    "segundo-fator-desligar": Role.VIEWER,
    "segundo-fator-codigos": Role.VIEWER,
    "usuarios": Role.ADMIN,
    "usuario-novo": Role.ADMIN,
    "usuario": Role.ADMIN,
    "auditoria": Role.ADMIN,
}
_EXAMPLES = {"int": "1", "str": "x", "slug": "x", "uuid": "00000000-0000-0000-0000-000000000000", "path": "x"}


def addresses(resolver: URLResolver | None = None, before: str = "/") -> Iterator[tuple[str, str]]:
    """The name and an example of every address."""
    for pattern in (resolver or get_resolver()).url_patterns:
        here = before + re.sub(r"<(?:(\w+):)?\w+>", lambda found: _EXAMPLES[found[1] or "str"], str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, here)
        else:
            assert isinstance(pattern, URLPattern)
            yield str(pattern.name), here


def turned_away(client: Client, address: str, method: str) -> bool:
    """By the door, and not by the page itself."""
    answer = getattr(client, method)(address)
    assert answer.status_code < 500 or address == "/healthz", (address, answer.status_code)
    away = answer.status_code in (401, 403) and address != "/metrics"
    return away or (answer.status_code == 302 and answer.headers["Location"].startswith("/entrar/?next="))


def test_the_table_names_every_address() -> None:
    assert {name for name, _address in addresses()} == set(TABLE)


@pytest.mark.usefixtures("sqlite")
@pytest.mark.parametrize("visitor", [None, "no role", *Role])
def test_every_address_is_open_to_whom_the_table_says_and_to_nobody_else(visitor: Role | str | None) -> None:
    client = Client(SERVER_NAME="localhost", raise_request_exception=False)
    for name, address in addresses():
        for method in ("get", "post"):
            if visitor is not None and "_auth_user_id" not in client.session:  # `sair` was one of them
                log_in(client, visitor if isinstance(visitor, Role) else None, f"ana-{name}-{method}")
            needed = TABLE[name]
            may = needed is OPEN or (isinstance(visitor, Role) and visitor.covers(needed))
            assert turned_away(client, address, method) is not may, (name, method)


@pytest.mark.usefixtures("sqlite")
def test_what_a_program_and_a_script_are_told_is_no_page() -> None:
    client = Client(SERVER_NAME="localhost")
    assert (client.get("/api/cards/").status_code, client.get("/api/cards/").json()["erro"]) == (401, "login")
    for header in ({"X-Requested-With": "fetch"}, {"HX-Request": "true"}):
        assert client.get("/cartoes/", headers=header).status_code == 401
    log_in(client, None)
    assert client.get("/api/cards/").json()["erro"] == "permissao"


@pytest.mark.usefixtures("sqlite")
def test_a_form_from_elsewhere_is_refused_in_words() -> None:
    client = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    answer = client.post("/entrar/", {"username": "ana", "password": "x"})
    assert answer.status_code == 403
    assert "Carregue-a de novo" in answer.content.decode()
    assert "style" not in answer.content.decode().replace("stylesheet", "")
    assert client.post("/entrar/", headers={"HX-Request": "true"}).json()["erro"] == "csrf"


def _unmarked(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("secret")


urlpatterns = [path("nova/", _unmarked), path("", include("dashboard.urls"))]


@pytest.mark.usefixtures("sqlite")
def test_a_view_that_nobody_marked_is_for_administrators() -> None:
    assert needed_by(_unmarked) is Role.ADMIN
    with override_settings(ROOT_URLCONF=__name__):
        for role, status in ((None, 403), (Role.VIEWER, 403), (Role.SUPPORT, 403), (Role.ADMIN, 200)):
            client = Client(SERVER_NAME="localhost")
            assert client.get("/nova/").status_code == 302
            log_in(client, role, f"ana-{role}")
            assert client.get("/nova/").status_code == status, role
