"""The real agent's cloud store writes into the migrated schema while the site reads: the demo, in small."""

import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pymysql
import pytest
from django.db import connection
from django.utils import timezone
from pydantic import SecretStr

from dashboard.monitoring.cards import Card, cards
from dashboard.monitoring.copies import Copies, Copy
from dashboard.monitoring.queries import Filter, page
from topbackup.cloud import CloudAddress, MysqlAddress, SqliteAddress, open_cloud
from topbackup.cloud.store import CloudStore
from topcore.company import Company, TaxId
from topcore.record import BackupRecord, Failure
from topcore.tables import CardStatus, NamingScheme, Proof, RunStatus

SHOP = Company(7, "Padaria Pão & Cia", "João Conceição ME", TaxId.parse("12.ABC.345/01DE-35"))


def _address() -> CloudAddress:
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return SqliteAddress(Path(settings["NAME"]))
    password = SecretStr(settings["PASSWORD"].decode())
    return MysqlAddress(settings["HOST"], settings["USER"], password, settings["PORT"], settings["NAME"])


def cloud_of_this_test() -> CloudStore:
    """The agent's way to the database that Django speaks to."""
    return open_cloud(_address())


def _card() -> Card:
    now = timezone.now()
    (card,) = cards(page(now, Filter(), None, 10), now)
    return card


@pytest.mark.usefixtures("database")
def test_what_the_agent_records_turns_the_card() -> None:
    now = timezone.now()
    record = BackupRecord(
        run_id=UUID(int=1),
        tax_id=SHOP.tax_id,
        source="C:/ERP/DADOS.FDB",
        naming=NamingScheme.VERSIONED,
        manual=False,
        started_at=now - timedelta(minutes=5),
        file_name="x.zip",
        destination1="D:/BACKUP",
        destination2="E:/BACKUP",
        next_due=now + timedelta(hours=30),
    )
    with cloud_of_this_test() as cloud:
        cloud.check()  # nothing is missing from the schema, in the agent's own eyes
        cloud.save_company(SHOP, "2.0.0", now)
        assert _card().status is CardStatus.NO_DATA
        cloud.save_run(record)
        cloud.save_run(record.running())
        assert _card().status is CardStatus.RUNNING
        done = replace(record, status=RunStatus.SUCCEEDED, ended_at=now, size=50_646_221, sha256="ab" * 32)
        cloud.save_run(done)
        card = _card()
        assert (card.status, card.size) == (CardStatus.OK, "48,3 MB")
        assert card.copies == Copies(Copy.THERE, Copy.THERE, Copy.NOT_ASKED)
        assert card.last_success == record.started_at
        assert card.next_due == record.next_due
        cloud.save_run(replace(done, proof=Proof.PROVEN, proven_at=now))
        assert _card().last_proof == now
        missing = Failure("TB-DESTINO-AUSENTE", "Sem a segunda cópia")
        partial = replace(done, run_id=UUID(int=2), started_at=now, failure=missing)
        cloud.save_run(partial)
        card = _card()
        assert (card.status, card.error_code) == (CardStatus.ATTENTION, "TB-DESTINO-AUSENTE")
        assert card.copies == Copies(Copy.THERE, Copy.MISSING, Copy.NOT_ASKED)
        broken = replace(record, run_id=UUID(int=3), started_at=now).running().failed(now, Failure("TB-G-04", "Senha"))
        cloud.save_run(broken)
        card = _card()
        assert (card.status, card.reason) == (CardStatus.FAILED, "O último backup falhou: Senha")
        assert cloud.touch(SHOP.tax_id, now + timedelta(minutes=1))
        assert _card().last_contact == now + timedelta(minutes=1)


@pytest.mark.usefixtures("mariadb")
def test_the_drivers_errors_stay_the_drivers_errors() -> None:
    """Django's MySQL backend is loaded, and PyMySQL's modules are still there once only."""
    connection.ensure_connection()
    assert pymysql.err is sys.modules["pymysql.err"]
    with pytest.raises(pymysql.err.OperationalError):
        pymysql.connect(host="127.0.0.1", port=1, connect_timeout=1)
