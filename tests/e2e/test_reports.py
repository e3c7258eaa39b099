"""Reports and versions, as people use them."""

import io
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect
from pypdf import PdfReader

from dashboard.accounts.roles import Role
from tests.dashboard.databases import rows
from tests.dashboard.test_pages import HOUR, company, run
from tests.e2e.site import Site

_HASH = "0123456789abcdef" * 4


def test_the_month_as_csv_and_pdf(site: Site, context: BrowserContext, page: Page) -> None:
    company(1, "Padaria São João", "12.ABC.345/01DE-35")
    company(2, "Ótica Conceição")
    run(1, "S", HOUR / 60, NOME_ARQUIVO="backup.zip", HASH_SHA256=_HASH, TAMANHO_BYTES=50_000_000)
    site.enter(context)
    page.goto("/relatorios/")
    expect(page.get_by_role("row")).to_have_count(3)
    page.get_by_label("Nome ou CNPJ").fill("padaria sao")
    page.get_by_label("Nome ou CNPJ").press("Enter")
    expect(page.get_by_role("row")).to_have_count(2)
    with page.expect_download() as waited:
        page.get_by_role("link", name="Planilha (CSV)").click()
    sheet = Path(waited.value.path()).read_bytes().decode("utf-8-sig")
    assert sheet.splitlines()[1].startswith("Padaria São João;12.ABC.345/01DE-35;")
    assert len(sheet.splitlines()) == 2
    with page.expect_download() as waited:
        page.get_by_role("link", name="PDF Padaria São João").click()
    assert waited.value.suggested_filename.startswith("backups-12ABC34501DE35-")
    found = PdfReader(io.BytesIO(Path(waited.value.path()).read_bytes()))
    text = "\n".join(each.extract_text() for each in found.pages)
    for said in (
        "Padaria São João",
        "12.ABC.345/01DE-35",
        "backup.zip",
        _HASH,
        "47,7\u00a0MB",
        f"por {site.address[7:]}",
    ):
        assert said in text, said


def test_publish_a_version(site: Site, context: BrowserContext, page: Page) -> None:
    site.enter(context, Role.ADMIN)
    page.goto("/versoes/")
    page.get_by_role("link", name="Publicar uma versão").click()
    page.get_by_label("Versão", exact=True).fill("1.4")
    page.get_by_label("Endereço do arquivo").fill("http://exemplo.com.br/x.exe")
    page.get_by_label("SHA-256").fill("abc")
    page.get_by_role("button", name="Publicar").click()
    field = page.get_by_label("Versão", exact=True)
    expect(field).to_have_attribute("aria-invalid", "true")
    help_text, error = (
        "Como 1.4.0. Mais nova que todas as já publicadas.",
        "Não é uma versão semântica: três números, como 1.4.0, ou 1.4.0-rc.1.",
    )
    expect(field).to_have_accessible_description(f"{help_text} {error}")
    expect(page.locator(".field__error")).to_have_count(4)
    field.fill("1.4.0")
    page.get_by_label("Endereço do arquivo").fill("https://exemplo.com.br/x.exe")
    page.get_by_label("SHA-256").fill("AB" * 32)
    page.get_by_label("O que mudou").fill("Envio por SFTP.")
    page.get_by_label("Obrigatória").check()
    page.get_by_role("button", name="Publicar").click()
    expect(page.get_by_text("A versão 1.4.0 está publicada.")).to_be_visible()
    expect(page.get_by_role("heading", name="1.4.0 obrigatória")).to_be_visible()
    page.get_by_role("link", name="Alterar 1.4.0").click()
    page.get_by_label("Obrigatória").uncheck()
    page.get_by_role("button", name="Salvar").click()
    expect(page.get_by_text("A versão 1.4.0 foi alterada.")).to_be_visible()
    assert rows("SELECT VERSAO, HASH_SHA256, OBRIGATORIA FROM VERSAO_APP") == [("1.4.0", "ab" * 32, "N")]
