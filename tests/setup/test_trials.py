"""The trials of the first two steps, with real servers: what is there, what is wrong, and no trial that hangs."""

import shutil
import threading
import time
from pathlib import Path

import pytest

from lab.firebird_server import FirebirdServer
from lab.mariadb_server import MariaDBServer
from tests.integration.cloud_server import SCHEMA, migrate
from tests.integration.shop import Shop
from tests.setup.peers import silent_peer
from topbackup import problems
from topbackup.cancellation import Cancellation
from topbackup.errors import OperationFailed
from topbackup.setup import trials
from topbackup.setup.config import as_settings
from topbackup.setup.draft import Draft
from topbackup.setup.fields import CloudKind, Field
from topbackup.setup.findings import CloudFinding, FirebirdFinding


def draft_of(shop: Shop, **changes: str) -> Draft:
    draft = (
        Draft().typed(Field.DATABASE, shop.server.address(shop.database)).typed(Field.PASSWORD, shop.server.password)
    )
    for name, text in changes.items():
        draft = draft.typed(Field[name], text)
    return draft


def tried(shop: Shop, **changes: str) -> FirebirdFinding:
    settings = as_settings(draft_of(shop, **changes), shop.config)
    return trials.try_firebird(settings, shop.config, Cancellation())


def test_everything_is_found_by_itself(shop: Shop) -> None:
    found = tried(shop)
    assert found.proven, found.error
    assert found.engine is not None
    assert found.gbak is not None
    assert found.gbak.version.series == found.engine.series == (3, 0)
    assert found.charset == "WIN1252"
    assert found.file == shop.database
    assert found.size == shop.database.stat().st_size
    assert [company.trade_name for company in found.companies] == ["Padaria São João"]
    assert found.agendas is not None
    assert [row.id for row in found.agendas.agendas] == [1, 2, 3]


def test_several_companies_and_an_unfit_row(shop: Shop) -> None:
    shop.server.sql(
        "insert into EMPRESA values (2, 'Filial', 'Filial Ltda', '11.222.333/0002-62');\n"
        "insert into EMPRESA values (3, 'Sem CNPJ', 'Nada', '123');\ncommit;\n",
        shop.database,
    )
    found = tried(shop)
    assert [company.code for company in found.companies] == [1, 2]
    assert len(found.unfit) == 1
    assert found.unfit[0].startswith("3:")
    assert found.proven


def test_a_wrong_password_is_told_again_and_again(shop: Shop) -> None:
    for _ in range(7):
        found = tried(shop, PASSWORD="errada")
        assert found.error is not None
        assert found.error.problem is problems.FIREBIRD_LOGIN
        assert "errada" not in found.error.sentence
    assert tried(shop).proven


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("delete from EMPRESA", problems.COMPANY_UNREADABLE),
        ("update EMPRESA set CNPJ = '1'", problems.COMPANY_UNREADABLE),
        ("drop table AGENDA_BACKUP", problems.AGENDA_UNREADABLE),
    ],
)
def test_a_table_that_is_not_as_it_should_be(shop: Shop, statement: str, problem: problems.Problem) -> None:
    shop.server.sql(f"{statement};\ncommit;\n", shop.database)
    found = tried(shop)
    assert found.error is not None
    assert found.error.problem is problem
    assert found.engine is not None, "what was reached is shown"
    assert not found.proven


def test_no_such_file_no_such_gbak(shop: Shop) -> None:
    missing = tried(shop, DATABASE=shop.server.address(shop.home / "nada.fdb"))
    assert missing.error is not None
    assert missing.error.problem is problems.FIREBIRD_DATABASE_MISSING
    gbak = tried(shop, GBAK="/nenhum/gbak")
    assert gbak.error is not None
    assert gbak.error.problem is problems.GBAK_MISSING
    assert gbak.companies
    assert not gbak.proven


def test_the_port_of_the_server_that_does_run_is_suggested(shop: Shop, own_port: int) -> None:
    found = tried(shop, DATABASE=f"localhost/{own_port}:{shop.database}")
    assert found.error is not None
    assert found.error.problem is problems.FIREBIRD_UNREACHABLE
    assert found.suggestion is not None
    port = int(found.suggestion.split("/")[1].split(":")[0])
    assert port != own_port
    for _ in range(8):  # the breaker would rest after five; a person who tries is not to wait for it
        again = tried(shop, DATABASE=f"localhost/{own_port}:{shop.database}")
        assert again.error is not None
        assert again.error.problem is problems.FIREBIRD_UNREACHABLE


@pytest.fixture
def own_port() -> int:
    from lab.server_process import free_port

    return free_port()


def test_a_trial_ends_when_it_is_cancelled_and_when_its_time_is_over(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with silent_peer() as port:
        settings = as_settings(draft_of(shop, DATABASE=f"localhost/{port}:x"), shop.config)
        cancel = Cancellation()
        threading.Timer(0.3, cancel.ask).start()
        began = time.monotonic()
        with pytest.raises(OperationFailed) as told:
            trials.try_firebird(settings, shop.config, cancel)
        assert told.value.problem is problems.TRIAL_CANCELLED
        assert time.monotonic() - began < 3
        monkeypatch.setattr(trials, "_FIREBIRD_SECONDS", 0.6)
        found = trials.try_firebird(settings, shop.config, Cancellation())
        assert found.error is not None
        assert found.error.problem in (problems.TRIAL_TIMEOUT, problems.FIREBIRD_TIMEOUT)
        monkeypatch.setattr(trials, "_CLOUD_SECONDS", 0.6)
        cloud = clouded(shop, CLOUD_HOST="127.0.0.1", CLOUD_PORT=str(port), CLOUD_USER="u")
        assert cloud.error is not None
        assert cloud.error.problem is problems.TRIAL_TIMEOUT


def clouded(shop: Shop, **changes: str) -> CloudFinding:
    draft = Draft().typed(Field.CLOUD_KIND, CloudKind.MYSQL.value)
    for name, text in changes.items():
        draft = draft.typed(Field[name], text)
    return trials.try_cloud(as_settings(draft, shop.config), Cancellation())


def test_the_cloud_says_whom_it_takes_us_for(shop: Shop, mariadb_server: MariaDBServer) -> None:
    server = mariadb_server
    there = {
        "CLOUD_HOST": server.host,
        "CLOUD_PORT": str(server.port),
        "CLOUD_USER": server.user,
        "CLOUD_PASSWORD": server.password,
    }
    server.drop_database(SCHEMA)
    nowhere = clouded(shop, **there)
    assert nowhere.error is not None
    assert nowhere.error.problem is problems.CLOUD_REFUSED
    server.create_database(SCHEMA)
    empty = clouded(shop, **there)
    assert empty.error is not None
    assert empty.error.problem is problems.CLOUD_REFUSED
    assert empty.account == f"{server.user}@127.0.0.1"
    server.drop_database(SCHEMA)
    migrate(server)
    try:
        found = clouded(shop, **there)
        assert found.proven, found.error
        assert found.account == f"{server.user}@127.0.0.1"
        assert found.server is not None
        assert "MariaDB" in found.server
        wrong = clouded(shop, **there | {"CLOUD_PASSWORD": "errada-mesmo"})
        assert wrong.error is not None
        assert wrong.error.problem is problems.CLOUD_LOGIN
        assert "errada-mesmo" not in wrong.error.sentence
        closed = clouded(shop, **there | {"CLOUD_PORT": "1"})
        assert closed.error is not None
        assert closed.error.problem is problems.CLOUD_UNREACHABLE
    finally:
        server.drop_database(SCHEMA)


def test_a_stopped_server_and_then_a_started_one(tmp_path: Path, shop: Shop) -> None:
    with FirebirdServer(tmp_path / "outro") as own:
        database = own.database_folder / "loja.fdb"
        shutil.copy(shop.database, database)
        own.stop()
        other = Shop(own, database, tmp_path / "casa")
        found = tried(other)
        assert found.error is not None
        assert found.error.problem is problems.FIREBIRD_UNREACHABLE
        own.start()
        assert tried(other).proven
