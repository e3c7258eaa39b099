"""An adopted schema in latin1: a text that its columns cannot hold changes no database's name."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from tests.dashboard import databases
from tests.dashboard.databases import rows
from tests.dashboard.hand_made import create_by_hand
from tests.dashboard.test_several_databases import HOUR, MAIN, backup, card, failed
from tests.dashboard.test_with_the_agent import SHOP, cloud_of_this_test
from topcore.record import Failure
from topcore.tables import CardStatus

OTHER = "D:\\Loja – Centro\\łódź.fdb"


@pytest.fixture(autouse=True)
def _old_schema(new_mariadb: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), databases.speaking_to(new_mariadb):
        databases.execute("ALTER DATABASE CHARACTER SET latin1")
        create_by_hand("mariadb")
        databases.migrate()
        yield


def test_a_name_is_the_same_whatever_else_had_to_be_written_otherwise() -> None:
    now = timezone.now()
    shop = replace(SHOP, trade_name="Sushi 寿司 Ltda")  # neither the company nor the message fits latin1
    bad = replace(failed(OTHER, now - HOUR), failure=Failure("TB-FB-BANCO-AUSENTE", f"Não há {OTHER}"))
    with cloud_of_this_test() as cloud:
        cloud.save_company(shop, "2.0.0", now, sources=[MAIN, OTHER])
        for record in (backup(MAIN, now - 2 * HOUR), backup(OTHER, now - 2 * HOUR)):
            cloud.save_run(record)
        assert card(now).status is CardStatus.OK
        cloud.save_run(bad)
        assert card(now).status is CardStatus.FAILED
        cloud.save_run(replace(backup(OTHER, now), file_name="łódź.zip"))
        assert card(now).status is CardStatus.OK
    assert rows("SELECT COUNT(*) FROM LOG_BACKUPS WHERE BANCO_ORIGEM = %s", [OTHER]) == [(3,)]
    assert rows("SELECT FANTASIA FROM EMPRESA") == [("Sushi ?? Ltda",)]
