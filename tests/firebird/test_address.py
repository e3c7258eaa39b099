"""Database addresses in the spellings that settings files and BANCO_ORIGEM hold."""

import socket

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from topbackup.firebird.address import Credentials, DatabaseAddress, parse_address

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no defect
ELSEWHERE = DatabaseAddress("servidor", 3051, "loja")


@pytest.mark.parametrize(
    ("text", "host", "port", "path"),
    [
        ("C:\\Dados\\X.FDB", None, 3050, "C:\\Dados\\X.FDB"),
        ("c:/dados/x.fdb", None, 3050, "c:/dados/x.fdb"),
        ("  /var/x.fdb ", None, 3050, "/var/x.fdb"),
        ("loja", None, 3050, "loja"),
        ("\\\\srv\\dados\\x.fdb", None, 3050, "\\\\srv\\dados\\x.fdb"),
        ("servidor:C:\\X.FDB", "servidor", 3050, "C:\\X.FDB"),
        ("servidor/3051:loja", "servidor", 3051, "loja"),
        ("192.168.0.10/3051:/var/x.fdb", "192.168.0.10", 3051, "/var/x.fdb"),
        ("localhost:/var/x.fdb", "localhost", 3050, "/var/x.fdb"),
        ("[::1]/3050:x", "[::1]", 3050, "x"),
        ("inet://servidor:3051/C:\\X.FDB", "servidor", 3051, "C:\\X.FDB"),
        ("INET4://servidor/loja", "servidor", 3050, "loja"),
        ("inet://servidor//var/x.fdb", "servidor", 3050, "/var/x.fdb"),
    ],
)
def test_spellings(text: str, host: str | None, port: int, path: str) -> None:
    assert parse_address(text, None) == DatabaseAddress(host, port, path)


def test_a_text_without_a_host_takes_the_defaults() -> None:
    assert parse_address("D:\\Y.FDB", ELSEWHERE) == DatabaseAddress("servidor", 3051, "D:\\Y.FDB")
    assert parse_address("outro:D:\\Y.FDB", ELSEWHERE) == DatabaseAddress("outro", 3050, "D:\\Y.FDB")


@pytest.mark.parametrize("text", ["", "   ", "servidor/0:x", "servidor/70000:x"])
def test_no_addresses(text: str) -> None:
    with pytest.raises(ValueError, match=r"empty|port"):
        parse_address(text, None)


def test_what_is_local() -> None:
    for host in (None, "localhost", "LOCALHOST", "127.0.0.1", "::1", "[::1]", socket.gethostname()):
        assert DatabaseAddress(host, 3050, "x").is_local
    assert not ELSEWHERE.is_local


def test_the_spellings_for_the_tools() -> None:
    assert ELSEWHERE.server == "servidor/3051"
    assert ELSEWHERE.attach_string == str(ELSEWHERE) == "servidor/3051:loja"
    assert ELSEWHERE.service_manager == "servidor/3051:service_mgr"
    assert str(DatabaseAddress("localhost", 3051, "/x.fdb")) == "/x.fdb"


@UNHURRIED
@given(
    st.from_regex(r"[a-z][a-z0-9-]{1,20}", fullmatch=True),
    st.integers(1, 65535),
    st.sampled_from(["/a/b.fdb", "C:\\a.fdb", "loja"]),
)
def test_what_is_shown_to_the_tools_is_read_back(host: str, port: int, path: str) -> None:
    address = DatabaseAddress(host, port, path)
    assert parse_address(address.attach_string, None) == address


def test_a_password_is_never_shown() -> None:
    assert "segredo" not in repr(Credentials("SYSDBA", "segredo"))
