"""The tests' own Firebird: the engine's error 210 while its security database is made is no end."""

from pathlib import Path

import pytest

from lab.firebird_server import PASSWORD, FirebirdServer

BUSY = "isql: internal Firebird consistency check (page in use during flush (210), file: cch.cpp line: 2761)"


@pytest.fixture
def troubles(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the next creations end with; then the real one. The engine cannot be made to fail so when it should."""
    told: list[str] = []
    really = FirebirdServer._isql

    def isql(server: FirebirdServer, script: str, *database: str, login: tuple[str, ...] = ("-user", "SYSDBA")) -> None:
        if told and script.startswith("create database"):
            (server.root / "security.fdb").write_bytes(b"half")
            raise RuntimeError(told.pop())
        really(server, script, *database, login=login)

    monkeypatch.setattr(FirebirdServer, "_isql", isql)
    return told


def test_a_busy_page_is_tried_again(troubles: list[str], tmp_path: Path) -> None:
    troubles += [BUSY, BUSY]
    with FirebirdServer(tmp_path / "firebird") as server:
        database = tmp_path / "firebird" / "db" / "novo.fdb"
        server.script(f"create database '{server.address(database)}' user 'SYSDBA' password '{PASSWORD}';")
        assert database.exists()


@pytest.mark.parametrize("told", [[BUSY] * 3, ["isql: no permission"]])
def test_not_for_ever_and_not_whatever(troubles: list[str], told: list[str], tmp_path: Path) -> None:
    troubles += told
    with pytest.raises(RuntimeError, match="isql"):
        FirebirdServer(tmp_path / "firebird")
    assert not troubles
