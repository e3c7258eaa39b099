"""Migrations on nothing, on tables made by hand, on half of a migration, and where triggers may not be."""

import re
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import DatabaseError, OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from dashboard.monitoring.cards import cards
from dashboard.monitoring.checks import triggers_are_there
from dashboard.monitoring.freshness import StaleEvidence, require_current_evidence
from dashboard.monitoring.queries import Filter, page
from dashboard.monitoring.schema.adoption import bring_up
from dashboard.monitoring.state.dialect import Dialect
from dashboard.monitoring.state.triggers import create_triggers, missing_triggers, trigger_texts
from dashboard.monitoring.wall_time import CLOUD_ZONE, wall_text
from lab.mariadb_server import MariaDBServer
from tests.dashboard import databases
from tests.dashboard.hand_made import create_by_hand, fill_by_hand, finish_run, insert_run, original
from topcore.tables import CardStatus, RunColumn

NOON = datetime(2026, 11, 23, 12, tzinfo=CLOUD_ZONE)


def statuses(now: datetime) -> dict[int, CardStatus]:
    return {card.company_id: card.status for card in cards(page(now, Filter(), None, 100), now)}


def columns(table: str) -> dict[str, object]:
    with connection.cursor() as cursor:
        return {column.name: column for column in connection.introspection.get_table_description(cursor, table)}


def test_an_empty_database_gets_all(empty_database: str) -> None:
    databases.migrate()
    assert set(columns("LOG_BACKUPS")) == {column.value for column in RunColumn}
    assert missing_triggers(connection) == []
    assert triggers_are_there(["default"]) == []
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
    if empty_database == "mariadb":
        query = "SELECT DISTINCT TABLE_COLLATION FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()"
        assert all(str(name).startswith("utf8mb4") for (name,) in databases.rows(query))
    else:  # Django makes tables anew under another name first, and no key may go on naming that one
        assert databases.rows("SELECT name FROM sqlite_master WHERE sql LIKE '%new!_!_%' ESCAPE '!'") == []
        assert databases.rows("PRAGMA foreign_key_check") == []
        for (table,) in databases.rows("SELECT name FROM sqlite_master WHERE type = 'table'"):
            for key in databases.rows(f"PRAGMA foreign_key_list({table})"):
                assert databases.rows("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = %s", [key[2]]), key


def test_no_column_is_a_word_of_some_databases_own(empty_database: str) -> None:
    """MANUAL is one from MySQL 8.4 on; here no server reserves it, so the statements are looked at."""
    with CaptureQueriesContext(connection) as made:
        databases.migrate_cloud()
    told = [query["sql"] for query in made if "MANUAL" in query["sql"].upper()]
    assert told
    assert not [sql for sql in told if re.search(r'(?<![`"\'])\bMANUAL\b(?![`"\'])', sql, re.IGNORECASE)]


@pytest.mark.parametrize(
    ("empty_database", "id_type"),
    # SQLite has one kind of integer.
    [("sqlite", "int(11)"), *(("mariadb", kind) for kind in ("int(11)", "int(10) unsigned", "bigint(20)"))],
    indirect=["empty_database"],
)
def test_tables_made_by_hand_are_adopted_without_touching_a_row(empty_database: str, id_type: str) -> None:
    create_by_hand(empty_database, id_type)
    fill_by_hand()
    before = original()
    databases.migrate_cloud()
    assert original() == before
    assert databases.rows("SELECT COUNT(*), COUNT(DATA_RECEBIDO), COUNT(UUID) FROM LOG_BACKUPS") == [(5, 0, 0)]
    assert databases.rows("SELECT DISTINCT VERIFICADO FROM LOG_BACKUPS") == [("N",)]
    assert statuses(NOON) == {
        1: CardStatus.OK,
        2: CardStatus.FAILED,
        3: CardStatus.NO_DATA,
        4: CardStatus.FAILED,
    }
    if empty_database == "mariadb":
        query = (
            "SELECT COLUMN_TYPE FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()"
            " AND TABLE_NAME = 'EMPRESA_ESTADO' AND COLUMN_NAME = 'ID_EMPRESA'"
        )
        assert databases.one(query) == id_type


def test_it_can_be_run_again(empty_database: str) -> None:
    create_by_hand(empty_database)
    fill_by_hand()
    databases.migrate_cloud()
    before, states = original(), databases.rows("SELECT * FROM EMPRESA_ESTADO")
    bring_up(connection)
    create_triggers(connection)
    assert original() == before
    assert databases.rows("SELECT * FROM EMPRESA_ESTADO") == states


@pytest.mark.parametrize("after", [1, 4, 7, 10, 13, 16])
def test_an_interrupted_migration_goes_on(new_mariadb: str, django_db_blocker: DjangoDbBlocker, after: int) -> None:
    """MySQL commits each DDL statement: what was done stays done, and is not done twice."""
    with django_db_blocker.unblock(), databases.speaking_to(new_mariadb):
        create_by_hand("mariadb", unique="")
        fill_by_hand()
        before, count = original(), 0

        def cut(execute: object, sql: str, params: object, many: bool, context: object) -> object:
            nonlocal count
            count += sql.startswith(("ALTER", "CREATE")) and "django_migrations" not in sql
            if count > after:
                raise OperationalError(2013, "Lost connection to MySQL server during query")
            return execute(sql, params, many, context)  # type: ignore[operator]

        with connection.execute_wrapper(cut), pytest.raises(OperationalError):
            databases.migrate_cloud()
        databases.migrate_cloud()
        assert original() == before
        assert missing_triggers(connection) == []
        assert statuses(NOON)[1] is CardStatus.OK


def test_the_same_cnpj_twice_is_refused_by_name_and_nothing_changes(empty_database: str) -> None:
    create_by_hand(empty_database, unique="")
    fill_by_hand()
    databases.execute("UPDATE EMPRESA SET CNPJ = 'cnpj 1' WHERE ID = 3")
    before, had = original(), columns("LOG_BACKUPS").keys()
    with pytest.raises(CommandError, match=r"EMPRESA.*CNPJ.*ID 1 \(cnpj 1\), ID 3 \(cnpj 1\).*Nada foi alterado"):
        databases.migrate()
    assert original() == before
    assert columns("LOG_BACKUPS").keys() == had
    with connection.cursor() as cursor:
        left = set(connection.introspection.table_names(cursor)) - {"django_migrations"}
    assert left == {"EMPRESA", "LOG_BACKUPS", "VERSAO_APP"}
    databases.execute("UPDATE EMPRESA SET CNPJ = 'cnpj 3' WHERE ID = 3")
    databases.migrate_cloud()
    with pytest.raises(DatabaseError):
        databases.execute("UPDATE EMPRESA SET CNPJ = 'cnpj 1' WHERE ID = 3")


@pytest.mark.parametrize("date", ["2026-11-00 10:00:00", "2026-00-22 10:00:00", "0000-00-00 00:00:00"])
def test_a_date_of_zeros_stops_nothing_and_proves_nothing(empty_database: str, date: str) -> None:
    """A loose sql_mode of earlier years let them in."""
    create_by_hand(empty_database)
    fill_by_hand()
    loose, strict = (
        ("SET sql_mode = ''", "SET sql_mode = DEFAULT") if empty_database == "mariadb" else ("SELECT 1",) * 2
    )
    databases.execute(loose)
    insert_run(3, "S", date)
    insert_run(2, "E", date)
    databases.execute(
        f"UPDATE EMPRESA SET DATA_ULTIMA_INTERACAO = '{date}', DATA_CADASTRO = '{date}' WHERE ID = 3", strict
    )
    databases.migrate_cloud()
    expected = {1: CardStatus.OK, 2: CardStatus.FAILED, 3: CardStatus.NO_DATA, 4: CardStatus.FAILED}
    assert statuses(NOON) == expected
    databases.execute(loose)
    insert_run(3, "S", date)  # now with the triggers there
    databases.execute(strict)
    assert statuses(NOON) == expected
    insert_run(3, "S", "2026-11-23 11:00:00")
    assert statuses(NOON)[3] is CardStatus.OK


def test_a_schema_of_latin1_holds_and_finds_any_text(new_mariadb: str, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock(), databases.speaking_to(new_mariadb):
        databases.execute("ALTER DATABASE CHARACTER SET latin1")
        create_by_hand("mariadb")
        fill_by_hand()
        databases.migrate()
        query = "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_COLLATION LIKE 'latin1%%'"
        left = {name for (name,) in databases.rows(f"{query} AND TABLE_SCHEMA = DATABASE()", [])}
        assert left == {"EMPRESA", "LOG_BACKUPS", "VERSAO_APP", "django_migrations"}
        found = {text: [state.pk for state in page(NOON, Filter(frozenset(), text), None, 10)]
                 for text in ("acougue", "ÓTICA", "☕", "я")}  # fmt: skip
        assert found == {"acougue": [2], "ÓTICA": [3], "☕": [], "я": []}
        assert not User.objects.filter(username="☕").exists()
        assert Client().post("/entrar/", {"username": "☕", "password": "x"}).status_code < 500


def test_an_agent_of_1_0_x_turns_the_card(empty_database: str) -> None:
    """Plain INSERT and UPDATE of the original columns, on the migrated schema."""
    create_by_hand(empty_database)
    fill_by_hand()
    databases.migrate_cloud()
    now = timezone.now().astimezone(CLOUD_ZONE)
    databases.execute(
        "INSERT INTO EMPRESA (FANTASIA, RAZAO, CNPJ, VERSAO_LOCAL, ATIVO)"
        " VALUES ('Nova', 'Nova', 'cnpj 5', '1.0.8', 'S')"
    )
    company = databases.one("SELECT ID FROM EMPRESA WHERE CNPJ = 'cnpj 5'")
    assert statuses(now)[company] is CardStatus.NO_DATA
    insert_run(company, "P", wall_text(now.replace(microsecond=0)))
    finish_run(company, "E")
    assert statuses(now)[company] is CardStatus.RUNNING
    finish_run(company, "S")
    assert statuses(now)[company] is CardStatus.OK
    assert statuses(now + timedelta(hours=25))[company] is CardStatus.ATTENTION
    assert statuses(now + timedelta(hours=49))[company] is CardStatus.CHECK
    insert_run(company, "E", wall_text(now.replace(microsecond=0)))
    finish_run(company, "F")
    assert statuses(now)[company] is CardStatus.FAILED
    received = datetime.fromisoformat(str(databases.one("SELECT MAX(DATA_RECEBIDO) FROM LOG_BACKUPS"))).replace(
        tzinfo=CLOUD_ZONE
    )
    assert abs(received - now) < timedelta(minutes=1)


def test_the_servers_clock_does_not_hang_on_the_session(new_mariadb: str, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock(), databases.speaking_to(new_mariadb):
        databases.migrate_cloud()
        databases.execute("INSERT INTO EMPRESA (ID, CNPJ) VALUES (1, 'a')", "SET time_zone = '+09:00'")
        insert_run(1, "P", "2026-01-01 00:00:00")
        databases.execute("DROP TRIGGER LOG_BACKUPS_RECEBIDO")  # then the column's default has to do
        insert_run(1, "P", "2026-01-01 00:00:00")
        now = timezone.now().astimezone(CLOUD_ZONE).replace(tzinfo=None)
        for (received,) in databases.rows("SELECT DATA_RECEBIDO FROM LOG_BACKUPS"):
            assert abs(received - now) < timedelta(minutes=1)


@pytest.fixture
def without_triggers(empty_database: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The server refuses CREATE TRIGGER, as MySQL 8 does with its binary log on."""

    def refuse(execute: object, sql: str, params: object, many: bool, context: object) -> object:
        if sql.startswith("CREATE TRIGGER"):
            raise OperationalError(1419, "You do not have the SUPER privilege and binary logging is enabled")
        return execute(sql, params, many, context)  # type: ignore[operator]

    with connection.execute_wrapper(refuse):
        create_by_hand(empty_database)
        fill_by_hand()
        databases.migrate_cloud()
    assert "log_bin_trust_function_creators" in capsys.readouterr().err


@pytest.mark.usefixtures("without_triggers")
def test_without_triggers_the_site_says_so_and_does_not_lie() -> None:
    now = timezone.now()
    assert missing_triggers(connection) == sorted(trigger_texts(Dialect.of(connection)))
    (warning,) = triggers_are_there(["default"])
    assert warning.id == "monitoring.W001"
    assert "log_bin_trust_function_creators" in str(warning.hint)
    assert statuses(NOON)[1] is CardStatus.OK  # the history was read all the same
    require_current_evidence(now)  # just computed
    with pytest.raises(StaleEvidence):
        require_current_evidence(now + timedelta(minutes=6))
    with pytest.raises(StaleEvidence):
        require_current_evidence(now - timedelta(minutes=6))

    insert_run(1, "F", "2026-11-23 11:00:00")
    out, err = StringIO(), StringIO()
    call_command("reconstruir_estado", stdout=out, stderr=err)  # now the account may
    assert statuses(NOON)[1] is CardStatus.FAILED
    assert triggers_are_there(["default"]) == []
    insert_run(3, "F", "2026-11-23 11:00:00")
    assert statuses(NOON)[3] is CardStatus.FAILED


def test_new_columns_have_defaults_in_the_database_itself(empty_database: str) -> None:
    create_by_hand(empty_database)
    fill_by_hand()
    databases.migrate_cloud()
    insert_run(1, "S", "2026-11-23 01:00:00")
    last = "FROM LOG_BACKUPS WHERE ID = (SELECT MAX(ID) FROM LOG_BACKUPS)"
    assert databases.rows(f"SELECT UUID, VERIFICADO, CODIGO_ERRO {last}") == [(None, "N", None)]
    insert_run(1, "S", "2026-11-23 02:00:00")  # a second row without UUID: unique, but nullable
    databases.execute("UPDATE LOG_BACKUPS SET UUID = 'x' WHERE ID = 1")
    with pytest.raises(DatabaseError):
        databases.execute("UPDATE LOG_BACKUPS SET UUID = 'x' WHERE ID = 2")


class LoggedServer(MariaDBServer):
    """With its binary log on, as MySQL 8 has it by default."""

    def _command(self) -> list[str]:
        return [*super()._command(), "--log-bin=log", "--server-id=1"]


def test_the_servers_own_refusal_is_understood(
    tmp_path: Path, django_db_blocker: DjangoDbBlocker, capsys: pytest.CaptureFixture[str]
) -> None:
    """Error 1419, from a real server."""
    with LoggedServer(tmp_path) as server:
        server.create_database("PROJETO_BACKUPS")
        server.administer(
            "CREATE USER 'site'@'127.0.0.1' IDENTIFIED BY 'x'", "GRANT ALL ON PROJETO_BACKUPS.* TO 'site'@'127.0.0.1'"
        )
        url = f"mysql://site:x@127.0.0.1:{server.port}/PROJETO_BACKUPS"
        with django_db_blocker.unblock(), databases.speaking_to(url):
            create_by_hand("mariadb")
            fill_by_hand()
            databases.migrate_cloud()
            assert "log_bin_trust_function_creators" in capsys.readouterr().err
            assert len(missing_triggers(connection)) == 11
            assert statuses(NOON)[2] is CardStatus.FAILED
            server.administer("SET GLOBAL log_bin_trust_function_creators = 1")
            call_command("reconstruir_estado", stdout=StringIO())
            assert missing_triggers(connection) == []
