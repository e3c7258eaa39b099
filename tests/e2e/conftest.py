"""A real Chromium on the real site, on SQLite and on MariaDB."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.plugin import DjangoDbBlocker

from lab.mariadb_server import MariaDBServer
from tests.dashboard import databases
from tests.dashboard.conftest import migrated_sqlite  # noqa: F401 - the same migrated file, to be copied
from tests.e2e.site import Site

# Playwright's loop stands in this thread while its browser lives; Django would take that for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
# For a machine without a network: nothing but the page is asked for.
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
QUIET += ["--disable-component-update", "--disable-sync"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def _sites(
    tmp_path_factory: pytest.TempPathFactory,
    migrated_sqlite: Path,  # noqa: F811
    mariadb_server: MariaDBServer,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[dict[str, Site]]:
    folder = tmp_path_factory.mktemp("site")
    copy = folder / "nuvem.sqlite3"
    shutil.copy(migrated_sqlite, copy)
    mariadb_server.create_database("PROJETO_BACKUPS_SITE")
    urls = {
        "sqlite": databases.sqlite_url(copy),
        "mariadb": databases.mysql_url(mariadb_server, "PROJETO_BACKUPS_SITE"),
    }
    with django_db_blocker.unblock(), databases.speaking_to(urls["mariadb"]):
        databases.migrate()
    for kind in urls:
        (folder / kind).mkdir()
    with (
        Site("sqlite", urls["sqlite"], folder / "sqlite") as one,
        Site("mariadb", urls["mariadb"], folder / "mariadb") as other,
    ):
        yield {"sqlite": one, "mariadb": other}


@pytest.fixture(params=["sqlite", "mariadb"])
def site(request: pytest.FixtureRequest, _sites: dict[str, Site], django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    """Without a row and without a login; the test's own Django speaks to its database."""
    found = _sites[request.param]
    with django_db_blocker.unblock(), databases.speaking_to(found.database_url):
        found.empty()
        yield found


@pytest.fixture
def context(chromium: Browser, site: Site) -> Iterator[BrowserContext]:
    """A browser of a person in São Paulo, at a laptop. A script's error fails the test."""
    found = chromium.new_context(
        base_url=site.address,
        locale="pt-BR",
        timezone_id="America/Sao_Paulo",
        viewport={"width": 1366, "height": 768},
    )
    found.set_default_timeout(10_000)
    complaints: list[str] = []
    found.on("weberror", lambda error: complaints.append(str(error.error)))
    found.on("console", lambda message: complaints.append(message.text) if _is_refusal(message.text) else None)
    yield found
    found.close()
    assert complaints == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def _is_refusal(text: str) -> bool:
    """The browser refused something by the Content-Security-Policy."""
    return "Content Security Policy" in text
