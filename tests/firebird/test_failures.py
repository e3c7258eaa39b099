"""The words of Firebird and its tools: some asked of the real ones here, the rest as other systems print them."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from lab.firebird_server import FirebirdServer
from lab.server_process import free_port
from topbackup import problems
from topbackup.firebird.address import DatabaseAddress
from topbackup.firebird.failures import problem_from_text, readable
from topbackup.problems import Problem

MakeDatabase = Callable[..., DatabaseAddress]
LOGIN, MISSING, SHUT = (
    problems.FIREBIRD_LOGIN,
    problems.FIREBIRD_DATABASE_MISSING,
    problems.FIREBIRD_DATABASE_SHUT_DOWN,
)
CORRUPT, UNREACHABLE, ROUTE = (
    problems.FIREBIRD_DATABASE_CORRUPT,
    problems.FIREBIRD_UNREACHABLE,
    problems.ROUTE_IMPOSSIBLE,
)

_ROWS = """EXECUTE BLOCK AS DECLARE N INTEGER = 0;
BEGIN WHILE (N < 3000) DO BEGIN INSERT INTO T VALUES (:N); N = N + 1; END END"""


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (
            "Your user name and password are not defined. Ask your database administrator to set up a Firebird login.",
            LOGIN,
        ),
        ("Unauthorized", LOGIN),
        (
            'I/O error for file CreateFile (open) "C:\\NADA.FDB" Error while trying to open file O sistema não pode '
            "encontrar o arquivo especificado.",
            MISSING,
        ),
        (
            'I/O error during "CreateFile (open)" operation for file "C:\\X\\NADA.FDB" Error while trying to open file '
            "The system cannot find the path specified.",
            MISSING,
        ),
        (
            'I/O error during "open" operation for file "x" Error while trying to open file No such file or directory',
            MISSING,
        ),
        ("unknown database alias: loja", MISSING),
        ("database /var/lib/x.fdb shutdown", SHUT),
        ("Unexpected end of file on backup file", problems.FILE_INVALID),
        ("Expected backup version 1..9. Found 10", problems.FILE_INVALID),
        ("expected blocking I/O error: unexpected end-of-file", CORRUPT),
        (
            "database file appears corrupt (/x.fdb) wrong page type page 243 is of wrong type (expected 5, found 0)",
            CORRUPT,
        ),
        ("file C:\\X.FDB is not a valid database", CORRUPT),
        (
            "internal Firebird consistency check (cannot find record back version (291), file: vio.cpp line: 4905)",
            CORRUPT,
        ),
        ("checksum error on database page 12", CORRUPT),
        ('I/O error during "read" operation for file "/x.fdb" File size is less than expected', CORRUPT),
        ('I/O error during "ReadFile" operation for file "X" Error while trying to read from file', CORRUPT),
        (
            'Unable to complete network request to host "servidor". Failed to establish a connection.',
            UNREACHABLE,
        ),
        ("Error reading data from the connection. connection reset by peer", UNREACHABLE),
        ("connection lost to database", UNREACHABLE),
        ("connection shutdown Killed by database administrator.", UNREACHABLE),
        ("Can not recv() packets", UNREACHABLE),
        ("Statement level timeout expired.", problems.FIREBIRD_TIMEOUT),
        ("lock time-out on wait transaction connection timed out", problems.FIREBIRD_TIMEOUT),
        ("cannot open backup file /run/topbackup/fifo", ROUTE),
        (
            "Database already opened with engine instance, incompatible with current",
            ROUTE,
        ),
        ("Service gbak is not defined", ROUTE),
        ("Use of backup file at location /x is not allowed by server configuration", ROUTE),
        ('I/O error during "write" operation for file "/t/x.fdb" No space left on device', problems.DESTINATION_FULL),
        ("There is not enough space on the disk.", problems.DESTINATION_FULL),
    ],
)
def test_what_they_say(words: str, problem: Problem) -> None:
    assert problem_from_text(words) is problem
    assert problem_from_text("gbak: ERROR:" + words.replace(" ", "\n    ").upper()) is problem


@pytest.mark.parametrize(
    "words",
    [
        "",
        "arithmetic exception, numeric overflow, or string truncation",
        "Table unknown AGENDA_BACKUP",
        'I/O error during "open" operation for file "x.fdb" Error while trying to open file Permission denied',
        'I/O error during "CreateFile (open)" operation for file "X.FDB" The process cannot access the file because it '
        "is being used by another process.",
    ],
)
def test_what_tells_nothing_of_the_catalogue(words: str) -> None:
    assert problem_from_text(words) is None


def test_what_the_system_said_is_made_readable() -> None:
    raw = r"""Error while trying to open file b'O sistema n\xe3o pode encontrar o arquivo "D\'agua".' """
    assert readable(raw) == """Error while trying to open file O sistema não pode encontrar o arquivo "D'agua"."""
    assert readable("file há/Á".encode().decode("iso8859-1")) == "file há/Á"
    assert readable("file há €") == "file há €"


class TestRealGbak:
    def said(
        self,
        server: FirebirdServer,
        *arguments: str,
        password: str | None = None,
        configuration: dict[str, str] | None = None,
    ) -> str:
        login = {"ISC_USER": server.user, "ISC_PASSWORD": password or server.password}
        environment = (configuration or server.environment) | login
        done = subprocess.run(
            ["gbak", *arguments], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        assert done.returncode != 0
        return done.stderr + done.stdout

    def test_backups(self, firebird_server: FirebirdServer, make_database: MakeDatabase, tmp_path: Path) -> None:
        address, out = make_database(), str(tmp_path / "x.fbk")
        cut = firebird_server.database_folder / "cut-gbak.fdb"
        cut.write_bytes(Path(address.path).read_bytes()[:90_000])

        def problem(database: str, password: str | None = None, server: str | None = None) -> Problem | None:
            where = f"{server or address.server}:{database}"
            return problem_from_text(self.said(firebird_server, "-b", where, out, password=password))

        assert problem(address.path, password="errada") is LOGIN
        assert problem("/nao/ha.fdb") is MISSING
        assert problem(str(cut)) is CORRUPT
        assert problem(address.path, server=f"localhost/{free_port()}") is UNREACHABLE

    def test_a_service_backup_to_a_place_that_is_not_there(
        self, firebird_server: FirebirdServer, make_database: MakeDatabase
    ) -> None:
        address = make_database()
        said = self.said(firebird_server, "-b", "-se", address.service_manager, address.path, "/nao/ha/x.fbk")
        assert problem_from_text(said) is ROUTE

    def test_an_embedded_engine_beside_a_server_that_holds_the_file(
        self, firebird_server: FirebirdServer, make_database: MakeDatabase, tmp_path: Path
    ) -> None:
        address = make_database()
        with subprocess.Popen(
            ["isql-fb", "-q", address.attach_string],
            env=firebird_server.environment | firebird_server.login,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as holder:
            assert holder.stdin is not None
            assert holder.stdout is not None
            holder.stdin.write("SELECT 1 FROM RDB$DATABASE;\n")
            holder.stdin.flush()
            while "1" not in holder.stdout.readline():
                pass
            # With the server's own configuration gbak would ask that server; this one knows of none.
            alone = dict(os.environ) | {"FIREBIRD_LOCK": str(tmp_path)}
            said = self.said(firebird_server, "-b", address.path, str(tmp_path / "x.fbk"), configuration=alone)
            holder.stdin.close()
        assert problem_from_text(said) is ROUTE

    def test_a_restore_of_a_cut_dump(
        self, firebird_server: FirebirdServer, make_database: MakeDatabase, tmp_path: Path
    ) -> None:
        address, dump = make_database("CREATE TABLE T (N INTEGER)", _ROWS), tmp_path / "x.fbk"
        firebird_server.run("gbak", "-b", address.attach_string, str(dump))
        dump.write_bytes(dump.read_bytes()[:20_000])
        said = self.said(firebird_server, "-c", str(dump), str(tmp_path / "new.fdb"))
        assert problem_from_text(said) is problems.FILE_INVALID
