"""A company of several databases: no backup of one makes the card green over the trouble of another.

Written by the agent's own cloud store, on SQLite and on MariaDB.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from dashboard.accounts.roles import Role
from dashboard.alerts.acknowledgements import Decision, acknowledge, current
from dashboard.alerts.causes import Cause, Kind
from dashboard.alerts.found import alerts
from dashboard.monitoring.cards import Card, cards
from dashboard.monitoring.queries import Filter, counters, page
from dashboard.monitoring.state.rebuild import rebuild
from tests.dashboard.databases import execute, rows
from tests.dashboard.test_with_the_agent import SHOP, cloud_of_this_test
from tests.dashboard.visitors import log_in, person
from topcore.record import BackupRecord, Failure
from topcore.tables import CardStatus, NamingScheme, Proof, RunStatus

pytestmark = pytest.mark.usefixtures("database")

MAIN, BRANCH = r"D:\Dados\matriz.fdb", "servidor/3050:/dados/filial.fdb"
HOUR = timedelta(hours=1)


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def backup(
    source: str, began: datetime, *, due: datetime | None = None, company_due: datetime | None = None
) -> BackupRecord:
    record = BackupRecord(
        run_id=uuid4(),
        tax_id=SHOP.tax_id,
        source=source,
        naming=NamingScheme.VERSIONED,
        manual=False,
        started_at=began,
        file_name="x.zip",
        destination1="E:/BACKUP",
        next_due=company_due or due,
        source_next_due=due,
    )
    ended = began + timedelta(minutes=5)
    return replace(record, status=RunStatus.SUCCEEDED, ended_at=ended, size=50_646_221, sha256="ab" * 32)


def failed(source: str, began: datetime) -> BackupRecord:
    good = backup(source, began)
    return replace(good, status=RunStatus.FAILED, size=None, sha256=None, failure=Failure("TB-FB-BANCO-AUSENTE", ""))


def under_way(source: str, began: datetime) -> BackupRecord:
    return replace(backup(source, began), status=RunStatus.RUNNING, ended_at=None, size=None, sha256=None)


def tell(now: datetime, *records: BackupRecord, databases: Sequence[str] = (MAIN, BRANCH)) -> Card:
    with cloud_of_this_test() as cloud:
        cloud.save_company(SHOP, "2.0.0", now, sources=databases)  # this agent never told any: it names all there are
        for record in records:
            cloud.save_run(record)
    return card(now)


def card(now: datetime) -> Card:
    (found,) = cards(page(now, Filter(), None, 10), now)
    assert counters(now)[found.status] == 1
    return found


def test_a_success_hides_no_failure_of_another_database(now: datetime) -> None:
    found = tell(now, failed(BRANCH, now - 2 * HOUR), backup(MAIN, now - HOUR))
    assert found.status is CardStatus.FAILED
    assert found.reason == "filial.fdb: O último backup falhou: O arquivo do banco não foi encontrado."
    assert found.error_code == "TB-FB-BANCO-AUSENTE"
    assert [(each.name, each.status) for each in found.databases] == [
        ("filial.fdb", CardStatus.FAILED),
        ("matriz.fdb", CardStatus.OK),
    ]
    healed = tell(now, backup(BRANCH, now - timedelta(minutes=50)))
    assert (healed.status, healed.error_code) == (CardStatus.OK, "")
    # Though the other one has waited for longer, the one that failed is told.
    found = tell(now, failed(BRANCH, now - timedelta(minutes=40)))
    assert (found.status, found.last_success) == (CardStatus.FAILED, now - timedelta(minutes=50))
    assert found.reason.startswith("filial.fdb: O último backup falhou:")
    healed = tell(now, backup(BRANCH, now - timedelta(minutes=30)))
    assert (healed.status, healed.error_code) == (CardStatus.OK, "")


def test_each_is_due_by_its_own_agenda(now: datetime) -> None:
    """The company's next slot is another database's: it neither makes the one late nor keeps the other green."""
    nightly = backup(MAIN, now - 3 * HOUR, due=now + 21 * HOUR, company_due=now - 2 * HOUR)
    hourly = backup(BRANCH, now - timedelta(minutes=10), due=now + HOUR, company_due=now + HOUR)
    assert tell(now, nightly, hourly).status is CardStatus.OK
    later = now + 3 * HOUR  # the hourly one is silent, the nightly one in time
    found = card(later)
    assert (found.status, found.databases[0].name) == (CardStatus.ATTENTION, "filial.fdb")
    assert found.next_due == hourly.source_next_due
    assert tell(later, backup(MAIN, later, due=later + 20 * HOUR)).status is CardStatus.ATTENTION


def test_one_that_was_never_backed_up_is_not_green(now: datetime) -> None:
    found = tell(now, backup(MAIN, now - HOUR))
    assert (found.status, found.last_success) == (CardStatus.NO_DATA, None)
    assert found.reason == "filial.fdb: Nenhum backup terminado deste banco chegou ainda."
    assert found.last_proof is None


def test_what_nobody_looks_after_any_more_does_not_count(now: datetime) -> None:
    """A database that has moved: its old name is neither missed nor believed."""
    old = r"C:\velho\filial.fdb"
    found = tell(now, backup(old, now - 400 * HOUR), backup(MAIN, now - 9 * HOUR), backup(old, now - HOUR))
    assert found.status is CardStatus.NO_DATA
    assert tell(now, backup(BRANCH, now - HOUR)).status is CardStatus.OK
    # With one database alone, what was ever told of another is no news.
    alone = tell(now, databases=[MAIN])
    assert (alone.status, alone.databases, alone.last_success) == (CardStatus.OK, (), now - 9 * HOUR)
    assert rows("SELECT ULTIMA_FALHA FROM EMPRESA_ESTADO") == [(None,)]
    alone = tell(now, failed(BRANCH, now - timedelta(minutes=2)), databases=[MAIN])
    assert (alone.status, alone.databases) == (CardStatus.OK, ())
    assert tell(now, databases=[MAIN, BRANCH]).databases[0].status is CardStatus.FAILED
    assert tell(now, databases=[BRANCH]).status is CardStatus.FAILED  # the bad one alone
    assert tell(now, databases=["nova.fdb"]).status is CardStatus.NO_DATA
    # Runs without a name, as 1.0.x has them, count for the only one; and all do where none is known.
    assert tell(now, replace(backup("", now), source=""), databases=["nova.fdb"]).status is CardStatus.OK
    assert tell(now, databases=[]).last_success == now


def test_two_agents_of_one_company_add_up(now: datetime) -> None:
    """Each takes away only what it told itself; a database that one of them no longer has goes."""
    tell(now, backup(MAIN, now - HOUR), failed(BRANCH, now - HOUR), databases=[])
    with cloud_of_this_test() as cloud:
        cloud.save_company(SHOP, "2.0.0", now, sources=[BRANCH], told_before=None)
        cloud.save_company(SHOP, "2.0.0", now, sources=[MAIN], told_before=[])
        assert card(now).status is CardStatus.FAILED
        cloud.save_company(SHOP, "2.0.0", now, sources=[MAIN], told_before=[MAIN])
        assert card(now).status is CardStatus.FAILED
        cloud.save_company(SHOP, "2.0.0", now, sources=[], told_before=[BRANCH])
    assert (card(now).status, card(now).databases) == (CardStatus.OK, ())


def test_one_database_more_is_news_of_a_known_alert(now: datetime) -> None:
    tell(now, failed(BRANCH, now - 2 * HOUR), backup(MAIN, now - HOUR))
    (alert,) = alerts(now)
    acknowledge(person(Role.SUPPORT), alert.cause, [alert], Decision("", None), now)
    assert len(current(alerts(now), now)) == 1
    tell(now, failed(MAIN, now))
    assert current(alerts(now), now) == {}


def test_a_known_missing_copy_of_one_database_stays_known_while_another_is_whole(now: datetime) -> None:
    partial = replace(backup(BRANCH, now - HOUR), failure=Failure("TB-DESTINO-AUSENTE", "x"))
    tell(now, partial, backup(MAIN, now - 2 * HOUR))
    (alert,) = alerts(now)
    acknowledge(person(Role.SUPPORT), alert.cause, [alert], Decision("", None), now)
    tell(now, backup(MAIN, now))
    assert len(current(alerts(now), now)) == 1
    tell(now, backup(BRANCH, now))
    assert current(alerts(now), now) == {}


def test_names_that_a_collation_holds_for_equal_are_two(now: datetime) -> None:
    names = (r"D:\loja.fdb", r"D:\lója.fdb", r"D:\LOJA.fdb")
    found = tell(now, backup(names[0], now - HOUR), failed(names[1], now - 2 * HOUR), databases=names)
    assert [each.status for each in found.databases] == [CardStatus.FAILED, CardStatus.NO_DATA, CardStatus.OK]


def test_a_backup_under_way_is_told_and_hides_nothing_afterwards(now: datetime) -> None:
    tell(now, backup(MAIN, now - HOUR), failed(BRANCH, now - HOUR))
    record = under_way(MAIN, now)
    assert tell(now, record).status is CardStatus.RUNNING
    done = replace(record, status=RunStatus.SUCCEEDED, ended_at=now, size=5, sha256="cd" * 32)
    assert tell(now, done).status is CardStatus.FAILED


def test_the_proof_is_that_of_the_database_least_proven(now: datetime) -> None:
    proofs = [now - timedelta(days=days) for days in (3, 1)]
    records = [
        replace(backup(source, now - HOUR), proof=Proof.PROVEN, proven_at=at)
        for source, at in zip((MAIN, BRANCH), proofs, strict=True)
    ]
    tell(now, *records)
    assert rows("SELECT COUNT(*) FROM EMPRESA_ESTADO WHERE ULTIMA_PROVA IS NOT NULL") == [(1,)]
    (state,) = page(now, Filter(), None, 10)
    assert state.last_proof == proofs[0]


def test_the_rebuild_says_the_same(now: datetime) -> None:
    tell(now, failed(BRANCH, now - 2 * HOUR), backup(MAIN, now - HOUR), backup(BRANCH, now - 30 * HOUR))
    columns = "SELECT * FROM EMPRESA_ESTADO", "SELECT * FROM EMPRESA_BANCO ORDER BY BANCO"
    kept = [rows(query) for query in columns]
    execute("UPDATE EMPRESA_BANCO SET ULTIMA_FALHA = NULL, OK_ATE = NULL, ULTIMO_SUCESSO = NULL")
    execute("UPDATE EMPRESA_ESTADO SET VARIOS_BANCOS = 'N', OK_ATE = NULL")
    rebuild(connection, now)
    assert [rows(query) for query in columns] == kept


def test_a_sparkline_is_of_the_database_that_the_card_tells_of(now: datetime) -> None:
    small = [replace(backup(BRANCH, now - hours * HOUR), size=hours) for hours in (50, 40, 30)]
    found = tell(now, *small, *(backup(MAIN, now - hours * HOUR) for hours in (45, 35, 1)))
    assert (found.status, found.sizes) == (CardStatus.ATTENTION, (50, 40, 30))


def test_every_database_raises_its_own_alerts(now: datetime) -> None:
    tell(now, backup(BRANCH, now - 2 * HOUR), failed(BRANCH, now - HOUR))
    tell(now, backup(MAIN, now - 60 * HOUR), backup(MAIN, now - 90 * HOUR))
    found = {alert.cause: alert for alert in alerts(now)}
    broken, silent = Cause(Kind.FAILED, "TB-FB-BANCO-AUSENTE"), Cause(Kind.SILENT)
    assert {cause: alert.database for cause, alert in found.items()} == {broken: BRANCH, silent: MAIN}
    # What is known of one stays known while the other gets better, and ends when its own database has recovered.
    acknowledge(person(Role.SUPPORT), broken, [found[broken]], Decision("", None), now)
    tell(now, backup(MAIN, now - 3 * HOUR))
    again = under_way(BRANCH, now)
    tell(now, again)  # while it is tried again there is no alert of it
    assert current(alerts(now), now).keys() == {(found[broken].company_id, broken.key)}
    tell(now, replace(failed(BRANCH, now), run_id=again.run_id))
    assert set(current(alerts(now), now)) == {(found[broken].company_id, broken.key)}
    tell(now, backup(BRANCH, now))
    assert current(alerts(now), now) == {}


def test_the_pages_name_them(now: datetime) -> None:
    number = tell(now, failed(BRANCH, now - 2 * HOUR), backup(MAIN, now - HOUR)).company_id
    viewer = Client(SERVER_NAME="localhost")
    log_in(viewer, Role.VIEWER)
    (told,) = viewer.get("/api/cards/").json()["cards"]
    assert [(each["banco_origem"], each["status"]) for each in told["bancos"]] == [(BRANCH, "FALHA"), (MAIN, "OK")]
    html = viewer.get(f"/empresa/{number}/").content.decode()
    assert html.index(">filial.fdb<") < html.index(">matriz.fdb<")
    alarms = viewer.get("/alertas/").content.decode()
    assert "O arquivo do banco não foi encontrado" in alarms
