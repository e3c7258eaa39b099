"""`make screenshots`: docs/images anew, from the real site in a real Chromium, with the shops of scripts/showcase.py.

`python -m scripts.screenshots NAME...` makes only those.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.dashboard.settings"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop stands in this thread

import django

django.setup()

from django.utils import timezone  # noqa: E402 - after the setup
from playwright.sync_api import Page, sync_playwright  # noqa: E402

from dashboard.accounts.roles import Role  # noqa: E402
from scripts import showcase  # noqa: E402
from tests.dashboard import databases  # noqa: E402
from tests.e2e.conftest import QUIET  # noqa: E402
from tests.e2e.site import Site  # noqa: E402

IMAGES = Path(__file__).parents[1] / "docs" / "images"


@dataclass(frozen=True)
class Shot:
    """One picture. prepare: what is done on the page before it is taken."""

    name: str
    path: str
    width: int
    height: int
    dark: bool = False
    whole: bool = False
    prepare: Callable[[Page], None] = lambda page: None


SHOTS = (
    Shot("dashboard-laptop", "/", 1366, 860),
    Shot("dashboard-dark", "/", 1366, 860, dark=True),
    Shot("dashboard-phone", "/", 390, 844),
    Shot("dashboard-wall", "/?parede=1", 1920, 1080),
    Shot("dashboard-conta", "/conta/", 1366, 860, whole=True),
    Shot("dashboard-usuarios", "/usuarios/", 1366, 860, whole=True),
    Shot("empresa-laptop", "/empresa/1/", 1366, 1650),
    Shot("empresa-dark", "/empresa/1/", 1366, 1650, dark=True),
    Shot("empresa-phone", "/empresa/1/", 390, 2300),
    Shot("empresa-bancos", "/empresa/4/", 1366, 900),
    Shot("alertas", "/alertas/", 1366, 960),
    Shot("relatorio", "/relatorios/", 1366, 800),
    Shot("versoes", "/versoes/", 1366, 800),
)


def main(names: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="topbackup-pictures-") as folder:
        url = databases.sqlite_url(Path(folder) / "nuvem.sqlite3")
        with databases.speaking_to(url):
            databases.migrate()
            showcase.fill(timezone.now(), several=True)
            with Site("sqlite", url, Path(folder)) as site:
                _take(site, [shot for shot in SHOTS if not names or shot.name in names])
    return 0


def _take(site: Site, shots: list[Shot]) -> None:
    user = site.user(Role.ADMIN, "marina")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        for shot in shots:
            context = browser.new_context(
                base_url=site.address,
                locale="pt-BR",
                timezone_id="America/Sao_Paulo",
                viewport={"width": shot.width, "height": shot.height},
                color_scheme="dark" if shot.dark else "light",
            )
            site.let_in(context, user)
            page = context.new_page()
            page.goto(shot.path)
            shot.prepare(page)
            page.screenshot(path=IMAGES / f"{shot.name}.png", full_page=shot.whole)
            context.close()
        browser.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
