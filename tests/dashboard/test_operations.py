"""/healthz and /metrics: what machines are told of the site, and what nobody is."""

import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test import Client, override_settings
from django.utils import timezone

from dashboard.accounts.roles import Role
from dashboard.monitoring import freshness
from dashboard.monitoring.wall_time import wall_text
from tests.dashboard.databases import execute
from tests.dashboard.test_pages import HOUR, company, one_of_each, run
from tests.dashboard.visitors import log_in

TOKEN = "only-for-these-tests-0123"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def client() -> Client:
    """Nobody."""
    freshness.forget_looks()
    return Client(SERVER_NAME="localhost")


@pytest.fixture
def _no_triggers(database: str) -> Iterator[None]:
    assert database
    execute("DROP TRIGGER LOG_BACKUPS_MUDOU", "DELETE FROM ESTADO_RECONSTRUCAO")
    yield
    call_command("reconstruir_estado", stdout=StringIO())
    freshness.forget_looks()


def away(*_: object) -> None:
    raise OperationalError(2003, "Can't connect to MySQL server on '10.0.0.1' (secret detail)")


def test_well(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (
        200, {"situacao": "ok", "banco": "ok", "migracoes": "ok", "evidencia": "ok"},
    )  # fmt: skip
    assert client.head("/healthz").status_code == 200
    assert client.post("/healthz").status_code == 405
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_database_is_away(client: Client) -> None:
    with connection.execute_wrapper(away):
        answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {
        "situacao": "falha", "banco": "falha", "migracoes": "desconhecido", "evidencia": "desconhecido",
    }  # fmt: skip
    assert "secret" not in answer.content.decode()


def test_a_migration_is_missing(client: Client) -> None:
    ((identity, app, name, at),) = [
        row for row in _applied() if (row[1], row[2]) == ("accounts", "0002_sessions_and_filters")
    ]  # fmt: skip
    execute(f"DELETE FROM django_migrations WHERE id = {identity}")
    try:
        answer = client.get("/healthz")
        assert answer.status_code == 503
        assert (answer.json()["banco"], answer.json()["migracoes"]) == ("ok", "falha")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO django_migrations VALUES (%s, %s, %s, %s)", [identity, app, name, at])
    assert client.get("/healthz").status_code == 200


def _applied() -> list[tuple[int, str, str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, app, name, applied FROM django_migrations")
        return list(cursor.fetchall())


@pytest.mark.usefixtures("_no_triggers")
def test_nobody_keeps_the_evidence(client: Client) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["evidencia"] == "falha"
    with override_settings(METRICS_TOKEN=TOKEN):
        text = client.get("/metrics", headers=BEARER).content.decode()
    assert "topbackup_evidence_current 0.0" in text
    assert "topbackup_companies" not in text


def test_metrics_are_for_the_bearer_of_the_token_alone(client: Client) -> None:
    assert client.get("/metrics", headers=BEARER).status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
    with override_settings(METRICS_TOKEN=TOKEN):
        for wrong in ("", "Bearer", "Bearer x", f"Basic {TOKEN}", f"Bearer {TOKEN}x"):
            answer = client.get("/metrics", headers={"Authorization": wrong})
            assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
            assert answer.content == b""
        log_in(client, Role.ADMIN)
        assert client.get("/metrics").status_code == 401
        assert client.get("/metrics", headers=BEARER).status_code == 200


def test_metrics_say_what_the_panel_says(client: Client) -> None:
    one_of_each()
    execute(f"UPDATE EMPRESA SET DATA_ULTIMA_INTERACAO = '{wall_text(timezone.now() - 2 * HOUR)}' WHERE ID = 1")
    execute(f"UPDATE EMPRESA SET DATA_ULTIMA_INTERACAO = '{wall_text(timezone.now() + 50 * HOUR)}' WHERE ID = 2")
    with override_settings(METRICS_TOKEN=TOKEN):
        answer = client.get("/metrics", headers=BEARER)
        text = answer.content.decode()
        assert answer.headers["Content-Type"].startswith("text/plain; version=")
        log_in(client, Role.VIEWER)
        counters = client.get("/api/status/").json()["status"]
        said = re.findall(r'topbackup_companies{status="(\w+)"} (\S+)', text)
        assert {status: int(float(value)) for status, value in said} == counters
        (age,) = re.findall(r"^topbackup_newest_contact_age_seconds (\S+)", text, re.MULTILINE)
        assert 7190 < float(age) < 7300  # a clock of the future is no contact
        client.get("/conta/")
        client.get("/nada/<b>")
        client.generic("EVIL", "/conta/")
        again = client.get("/metrics", headers=BEARER).content.decode()
    assert re.search(r'topbackup_http_requests_total{code="200",method="GET",view="conta"} [1-9]', again)
    assert re.search(r'topbackup_http_requests_total{code="404",method="GET",view="none"} [1-9]', again)
    assert re.search(r'topbackup_http_requests_total{code="405",method="other",view="conta"} [1-9]', again)
    assert re.search(r'topbackup_http_request_seconds_bucket{le="\+Inf",view="conta"} [1-9]', again)
    assert "/nada" not in again
    assert "EVIL" not in again


def test_metrics_of_a_site_whose_database_is_away(client: Client) -> None:
    company(1)
    run(1, "S")
    with override_settings(METRICS_TOKEN=TOKEN), connection.execute_wrapper(away):
        answer = client.get("/metrics", headers=BEARER)
    assert answer.status_code == 200
    assert "topbackup_database_up 0.0" in answer.content.decode()
    assert "topbackup_companies" not in answer.content.decode()
    assert "topbackup_http_requests_total" in answer.content.decode()
