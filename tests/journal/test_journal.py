"""The journal: each change with its outbox entry or not at all, and back as it went in."""

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topbackup.errors import OperationFailed
from topbackup.journal import Journal
from topbackup.journal.record_text import from_text, to_text
from topcore.company import TaxId
from topcore.record import BackupRecord, Failure, RemoteCopy
from topcore.spread import Risk, Spread
from topcore.tables import NamingScheme, Proof, RunStatus

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
PARTS = (Path("/d1/a.zip.part"),)


def record(number: int = 0) -> BackupRecord:
    return BackupRecord(
        run_id=uuid4(),
        tax_id=TaxId("11222333000181"),
        source="/d/São João.fdb",
        naming=NamingScheme.SINGLE,
        manual=True,
        started_at=NOW + timedelta(hours=number),
        file_name="11222333000181.zip",
        destination1="/b",
    )


def done(run: BackupRecord) -> BackupRecord:
    return replace(
        run, status=RunStatus.SUCCEEDED, ended_at=run.started_at, size=10, sha256="ab", dump_size=20, proof=Proof.PROVEN
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "diario.sqlite"


def test_a_run_from_begin_to_end(path: Path) -> None:
    run = record()
    with Journal.open(path) as journal:
        journal.begin(run, PARTS)
        journal.update(run.running())
        assert [each.record.status for each in journal.unfinished()] == [RunStatus.RUNNING]
        assert journal.unfinished()[0].parts == PARTS
        journal.update(done(run), [(Path("/b/11222333000181.zip"), None), (Path("/c/x.zip"), Failure("TB-X", "não"))])
    with Journal.open(path) as journal:
        assert journal.history(5) == [done(run)]
        assert journal.last_success(run.source) == done(run)
        assert journal.find(run.run_id) == done(run)
        assert journal.find(uuid4()) is None
        assert journal.unfinished() == []
        assert [entry.record.status.value for entry in journal.pending(10)] == ["P", "E", "S"]


def test_the_outbox_is_in_order_and_keeps_what_is_not_acknowledged(path: Path) -> None:
    with Journal.open(path) as journal:
        runs = [record(number) for number in range(5)]
        for run in runs:
            journal.begin(run, PARTS)
        entries = journal.pending(3)
        assert [entry.record for entry in entries] == runs[:3]
        journal.acknowledge(entries[0].sequence)
        assert [entry.record for entry in journal.pending(100)] == runs[1:]
        assert journal.waiting() == 4
        journal.begin(record(9), PARTS)
        assert [entry.sequence for entry in journal.pending(100)] == sorted(e.sequence for e in journal.pending(100))


def test_a_run_that_was_never_begun_changes_nothing(path: Path) -> None:
    with Journal.open(path) as journal:
        with pytest.raises(LookupError):
            journal.update(record())
        assert journal.waiting() == 0


def test_half_a_transaction_is_none(path: Path) -> None:
    run = record()
    with Journal.open(path) as journal:
        journal.begin(run, PARTS)
        with pytest.raises(sqlite3.IntegrityError):
            journal.begin(run, PARTS)
        assert journal.waiting() == 1


def test_it_is_durable_by_its_settings(path: Path) -> None:
    with Journal.open(path) as journal:
        pragmas = {
            name: journal._connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2}


def test_a_journal_of_a_newer_version_is_left_alone(path: Path) -> None:
    Journal.open(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version=99")
    connection.close()
    with pytest.raises(OperationFailed) as refused:
        Journal.open(path)
    assert refused.value.code == "TB-DIARIO-GRAVACAO"
    assert path.exists()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file is in the way")
    with pytest.raises(OperationFailed) as refused:
        Journal.open(tmp_path / "data" / "diario.sqlite")
    assert refused.value.code == "TB-DIARIO-GRAVACAO"


texts = st.text(max_size=30)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
failures = st.none() | st.builds(Failure, texts, texts)
remotes = st.lists(st.builds(RemoteCopy, texts, moments, st.none() | moments, failures), max_size=2).map(tuple)
few = st.integers(0, 3)
spreads = st.none() | st.builds(Spread, few, few, few, st.lists(st.sampled_from(Risk)).map(tuple))


@given(
    st.builds(
        BackupRecord,
        run_id=st.uuids().map(lambda value: UUID(str(value))),
        tax_id=st.sampled_from([TaxId("11222333000181"), TaxId("12ABC34501DE35"), TaxId("52998224725")]),
        source=texts,
        naming=st.sampled_from(NamingScheme),
        manual=st.booleans(),
        started_at=moments,
        file_name=texts,
        destination1=texts,
        destination2=st.none() | texts,
        status=st.just(RunStatus.SUCCEEDED),
        ended_at=moments,
        size=st.integers(1, 1 << 50),
        sha256=st.just("ab"),
        dump_size=st.none() | st.integers(1, 1 << 50),
        failure=failures,
        proof=st.sampled_from(Proof),
        proven_at=st.none() | moments,
        remotes=remotes,
        spread=spreads,
        next_due=st.none() | moments,
        source_next_due=st.none() | moments,
        agenda_id=st.none() | st.integers(),
    )
)
def test_a_record_comes_back_as_it_went(run: BackupRecord) -> None:
    assert from_text(to_text(run)) == run
