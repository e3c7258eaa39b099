"""What can be wrong with a cloud, on real servers: each ends in the right words, and none holds the password."""

import logging
import os
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from lab.mariadb_server import PASSWORD
from tests.cloud.clouds import Cloud
from tests.cloud.samples import CNPJ, FAILURE, SHOP, failed, pending, succeeded
from topbackup.cloud import MysqlAddress, RecordRefused, SqliteAddress, open_cloud
from topbackup.errors import OperationFailed
from topbackup.problems import CLOUD_LOGIN, CLOUD_REFUSED, CLOUD_UNREACHABLE, Problem
from topcore.record import Failure

NOW = datetime(2026, 11, 3, 12, 30, 0, tzinfo=UTC)


def address(cloud: Cloud) -> MysqlAddress:
    assert isinstance(cloud.address, MysqlAddress)
    return cloud.address


@contextmanager
def fails_with(problem: Problem, *words: str) -> Iterator[None]:
    """With this problem, with these words, chained to nothing, and without the password anywhere one could look."""
    with pytest.raises(OperationFailed) as caught:
        yield
    error = caught.value
    assert error.problem is problem, error
    assert not isinstance(error, RecordRefused)
    assert error.__context__ is None
    assert error.__cause__ is None
    for word in words:
        assert word in str(error)
    told = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    assert PASSWORD not in told + repr(error) + str(error)


def save(to: MysqlAddress | SqliteAddress) -> None:
    with open_cloud(to) as store:
        store.save_run(succeeded())


def test_a_wrong_password(mariadb: Cloud) -> None:
    mariadb.create()
    with fails_with(CLOUD_LOGIN, "1045"):
        save(replace(address(mariadb), password=SecretStr(PASSWORD + "x")))
    with fails_with(CLOUD_LOGIN, "1045"):
        save(replace(address(mariadb), user="ninguém"))


def test_a_password_outside_latin_1_is_sent_as_it_is(mariadb: Cloud) -> None:
    assert mariadb.server is not None
    mariadb.create()
    mariadb.server.administer(
        "CREATE USER IF NOT EXISTS '€uro'@'127.0.0.1' IDENTIFIED BY 'żółć'", "GRANT ALL ON *.* TO '€uro'@'127.0.0.1'"
    )
    save(replace(address(mariadb), user="€uro", password=SecretStr("żółć")))


def test_a_database_or_a_table_that_is_not_there(mariadb: Cloud) -> None:
    with fails_with(CLOUD_REFUSED, "1049"):
        save(replace(address(mariadb), database="OUTRO"))
    with fails_with(CLOUD_REFUSED, "EMPRESA"):
        save(address(mariadb))


def test_an_account_without_the_right_to_write(mariadb: Cloud) -> None:
    assert mariadb.server is not None
    mariadb.create()
    name = address(mariadb).database
    mariadb.server.administer(
        "CREATE OR REPLACE USER leitor@'127.0.0.1' IDENTIFIED BY 'ler'",
        f"GRANT SELECT ON {name}.* TO leitor@'127.0.0.1'",
    )
    with fails_with(CLOUD_REFUSED, "1142"):
        save(replace(address(mariadb), user="leitor", password=SecretStr("ler")))


@pytest.mark.parametrize("rights", ["SELECT", None])
def test_an_account_for_the_tables_of_1_0_x_alone_still_tells_its_runs(mariadb: Cloud, rights: str | None) -> None:
    """It may not write EMPRESA_BANCO, or not even see it: the company and its runs come all the same."""
    assert mariadb.server is not None
    mariadb.create()
    mariadb.execute("CREATE TABLE EMPRESA_BANCO (ID_EMPRESA INT, BANCO VARCHAR(500))")
    name = address(mariadb).database
    mariadb.server.administer(
        "CREATE OR REPLACE USER antigo@'127.0.0.1' IDENTIFIED BY 'antigo'",
        f"GRANT SELECT, INSERT, UPDATE ON {name}.EMPRESA TO antigo@'127.0.0.1'",
        f"GRANT SELECT, INSERT, UPDATE ON {name}.LOG_BACKUPS TO antigo@'127.0.0.1'",
        *([f"GRANT {rights} ON {name}.EMPRESA_BANCO TO antigo@'127.0.0.1'"] if rights else []),
    )
    old = replace(address(mariadb), user="antigo", password=SecretStr("antigo"))
    with open_cloud(old) as store:
        store.save_company(SHOP, "2.0.0", datetime.now(UTC), sources=["a.fdb", "b.fdb"])
    save(old)
    assert mariadb.one("SELECT COUNT(*) FROM LOG_BACKUPS") == 1
    assert mariadb.one("SELECT FANTASIA FROM EMPRESA") == SHOP.trade_name
    assert mariadb.one("SELECT COUNT(*) FROM EMPRESA_BANCO") == 0


def test_a_port_where_nobody_listens(mariadb: Cloud) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        with fails_with(CLOUD_UNREACHABLE, f"127.0.0.1:{bound.getsockname()[1]}"):
            save(replace(address(mariadb), port=bound.getsockname()[1]))


def test_a_name_that_nobody_knows(mariadb: Cloud) -> None:
    with fails_with(CLOUD_UNREACHABLE):
        save(replace(address(mariadb), host="nuvem.invalid"))


@pytest.mark.parametrize(
    "greeting", [None, b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x01\x00\x00\x00\x0a", b"\xff" * 99]
)
def test_something_that_is_no_database_server(mariadb: Cloud, greeting: bytes | None) -> None:
    """None: takes the connection and says nothing, which only a time limit ends."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        held = []

        def answer() -> None:
            for _ in range(3):
                try:
                    peer, _ = listener.accept()
                except OSError:
                    return
                held.append(peer)
                if greeting is not None:
                    peer.sendall(greeting)
                    peer.close()

        threading.Thread(target=answer, daemon=True).start()
        began = time.monotonic()
        with fails_with(CLOUD_UNREACHABLE):
            save(replace(address(mariadb), port=listener.getsockname()[1], connect_seconds=1, answer_seconds=1))
        assert time.monotonic() - began < 5
        for peer in held:
            peer.close()


def test_a_server_that_went_away_is_found_again(mariadb: Cloud) -> None:
    assert mariadb.server is not None
    mariadb.create()
    with open_cloud(mariadb.address) as store:
        store.save_run(pending())
        mariadb.server.kill()
        with fails_with(CLOUD_UNREACHABLE):
            store.save_run(succeeded())
        with fails_with(CLOUD_UNREACHABLE):
            store.touch(CNPJ, NOW)
        mariadb.server.start()
        store.save_run(succeeded())
    assert mariadb.rows("SELECT STATUS FROM LOG_BACKUPS") == [("S",)]


def test_a_deadlock_is_tried_again(mariadb: Cloud, caplog: pytest.LogCaptureFixture) -> None:
    """A trigger has ours take two rows; another one, too big to be the victim, takes them the other way round."""
    assert mariadb.server is not None
    mariadb.create()
    mariadb.execute(
        "CREATE TABLE EMPRESA_ESTADO (ID INTEGER PRIMARY KEY, VEZES INTEGER)",
        "INSERT INTO EMPRESA_ESTADO SELECT seq, 0 FROM seq_1_to_5000",
        "CREATE TRIGGER ESTADO AFTER UPDATE ON LOG_BACKUPS FOR EACH ROW "
        "UPDATE EMPRESA_ESTADO SET VEZES = VEZES + 1 WHERE ID = 1",
    )
    with open_cloud(replace(address(mariadb), lock_seconds=20)) as store:
        store.save_run(pending())
        other = mariadb.server.connect(address(mariadb).database)
        with other, other.cursor() as cursor:
            cursor.execute("UPDATE EMPRESA_ESTADO SET VEZES = VEZES + 1")
            ours = threading.Thread(target=store.save_run, args=(succeeded(),))
            ours.start()
            _until_someone_waits(mariadb)
            cursor.execute("UPDATE LOG_BACKUPS SET MANUAL = 'S'")
            other.commit()
        ours.join()
    assert mariadb.rows("SELECT STATUS, MANUAL FROM LOG_BACKUPS") == [("S", "N")]
    assert mariadb.one("SELECT VEZES FROM EMPRESA_ESTADO WHERE ID = 1") == 3
    assert [record for record in caplog.records if record.name == "stamina"], "it was our transaction that was undone"
    assert PASSWORD not in caplog.text


def test_a_row_that_is_held_for_ever_ends_in_a_failure_not_in_a_wait(
    mariadb: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("topbackup.cloud.store.LOCK_ATTEMPTS", 2)
    assert mariadb.server is not None
    mariadb.create()
    with open_cloud(mariadb.address) as store:
        store.save_run(pending())
        with mariadb.server.connect(address(mariadb).database) as other, other.cursor() as cursor:
            cursor.execute("SELECT * FROM LOG_BACKUPS FOR UPDATE")
            began = time.monotonic()
            with fails_with(CLOUD_UNREACHABLE, "1205"):
                store.save_run(succeeded())
            assert time.monotonic() - began < 8
        store.save_run(succeeded())


def _until_someone_waits(cloud: Cloud) -> None:
    """InnoDB makes this list anew only where nobody has read it for 0.1 s."""
    end = time.monotonic() + 20
    while not cloud.rows("SELECT trx_id FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'"):
        assert time.monotonic() < end
        time.sleep(0.2)


@pytest.mark.parametrize("charset", ["latin1", "utf8mb3"])
def test_a_schema_of_an_old_character_set_takes_the_record_with_plainer_text(mariadb: Cloud, charset: str) -> None:
    assert mariadb.server is not None
    mariadb.server.administer(f"ALTER DATABASE {address(mariadb).database} CHARACTER SET {charset}")
    mariadb.create()
    with open_cloud(mariadb.address) as store:
        store.save_company(replace(SHOP, trade_name="Pão 🔥 Żabka"), "2.0.0", NOW)
        store.save_run(replace(failed(), failure=Failure(FAILURE.code, "falhou: 🔥 ção")))
    assert mariadb.one("SELECT FANTASIA FROM EMPRESA").startswith("Pão ")
    assert mariadb.rows("SELECT MENSAGEM_ERRO, CODIGO_ERRO FROM LOG_BACKUPS") == [("falhou: ? ção", FAILURE.code)]


def test_the_server_writes_when_it_received_a_row_in_the_clouds_zone(mariadb: Cloud) -> None:
    """The server of these tests runs in UTC."""
    mariadb.create()
    save(address(mariadb))
    utc = mariadb.one("SELECT UTC_TIMESTAMP()")
    received = mariadb.one("SELECT DATA_RECEBIDO FROM LOG_BACKUPS")
    assert timedelta(0) <= utc - timedelta(hours=3) - received < timedelta(seconds=20)


def test_a_file_that_another_writer_holds_for_a_while(sqlite: Cloud) -> None:
    sqlite.create()
    assert isinstance(sqlite.address, SqliteAddress)
    other = sqlite3.connect(sqlite.address.path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    release = threading.Timer(0.4, lambda: other.execute("COMMIT"))
    release.start()
    save(sqlite.address)
    release.join()
    assert sqlite.one("SELECT COUNT(*) FROM LOG_BACKUPS") == 1
    other.execute("BEGIN EXCLUSIVE")
    began = time.monotonic()
    with fails_with(CLOUD_UNREACHABLE, "locked"):
        save(sqlite.address)
    assert 0.9 < time.monotonic() - began < 4
    other.execute("ROLLBACK")
    other.close()
    save(sqlite.address)


def test_a_file_that_is_not_there_is_not_made(sqlite: Cloud) -> None:
    assert isinstance(sqlite.address, SqliteAddress)
    with fails_with(CLOUD_UNREACHABLE, str(sqlite.address.path)):
        save(sqlite.address)
    assert not sqlite.address.path.exists()


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "nuvem.sqlite3"
    path.write_bytes(b"isto nao e um banco de dados. " * 200)
    with fails_with(CLOUD_REFUSED, "not a database"):
        save(SqliteAddress(path))


def test_the_password_shows_in_no_representation_and_no_log(mariadb: Cloud, caplog: pytest.LogCaptureFixture) -> None:
    mariadb.create()
    caplog.set_level(logging.DEBUG)
    with open_cloud(mariadb.address) as store:
        store.save_run(succeeded())
        engine = vars(store)["_engine"]
        shown = f"{mariadb.address} {mariadb.address!r} {store!r} {engine!r} {engine.url!r} {vars(store)} {caplog.text}"
    assert PASSWORD not in shown
    assert engine.url.password is None
    assert "127.0.0.1" in shown


def test_importing_the_cloud_does_not_import_its_libraries() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, topbackup.cloud; print(*sys.modules)"],
        check=True, capture_output=True, text=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2] / "src")},
    ).stdout.split()  # fmt: skip
    assert not {"sqlalchemy", "pymysql", "stamina"} & set(loaded)
