"""Connections to a real server, and everything that goes wrong with one."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from lab.firebird_server import FirebirdServer
from lab.server_process import free_port
from topbackup import problems
from topbackup.errors import OperationFailed
from topbackup.firebird import connection as room
from topbackup.firebird.address import Credentials, DatabaseAddress
from topbackup.firebird.charsets import CHARSETS, is_charset
from topbackup.firebird.connection import breaker_of, connect

ONE = "SELECT 1 FROM RDB$DATABASE"
MakeDatabase = Callable[..., DatabaseAddress]


def refused(
    address: DatabaseAddress, login: Credentials, charset: str = "UTF8", timeout: float = 5.0
) -> OperationFailed:
    with pytest.raises(OperationFailed) as caught, connect(address, login, charset, timeout):
        pass
    return caught.value


@pytest.fixture
def address(make_database: MakeDatabase) -> DatabaseAddress:
    return make_database()


def test_rows_come_as_tuples_with_parameters_bound(address: DatabaseAddress, login: Credentials) -> None:
    with connect(address, login, "WIN1252", 5.0) as connection:
        assert connection.query("SELECT CAST(? AS INTEGER), 'ação' FROM RDB$DATABASE", (7,)) == [(7, "ação")]
        assert connection.query("SELECT 1 FROM RDB$DATABASE WHERE 1 = 0") == []


@pytest.mark.parametrize("charset", ["NONE", "UTF8", "win1252", "ISO8859_1", "", "OCTETS", "KLINGON"])
def test_every_character_set_of_a_settings_file_connects(
    address: DatabaseAddress, login: Credentials, charset: str
) -> None:
    with connect(address, login, charset, 5.0) as connection:
        assert connection.query(ONE) == [(1,)]


def test_the_character_sets_that_are_taken_are_the_servers(address: DatabaseAddress, login: Credentials) -> None:
    with connect(address, login, "UTF8", 5.0) as connection:
        rows = connection.query("SELECT RDB$CHARACTER_SET_NAME FROM RDB$CHARACTER_SETS")
    there = {str(name).strip() for (name,) in rows}
    assert there == CHARSETS
    assert is_charset(" win1252 ")
    assert not is_charset("BANANA")


def test_it_cannot_write(make_database: MakeDatabase, login: Credentials) -> None:
    address = make_database("CREATE TABLE T (N INTEGER)")
    with connect(address, login, "UTF8", 5.0) as connection, pytest.raises(OperationFailed) as caught:
        connection.query("INSERT INTO T VALUES (1)")
    assert "read-only" in caught.value.detail
    with connect(address, login, "UTF8", 5.0) as connection:
        assert connection.query("SELECT COUNT(*) FROM T") == [(0,)]


def test_it_goes_on_after_an_answer_that_is_an_error(address: DatabaseAddress, login: Credentials) -> None:
    with connect(address, login, "UTF8", 5.0) as connection:
        with pytest.raises(OperationFailed) as caught:
            connection.query("SELECT * FROM NAO_TEM")
        assert caught.value.problem is problems.FIREBIRD_ERROR
        assert "NAO_TEM" in caught.value.detail
        assert connection.query(ONE) == [(1,)]


@pytest.mark.parametrize("ending", ["well", "badly"])
def test_it_is_closed_whatever_happens(address: DatabaseAddress, login: Credentials, ending: str) -> None:
    others = (
        "SELECT COUNT(*) FROM MON$ATTACHMENTS WHERE MON$SYSTEM_FLAG = 0 AND MON$ATTACHMENT_ID <> CURRENT_CONNECTION"
    )
    with suppress(ZeroDivisionError), connect(address, login, "UTF8", 5.0) as connection:
        connection.query(ONE)
        print(1 / (ending == "well"))
    with connect(address, login, "UTF8", 5.0) as connection:
        assert connection.query(others) == [(0,)]


@pytest.mark.parametrize("name", ["Comércio €.fdb", "Ação Árvore.fdb"])
@pytest.mark.parametrize("charset", ["WIN1252", "UTF8", "NONE"])
def test_a_path_with_accents(make_database: MakeDatabase, login: Credentials, name: str, charset: str) -> None:
    address = make_database(name=f"{charset} {name}")
    with connect(address, login, charset, 5.0) as connection:
        assert connection.query(ONE) == [(1,)]


@pytest.mark.parametrize("user", ["SYSDBA", "NINGUEM"])
@pytest.mark.parametrize("password", ["segredo-errado", ""])
def test_a_wrong_login(address: DatabaseAddress, user: str, password: str) -> None:
    failed = refused(address, Credentials(user, password))
    assert failed.problem is problems.FIREBIRD_LOGIN
    assert not password or password not in str(failed)


@pytest.mark.parametrize("path", ["/nao/há/Árvore.fdb", "apelido_que_nao_ha", "/"])
@pytest.mark.parametrize("charset", ["WIN1252", "UTF8"])
def test_a_database_that_is_not_there(
    firebird_server: FirebirdServer, login: Credentials, path: str, charset: str
) -> None:
    failed = refused(DatabaseAddress("localhost", firebird_server.port, path), login, charset)
    assert failed.problem is problems.FIREBIRD_DATABASE_MISSING
    assert path in failed.detail
    assert "b'" not in failed.detail


def test_a_database_that_is_shut_down(
    make_database: MakeDatabase, firebird_server: FirebirdServer, login: Credentials
) -> None:
    address = make_database()
    firebird_server.run("gfix", "-shut", "full", "-force", "0", firebird_server.address(address.path))
    assert refused(address, login).problem is problems.FIREBIRD_DATABASE_SHUT_DOWN


@pytest.mark.parametrize("size", [0, 500, 4_000, 100_000])
def test_a_truncated_database(
    make_database: MakeDatabase, firebird_server: FirebirdServer, login: Credentials, size: int
) -> None:
    whole = Path(make_database().path)
    cut = firebird_server.database_folder / f"cut-{size}.fdb"
    cut.write_bytes(whole.read_bytes()[:size])
    failed = refused(DatabaseAddress("localhost", firebird_server.port, str(cut)), login)
    assert failed.problem is problems.FIREBIRD_DATABASE_CORRUPT


def test_a_file_that_is_no_database(firebird_server: FirebirdServer, login: Credentials) -> None:
    junk = firebird_server.database_folder / "junk.fdb"
    junk.write_bytes(b"not a database" * 5_000)
    failed = refused(DatabaseAddress("localhost", firebird_server.port, str(junk)), login)
    assert failed.problem is problems.FIREBIRD_DATABASE_CORRUPT


def test_no_message_holds_the_password(firebird_server: FirebirdServer) -> None:
    secret = "lab-pass"
    assert firebird_server.password == secret
    failed = refused(
        DatabaseAddress("localhost", firebird_server.port, f"/nao/{secret}.fdb"), Credentials("SYSDBA", secret)
    )
    assert secret not in f"{failed} {failed.detail} {failed!r}"
    assert failed.__context__ is None, "the driver's error would keep its words, and its socket, alive"


class TestServerInTrouble:
    def test_nobody_listens(self, login: Credentials) -> None:
        failed = refused(DatabaseAddress("localhost", free_port(), "x"), login)
        assert failed.problem is problems.FIREBIRD_UNREACHABLE

    def test_a_host_without_an_address(self, login: Credentials) -> None:
        failed = refused(DatabaseAddress("nao.existe.invalid", 3050, "x"), login)
        assert failed.problem is problems.FIREBIRD_UNREACHABLE

    def test_it_hangs_before_the_connection(
        self, own_server: FirebirdServer, make_database: MakeDatabase, login: Credentials
    ) -> None:
        address = make_database(server=own_server)
        own_server.suspend()
        began = time.monotonic()
        failed = refused(address, login, timeout=0.5)
        assert failed.problem is problems.FIREBIRD_TIMEOUT
        assert time.monotonic() - began < 1.0

    def test_it_hangs_in_a_query_and_the_farewell_costs_nothing(
        self, own_server: FirebirdServer, make_database: MakeDatabase, login: Credentials
    ) -> None:
        address = make_database(server=own_server)
        with connect(address, login, "UTF8", 0.5) as connection:
            connection.query(ONE)
            own_server.suspend()
            began = time.monotonic()
            with pytest.raises(OperationFailed) as caught:
                connection.query(ONE)
        assert caught.value.problem is problems.FIREBIRD_TIMEOUT
        assert time.monotonic() - began < 0.9

    def test_a_query_that_takes_too_long(self, address: DatabaseAddress, login: Credentials) -> None:
        endless = "EXECUTE BLOCK RETURNS (N INTEGER) AS BEGIN N = 0; WHILE (N < 2000000000) DO N = N + 1; SUSPEND; END"
        with pytest.raises(OperationFailed) as caught, connect(address, login, "UTF8", 0.3) as connection:
            connection.query(endless)
        assert caught.value.problem is problems.FIREBIRD_TIMEOUT

    def test_it_is_killed_midway(
        self, own_server: FirebirdServer, make_database: MakeDatabase, login: Credentials
    ) -> None:
        address = make_database(server=own_server)
        with connect(address, login, "UTF8", 5.0) as connection:
            own_server.kill()
            for _ in range(2):
                with pytest.raises(OperationFailed) as caught:
                    connection.query(ONE)
                assert caught.value.problem is problems.FIREBIRD_UNREACHABLE

    def test_it_is_killed_during_a_query(
        self, own_server: FirebirdServer, make_database: MakeDatabase, login: Credentials
    ) -> None:
        address = make_database(server=own_server)
        endless = "EXECUTE BLOCK RETURNS (N INTEGER) AS BEGIN N = 0; WHILE (N < 2000000000) DO N = N + 1; SUSPEND; END"
        with connect(address, login, "UTF8", 5.0) as connection:
            threading.Timer(0.2, own_server.kill).start()
            with pytest.raises(OperationFailed) as caught:
                connection.query(endless)
        assert caught.value.problem is problems.FIREBIRD_UNREACHABLE


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n" * 50,
        b"\x00\x00\x00\x09" * 400,
        b"\x00\x00\x00\x03" + b"\x7f" * 900,
        b"\x00\x00\x00\x5e" + b"\xff" * 900,
        b"\x00\x00\x00\x09" + b"\x00" * 900,
        b"",
    ],
    ids=["ssh", "responses", "accept", "cond-accept", "zeros", "closes"],
)
def test_a_peer_that_is_no_firebird(answer: bytes, login: Credentials) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            peer, _ = listener.accept()
            with peer:
                peer.recv(4096)
                peer.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        failed = refused(DatabaseAddress("127.0.0.1", listener.getsockname()[1], "x"), login, timeout=1.0)
        thread.join()
    assert failed.problem in (problems.FIREBIRD_ERROR, problems.FIREBIRD_UNREACHABLE, problems.FIREBIRD_TIMEOUT)


class TestBreaker:
    @pytest.fixture(autouse=True)
    def short_rest(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(room, "_REST_SECONDS", 0.3)

    def test_it_opens_after_five_and_closes_when_the_server_is_back(
        self, own_server: FirebirdServer, make_database: MakeDatabase, login: Credentials
    ) -> None:
        address = make_database(server=own_server)
        own_server.stop()
        assert [refused(address, login).problem for _ in range(5)] == [problems.FIREBIRD_UNREACHABLE] * 5
        assert refused(address, login).problem is problems.FIREBIRD_BREAKER_OPEN
        time.sleep(0.35)
        assert refused(address, login).problem is problems.FIREBIRD_UNREACHABLE, "half open: one attempt"
        assert refused(address, login).problem is problems.FIREBIRD_BREAKER_OPEN, "and open again"
        own_server.start()
        time.sleep(0.35)
        for _ in range(2):
            with connect(address, login, "UTF8", 5.0) as connection:
                assert connection.query(ONE) == [(1,)]
        assert breaker_of(address).current_state == "closed"

    def test_an_open_one_does_not_touch_the_network(self, login: Credentials) -> None:
        address = DatabaseAddress("127.0.0.1", free_port(), "x")
        for _ in range(5):
            refused(address, login)
        with socket.create_server(("127.0.0.1", address.port)) as listener:
            listener.settimeout(0.1)
            assert refused(address, login).problem is problems.FIREBIRD_BREAKER_OPEN
            with pytest.raises(TimeoutError):
                listener.accept()

    def test_an_answer_is_no_failure(self, firebird_server: FirebirdServer, address: DatabaseAddress) -> None:
        for _ in range(12):
            assert refused(address, Credentials("SYSDBA", "errada")).problem is problems.FIREBIRD_LOGIN
        assert breaker_of(address).current_state == "closed"

    def test_each_server_has_its_own(self, login: Credentials, address: DatabaseAddress) -> None:
        dead = DatabaseAddress("localhost", free_port(), "x")
        for _ in range(6):
            refused(dead, login)
        assert breaker_of(dead) is breaker_of(DatabaseAddress("LOCALHOST", dead.port, "y"))
        with connect(address, login, "UTF8", 5.0) as connection:
            assert connection.query(ONE) == [(1,)]

    def test_a_connection_held_does_not_hold_up_others(self, address: DatabaseAddress, login: Credentials) -> None:
        done: list[object] = []

        def other() -> None:
            with connect(address, login, "UTF8", 5.0) as connection:
                done.extend(connection.query(ONE))

        with connect(address, login, "UTF8", 5.0):
            thread = threading.Thread(target=other)
            thread.start()
            thread.join(5)
        assert done == [(1,)]


def test_the_driver_is_not_loaded_before_it_is_needed() -> None:
    script = "import sys, topbackup.firebird.connection; print('firebirdsql' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
