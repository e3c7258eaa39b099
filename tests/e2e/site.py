"""The real site under test: granian in a process of its own, on a migrated database; people who look at it."""

import os
import secrets
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import BrowserContext

from dashboard.accounts.roles import Role, give
from dashboard.accounts.sessions import SessionStore
from dashboard.environment import DATABASE_URL, SECRET_KEY
from lab.server_process import ServerProcess, free_port
from tests.dashboard import databases

PASSWORD = "pão-de-queijo-77"
_SESSION = "topbackup_sessao"
_TABLES = [
    *("otp_static_statictoken", "otp_static_staticdevice", "otp_totp_totpdevice", "SESSAO"),
    *("ANOTACAO", "ALERTA_CIENCIA", "ANOMALIA", "ANALISE"),
    *("LOG_BACKUPS", "EMPRESA", "VERSAO_APP", "AUDITORIA", "auth_user_groups", "auth_user"),
    *("axes_accessattempt", "axes_accessfailurelog", "axes_accesslog"),
]


class Site:
    """kind: sqlite or mariadb. The test's own Django speaks to the same database while `speaking()` holds."""

    def __init__(self, kind: str, url: str, folder: Path) -> None:
        self.kind, self.database_url = kind, url
        port = free_port()
        self.address = f"http://localhost:{port}"
        self.environment = {
            key: value for key, value in os.environ.items() if not key.startswith(("TOPBACKUP_", "DJANGO_"))
        } | {
            SECRET_KEY: os.environ[SECRET_KEY],  # the test signs sessions with the same
            DATABASE_URL: url,
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        }
        command = [str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--host", "127.0.0.1"]
        command += ["--port", str(port), "--blocking-threads", "4", "--no-access-log", "--log-level", "warning"]
        command += ["dashboard.wsgi:application"]
        self.log = folder / "site.log"
        self._process = ServerProcess(command, port=port, log=self.log, environment=self.environment, folder=folder)

    def __enter__(self) -> Self:
        self._process.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.stop()

    def stop(self) -> None:
        """The server goes away, as it does in a restart."""
        self._process.stop()

    def start(self) -> None:
        self._process.start()

    def empty(self) -> None:
        """No company, no login."""
        databases.execute(*(f"DELETE FROM {table}" for table in _TABLES))

    def enter(self, context: BrowserContext, role: Role = Role.VIEWER, username: str = "ana") -> None:
        """The browser is logged in, without the form: a session as the form would have made it."""
        self.let_in(context, self.user(role, username))

    def let_in(self, context: BrowserContext, user: User) -> None:
        """The same, for somebody who is there already."""
        client = Client(SERVER_NAME="localhost")
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        session = client.session
        assert isinstance(session, SessionStore)
        context.add_cookies([{"name": _SESSION, "value": str(session.session_key), "url": self.address}])

    def user(self, role: Role, username: str = "ana", password: str = PASSWORD) -> User:
        user = User.objects.create_user(username, password=password or secrets.token_hex())
        give(user, role)
        return user
