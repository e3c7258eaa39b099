"""Theme and language: what a person chose, and Portuguese for whoever chose nothing."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone, translation

from dashboard.accounts.roles import Role
from dashboard.monitoring.templatetags.faces import number, short, size
from dashboard.monitoring.wall_time import wall_text
from tests.dashboard.test_pages import company, run
from tests.dashboard.visitors import log_in

MOMENT = datetime(2026, 11, 25, 15, 4, 5, tzinfo=ZoneInfo("America/Sao_Paulo"))


@pytest.fixture
def client(database: str) -> Client:
    assert database
    client = Client(SERVER_NAME="localhost", headers={"Accept-Language": "en-US,en;q=0.9"})
    log_in(client, Role.VIEWER)
    return client


def choose(client: Client, theme: str, language: str) -> int:
    return client.post("/conta/aparencia/", {"tema": theme, "idioma": language}).status_code


def test_portuguese_whatever_the_browser_wishes_until_the_person_chooses(client: Client) -> None:
    page = client.get("/conta/")
    assert '<html lang="pt-br">' in page.content.decode()
    assert page.headers["Content-Language"] == "pt-br"
    assert choose(client, "", "en-us") == 302
    assert '<html lang="en-us">' in client.get("/conta/").content.decode()
    assert "Change the password" in client.get("/conta/").content.decode()
    nobody = Client(SERVER_NAME="localhost", headers={"Accept-Language": "en-US"})
    assert "Senha" in nobody.get("/entrar/").content.decode()  # no language is left over in the thread
    client.cookies["topbackup_idioma"] = "../../etc"
    assert '<html lang="pt-br">' in client.get("/conta/").content.decode()


def test_theme(client: Client) -> None:
    assert "data-theme" not in client.get("/conta/").content.decode()
    for theme in ("escuro", "claro"):
        choose(client, theme, "pt-br")
        assert f'data-theme="{theme}"' in client.get("/conta/").content.decode()
        assert f'data-theme="{theme}"' in client.get("/entrar/").content.decode()
    choose(client, "", "pt-br")
    assert "data-theme" not in client.get("/conta/").content.decode()
    client.cookies["topbackup_tema"] = '"><script>'
    assert "data-theme" not in client.get("/conta/").content.decode()
    assert choose(client, "rosa", "pt-br") == choose(client, "", "tlh") == 400


def test_the_panel_in_both_languages(client: Client) -> None:
    company(1, "Padaria")
    began = timezone.now() - timedelta(days=3)
    run(1, "S", timedelta(days=3), DATA_RECEBIDO=wall_text(began), TAMANHO_BYTES=50_000_000)
    portuguese = client.get("/").content.decode()
    assert "Nenhum backup bom desde" in portuguese
    assert "há 1\xa0dia<" in portuguese
    assert "47,7\xa0MB" in portuguese
    assert f"{timezone.localtime(began):%d/%m/%Y %H:%M}" in portuguese
    choose(client, "", "en-us")
    english = client.get("/").content.decode()
    assert "No good backup since" in english
    assert "1\xa0day ago" in english
    assert "47.7\xa0MB" in english
    assert re.search(rf"{timezone.localtime(began):%b} \d+, {began:%Y}, \d+:\d\d [AP]M", english)
    words = re.sub(r"<[^>]+>", " ", english)
    for word in ("Falha", "empresa", "Tamanho", "Sair", "Painel", "Buscar"):
        assert word not in words, word
    assert client.get("/api/cards/").json()["cards"][0]["tamanho_formatado"] == "47,7 MB"  # the stored form


@pytest.mark.parametrize(
    ("language", "near", "far", "bytes_", "count"),
    [
        ("pt-br", "25/11 15:04", "25/11/2026 15:04", "1,5\xa0GB", "1.234.567"),
        ("en-us", "Nov 25, 3:04 PM", "Nov 25, 2026, 3:04 PM", "1.5\xa0GB", "1,234,567"),
    ],
)
def test_dates_sizes_and_numbers(language: str, near: str, far: str, bytes_: str, count: str) -> None:
    with translation.override(language):
        assert short(MOMENT, MOMENT + timedelta(days=1)) == near
        assert short(MOMENT, MOMENT + timedelta(days=400)) == far
        assert size(1_610_612_736) == bytes_
        assert number(1_234_567) == count
        assert size(None) == "—"
