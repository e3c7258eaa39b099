"""The site's own settings, with an environment for tests and for mypy's plugin. No database is opened by it."""

import os

os.environ["TOPBACKUP_DASHBOARD_SECRET_KEY"] = "only-for-these-tests-0123456789-abcdefghijklmnopqrst"
os.environ["TOPBACKUP_DASHBOARD_DATABASE_URL"] = "sqlite:///never-opened.sqlite3"
os.environ.pop("TOPBACKUP_DASHBOARD_DEBUG", None)
os.environ.pop("TOPBACKUP_DASHBOARD_ALLOWED_HOSTS", None)
os.environ.pop("TOPBACKUP_DASHBOARD_PROXIES", None)
os.environ.pop("TOPBACKUP_DASHBOARD_METRICS_TOKEN", None)

from dashboard.settings import *  # noqa: F403 - after the environment
