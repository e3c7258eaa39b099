"""A shop under test: a real database on a real server, two folders with good backups of earlier days in them."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from lab.firebird_server import FirebirdServer
from topbackup.agent.backup_now import Order, back_up_now
from topbackup.agent.parts import Parts
from topbackup.backup.workplace import Progress
from topbackup.cancellation import Cancellation
from topbackup.clock import SYSTEM_CLOCK, Clock
from topbackup.errors import TopBackupError
from topbackup.firebird.address import Credentials, DatabaseAddress
from topbackup.firebird.connection import connect
from topbackup.firebird.server import attachments
from topcore.record import BackupRecord
from topcore.tables import RunStatus

CNPJ = "11222333000181"
ROWS = 60_000
VERSIONED, WEEKDAY, SINGLE = 1, 2, 3
_DAYS = ("SEG", "TER", "QUA", "QUI", "SEX", "SAB", "DOM")

SCHEMA = f"""
create table EMPRESA (CODIGO int, FANTASIA varchar(60), RAZAO varchar(60), CNPJ varchar(18));
create table AGENDA_BACKUP (ID int, HORARIO time, DOM char(1), SEG char(1), TER char(1), QUA char(1), QUI char(1),
  SEX char(1), SAB char(1), LOCAL_DESTINO1 varchar(250), LOCAL_DESTINO2 varchar(250), BACKUP_REMOTO char(1),
  PREFIXO_BACKUP char(1), BANCO_ORIGEM varchar(250));
create table VENDAS (ID int not null primary key, OBS varchar(200));
create table VAZIA (ID int);
create index VENDAS_OBS on VENDAS (OBS);
commit;
insert into EMPRESA values (1, 'Padaria São João', 'Padaria São João Ltda', '11.222.333/0001-81');
commit;
set term ^;
execute block as declare i int = 0; begin
  while (i < {ROWS}) do begin
    insert into VENDAS values (:i, 'Pão de açúcar ' || uuid_to_char(gen_uuid()) || uuid_to_char(gen_uuid()));
    i = i + 1;
  end
end^
set term ;^
commit;
"""


def make_database(server: FirebirdServer, path: Path) -> None:
    """About 10 MB, in a second."""
    login = f"user '{server.user}' password '{server.password}'"
    server.script(
        f"create database '{server.address(path)}' {login} page_size 8192 default character set WIN1252;\n{SCHEMA}"
    )


@dataclass
class Shop:
    """home: settings, journal and temp. d1, d2: the two folders; good: their earlier files, byte for byte."""

    server: FirebirdServer
    database: Path
    home: Path
    overrides: dict[str, dict[str, object]] = field(default_factory=dict)
    clock: Clock = SYSTEM_CLOCK
    good: dict[Path, bytes] = field(default_factory=dict)

    @property
    def d1(self) -> Path:
        return self.home / "d1"

    @property
    def d2(self) -> Path:
        return self.home / "d2"

    @property
    def config(self) -> Path:
        return self.home / "config.json"

    def open(self) -> "Shop":
        """Write the settings, the agenda and the earlier backups."""
        for folder in (self.d1, self.d2):
            folder.mkdir(exist_ok=True)
            for name in (CNPJ, *(f"{CNPJ}_{day}" for day in _DAYS)):
                for suffix in (".zip", ".zip.json"):
                    path = folder / (name + suffix)
                    self.good[path] = f"an older good backup: {name}{suffix}".encode() * 50
                    path.write_bytes(self.good[path])
        rows = "".join(
            f"insert into AGENDA_BACKUP values ({number}, '23:00', 'S','S','S','S','S','S','S',"
            f" '{self.d1}', '{self.d2}', 'N', '{scheme}', null);\n"
            for number, scheme in ((VERSIONED, "V"), (WEEKDAY, "S"), (SINGLE, "U"))
        )
        self.server.sql(f"delete from AGENDA_BACKUP;\n{rows}commit;\n", self.database)
        self.configure()
        return self

    def configure(self, **overrides: dict[str, object]) -> None:
        """Write config.json; `overrides` are merged into its sections."""
        for section, values in overrides.items():
            self.overrides.setdefault(section, {}).update(values)
        document: dict[str, dict[str, object]] = {
            "firebird": {
                "database_path": self.server.address(self.database),
                "user": self.server.user,
                "password": self.server.password,
                "charset": "WIN1252",
            },
            "app": {"empresa_cnpj": "11.222.333/0001-81"},
            "backup": {"verificar_backup": False, "local_destino1": str(self.d1)},
        }
        for section, values in self.overrides.items():
            document.setdefault(section, {}).update(values)
        self.config.write_text(json.dumps(document))

    @property
    def parts(self) -> Parts:
        parts = Parts.of(self.config)
        return Parts(parts.settings, parts.places, self.clock)

    def back_up(
        self,
        agenda: int = SINGLE,
        told: Callable[[Progress], None] = lambda progress: None,
        cancel: Cancellation | None = None,
    ) -> BackupRecord:
        return back_up_now(self.parts, Order(agenda), told, cancel or Cancellation())

    def fails_with(
        self,
        code: str,
        agenda: int = SINGLE,
        told: Callable[[Progress], None] = lambda progress: None,
        cancel: Cancellation | None = None,
    ) -> None:
        """One run ends as a failure with this code, whether it began or not, and the journal says the same."""
        try:
            record = self.back_up(agenda, told, cancel)
            found = record.failure.code if record.failure else None
            assert record.status is RunStatus.FAILED
        except TopBackupError as error:
            found = error.code
        assert found == code
        assert self.history()[0].failure is not None
        assert self.history()[0].failure.code == code  # type: ignore[union-attr]  # asserted above

    def history(self) -> list[BackupRecord]:
        journal, _ = self.parts.open_journal()
        with journal:
            return journal.history(100)

    def assert_nothing_lost(self, *, but: tuple[Path, ...] = ()) -> None:
        """Every earlier file is as it was, and nothing half is left anywhere."""
        for path, content in self.good.items():
            if path not in but:
                assert path.read_bytes() == content, f"{path} was touched"
        assert [path for folder in (self.d1, self.d2) for path in folder.glob("*.part")] == []
        temp = self.home / "temp"
        assert not temp.exists() or list(temp.iterdir()) == []

    def assert_server_free(self) -> None:
        """No attachment of a dump is left, at the latest after some seconds."""
        address = DatabaseAddress("localhost", self.server.port, str(self.database))
        login = Credentials(self.server.user, self.server.password)
        deadline = time.monotonic() + 15
        while True:
            with connect(address, login, "WIN1252", 10) as connection:
                left = attachments(connection)
            if left == 0:
                return
            assert time.monotonic() < deadline, f"{left} attachments are left"
            time.sleep(0.1)

    def assert_next_run_is_fine(self, agenda: int = SINGLE) -> BackupRecord:
        record = self.back_up(agenda)
        assert record.status is RunStatus.SUCCEEDED, record.failure
        assert record.failure is None
        return record
