"""One company's page, as the support team uses it."""

import csv
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from dashboard.accounts.roles import Role
from dashboard.companies.models import Note
from dashboard.monitoring.wall_time import CLOUD_ZONE
from tests.dashboard.shops import NIGHT, NOON, TAX_ID, company, document, quarter, run
from tests.e2e.site import Site

DAY = timedelta(days=1)


@pytest.fixture
def shop(site: Site, context: BrowserContext) -> Site:
    """A bakery with a quarter of a year of backups, of which the last failed; Ana of the support team looks at it."""
    now = timezone.now()
    company(1, "Padaria Pão & Cia", TAX_ID, VERSAO_LOCAL="2.0.0", AGENDAS=document([NIGHT, NOON], now))
    quarter(1, now - DAY / 24)
    run(1, "F", now - DAY / 48, CODIGO_ERRO="TB-DESTINO-CHEIO", MENSAGEM_ERRO="D: cheio", NOME_ARQUIVO="=cheio.zip")
    site.enter(context, Role.SUPPORT)
    return site


def test_calendar_history_and_csv(shop: Site, page: Page) -> None:
    page.goto("/empresa/1/")
    expect(page.get_by_role("heading", name="Padaria Pão & Cia")).to_be_visible()
    expect(page.get_by_text("Libere espaço nesse disco.")).to_be_visible()
    today = page.locator("#dias a").last
    today.focus()
    page.keyboard.press("ArrowLeft")
    week = page.locator("#dias a").nth(-8)
    expect(week).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#dias a").nth(-9)).to_be_focused()
    page.keyboard.press("End")
    expect(today).to_be_focused()
    page.keyboard.press("Tab")  # one stop for all ninety
    assert page.evaluate("document.activeElement.closest('#dias')") is None
    today.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/historico/?de=*")
    day = f"{timezone.now().astimezone(CLOUD_ZONE):%Y-%m-%d}"
    assert page.get_by_label("De").input_value() == page.get_by_label("Até").input_value() == day

    page.get_by_role("link", name="Mostrar todas").click()
    page.get_by_label("só falhas").check()
    page.get_by_role("button", name="Filtrar").click()
    page.wait_for_url("**falhas=1**")
    shown = page.locator("tbody tr").count()
    expect(page.locator("tbody .badge").first).to_have_text("Falhou")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Baixar CSV").click()
    content = Path(waiting.value.path()).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    table = list(csv.reader(content.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert len(table) == shown + 1
    assert table[1][table[0].index("NOME_ARQUIVO")] == "'=cheio.zip"
    assert waiting.value.suggested_filename == "historico-12abc34501de-35.csv"


def test_charts_are_drawn_and_follow_the_theme(shop: Site, page: Page) -> None:
    page.goto("/empresa/1/")
    colours = """id => { const c = document.getElementById(id), x = c.getContext("2d");
        return new Set(new Uint32Array(x.getImageData(0, 0, c.width, c.height).data.buffer)).size }"""
    for canvas in ("grafico-tamanho", "grafico-duracao"):
        page.wait_for_function(f"({colours})('{canvas}') > 20")
    light = page.locator("#grafico-tamanho").screenshot()
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(200)
    assert page.locator("#grafico-tamanho").screenshot() != light
    page.get_by_text("O mesmo em tabela").click()
    expect(page.locator(".numbers tbody tr").first).to_contain_text("Falhou")


def test_notes_and_activation(shop: Site, page: Page) -> None:
    page.goto("/empresa/1/")
    page.get_by_label("Nova anotação").fill("Pedi para trocarem o HD <b>externo</b> 🚀")
    page.get_by_role("button", name="Guardar anotação").click()
    expect(page.get_by_text("A anotação foi guardada.")).to_be_visible()
    expect(page.locator(".note__text")).to_have_text("Pedi para trocarem o HD <b>externo</b> 🚀")
    page.get_by_role("button", name="Riscar").click()
    expect(page.locator("del.note__text")).to_be_visible()
    page.get_by_role("link", name="Desativar esta empresa").click()
    page.get_by_label("Motivo").fill("Fechou as portas")
    page.get_by_role("button", name="Desativar").click()
    expect(page.get_by_text("Esta empresa está inativa")).to_be_visible()
    expect(page.locator(".note").first).to_contain_text("Fechou as portas")
    page.goto("/")
    expect(page.get_by_text("Padaria")).to_have_count(0)
    assert [note.kind for note in Note.objects.order_by("pk")] == ["N", "D"]


def test_on_a_phone_and_for_everyone(shop: Site, page: Page) -> None:
    axe = Axe()
    for path in ("/empresa/1/", "/empresa/1/historico/", "/empresa/1/situacao/"):
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        page.set_viewport_size({"width": 1366, "height": 768})
        for details in page.locator("details").all():
            details.evaluate("each => each.open = true")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found = axe.run(page)
            assert found.violations_count == 0, f"{path} {scheme}\n{found.generate_report()}"


@pytest.mark.parametrize("width", [390, 1366])
def test_a_path_of_500_characters_widens_no_page(shop: Site, page: Page, width: int) -> None:
    run(1, "S", timezone.now(), CAMINHO_DESTINO="D:\\" + "x" * 497, NOME_ARQUIVO="y" * 255, TAMANHO_BYTES=48_000_000)
    page.set_viewport_size({"width": width, "height": 800})
    for path in ("/empresa/1/", "/empresa/1/historico/"):
        page.goto(path)
        expect(page.get_by_text("yyyyyyyy").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
