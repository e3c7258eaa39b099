"""Finding databases, ports and aliases: of a real running server, of its files, and of the folders around."""

import os
from pathlib import Path

import pytest

from tests.integration.shop import Shop
from topbackup import problems
from topbackup.cancellation import Cancellation
from topbackup.errors import OperationFailed
from topbackup.firebird.address import Credentials, DatabaseAddress
from topbackup.firebird.connection import connect
from topbackup.firebird.database_search import Why, find_databases
from topbackup.firebird.installations import Installation, aliases_of, configured_port, installations
from topbackup.setup.trials import search


def nothing() -> None:
    """Go on."""


def test_a_running_server_tells_its_port_its_place_and_what_it_has_open(shop: Shop) -> None:
    address = DatabaseAddress("localhost", shop.server.port, str(shop.database))
    with connect(address, Credentials(shop.server.user, shop.server.password), "WIN1252", 10):
        mine = next(each for each in installations() if each.port == shop.server.port)
        assert mine.running
        assert mine.root == shop.server.root
        assert shop.database in mine.in_use
        found = find_databases(nothing, roots=[], servers=[mine])
    assert [(each.address, each.why) for each in found] == [(shop.server.address(shop.database), Why.IN_USE)]
    assert found[0].size == shop.database.stat().st_size


def test_port_and_aliases_as_configured(tmp_path: Path) -> None:
    (tmp_path / "firebird.conf").write_text("#RemoteServicePort = 3050\n  RemoteServicePort = 3055 # nossa\n")
    (tmp_path / "databases.conf").write_bytes(
        b"# comment = /no\nemployee.fdb = $(dir_sampleDb)/employee.fdb\nsecurity.db = $(dir_secDb)/security3.fdb\n"
        b"{\n  RemoteAccess = false\n}\nloja = /dados/loja.fdb\n{\n DefaultDbCachePages = 2048\n}\n"
        b"padaria = C:\\ERP\\P\xe3o.fdb\n"
    )
    assert configured_port(tmp_path) == 3055
    assert aliases_of(tmp_path) == {"loja": "/dados/loja.fdb", "padaria": "C:\\ERP\\Pão.fdb"}
    assert configured_port(tmp_path / "nada") is None
    assert aliases_of(tmp_path / "nada") == {}


def test_the_old_aliases_too(tmp_path: Path) -> None:
    (tmp_path / "aliases.conf").write_text("erp = D:\\dados\\erp.gdb\n")
    assert aliases_of(tmp_path) == {"erp": "D:\\dados\\erp.gdb"}


def test_folders_hold_databases_and_what_only_has_their_name(shop: Shop, tmp_path: Path) -> None:
    deep = tmp_path / "erp" / "dados"
    deep.mkdir(parents=True)
    real = deep / "LOJA.FDB"
    real.write_bytes(shop.database.read_bytes()[:65536])
    (deep / "falso.fdb").write_bytes(b"not a database at all, but long enough")
    (deep / "curto.gdb").write_bytes(b"\x01")
    (deep / "employee.fdb").write_bytes(real.read_bytes())
    (tmp_path / "erp" / ".oculta").mkdir()
    (tmp_path / "erp" / ".oculta" / "x.fdb").write_bytes(real.read_bytes())
    os.utime(real, (1_700_000_000, 1_700_000_000))
    found = find_databases(nothing, roots=[tmp_path / "erp", tmp_path / "nada"], servers=[])
    assert [each.address for each in found] == [str(real)]
    assert found[0].why is Why.FOLDER


def test_the_surest_comes_first_and_each_file_once(shop: Shop, tmp_path: Path) -> None:
    server = Installation(None, 3051, running=True, aliases={"loja": str(shop.database)}, in_use=(shop.database,))
    folder = tmp_path / "outros"
    folder.mkdir()
    other = folder / "outro.fdb"
    other.write_bytes(shop.database.read_bytes()[:8192])
    aliased = Installation(None, 3050, running=False, aliases={"erp": "/nenhum/erp.fdb"})
    found = find_databases(nothing, roots=[tmp_path], servers=[server, aliased])
    assert [(each.address, each.why.name) for each in found] == [
        (f"localhost/3051:{shop.database}", "IN_USE"),
        ("erp", "ALIAS"),
        (f"localhost/3051:{other}", "FOLDER"),
    ]


def test_the_time_is_limited_and_it_can_be_cancelled(tmp_path: Path) -> None:
    for number in range(50):
        (tmp_path / f"{number}").mkdir()
    looked: list[int] = []
    assert find_databases(lambda: looked.append(1), roots=[tmp_path], servers=[], seconds=0) == []
    assert looked == []
    cancel = Cancellation()
    cancel.ask()
    with pytest.raises(OperationFailed) as told:
        search(cancel)
    assert told.value.problem in (problems.TRIAL_CANCELLED, problems.RUN_CANCELLED)
