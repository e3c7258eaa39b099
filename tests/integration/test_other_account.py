"""A server under an account of its own, as Debian's package and every Windows service have it; and restores through it.

Needs root, which alone may start a server as somebody else.
"""

import json
import logging
import os
import pwd
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.firebird_server import FirebirdServer
from tests.integration.faults import REAL_GBAK, need_root
from tests.integration.shop import CNPJ, SINGLE, Shop, make_database
from topbackup.agent.verification import restore_file, verify_file
from topbackup.cancellation import Cancellation
from topbackup.settings import RouteChoice
from topcore.tables import Proof, RunStatus

ACCOUNT = "firebird"


@pytest.fixture(scope="module")
def open_folder() -> Iterator[Path]:
    """A folder that another account may pass through, as pytest's own are not."""
    with tempfile.TemporaryDirectory(prefix="conta-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.fixture(scope="module")
def foreign(open_folder: Path) -> Iterator[FirebirdServer]:
    need_root()
    with FirebirdServer(open_folder / "servidor", account=ACCOUNT) as server:
        make_database(server, server.database_folder / "loja.fdb")
        yield server


@pytest.fixture
def foreign_shop(foreign: FirebirdServer, open_folder: Path) -> Iterator[Shop]:
    home = open_folder / "casa"
    home.mkdir()
    yield Shop(foreign, foreign.database_folder / "loja.fdb", home).open()
    shutil.rmtree(home)


@pytest.mark.parametrize("route", [RouteChoice.SERVICE_PIPE, RouteChoice.SERVICE_FILE, RouteChoice.CLIENT_TCP])
def test_each_route_reaches_the_other_account(foreign_shop: Shop, route: RouteChoice) -> None:
    foreign_shop.configure(backup={"rota": route.value, "verificar_backup": True})
    record = foreign_shop.assert_next_run_is_fine()
    assert record.proof is Proof.PROVEN
    manifest = json.loads((foreign_shop.d1 / f"{CNPJ}.zip.json").read_text(encoding="utf-8"))
    assert manifest["rota"] == route.value


def test_a_home_that_is_closed_to_the_server(foreign_shop: Shop) -> None:
    """As /root is: the pipe is made elsewhere, and nothing of it stays."""
    foreign_shop.configure(backup={"verificar_backup": True})
    foreign_shop.home.chmod(0o700)
    assert foreign_shop.assert_next_run_is_fine().proof is Proof.PROVEN
    manifest = json.loads((foreign_shop.d1 / f"{CNPJ}.zip.json").read_text(encoding="utf-8"))
    assert manifest["rota"] == RouteChoice.SERVICE_PIPE.value
    assert list(Path(tempfile.gettempdir()).glob("topbackup-*-*-*")) == []


def test_an_alias_takes_the_quick_route_too(foreign_shop: Shop, foreign: FirebirdServer) -> None:
    """Its file, and so the server's account, is known from the server alone."""
    with (foreign.root / "databases.conf").open("a") as file:
        file.write(f"loja = {foreign_shop.database}\n")
    foreign_shop.configure(firebird={"database_path": foreign.address("loja")})
    assert foreign_shop.assert_next_run_is_fine().status is RunStatus.SUCCEEDED
    manifest = json.loads((foreign_shop.d1 / f"{CNPJ}.zip.json").read_text(encoding="utf-8"))
    assert manifest["rota"] == RouteChoice.SERVICE_PIPE.value


@pytest.fixture
def without_an_engine(foreign_shop: Shop) -> Shop:
    """A gbak with no isql beside it, like a client's, so that a restore goes through the server."""
    lonely = foreign_shop.home / "bin" / "gbak"
    lonely.parent.mkdir()
    lonely.symlink_to(REAL_GBAK)
    foreign_shop.configure(firebird={"gbak_path": str(lonely)}, backup={"verificar_backup": True})
    return foreign_shop


def test_a_restore_through_the_server(without_an_engine: Shop, caplog: pytest.LogCaptureFixture) -> None:
    """The proof, `verify` and `restore`; the folder that the user named stays the user's."""
    shop = without_an_engine
    assert shop.assert_next_run_is_fine().proof is Proof.PROVEN
    archive, place = shop.d1 / f"{CNPJ}.zip", shop.home / "novo"
    place.mkdir(mode=0o755)
    with caplog.at_level(logging.INFO):
        verdict = verify_file(shop.parts, archive, Cancellation())
        restored = restore_file(shop.parts, archive, place / "NOVO.FDB", Cancellation())
    assert verdict.found.rows == restored.found.rows
    assert restored.found.rows["VENDAS"] > 0
    assert [path.name for path in place.iterdir()] == ["NOVO.FDB"]
    found = place.stat()
    assert (found.st_uid, stat.S_IMODE(found.st_mode)) == (os.getuid(), 0o755)
    assert list((shop.home / "temp").iterdir()) == []


def test_a_database_restored_beside_the_old_one_is_the_servers(foreign_shop: Shop) -> None:
    """Restored by root into the server's own folder, the server may open it."""
    foreign_shop.assert_next_run_is_fine(SINGLE)
    target = foreign_shop.database.with_name("NOVO.FDB")
    restore_file(foreign_shop.parts, foreign_shop.d1 / f"{CNPJ}.zip", target, Cancellation())
    assert target.stat().st_uid == pwd.getpwnam(ACCOUNT).pw_uid
    assert "60000" in foreign_shop.server.sql("select count(*) from VENDAS;\n", target)
    target.unlink()
