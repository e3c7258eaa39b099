"""The endpoints for programs: described exactly, and what goes wrong is a problem document."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped] # publishes no types
from openapi_spec_validator import validate
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from dashboard.accounts.roles import Role
from dashboard.monitoring import freshness
from dashboard.monitoring.openapi import document
from tests.dashboard.databases import execute
from tests.dashboard.test_pages import company, one_of_each, run
from tests.dashboard.visitors import log_in

ENDPOINTS = {
    "/api/status/": "Counters",
    "/api/cards/": "Cards",
    "/api/executando/": "Running",
    "/api/openapi.json": "Document",
}
_SPEC = "urn:openapi"


@pytest.fixture
def nobody(database: str) -> Iterator[Client]:
    freshness.forget_looks()
    yield Client(SERVER_NAME="localhost", raise_request_exception=False)
    execute("DELETE FROM SESSAO")


@pytest.fixture
def program(nobody: Client) -> Client:
    """Logged in."""
    log_in(nobody, Role.VIEWER)
    return nobody


def holds(value: object, schema: str) -> None:
    """The value is what the document says of this schema."""
    registry: Registry[Any] = Registry().with_resource(_SPEC, DRAFT202012.create_resource(document()))
    reference = {"$ref": f"{_SPEC}#/components/schemas/{schema}"}
    Draft202012Validator(reference, registry=registry, format_checker=FormatChecker()).validate(value)


def problem(answer: Any, status: int, error: str) -> dict[str, Any]:
    """The answer is a problem document."""
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    found: dict[str, Any] = json.loads(answer.content)
    holds(found, "Problem")
    assert (found["status"], found["erro"], found["detail"]) == (status, error, found["mensagem"])
    return found


def test_the_document_is_openapi_and_served(program: Client) -> None:
    validate(document())
    assert program.get("/api/openapi.json").json() == document()
    assert set(document()["paths"]) == set(ENDPOINTS)


def test_answers_are_what_the_document_says(program: Client) -> None:
    one_of_each()
    hostile()
    for path, schema in ENDPOINTS.items():
        answer = program.get(path)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
        holds(answer.json(), schema)
        assert program.head(path).status_code == 200
    page = program.get("/api/cards/?limite=3").json()
    holds(page, "Cards")
    assert page["proxima"]
    assert [going["id_empresa"] for going in program.get("/api/executando/").json()["executando"]] == [2]


def hostile() -> None:
    company(90, "<b>\U0001f680</b>" + "x" * 90, "junk")
    run(
        90,
        "S",
        TAMANHO_BYTES=-1,
        CAMINHO_DESTINO="C:" + "\\" * 498,
        CODIGO_ERRO="'\"<",
        PROXIMO_PREVISTO="9999-12-31 23:59:59",
    )
    company(91, "")
    execute("UPDATE EMPRESA SET FANTASIA = NULL, RAZAO = NULL, VERSAO_LOCAL = NULL WHERE ID = 91")
    run(91, "Z")
    company(92, "Do futuro")
    run(92, "E", -timedelta(days=900), DATA_RECEBIDO="2100-01-01 00:00:00")


def test_times_have_their_offset(program: Client) -> None:
    one_of_each()
    moments = [program.get("/api/status/").json()["agora"]]
    for card in program.get("/api/cards/").json()["cards"]:
        moments += [card[name] for name in ("desde", "ultimo_sucesso", "proximo_previsto", "ultimo_contato")]
    assert all(datetime.fromisoformat(text).utcoffset() is not None for text in moments if text)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("/api/status/?x=1", "x"),
        ("/api/executando/?limite=1", "limite"),
        ("/api/openapi.json?v=2", "v"),
        ("/api/cards/?Status=OK", "Status"),
        ("/api/cards/?parede=1", "parede"),
        ("/api/cards/?limite=201", "limite"),
        ("/api/cards/?limite=5&limite=6", "limite"),
        ("/api/cards/?busca=a&busca=b", "busca"),
        ("/api/cards/?status=OK&status=<b>", "status"),
        ("/api/cards/?depois=%F0%9F%9A%80", "depois"),
        ("/api/cards/?%3Cscript%3E=1", "<script>"),
    ],
)
@pytest.mark.usefixtures("sqlite")
def test_what_is_not_right_is_named(query: str, field: str) -> None:
    program = Client(SERVER_NAME="localhost")
    log_in(program, Role.VIEWER)
    refused = problem(program.get(query), 400, "parametro")
    assert refused["campo"] == field
    assert refused["esperado"] not in refused["mensagem"], "the sentence is Portuguese alone"


def test_a_request_that_django_itself_refuses_is_told_in_our_words(nobody: Client) -> None:
    """By a name that is not the site's; with more fields than any form has."""
    elsewhere = nobody.get("/entrar/", headers={"host": "outro.example"})
    assert elsewhere.status_code == 400
    assert "TOPBACKUP_DASHBOARD_ALLOWED_HOSTS" in elsewhere.content.decode()
    assert "O site não atende por este endereço" in elsewhere.content.decode()
    problem(nobody.get("/api/status/", headers={"host": "outro.example"}), 400, "pedido")
    many = nobody.post("/entrar/", {f"campo{number}": "x" for number in range(1100)})
    assert many.status_code == 400
    assert "O site não entendeu este pedido" in many.content.decode()


def test_the_door_and_the_wrong_way_in(nobody: Client) -> None:
    for path in ENDPOINTS:
        problem(nobody.get(path), 401, "login")
    log_in(nobody, Role.VIEWER)
    for path in ENDPOINTS:
        answer = nobody.post(path)
        problem(answer, 405, "metodo")
        assert answer.headers["Allow"] == "GET, HEAD"
    problem(nobody.get("/api/nada/"), 404, "endereco")
    execute("DELETE FROM auth_user_groups")
    for path in ENDPOINTS:
        problem(nobody.get(path), 403, "permissao")
    page = nobody.get("/nada/")
    assert (page.status_code, "Não há nada neste endereço" in page.content.decode()) == (404, True)


def test_trouble_is_a_problem_document_without_details(program: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise OperationalError(2003, "secret detail")

    with connection.execute_wrapper(away):
        answer = program.get("/api/cards/")
    assert "secret" not in json.dumps(problem(answer, 503, "indisponivel"))

    def defect(*_: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr("dashboard.monitoring.queries.counters", defect)
    assert "secret" not in json.dumps(problem(program.get("/api/status/"), 500, "interno"))
