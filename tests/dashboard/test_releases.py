"""What runs where, and what may be published."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboard.accounts.models import AuditEntry
from dashboard.accounts.roles import Role
from dashboard.monitoring.models import AppVersion
from tests.dashboard.databases import execute
from tests.dashboard.test_pages import company
from tests.dashboard.visitors import log_in

RIGHT = {
    "versao": "1.4.0",
    "url": "https://downloads.exemplo.com.br/topbackup-1.4.0.exe",
    "sha256": "AB" * 32,
    "changelog": "Envio por SFTP.",
    "assinatura": base64.b64encode(bytes(64)).decode(),
    "obrigatoria": "on",
}


@pytest.fixture
def client(database: str) -> Iterator[Client]:
    found = Client(SERVER_NAME="localhost", raise_request_exception=True)
    log_in(found, Role.ADMIN)
    yield found
    execute("DELETE FROM SESSAO")


def publish(client: Client, **changes: str) -> Any:
    return client.post("/versoes/publicar/", {**RIGHT, **changes})


def test_publish(client: Client) -> None:
    assert client.get("/versoes/publicar/").status_code == 200
    answer = publish(client)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/versoes/")
    row = AppVersion.objects.get()
    assert (row.version, row.sha256, row.mandatory, row.changelog) == ("1.4.0", "ab" * 32, "S", "Envio por SFTP.")
    assert row.released_at is not None
    assert row.signature == RIGHT["assinatura"]
    entry = AuditEntry.objects.get(action="VERSAO_PUBLICADA")
    assert (entry.who, entry.target) == ("ana", "1.4.0")
    assert "ab" * 32 in client.get("/versoes/").content.decode()
    assert publish(client, versao="1.4.1", assinatura="").status_code == 302
    assert AppVersion.objects.get(version="1.4.1").signature is None


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("versao", "", "Preencha"),
        ("versao", "1.4", "versão semântica"),
        ("versao", "v1.4.0", "versão semântica"),
        ("versao", "1.4.0-rc.1.muito.longa", "20"),
        ("url", "http://exemplo.com/x.exe", "https://"),
        ("url", "https://", "não é um endereço"),
        ("url", "https://[x/", "não é um endereço"),
        ("url", "https://exemplo.com:porta/", "não é um endereço"),
        ("url", "https://ana:senha@exemplo.com/", "não é um endereço"),
        ("url", "https://exemplo.com/a b", "não é um endereço"),
        ("url", "javascript:alert(1)", "https://"),
        ("sha256", "ab" * 31, "64 caracteres"),
        ("sha256", "g" * 64, "64 caracteres"),
        ("sha256", "à" * 64, "64 caracteres"),
        ("changelog", " ", "Preencha"),
        ("assinatura", "não é base64", "Ed25519"),
        ("assinatura", base64.b64encode(bytes(63)).decode(), "Ed25519"),
    ],
)
@pytest.mark.usefixtures("sqlite")
def test_what_is_wrong_is_said_at_its_field(field: str, value: str, said: str) -> None:
    client = Client(SERVER_NAME="localhost")
    log_in(client, Role.ADMIN)
    answer = publish(client, **{field: value})
    assert answer.status_code == 400
    html = answer.content.decode()
    assert html.count('class="field__error"') == 1
    assert said in html.split(f'id="id_{field}_error">')[1].split("</p>")[0]
    assert 'value="1.4.0"' in html or field == "versao"  # what was typed is still there
    assert AppVersion.objects.count() == 0


def test_no_version_twice_and_none_older_unless_it_is_meant(client: Client) -> None:
    execute("INSERT INTO VERSAO_APP (VERSAO) VALUES ('1.0.10'), ('lixo')")
    assert "já foi publicada" in publish(client, versao="1.0.10").content.decode()
    answer = publish(client, versao="1.0.9")
    assert answer.status_code == 400
    assert "1.0.10 é mais nova" in answer.content.decode()
    assert publish(client, versao="1.0.9", confirmar="on").status_code == 302
    assert publish(client, versao="1.0.11").status_code == 302


def test_the_same_but_for_capitals_is_no_500(client: Client, database: str) -> None:
    assert publish(client, versao="1.4.0-RC1").status_code == 302
    answer = publish(client, versao="1.4.0-rc1", confirmar="on")
    assert answer.status_code == (400 if database == "mariadb" else 302)


def test_change_only_what_may_change(client: Client) -> None:
    publish(client)
    row = AppVersion.objects.get()
    answer = client.post(
        f"/versoes/{row.pk}/", {"changelog": "Nada de novo 🚀", "url": "https://outro/", "versao": "9.9.9"}
    )
    assert answer.status_code == 302
    after = AppVersion.objects.get()
    assert (after.changelog, after.mandatory) == ("Nada de novo 🚀", "N")
    assert (after.version, after.download_url, after.sha256) == ("1.4.0", RIGHT["url"], "ab" * 32)
    assert AuditEntry.objects.get(action="VERSAO_ALTERADA").detail.startswith("OBRIGATORIA S → N")
    assert client.post(f"/versoes/{row.pk}/", {"changelog": ""}).status_code == 400
    assert client.get("/versoes/999/").status_code == 404
    assert client.get(f"/versoes/{10**25}/").status_code == 404


@pytest.mark.usefixtures("sqlite")
def test_only_administrators_publish() -> None:
    for role in (Role.VIEWER, Role.SUPPORT):
        other = Client(SERVER_NAME="localhost")
        log_in(other, role, role.value)
        assert b"/versoes/publicar/" not in other.get("/versoes/").content
        assert publish(other).status_code == 403
        assert other.get("/versoes/publicar/").status_code == 403
        assert other.get("/versoes/1/").status_code == 403
    assert AppVersion.objects.count() == 0


def a_fleet() -> None:
    texts = ["1.0.10", "1.0.9", "1.0.10", "<script>alert(1)</script>"[:20], "", "1.1.0", "beta"]
    for identity, version in enumerate(texts, 1):
        company(identity, f"Loja {identity}")
        execute(f"UPDATE EMPRESA SET VERSAO_LOCAL = '{version}' WHERE ID = {identity}")
    company(8, "Nula")
    company(9, "Fechada", active="N")


def test_what_runs_where(client: Client) -> None:
    a_fleet()
    execute(
        "INSERT INTO VERSAO_APP (VERSAO, OBRIGATORIA) VALUES ('1.1.0', NULL), ('1.0.10', 'S'), ('<i>lixo</i>', 'S')"
    )
    html = client.get("/versoes/").content.decode()
    assert "<i>lixo" not in html
    assert "<script>alert" not in html
    table = html.split('class="running"')[1].split("</table>")[0]
    versions = [part.split("<")[0] for part in table.split('#companies">')[1:]]
    assert versions[:3] == ["1.1.0", "1.0.10", "1.0.9"]
    assert versions[-1] == "não informada"
    assert "8 empresas · 3 com agente mais antigo · 4 de versão desconhecida" in html
    listed = client.get("/versoes/?versao=1.0.10").content.decode().split('class="who-runs"')[1].split("</ul>")[0]
    assert ("Loja 1" in listed, "Loja 3" in listed, "Loja 2" in listed) == (True, True, False)
    unknown = client.get("/versoes/?versao=-").content.decode().split('class="who-runs"')[1].split("</ul>")[0]
    assert ("Nula" in unknown, "Loja 5" in unknown, "Fechada" in unknown) == (True, True, False)
    assert client.get("/versoes/?versao=nenhuma").status_code == 200
    for query in ("versao=%00", "versao=1.0.9&depois=x", "depois=99999999999999999999"):
        assert client.get(f"/versoes/?{query}").status_code == 400


def test_a_long_list_goes_on(client: Client) -> None:
    for identity in range(1, 106):
        company(identity, f"Loja {identity}")
    assert "depois=100" in client.get("/versoes/?versao=-").content.decode()
    assert client.get("/versoes/?versao=-&depois=100").content.decode().count("<li>") == 5


def test_the_number_of_queries_does_not_grow(client: Client) -> None:
    a_fleet()
    with CaptureQueriesContext(connection) as few:
        client.get("/versoes/?versao=1.0.10")
    for identity in range(100, 140):
        company(identity)
        execute(f"UPDATE EMPRESA SET VERSAO_LOCAL = '1.0.{identity}' WHERE ID = {identity}")
    with CaptureQueriesContext(connection) as many:
        client.get("/versoes/?versao=1.0.10")
    assert len(many) == len(few) <= 9
