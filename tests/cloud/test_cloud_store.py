"""One contract, two databases: what the agent writes is there, once, whole, and never goes back."""

import itertools
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tests.cloud.clouds import Cloud
from tests.cloud.samples import (
    BEGAN,
    CNPJ,
    CPF,
    FAILURE,
    SHOP,
    failed,
    pending,
    proven,
    running,
    sent,
    succeeded,
    uploaded,
)
from topbackup.cloud import RecordRefused, open_cloud
from topbackup.cloud.store import CloudStore
from topbackup.errors import OperationFailed
from topbackup.problems import CLOUD_REFUSED
from topcore.company import Company
from topcore.record import BackupRecord, Failure

NOW = datetime(2026, 11, 3, 12, 30, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=5)
WALL_NOW, WALL_LATER = "2026-11-03 09:30:00", "2026-11-03 14:30:00"
RUN = "SELECT STATUS, VERIFICADO, ENVIADO_FTP FROM LOG_BACKUPS"


@pytest.fixture
def store(cloud: Cloud) -> Iterator[CloudStore]:
    with open_cloud(cloud.address) as opened:
        yield opened


def text(rows: object) -> object:
    """Dates as text, which is what SQLite has."""
    if isinstance(rows, datetime):
        return str(rows)
    return type(rows)(map(text, rows)) if isinstance(rows, list | tuple) else rows


def test_a_company_is_one_row_and_its_second_writing_updates_it(cloud: Cloud, store: CloudStore) -> None:
    store.save_company(SHOP, "2.0.0", NOW)
    store.save_company(replace(SHOP, trade_name="Padaria Nova", code=8), "2.0.1", LATER)
    columns = "ID_AUX, FANTASIA, RAZAO, CNPJ, DATA_ULTIMA_INTERACAO, VERSAO_LOCAL, DATA_CADASTRO, ATIVO"
    assert text(cloud.rows(f"SELECT {columns} FROM EMPRESA")) == [
        (8, "Padaria Nova", SHOP.legal_name, "12.ABC.345/01DE-35", WALL_LATER, "2.0.1", "2019-05-31 00:00:00", "S")
    ]


def test_a_cpf_is_a_company_too_and_without_a_date_it_is_registered_when_it_came(
    cloud: Cloud, store: CloudStore
) -> None:
    person = Company(9, "Zé", "José", CPF)
    store.save_company(person, "2.0.0", NOW)
    store.save_company(person, "2.0.0", LATER)
    rows = cloud.rows("SELECT CNPJ, DATA_CADASTRO, DATA_ULTIMA_INTERACAO FROM EMPRESA")
    assert text(rows) == [("529.982.247-25", WALL_NOW, WALL_LATER)]


def test_a_company_that_support_switched_off_stays_off(cloud: Cloud, store: CloudStore) -> None:
    store.save_company(SHOP, "2.0.0", NOW)
    cloud.execute("UPDATE EMPRESA SET ATIVO = 'N'")
    store.save_company(SHOP, "2.0.0", LATER)
    store.save_run(succeeded())
    assert cloud.one("SELECT ATIVO FROM EMPRESA") == "N"


def test_the_heartbeat_moves_the_last_contact_and_says_when_nobody_knows_the_company(
    cloud: Cloud, store: CloudStore
) -> None:
    assert store.touch(CNPJ, NOW) is False
    store.save_company(SHOP, "2.0.0", NOW)
    assert store.touch(CNPJ, LATER) is True
    assert store.touch(CNPJ, LATER) is True, "the same second once more"
    assert text(cloud.one("SELECT DATA_ULTIMA_INTERACAO FROM EMPRESA")) == WALL_LATER


def test_every_column_of_a_run(cloud: Cloud, store: CloudStore) -> None:
    store.save_company(SHOP, "2.0.0", NOW)
    store.save_run(replace(uploaded(), manual=True, failure=FAILURE))
    columns = (
        "NOME_ARQUIVO, CAMINHO_DESTINO, CAMINHO_DESTINO2, TAMANHO_BYTES, TAMANHO_FORMATADO, STATUS, MENSAGEM_ERRO, "
        "TIPO_BACKUP, ENVIADO_FTP, MANUAL, UUID, HASH_SHA256, BANCO_ORIGEM, CODIGO_ERRO, VERIFICADO"
    )
    assert cloud.rows(f"SELECT {columns} FROM LOG_BACKUPS JOIN EMPRESA ON ID_EMPRESA = EMPRESA.ID") == [
        ("12ABC34501DE35_000001.zip", r"D:\BACKUP", r"\\servidor\cópias", 50_646_221, "48,3 MB", "S", FAILURE.message,
         "V", "S", "S", str(UUID(int=1)), "ab" * 32, r"C:\ERP\DADOS.FDB", FAILURE.code, "S")
    ]  # fmt: skip
    instants = "DATA_INICIO, DATA_FIM, DATA_ENVIO_FTP, DATA_VERIFICACAO, PROXIMO_PREVISTO"
    assert text(cloud.rows(f"SELECT {instants} FROM LOG_BACKUPS")) == [
        ("2026-11-02 23:00:00", "2026-11-02 23:04:00", "2026-11-02 23:15:00", "2026-11-02 23:09:00",
         "2026-11-03 23:00:00")
    ]  # fmt: skip


def test_a_fraction_of_a_second_is_kept_where_the_column_has_one_and_cut_not_rounded_elsewhere(
    cloud: Cloud, store: CloudStore
) -> None:
    fraction = timedelta(microseconds=700_000)
    store.save_run(replace(pending(), started_at=BEGAN + fraction, next_due=BEGAN + fraction))
    assert text(cloud.one("SELECT DATA_INICIO FROM LOG_BACKUPS")) == "2026-11-02 23:00:00.700000"
    due = text(cloud.one("SELECT PROXIMO_PREVISTO FROM LOG_BACKUPS"))
    assert due == ("2026-11-02 23:00:00.700000" if cloud.kind == "sqlite" else "2026-11-02 23:00:00")


@pytest.mark.parametrize("end", [succeeded(), failed()], ids=["S", "F"])
def test_a_run_is_one_row_from_p_through_e_to_its_end(cloud: Cloud, store: CloudStore, end: BackupRecord) -> None:
    seen = []
    for record in (pending(), pending(), running(), running(), end, end):
        store.save_run(record)
        seen.append(cloud.one("SELECT STATUS FROM LOG_BACKUPS"))
    assert seen == ["P", "P", "E", "E", end.status.value, end.status.value]


def test_whatever_order_the_entries_come_in_the_row_ends_at_what_is_known_most(cloud: Cloud, store: CloudStore) -> None:
    known = [running(), succeeded(), proven(), uploaded()]
    for number, order in enumerate(itertools.permutations(known), start=1):
        for record in order:
            store.save_run(replace(record, run_id=UUID(int=number)))
    assert cloud.one("SELECT COUNT(*) FROM LOG_BACKUPS") == 24
    assert set(cloud.rows(f"{RUN} WHERE DATA_FIM IS NOT NULL")) == {("S", "S", "S")}
    assert set(cloud.rows(RUN)) == {("S", "S", "S")}


def test_a_late_replay_of_an_older_entry_changes_nothing_at_all(cloud: Cloud, store: CloudStore) -> None:
    sent_only = replace(succeeded(4), remotes=(sent(BEGAN + timedelta(hours=4)),))
    for end in (failed(1), uploaded(2), proven(3), sent_only):
        store.save_run(end)
    before = cloud.rows("SELECT * FROM LOG_BACKUPS ORDER BY ID")
    for older in (pending(1), running(1), pending(2), running(2), succeeded(2), proven(2), succeeded(3), succeeded(4)):
        store.save_run(replace(older, file_name="outro.zip", next_due=None))
    assert cloud.rows("SELECT * FROM LOG_BACKUPS ORDER BY ID") == before


def test_a_failure_told_by_the_next_start_takes_the_place_of_a_run_in_e(cloud: Cloud, store: CloudStore) -> None:
    store.save_run(running())
    store.save_run(failed())
    assert cloud.rows("SELECT STATUS, CODIGO_ERRO FROM LOG_BACKUPS") == [("F", FAILURE.code)]


def test_a_run_of_a_company_that_is_not_there_yet_is_not_lost(cloud: Cloud, store: CloudStore) -> None:
    store.save_run(succeeded())
    assert cloud.rows("SELECT FANTASIA, RAZAO, CNPJ, ATIVO FROM EMPRESA") == [(CNPJ.formatted,) * 3 + ("S",)]
    store.save_company(SHOP, "2.0.0", NOW)
    assert cloud.rows("SELECT FANTASIA, STATUS FROM LOG_BACKUPS JOIN EMPRESA ON ID_EMPRESA = EMPRESA.ID") == [
        (SHOP.trade_name, "S")
    ]


def test_a_company_that_comes_while_its_run_is_written_keeps_its_name_and_gets_the_run(
    cloud: Cloud, store: CloudStore
) -> None:
    store.touch(CNPJ, NOW)
    ours = threading.Thread(target=store.save_run, args=(succeeded(),))
    with cloud.transaction(f"INSERT INTO EMPRESA (FANTASIA, RAZAO, CNPJ) VALUES ('A', 'B', '{CNPJ.formatted}')"):
        ours.start()
        time.sleep(0.3)  # it has looked, found no company, and waits to insert one
        assert ours.is_alive()
    ours.join()
    assert cloud.rows("SELECT FANTASIA, RAZAO, STATUS FROM LOG_BACKUPS JOIN EMPRESA ON ID_EMPRESA = EMPRESA.ID") == [
        ("A", "B", "S")
    ]
    assert cloud.one("SELECT COUNT(*) FROM EMPRESA") == 1


def test_rows_of_the_1_0_agents_are_left_alone(cloud: Cloud, store: CloudStore) -> None:
    store.save_company(SHOP, "2.0.0", NOW)
    company = cloud.one("SELECT ID FROM EMPRESA")
    for _ in range(2):
        cloud.execute(
            f"INSERT INTO LOG_BACKUPS (ID_EMPRESA, DATA_INICIO, STATUS) VALUES ({company}, '2026-11-01 10:00:00', 'E')"
        )
    store.save_run(succeeded())
    assert cloud.rows("SELECT STATUS FROM LOG_BACKUPS ORDER BY ID") == [("E",), ("E",), ("S",)]


def test_hostile_and_endless_text_is_cut_to_the_columns_and_the_record_is_there(
    cloud: Cloud, store: CloudStore
) -> None:
    hostile = "'; DROP TABLE EMPRESA; -- %s %(x)s ? :y \\ \" \0 \ud800 🔥 " + "ção" * 30_000
    store.save_company(replace(SHOP, trade_name=hostile, legal_name="🔥" * 500), "9" * 100, NOW)
    record = failed()
    store.save_run(
        replace(
            record,
            failure=Failure(FAILURE.code, hostile),
            file_name="é" * 100 + "_SEX.zip",
            destination1="C:\\" + "x" * 500 + "\\fim",
        )
    )
    ((company, legal, version),) = cloud.rows("SELECT FANTASIA, RAZAO, VERSAO_LOCAL FROM EMPRESA")
    assert (len(company), len(legal), len(version)) == (60, 60, 20)
    assert company.startswith("'; DROP TABLE EMPRESA; -- %s %(x)s ? :y")
    assert legal == "🔥" * 59 + "…"
    ((name, folder, message),) = cloud.rows("SELECT NOME_ARQUIVO, CAMINHO_DESTINO, MENSAGEM_ERRO FROM LOG_BACKUPS")
    assert (len(name), len(folder)) == (40, 120)
    assert name.endswith("_SEX.zip")
    assert folder.startswith("C:\\x")
    assert folder.endswith("x\\fim")
    assert "🔥" in message
    assert message.endswith("…")
    assert len(message) == 16_383


def test_a_tax_number_or_a_uuid_is_never_cut_to_fit(mariadb: Cloud) -> None:
    """On MariaDB alone: SQLite has no widths."""
    mariadb.create()
    mariadb.execute("ALTER TABLE LOG_BACKUPS MODIFY UUID CHAR(30)")
    with open_cloud(mariadb.address) as store, pytest.raises(RecordRefused, match="UUID"):
        store.save_run(pending())
    assert mariadb.one("SELECT COUNT(*) FROM LOG_BACKUPS") == 0


def test_two_agents_that_bring_the_same_company_at_the_same_moment_make_one_row(cloud: Cloud) -> None:
    agents = 6
    together = threading.Barrier(agents)
    problems: list[Exception] = []

    def agent(number: int) -> None:
        try:
            with open_cloud(cloud.address) as store:
                store.touch(CNPJ, NOW)  # connected before the race begins
                for turn in range(10):
                    together.wait()
                    if number % 2:
                        store.save_company(SHOP, f"2.0.{turn}", NOW)
                    store.save_run(succeeded(1 + turn * agents + number))
        except Exception as problem:  # noqa: BLE001 - shown by the assertion below
            problems.append(problem)
            together.abort()

    threads = [threading.Thread(target=agent, args=(number,)) for number in range(agents)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert cloud.rows("SELECT FANTASIA, VERSAO_LOCAL FROM EMPRESA") == [(SHOP.trade_name, "2.0.9")]
    assert cloud.one("SELECT COUNT(*) FROM LOG_BACKUPS") == 10 * agents
    assert cloud.one("SELECT COUNT(DISTINCT ID_EMPRESA) FROM LOG_BACKUPS") == 1


def test_two_publishers_of_one_run_never_leave_it_behind_its_end(cloud: Cloud) -> None:
    together = threading.Barrier(2)
    problems: list[Exception] = []

    def publisher(status: BackupRecord) -> None:
        try:
            with open_cloud(cloud.address) as store:
                store.touch(CNPJ, NOW)
                for number in range(1, 41):
                    together.wait()
                    store.save_run(replace(status, run_id=UUID(int=number)))
        except Exception as problem:  # noqa: BLE001 - shown by the assertion below
            problems.append(problem)
            together.abort()

    threads = [threading.Thread(target=publisher, args=(status,)) for status in (running(), succeeded())]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert cloud.rows("SELECT STATUS, COUNT(*) FROM LOG_BACKUPS GROUP BY STATUS") == [("S", 40)]


def test_a_cloud_that_was_not_migrated_is_refused_until_it_is(empty_cloud: Cloud) -> None:
    cloud = empty_cloud
    cloud.create(upgraded=False)
    with open_cloud(cloud.address) as store:
        store.save_company(SHOP, "2.0.0", NOW)
        assert store.touch(CNPJ, NOW)
        for record in (succeeded(), None):
            with pytest.raises(OperationFailed) as refused:
                store.check() if record is None else store.save_run(record)
            assert refused.value.problem is CLOUD_REFUSED
            assert not isinstance(refused.value, RecordRefused), "it is not this record's fault"
            assert "LOG_BACKUPS.UUID" in refused.value.detail
            assert "LOG_BACKUPS.VERIFICADO" in refused.value.detail
        assert cloud.one("SELECT COUNT(*) FROM LOG_BACKUPS") == 0
        cloud.upgrade()
        store.check()
        store.save_run(succeeded())
    assert cloud.one("SELECT COUNT(*) FROM LOG_BACKUPS") == 1


def test_without_a_unique_uuid_nothing_is_written_because_it_could_come_twice(cloud: Cloud, store: CloudStore) -> None:
    cloud.execute("DROP INDEX LOG_BACKUPS_UUID" + (" ON LOG_BACKUPS" if cloud.kind == "mariadb" else ""))
    with pytest.raises(OperationFailed, match="UUID UNIQUE"):
        store.save_run(succeeded())
    assert cloud.one("SELECT COUNT(*) FROM LOG_BACKUPS") == 0


def test_a_record_that_the_cloud_refuses_says_so_and_undoes_its_company_too(cloud: Cloud, store: CloudStore) -> None:
    cloud.refuse_files_called("veneno.zip")
    with pytest.raises(RecordRefused) as refused:
        store.save_run(replace(succeeded(), file_name="veneno.zip"))
    assert refused.value.problem is CLOUD_REFUSED
    assert cloud.one("SELECT COUNT(*) FROM EMPRESA") == 0
    store.save_run(succeeded())
