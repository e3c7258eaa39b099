"""How heavy the panel is, and how soon it can be used in a Chromium: `python -m benchmarks.dashboard_page`.

On the real site (granian, one process) with ten thousand companies and a hundred thousand runs in a private MariaDB;
a new browser without a cache each time.
"""

import os
import statistics
import sys
import tempfile
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.dashboard.settings"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop stands in this thread

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402 - after the setup
from django.utils import timezone  # noqa: E402
from playwright.sync_api import Browser, sync_playwright  # noqa: E402

from benchmarks.dashboard_load import load  # noqa: E402
from dashboard.accounts.roles import Role  # noqa: E402
from lab.mariadb_server import MariaDBServer  # noqa: E402
from tests.dashboard import databases  # noqa: E402
from tests.e2e.conftest import QUIET  # noqa: E402
from tests.e2e.site import Site  # noqa: E402

_ROUNDS = 7
_MEASURE = """() => {
  const page = performance.getEntriesByType("navigation")[0], parts = performance.getEntriesByType("resource");
  return [page.encodedBodySize, parts.reduce((sum, part) => sum + part.encodedBodySize, 0),
          page.domContentLoadedEventEnd, page.responseStart];
}"""


def main() -> int:
    """Print medians."""
    with tempfile.TemporaryDirectory(prefix="topbackup-page-") as name, MariaDBServer(Path(name)) as server:
        server.create_database("PROJETO_BACKUPS")
        url = databases.mysql_url(server, "PROJETO_BACKUPS")
        with databases.speaking_to(url):
            databases.migrate()
            load(100_000, 10_000, timezone.now())
            with Site("mariadb", url, Path(name)) as site, sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
                user = site.user(Role.VIEWER)
                rounds = [_once(browser, site, user) for _ in range(_ROUNDS + 1)][1:]
                browser.close()
    page, parts, usable, first = (statistics.median(values) for values in zip(*rounds, strict=True))
    print(f"page {page / 1e3:.1f} KB + styles and scripts {parts / 1e3:.1f} KB, compressed")
    print(f"first byte {first:.0f} ms, usable (scripts run) {usable:.0f} ms; least {min(r[2] for r in rounds):.0f} ms")
    return 0


def _once(browser: Browser, site: Site, user: User) -> list[float]:
    context = browser.new_context(base_url=site.address, viewport={"width": 1366, "height": 768})
    site.let_in(context, user)
    page = context.new_page()
    page.goto("/")
    found: list[float] = page.evaluate(_MEASURE)
    context.close()
    return found


if __name__ == "__main__":
    sys.exit(main())
