"""Alerts, as the support team works through them."""

from datetime import timedelta

from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from dashboard.accounts.roles import Role
from tests.dashboard.databases import execute
from tests.dashboard.test_pages import HOUR, company, run
from tests.e2e.site import Site

_SENTENCE = "O servidor FTP recusou o login."


def _three_failures() -> None:
    for identity, name in enumerate(("Padaria São João", "Ótica Conceição", "Mercado <b>União</b>"), 1):
        company(identity, name)
        run(identity, "S", (30 - identity) * HOUR)
        run(identity, "F", identity * HOUR, CODIGO_ERRO="TB-FTP-LOGIN", MENSAGEM_ERRO=_SENTENCE)


def test_acknowledge_silence_reopen(site: Site, context: BrowserContext, page: Page) -> None:
    _three_failures()
    site.enter(context, Role.SUPPORT)
    page.goto("/alertas/")
    group = page.locator("details.group").first
    expect(group).to_contain_text("3 empresas")
    group.locator("summary").press("Enter")  # by the keyboard
    expect(group.get_by_role("row")).to_have_count(4)

    group.get_by_role("checkbox", name="Escolher Padaria São João").press("Space")
    group.get_by_role("button", name="Ciente das marcadas").press("Enter")
    expect(page.get_by_text("Diga o que você sabe ou o que foi combinado.")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Escolher Padaria São João")).to_be_checked()
    page.get_by_label("Comentário").fill("Senha nova pedida à loja")
    page.get_by_role("button", name="Ciente das marcadas").press("Enter")
    expect(page.get_by_text("Ciente de 1 empresa.")).to_be_visible()
    expect(page.locator("details.group").first).to_contain_text("2 empresas")

    page.locator("details.group summary").first.click()
    page.get_by_label("Comentário").fill("Provedor fora do ar")
    page.get_by_label("Silenciar até (opcional)").fill((timezone.localtime() + timedelta(days=2)).strftime("%Y-%m-%d"))
    page.get_by_role("button", name="Ciente de todas as 2").click()
    expect(page.get_by_text("Nada precisa de uma pessoa agora.")).to_be_visible()

    # Whoever knows of it, the cards stay red.
    page.goto("/")
    expect(page.locator(".card.tone--FALHA")).to_have_count(3)

    page.goto("/alertas/?lista=silenciados")
    page.locator("details.group summary").first.click()
    expect(page.get_by_text("Provedor fora do ar").first).to_be_visible()
    page.get_by_role("checkbox", name="Escolher Mercado").check()
    page.get_by_role("button", name="Reabrir as marcadas").click()
    expect(page.get_by_text("Reaberto em 1 empresa.")).to_be_visible()
    expect(page.get_by_role("link", name="Abertos 1")).to_be_visible()


def test_on_a_phone_and_for_everybody(site: Site, context: BrowserContext, page: Page) -> None:
    _three_failures()
    execute("UPDATE EMPRESA SET VERSAO_LOCAL = '1.0.8'", "INSERT INTO VERSAO_APP (VERSAO) VALUES ('1.4.0')")
    site.enter(context, Role.ADMIN)
    page.set_viewport_size({"width": 390, "height": 844})
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for address in ("/alertas/", "/relatorios/", "/versoes/?versao=1.0.8", "/versoes/publicar/"):
            page.goto(address)
            if address == "/alertas/":
                page.locator("details.group summary").first.click()
                expect(page.get_by_role("button", name="Ciente das marcadas")).to_be_visible()
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, address
            found = Axe().run(page).response["violations"]
            assert [(each["id"], each["nodes"][0]["html"]) for each in found] == [], (address, scheme)
