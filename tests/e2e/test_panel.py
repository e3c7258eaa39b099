"""The panel as people use it: all day, by mouse and by keyboard, on a laptop, a phone and a wall."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, Response, expect

from dashboard.monitoring.wall_time import wall_text
from scripts import showcase
from tests.dashboard.databases import execute
from tests.e2e.accessibility import assert_no_violations
from tests.e2e.site import Site

EVERY = 15_000  # the panel's own, in milliseconds


@pytest.fixture
def panel(site: Site, context: BrowserContext, page: Page) -> Iterator[Page]:
    """A morning's companies, and somebody who has just opened the panel. Its clock is the test's."""
    showcase.fill(timezone.now())
    site.enter(context)
    page.clock.install()
    page.goto("/")
    expect(page.locator("#cards > li")).to_have_count(24)
    yield page
    page.close()


def insert(table: str, **values: Any) -> None:
    marks = ", ".join(["%s"] * len(values))
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", list(values.values()))


def fails(company: int, message: str = "Disco cheio") -> None:
    began = wall_text(timezone.now())
    insert("LOG_BACKUPS", ID_EMPRESA=company, STATUS="F", DATA_INICIO=began, MENSAGEM_ERRO=message)


def later(page: Page, milliseconds: int = EVERY + 500) -> None:
    """Time goes by for the page alone."""
    page.clock.run_for(milliseconds)


def refresh(page: Page) -> Response:
    """The next one's answer."""
    with page.expect_response(lambda answer: "/cartoes/" in answer.url) as answered:
        later(page)
    return answered.value


def names(page: Page) -> list[str]:
    return page.locator("#cards .card__link").all_inner_texts()


def test_filter_search_and_the_way_back(panel: Page) -> None:
    panel.locator("#chip-FALHA").click()
    expect(panel.locator("#cards > li")).to_have_count(4)
    panel.locator("#chip-ATENCAO").click()
    expect(panel.locator("#cards > li")).to_have_count(7)
    assert panel.url.endswith("/?status=FALHA&status=ATENCAO")
    search = panel.get_by_role("searchbox")
    search.press_sequentially("pao", delay=1)
    later(panel, 300)
    expect(panel.locator("#cards > li")).to_have_count(1)
    assert names(panel) == ["Padaria Pão & Cia"]
    assert "busca=pao" in panel.url
    assert "status=FALHA&status=ATENCAO" in panel.url
    expect(search).to_be_focused()
    assert search.evaluate("input => [input.selectionStart, input.value]") == [3, "pao"]
    expect(panel.locator("#said")).to_have_text("1 empresa encontrada")
    search.fill("12abc34501de35")
    later(panel, 300)
    expect(panel.locator("#summary")).to_contain_text("1 empresa encontrada")
    search.fill("ninguém")
    later(panel, 300)
    expect(panel.get_by_text("Nenhuma empresa encontrada.")).to_be_visible()
    panel.reload()
    expect(panel.get_by_role("searchbox")).to_have_value("ninguém")
    panel.go_back()
    expect(panel.locator("#cards > li")).to_have_count(4)
    assert panel.url.endswith("/?status=FALHA")


def test_a_card_changes_while_it_is_looked_at(panel: Page) -> None:
    assert refresh(panel).status in (200, 304)
    assert refresh(panel).status == 304
    panel.evaluate("for (const card of document.querySelectorAll('#cards > li')) card.seen = true")
    panel.evaluate("scrollTo(0, 900)")
    # The last of its row: a card that comes before it pushes it into the next.
    looked_at = panel.evaluate(
        "() => { const card = document.querySelectorAll('#cards > li')[11];"
        " card.querySelector('a').focus({preventScroll: true}); return [card.id, card.getBoundingClientRect().top] }"
    )
    fails(24, "A rede caiu")  # the last card becomes one of the first
    answer = refresh(panel)
    assert answer.status == 200
    expect(panel.locator("#empresa-24")).to_contain_text("A rede caiu")
    assert names(panel).index("Transportadora Rota Sul") < 5
    fresh = panel.evaluate(
        "[...document.querySelectorAll('#cards > li')].filter(card => !card.seen).map(card => card.id)"
    )
    assert fresh == ["empresa-24"]  # the others' nodes are the same
    top = panel.evaluate("id => document.getElementById(id).getBoundingClientRect().top", looked_at[0])
    assert abs(top - looked_at[1]) < 2
    expect(panel.locator("#chip-FALHA .counter__number")).to_have_text("5")


def test_focus_stays_where_it_is(panel: Page) -> None:
    panel.locator("#ir-1").focus()
    fails(1, "De novo")
    assert refresh(panel).status == 200
    expect(panel.locator("#empresa-1")).to_contain_text("De novo")
    expect(panel.locator("#ir-1")).to_be_focused()


def test_nobody_asks_while_nobody_looks(panel: Page) -> None:
    asked: list[str] = []
    panel.on("request", lambda request: asked.append(request.url))
    hide = (
        "hidden => { Object.defineProperty(document, 'hidden', {get: () => hidden, configurable: true});"
        " document.dispatchEvent(new Event('visibilitychange')) }"
    )
    panel.evaluate(hide, True)
    later(panel, 10 * EVERY)
    assert asked == []
    with panel.expect_response(lambda answer: "/cartoes/" in answer.url):
        panel.evaluate(hide, False)  # at once
    expect(panel.locator("#lost")).to_be_hidden()
    expect(panel.locator("#board.is-old")).to_have_count(0)


def test_without_the_server_the_panel_says_so_and_recovers(site: Site, panel: Page) -> None:
    site.stop()
    try:
        later(panel, EVERY * 2)
        expect(panel.locator("#lost")).to_be_hidden()
        later(panel, 62_000)
        expect(panel.get_by_text("Sem contato com o servidor")).to_be_visible()
        expect(panel.locator("#board.is-old")).to_have_count(1)
    finally:
        site.start()
    refresh(panel)
    expect(panel.locator("#lost")).to_be_hidden()
    expect(panel.locator("#board.is-old")).to_have_count(0)


def test_the_end_of_the_session_leads_to_the_door(panel: Page) -> None:
    execute("DELETE FROM SESSAO")
    later(panel)
    expect(panel.get_by_label("Senha")).to_be_visible()


def test_more_in_place_and_kept_by_the_refresh(panel: Page) -> None:
    with connection.cursor() as cursor:
        for number in range(100, 180):
            cursor.execute(
                "INSERT INTO EMPRESA (ID, FANTASIA, CNPJ) VALUES (%s, %s, %s)", [number, f"Loja {number}", number]
            )
    panel.reload()
    expect(panel.locator("#cards > li")).to_have_count(60)
    panel.get_by_role("link", name="Mostrar mais").click()
    expect(panel.locator("#cards > li")).to_have_count(104)
    expect(panel.get_by_role("link", name="Mostrar mais")).to_have_count(0)
    fails(100, "Caiu")
    assert "limite=104" in refresh(panel).url
    expect(panel.locator("#empresa-100")).to_contain_text("Caiu")
    expect(panel.locator("#cards > li")).to_have_count(104)
    assert len(set(names(panel))) == 104


def test_all_by_keyboard(panel: Page) -> None:
    focused = panel.locator(":focus")
    panel.keyboard.press("j")
    expect(focused).to_have_id(panel.locator("#cards .card__link").first.get_attribute("id") or "")
    panel.keyboard.press("ArrowRight")
    panel.keyboard.press("j")
    panel.keyboard.press("k")
    panel.keyboard.press("ArrowDown")
    assert panel.evaluate("[...document.querySelectorAll('.card__link')].indexOf(document.activeElement)") == 5
    panel.keyboard.press("ArrowUp")
    assert panel.evaluate("[...document.querySelectorAll('.card__link')].indexOf(document.activeElement)") == 1
    panel.keyboard.press("/")
    expect(panel.get_by_role("searchbox")).to_be_focused()
    panel.keyboard.type("j?")  # typed, not obeyed
    later(panel, 300)
    expect(panel.locator("#cards > li")).to_have_count(0)
    panel.keyboard.press("Escape")
    later(panel, 300)
    expect(panel.locator("#cards > li")).to_have_count(24)
    panel.keyboard.press("Escape")
    panel.keyboard.press("?")
    expect(panel.get_by_role("dialog")).to_be_visible()
    panel.get_by_label("Usar teclas de uma letra").uncheck()
    panel.keyboard.press("Escape")
    expect(panel.get_by_role("dialog")).to_be_hidden()
    panel.keyboard.press("/")
    expect(panel.get_by_role("searchbox")).not_to_be_focused()


@pytest.mark.parametrize("size", [(1920, 1080), (3840, 2160)])
def test_the_wall_fits_and_counts_the_rest(
    site: Site, context: BrowserContext, page: Page, size: tuple[int, int]
) -> None:
    showcase.fill(timezone.now())
    with connection.cursor() as cursor:
        for number in range(100, 190):
            cursor.execute(
                "INSERT INTO EMPRESA (ID, FANTASIA, CNPJ) VALUES (%s, %s, %s)", [number, f"Loja {number}", number]
            )
    site.enter(context)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto("/?parede=1")
    assert page.evaluate(
        "[document.documentElement.scrollHeight - innerHeight, document.documentElement.scrollWidth - innerWidth]"
    ) == [0, 0]
    shown = page.locator(".wall__card:visible").count()
    assert shown >= 19
    expect(page.locator(".wall__more")).to_have_text(f"+{99 - shown} mais")
    box = page.locator(".wall__more").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= size[1]
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(15, 21, 19)"
    expect(page.locator(".wall .going__item")).to_have_count(2)


def test_a_phone_is_not_scrolled_sideways(panel: Page) -> None:
    panel.set_viewport_size({"width": 320, "height": 700})
    assert panel.evaluate("document.documentElement.scrollWidth") <= 320
    panel.set_viewport_size({"width": 390, "height": 844})
    assert panel.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(site: Site, context: BrowserContext, page: Page, scheme: str) -> None:
    showcase.fill(timezone.now())
    site.enter(context)
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for path in ("/", "/?status=FALHA&busca=zzz", "/?parede=1", "/?parede=1&tema=claro"):
        page.goto(path)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    page.goto("/")
    page.keyboard.press("?")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_without_scripts(site: Site, context: BrowserContext) -> None:
    showcase.fill(timezone.now())
    browser = context.browser
    assert browser is not None
    plain = browser.new_context(base_url=site.address, java_script_enabled=False, locale="pt-BR")
    site.enter(plain)
    page = plain.new_page()
    page.goto("/?limite=10")
    page.get_by_role("link", name="Mostrar mais").click()
    expect(page).to_have_url(re.compile("depois="))
    expect(page.locator("#cards .card__link").first).not_to_have_text(re.compile("Padaria Pão|Livraria Página Um"))
    page.get_by_role("link", name="Falha").click()
    page.get_by_role("searchbox").fill("pao")
    page.get_by_role("button", name="Buscar").click()
    expect(page.locator("#cards .card__link")).to_have_text(["Padaria Pão & Cia"])
    plain.close()


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_a_phone_s_first_card_is_seen_however_many_backups_run(panel: Page) -> None:
    for company in range(1, 13):
        began = wall_text(timezone.now() - timedelta(minutes=company))
        insert("LOG_BACKUPS", ID_EMPRESA=company, STATUS="E", DATA_INICIO=began, BANCO_ORIGEM="C:\\ERP\\DADOS.FDB")
    panel.reload()
    rest = panel.locator(".going__narrow")
    number = int(panel.locator("#chip-EXECUTANDO .counter__number").inner_text())
    assert number >= 12
    expect(panel.locator(".going__item:visible")).to_have_count(9)  # a strip of eight, and how many more
    expect(rest).to_be_hidden()
    for width, height in ((390, 844), (844, 390)):
        panel.set_viewport_size({"width": width, "height": height})
        expect(panel.locator(".going__item:visible")).to_have_count(1)
        expect(rest).to_have_text(f"e mais {number - 1}")
        strip = panel.locator("#going").bounding_box()
        assert strip is not None
        assert strip["height"] < 100
    panel.set_viewport_size({"width": 390, "height": 844})
    first = panel.locator("#cards > li").first.bounding_box()
    assert first is not None
    assert first["y"] + 60 < 844
    assert_no_violations(panel)
    rest.get_by_role("link").click()
    expect(panel.locator("#cards > li")).to_have_count(number)
