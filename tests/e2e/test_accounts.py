"""Logins, by real clicks and keys: door, lock, second factor, the administrators' pages, theme and language."""

import re

from playwright.sync_api import BrowserContext, Page, expect

from dashboard.accounts.roles import Role
from tests.dashboard.authenticator import code
from tests.e2e.accessibility import assert_no_violations
from tests.e2e.site import PASSWORD, Site

NEW = "outra-senha-bem-longa-9"


def enter(page: Page, username: str, password: str = PASSWORD) -> None:
    page.goto("/entrar/")
    page.get_by_label("Usuário").fill(username)
    page.get_by_label("Senha").fill(password)
    page.get_by_role("button", name="Entrar").click()


def test_by_keyboard_alone(site: Site, page: Page) -> None:
    page.goto("/entrar/")
    expect(page.get_by_text("Ainda não existe nenhum usuário")).to_be_visible()
    assert_no_violations(page)
    site.user(Role.ADMIN)
    page.reload()
    expect(page.get_by_label("Usuário")).to_be_focused()  # by itself, and not before the page is there
    keys = page.keyboard
    keys.type("ana")
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(page).to_have_url(re.compile("/$"))
    keys.press("Tab")
    expect(page.get_by_role("link", name="Ir para o conteúdo")).to_be_focused()
    for _ in range(10):
        keys.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('href')") == "/conta/":
            break
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Sua conta")).to_be_visible()


def test_the_lock_and_the_administrator_who_takes_it_away(site: Site, context: BrowserContext, page: Page) -> None:
    site.user(Role.VIEWER, "bia")
    for _ in range(4):
        enter(page, "bia", "errada")
        expect(page.get_by_text("não confere").or_(page.get_by_role("alert"))).to_be_visible()
    enter(page, "bia", "errada")
    expect(page.get_by_text(re.compile(r"bloqueado até \d\d:\d\d \(daqui a 1[45]\sminutos\)"))).to_be_visible()
    assert_no_violations(page)
    site.enter(context, Role.ADMIN, "ana")
    page.goto("/usuarios/")
    expect(page.get_by_text(re.compile("Bloqueado até"))).to_be_visible()
    assert_no_violations(page)
    page.get_by_role("link", name="bia").click()
    expect(page.get_by_role("heading", name="bia")).to_be_visible()
    assert_no_violations(page)
    page.get_by_role("button", name="Desbloquear").click()
    expect(page.get_by_text("bia já pode tentar entrar de novo.")).to_be_visible()
    context.clear_cookies()
    enter(page, "bia")
    expect(page.get_by_role("link", name="bia")).to_be_visible()


def test_the_second_factor_on_at_the_door_and_off(site: Site, page: Page) -> None:
    site.user(Role.VIEWER)
    enter(page, "ana")
    page.get_by_role("link", name="ana").click()
    page.get_by_role("button", name="Configurar").click()
    picture = page.get_by_role("img", name="Código QR")
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("complete", value=True)
    assert picture.evaluate("image => image.naturalWidth > 0"), "the policy lets it be seen"
    assert_no_violations(page)
    key = page.locator("#key").inner_text()
    page.get_by_label("Código", exact=True).fill(code(key, -1))
    page.get_by_role("button", name="Ligar").click()
    expect(page.get_by_role("listitem")).to_have_count(10)
    recovery = page.get_by_role("listitem").first.inner_text()
    assert_no_violations(page)
    page.get_by_role("link", name="Já guardei").click()
    expect(page.get_by_role("heading", name="Sua conta")).to_be_visible()
    assert_no_violations(page)
    page.get_by_role("button", name="Sair").click()

    enter(page, "ana")
    expect(page.get_by_label("Código do aplicativo")).to_be_focused()
    assert_no_violations(page)
    page.goto("/")
    expect(page.get_by_label("Senha")).to_be_visible()  # not in yet
    page.goto("/entrar/codigo/")
    page.get_by_label("Código do aplicativo").fill(code(key))
    page.keyboard.press("Enter")
    page.get_by_role("link", name="ana").click()
    page.get_by_label("Sua senha, ou um código").fill(recovery)
    page.get_by_role("button", name="Desligar").click()
    expect(page.get_by_text("O segundo fator está desligado")).to_be_visible()


def test_an_administrator_looks_after_the_users(site: Site, context: BrowserContext, page: Page) -> None:
    site.enter(context, Role.ADMIN, "ana")
    page.goto("/usuarios/")
    page.get_by_role("link", name="Novo usuário").click()
    expect(page.get_by_role("heading", name="Novo usuário")).to_be_visible()
    assert_no_violations(page)
    page.get_by_label("Usuário").fill("bia")
    page.get_by_label("Papel").select_option("Suporte")
    page.get_by_label("Nova senha", exact=True).fill("curta")
    page.get_by_label("Nova senha, de novo").fill("curta")
    page.get_by_role("button", name="Criar").click()
    expect(page.get_by_text("Esta senha é muito curta.", exact=False)).to_be_visible()
    assert_no_violations(page)
    page.get_by_label("Nova senha", exact=True).fill(NEW)
    page.get_by_label("Nova senha, de novo").fill(NEW)
    page.get_by_role("button", name="Criar").click()
    page.get_by_role("link", name="bia").click()
    page.get_by_role("button", name="Desativar").click()
    expect(page.get_by_text("bia não pode mais entrar, a partir de agora.")).to_be_visible()
    page.get_by_role("button", name="Reativar").click()
    page.get_by_role("link", name="Todos os usuários").click()
    page.get_by_role("link", name="ana", exact=True).last.click()
    page.get_by_role("button", name="Desativar").click()
    expect(page.get_by_text("ana é o último administrador ativo.")).to_be_visible()
    page.get_by_role("link", name="Auditoria").click()
    expect(page.get_by_role("heading", name="Quem alterou o quê")).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(4)
    assert_no_violations(page)
    page.get_by_label("Ação").select_option("acesso criado")
    page.get_by_role("button", name="Filtrar").click()
    expect(page.get_by_role("row")).to_have_count(2)


def test_theme_language_and_the_bar_on_a_telephone(site: Site, context: BrowserContext, page: Page) -> None:
    site.enter(context, Role.ADMIN, "ana")
    page.goto("/conta/")
    assert_no_violations(page)
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_label("Escuro").check()
    page.get_by_label("Idioma").select_option("English (United States)")
    page.get_by_role("button", name="Salvar").click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    page.goto("/")
    expect(page.get_by_text("No company has reported yet.")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    for address in ("/", "/conta/", "/usuarios/", "/auditoria/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        for link in page.locator(".sections a, .leave__who").all():
            box = link.bounding_box()
            assert box is not None
            assert box["height"] >= 24, "WCAG 2.2: a target that a finger meets"
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 390
