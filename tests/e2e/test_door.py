"""Coming in, as a person does it."""

from playwright.sync_api import Page, expect

from dashboard.accounts.roles import Role
from tests.e2e.site import PASSWORD, Site


def test_login_and_logout(site: Site, page: Page) -> None:
    site.user(Role.VIEWER)
    page.goto("/")
    page.get_by_label("Usuário").fill("ana")
    page.get_by_label("Senha").fill(PASSWORD)
    page.get_by_role("button", name="Entrar").click()
    expect(page.get_by_text("Nenhuma empresa enviou dados até agora.")).to_be_visible()
    page.get_by_role("button", name="Sair").click()
    expect(page.get_by_label("Senha")).to_be_visible()
    page.goto("/")
    expect(page.get_by_label("Senha")).to_be_visible()
