"""Which databases the agent looks after, and that each is judged by its own runs."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from topbackup.agent.backup_now import Order, write_down
from topbackup.agent.databases import evidence_here, known_databases, note_databases
from topbackup.agent.documents import status_document
from topbackup.agent.parts import Parts
from topbackup.backup.orders import job_for_agenda, job_for_database
from topbackup.errors import OperationFailed
from topbackup.firebird.agenda_reader import AgendaReading
from topbackup.journal import Journal, SlotBook
from topbackup.problems import FIREBIRD_UNREACHABLE
from topcore.agenda import EVERY_DAY, Agenda, RejectedRow
from topcore.company import Company, TaxId
from topcore.record import BackupRecord, Failure
from topcore.tables import NamingScheme, RunStatus

MAIN, BRANCH = "/dados/matriz.fdb", "/dados/filial.fdb"
ZONE = ZoneInfo("America/Sao_Paulo")
NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)  # noon
HOUR = timedelta(hours=1)
COMPANY = Company(1, "Padaria", "Padaria ME", TaxId("11222333000181"))
OF_MAIN = Agenda(1, time(13), EVERY_DAY, "/d")
OF_BRANCH = Agenda(2, time(23), EVERY_DAY, "/d", source=BRANCH)
SWITCHED_OFF = Agenda(3, time(2), frozenset(), "/d", source="/dados/velho.fdb")


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    config = tmp_path / "config.json"
    config.write_text(
        f'{{"firebird": {{"database_path": "localhost:{MAIN}"}}, "backup": {{"local_destino1": "/d"}},'
        f' "app": {{"empresa_cnpj": "11.222.333/0001-81"}}}}'
    )
    return Parts.of(config)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.open(tmp_path / "journal.sqlite3") as opened:
        yield opened


def read(journal: Journal, parts: Parts, *agendas: Agenda, rejected: tuple[int, ...] = ()) -> tuple[str, ...]:
    """AGENDA_BACKUP was read, as the host does it."""
    reading = AgendaReading(agendas, tuple(RejectedRow(str(number), "x") for number in rejected))
    SlotBook(journal).read_again(agendas, NOW, ZONE, unreadable=frozenset(rejected))
    noted = note_databases(journal, reading, parts.settings)
    assert known_databases(journal) == noted
    return noted


def run(source: str, began: datetime, *, due: datetime | None = None, own_due: datetime | None = None) -> BackupRecord:
    return BackupRecord(
        run_id=uuid4(),
        tax_id=COMPANY.tax_id,
        source=source,
        naming=NamingScheme.VERSIONED,
        manual=False,
        started_at=began,
        file_name="x.zip",
        destination1="/d",
        next_due=due,
        source_next_due=own_due,
    )


def keep(journal: Journal, record: BackupRecord, *, good: bool) -> None:
    journal.begin(record)
    ended = record.started_at + timedelta(minutes=1)
    if good:
        journal.update(replace(record, status=RunStatus.SUCCEEDED, ended_at=ended, size=5, sha256="ab" * 32))
    else:
        journal.update(record.failed(ended, Failure("TB-FB-BANCO-AUSENTE", "x")))


def test_those_of_the_rows_that_have_a_day(journal: Journal, parts: Parts) -> None:
    assert known_databases(journal) == ()
    assert read(journal, parts, OF_MAIN, OF_BRANCH, SWITCHED_OFF) == (BRANCH, MAIN)
    # The row is rejected now; what it owed it still owes.
    assert read(journal, parts, OF_MAIN, rejected=(2,)) == (BRANCH, MAIN)
    assert read(journal, parts, OF_MAIN) == (MAIN,)


@pytest.mark.parametrize("shown", ["2", "2.00", "'2'"])
def test_a_rejected_row_is_known_again_however_its_number_is_spelled(
    journal: Journal, parts: Parts, shown: str
) -> None:
    read(journal, parts, OF_MAIN, OF_BRANCH)
    assert RejectedRow(shown, "x").number == 2
    reading = AgendaReading((OF_MAIN,), (RejectedRow(shown, "x"),))
    assert note_databases(journal, reading, parts.settings) == (BRANCH, MAIN)
    assert RejectedRow("without ID", "x").number is None


def test_a_run_of_another_database_is_no_news_of_the_only_one(journal: Journal, parts: Parts) -> None:
    read(journal, parts, OF_MAIN)
    keep(journal, run(MAIN, NOW - 2 * HOUR), good=False)
    keep(journal, run("/copia/treino.fdb", NOW - HOUR), good=True)
    found = status_document(journal, NOW, ZONE)
    assert (found["status"], found["ultimo"]["banco_origem"], found["bancos"]) == ("FALHA", MAIN, [])
    read(journal, parts, OF_BRANCH)
    assert status_document(journal, NOW, ZONE)["status"] == "SEM_DADOS"


def test_the_worst_database_is_the_status(journal: Journal, parts: Parts) -> None:
    keep(journal, run(BRANCH, NOW - 3 * HOUR), good=False)
    keep(journal, run(MAIN, NOW - HOUR), good=True)
    assert status_document(journal, NOW, ZONE)["status"] == "OK"  # nobody has named the databases: one history
    read(journal, parts, OF_MAIN, OF_BRANCH)
    found = status_document(journal, NOW, ZONE)
    assert (found["status"], found["ultimo"]["banco_origem"]) == ("FALHA", MAIN)
    assert [(row["banco_origem"], row["status"]) for row in found["bancos"]] == [(BRANCH, "FALHA"), (MAIN, "OK")]
    assert found["bancos"][0]["ultimo"]["codigo_erro"] == "TB-FB-BANCO-AUSENTE"
    assert found["bancos"][0]["ultimo_sucesso"] is None
    keep(journal, run(BRANCH, NOW - 2 * HOUR), good=True)
    assert status_document(journal, NOW, ZONE)["status"] == "OK"
    # Alike, the one whose last good backup is older comes first.
    assert [row["banco_origem"] for row in status_document(journal, NOW, ZONE)["bancos"]] == [BRANCH, MAIN]
    read(journal, parts, OF_MAIN)
    assert status_document(journal, NOW, ZONE)["bancos"] == []


def test_each_is_due_by_its_own_rows(journal: Journal, parts: Parts) -> None:
    read(journal, parts, OF_MAIN, OF_BRANCH)
    keep(journal, run(BRANCH, NOW - 13 * HOUR, due=NOW - 12 * HOUR, own_due=NOW + 11 * HOUR), good=True)
    keep(journal, run(MAIN, NOW - 12 * HOUR, due=NOW + HOUR, own_due=NOW + HOUR), good=True)
    assert status_document(journal, NOW, ZONE)["status"] == "OK"
    late = status_document(journal, NOW + 2 * HOUR + timedelta(seconds=1), ZONE)
    assert [(row["banco_origem"], row["status"]) for row in late["bancos"]] == [(MAIN, "ATENCAO"), (BRANCH, "OK")]


def test_a_clock_that_was_ahead_hides_nothing_of_another_database(journal: Journal, parts: Parts) -> None:
    """The later run of any database says that the earlier one was not two days later."""
    read(journal, parts, OF_MAIN, OF_BRANCH)
    keep(journal, run(BRANCH, NOW + 48 * HOUR), good=True)
    keep(journal, run(MAIN, NOW), good=True)
    assert evidence_here(journal)[BRANCH].last_success == NOW
    keep(journal, run(BRANCH, NOW + HOUR), good=False)
    keep(journal, run(MAIN, NOW + 3 * HOUR), good=True)
    assert status_document(journal, NOW + 4 * HOUR, ZONE)["bancos"][0]["status"] == "FALHA"


def test_a_run_tells_the_next_slot_of_the_company_and_of_its_database(parts: Parts) -> None:
    rows, settings = (OF_MAIN, OF_BRANCH), parts.settings
    main, branch = (job_for_agenda(row, rows, COMPANY, settings, run_id=uuid4(), now=NOW).record(NOW) for row in rows)
    assert (main.next_due, main.source_next_due) == (NOW + HOUR, NOW + HOUR)
    assert (branch.next_due, branch.source_next_due) == (NOW + HOUR, NOW + 11 * HOUR)
    other = job_for_database("/dados/outro.fdb", rows, COMPANY, settings, run_id=uuid4(), now=NOW)
    assert (other.next_due, other.source_next_due) == (NOW + HOUR, None)


def test_what_could_not_begin_is_the_failure_of_the_database_that_was_meant(journal: Journal, parts: Parts) -> None:
    read(journal, parts, OF_MAIN, OF_BRANCH)
    away = OperationFailed(FIREBIRD_UNREACHABLE, "x")
    for order in (Order(agenda_id=2, slot=NOW), Order(agenda_id=1, slot=NOW), Order(database="/dados/outro.fdb")):
        write_down(journal, parts, order, away)
    assert [record.source for record in journal.history(9)] == ["/dados/outro.fdb", MAIN, BRANCH]
