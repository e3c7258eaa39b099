"""A private Firebird server from Debian's packages: all its files in one folder, any user, a free port (facts.md)."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Self

from lab.server_process import PrivateServer, ServerProcess, free_port

PASSWORD = "lab-pass"  # eight characters: 2.5 counts no more
_LIBRARIES = sorted(Path("/usr/lib").glob("*/firebird/[345].*"), reverse=True)
_BUSY_PAGE = "page in use during flush"  # the engine's error 210
_CONFIG = """RemoteServicePort = {port}
RemoteBindAddress = localhost
SecurityDatabase = {root}/security.fdb
ServerMode = Super
DatabaseAccess = Full
AuthServer = Srp, Legacy_Auth
AuthClient = Srp, Legacy_Auth
UserManager = Srp
WireCrypt = Enabled
MaxUnflushedWrites = -1
"""


class FirebirdServer(PrivateServer):
    """SYSDBA / PASSWORD on localhost. A folder that holds one already is used again.

    account: the user it runs under, as a packaged server runs under `firebird`; only root may name another.
    """

    def __init__(self, root: Path, port: int | None = None, account: str | None = None) -> None:
        self.root = root.absolute()
        self.host, self.port = "localhost", port or free_port()
        self.user, self.password = "SYSDBA", PASSWORD
        self.database_folder = self.root / "db"
        self._prepare()
        command = ["/usr/sbin/firebird"]
        if account is not None:
            subprocess.run(["chown", "-R", f"{account}:", self.root], check=True)
            command = ["setpriv", f"--reuid={account}", f"--regid={account}", "--clear-groups", *command]
        self._process = ServerProcess(
            command,
            port=self.port,
            log=self.root / "server.log",
            environment=self.environment,
            folder=self.root,
        )

    @property
    def environment(self) -> dict[str, str]:
        """For isql-fb, gbak and gfix run with this server's configuration."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ISC_")}
        root = str(self.root)
        return kept | {"FIREBIRD": root, "FIREBIRD_TMP": f"{root}/tmp", "FIREBIRD_LOCK": f"{root}/lock"}

    @property
    def login(self) -> dict[str, str]:
        """For the tools' environment: an argv is read by every account, and by the tests that look for passwords."""
        return {"ISC_USER": self.user, "ISC_PASSWORD": self.password}

    def address(self, path: Path | str) -> str:
        """`localhost/PORT:PATH`."""
        return f"{self.host}/{self.port}:{path}"

    def sql(self, script: str, database: Path | str, *, embedded: bool = False) -> str:
        """Run a script with isql and give its output; an error in it ends the caller."""
        target = str(database) if embedded else self.address(database)
        done = subprocess.run(
            ["isql-fb", "-q", "-b", "-ch", "UTF8", target],
            input=script,
            text=True,
            env=self.environment | self.login,
            capture_output=True,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"isql: {done.stderr[-2000:]}")
        return done.stdout

    def script(self, script: str) -> None:
        """Run a script that makes its own database."""
        self._isql(script, login=())

    def run(self, *command: str) -> "subprocess.CompletedProcess[str]":
        """gfix, gbak and their like, with this server's configuration and login."""
        environment = self.environment | self.login
        return subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True
        )

    def start(self) -> Self:
        self._process.start()
        return self

    def __enter__(self) -> Self:
        return self.start()

    def _prepare(self) -> None:
        library = _LIBRARIES[0]
        for folder in ("", "intl", "tmp", "lock", "db"):
            (self.root / folder).mkdir(parents=True, exist_ok=True)
        for file in (library / "intl").iterdir():  # copies: through a symbolic link WIN1252 "is not installed"
            shutil.copy(file, self.root / "intl")
        shutil.copy(library / "firebird.msg", self.root)
        shutil.copy(Path("/etc/firebird") / library.name / "plugins.conf", self.root)
        security = self.root / "security.fdb"
        (self.root / "databases.conf").write_text(
            f"security.db = {security}\n{{\n RemoteAccess = false\n DefaultDbCachePages = 50\n}}\n"
        )
        (self.root / "firebird.conf").write_text(_CONFIG.format(port=self.port, root=self.root))
        if not security.exists():
            self._create_security(security, Path("/usr/share/firebird") / library.name / "security.sql")
            self._isql(
                f"create or alter user SYSDBA password '{self.password}' using plugin Srp;\ncommit;\n", "security.db"
            )

    def _create_security(self, database: Path, tables: Path) -> None:
        script = f"create database '{database}' user 'SYSDBA';\ncommit;\ninput '{tables}';\ncommit;\n"
        for again in (True, True, False):
            try:
                self._isql(script)
            except RuntimeError as error:
                # Seen once in hundreds of creations with the embedded engine of 3.0, on a busy machine.
                if not again or _BUSY_PAGE not in str(error):
                    raise
                database.unlink(missing_ok=True)
            else:
                return

    def _isql(self, script: str, *database: str, login: tuple[str, ...] = ("-user", "SYSDBA")) -> None:
        done = subprocess.run(
            ["isql-fb", "-q", "-b", "-ch", "UTF8", *login, *database],
            input=script,
            text=True,
            env=self.environment,
            capture_output=True,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"isql: {done.stderr[-2000:]}")
