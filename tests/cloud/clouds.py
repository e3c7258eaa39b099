"""Two clouds for one contract, made by hand as design §4.3 draws them: not by the product, and not by Django."""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from lab.mariadb_server import PASSWORD, USER, MariaDBServer
from topbackup.cloud import CloudAddress, MysqlAddress, SqliteAddress

COMPANY = """
CREATE TABLE EMPRESA (
    ID {id}, ID_AUX INTEGER, FANTASIA VARCHAR(60) NOT NULL, RAZAO VARCHAR(60) NOT NULL,
    CNPJ VARCHAR(18) NOT NULL UNIQUE, DATA_ULTIMA_INTERACAO DATETIME, VERSAO_LOCAL VARCHAR(20),
    DATA_CADASTRO DATETIME, ATIVO CHAR(1) DEFAULT 'S')
"""
ORIGINAL_RUN = """
CREATE TABLE LOG_BACKUPS (
    ID {id}, ID_EMPRESA INTEGER NOT NULL REFERENCES EMPRESA (ID), DATA_INICIO {instant} NOT NULL, DATA_FIM {instant},
    NOME_ARQUIVO VARCHAR(40), CAMINHO_DESTINO VARCHAR(120), CAMINHO_DESTINO2 VARCHAR(120), TAMANHO_BYTES BIGINT,
    TAMANHO_FORMATADO VARCHAR(20), STATUS CHAR(1) DEFAULT 'P', MENSAGEM_ERRO {message}, TIPO_BACKUP CHAR(1),
    ENVIADO_FTP CHAR(1) DEFAULT 'N', DATA_ENVIO_FTP DATETIME, MANUAL CHAR(1) DEFAULT 'N')
"""
UPGRADE = (
    "ALTER TABLE LOG_BACKUPS ADD COLUMN UUID CHAR(36)",
    "CREATE UNIQUE INDEX LOG_BACKUPS_UUID ON LOG_BACKUPS (UUID)",
    "ALTER TABLE LOG_BACKUPS ADD COLUMN HASH_SHA256 CHAR(64)",
    "ALTER TABLE LOG_BACKUPS ADD COLUMN BANCO_ORIGEM VARCHAR(255)",
    "ALTER TABLE LOG_BACKUPS ADD COLUMN CODIGO_ERRO VARCHAR(40)",
    "ALTER TABLE LOG_BACKUPS ADD COLUMN VERIFICADO CHAR(1) DEFAULT 'N'",
    "ALTER TABLE LOG_BACKUPS ADD COLUMN DATA_VERIFICACAO DATETIME",
    "ALTER TABLE LOG_BACKUPS ADD COLUMN PROXIMO_PREVISTO DATETIME",
)
RECEIVED = {
    "mariadb": "ALTER TABLE LOG_BACKUPS ADD COLUMN DATA_RECEBIDO DATETIME DEFAULT CURRENT_TIMESTAMP",
    "sqlite": "ALTER TABLE LOG_BACKUPS ADD COLUMN DATA_RECEBIDO DATETIME",
}
TYPES = {
    "mariadb": {"id": "INTEGER PRIMARY KEY AUTO_INCREMENT", "instant": "DATETIME(6)", "message": "TEXT"},
    "sqlite": {"id": "INTEGER PRIMARY KEY AUTOINCREMENT", "instant": "DATETIME", "message": "VARCHAR(16383)"},
}


@dataclass(frozen=True)
class Cloud:
    """address: for the product. execute, rows: for the test, past the product."""

    kind: str
    address: CloudAddress
    server: MariaDBServer | None = None

    def execute(self, *statements: str) -> None:
        if isinstance(self.address, SqliteAddress):
            with sqlite3.connect(self.address.path) as file:
                for statement in statements:
                    file.execute(statement)
            file.close()
            return
        assert self.server is not None
        with self.server.connect(self.address.database) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            connection.commit()

    @contextmanager
    def transaction(self, statement: str) -> Iterator[None]:
        """Done at the beginning of the block and committed at its end: someone else who is slow."""
        if isinstance(self.address, SqliteAddress):
            file = sqlite3.connect(self.address.path)
            with closing(file), file:
                file.execute(statement)
                yield
            return
        assert self.server is not None
        with self.server.connect(self.address.database) as connection, connection.cursor() as cursor:
            cursor.execute(statement)
            yield
            connection.commit()

    def rows(self, query: str) -> Sequence[tuple[Any, ...]]:
        if isinstance(self.address, SqliteAddress):
            with sqlite3.connect(self.address.path) as file:
                rows = file.execute(query).fetchall()
            file.close()
            return rows
        assert self.server is not None
        with self.server.connect(self.address.database) as connection, connection.cursor() as cursor:
            cursor.execute(query)
            return list(cursor.fetchall())

    def one(self, query: str) -> Any:
        """The only value of the only row."""
        ((value,),) = self.rows(query)
        return value

    def create(self, *, upgraded: bool = True) -> None:
        types = TYPES[self.kind]
        self.execute(COMPANY.format(**types), ORIGINAL_RUN.format(**types))
        if upgraded:
            self.upgrade()

    def upgrade(self) -> None:
        self.execute(*UPGRADE, RECEIVED[self.kind])

    def refuse_files_called(self, name: str) -> None:
        """By a trigger RECUSA: a record that the cloud never takes."""
        refuse = {
            "sqlite": f"BEGIN SELECT RAISE(ABORT, 'não') WHERE NEW.NOME_ARQUIVO = '{name}'; END",
            "mariadb": f"BEGIN IF NEW.NOME_ARQUIVO = '{name}' THEN SIGNAL SQLSTATE '45000'; END IF; END",
        }[self.kind]
        self.execute(f"CREATE TRIGGER RECUSA BEFORE INSERT ON LOG_BACKUPS FOR EACH ROW {refuse}")

    def away(self) -> CloudAddress:
        """A cloud of the same kind that does not answer."""
        if isinstance(self.address, SqliteAddress):
            return replace(self.address, path=self.address.path.parent / "não existe" / "nuvem.sqlite3")
        return replace(self.address, port=1)

    def environment(self) -> dict[str, str]:
        """For `address_from_environment` in another process."""
        if isinstance(self.address, SqliteAddress):
            return {"TEST_CLOUD_FILE": str(self.address.path)}
        return {"TEST_CLOUD_PORT": str(self.address.port), "TEST_CLOUD_DATABASE": self.address.database}


def address_from_environment() -> CloudAddress:
    file = os.environ.get("TEST_CLOUD_FILE")
    if file:
        return SqliteAddress(Path(file))
    port, database = int(os.environ["TEST_CLOUD_PORT"]), os.environ["TEST_CLOUD_DATABASE"]
    return MysqlAddress("127.0.0.1", USER, SecretStr(PASSWORD), port, database)


def sqlite_cloud(folder: Path) -> Cloud:
    return Cloud("sqlite", SqliteAddress(folder / "nuvem nº 1.sqlite3", lock_seconds=1))


def mariadb_cloud(server: MariaDBServer, database: str) -> Cloud:
    server.administer(f"CREATE DATABASE {database} CHARACTER SET utf8mb4")
    address = MysqlAddress(
        "127.0.0.1",
        USER,
        SecretStr(PASSWORD),
        server.port,
        database,
        connect_seconds=3,
        answer_seconds=10,
        lock_seconds=1,
    )
    return Cloud("mariadb", address, server)
