"""The book of slots: a slot and its run are one transaction; a journal of the version before is brought up."""

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from tests.journal.test_journal import record
from topbackup.errors import OperationFailed
from topbackup.journal import Journal, SlotBook, owe_again
from topbackup.journal.record_text import to_text
from topbackup.journal.schema import SCHEMA_VERSION, STEPS
from topcore.agenda import Agenda, Weekday
from topcore.duty import Duty, Missed, duty
from topcore.record import Failure

ZONE = ZoneInfo("America/Sao_Paulo")
NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)  # noon in São Paulo
NOON = Agenda(1, time(12), frozenset(Weekday), "/d", destination2="/e", source="/São João.fdb")


def test_a_slot_runs_once(tmp_path: Path) -> None:
    with Journal.open(tmp_path / "d.sqlite") as journal:
        first = replace(record(), slot=NOW, agenda_id=1)
        journal.begin(first)
        with pytest.raises(OperationFailed) as failed:
            journal.begin(replace(first, run_id=uuid4()))
        assert failed.value.code == "TB-HORARIO-RESOLVIDO"
        assert len(journal.history(10)) == 1, "neither the slot nor the run"
        assert journal.waiting() == 1
        journal.begin(replace(first, run_id=uuid4(), agenda_id=2))


def test_what_could_not_begin_leaves_its_slot_open(tmp_path: Path) -> None:
    with Journal.open(tmp_path / "d.sqlite") as journal:
        run = replace(record(), slot=NOW, agenda_id=1)
        journal.could_not_begin(run.failed(NOW, Failure("TB-FB-INACESSIVEL", "não")))
        assert journal.unfinished() == []
        assert journal.waiting() == 1
        journal.begin(replace(run, run_id=uuid4()))


def test_rows_come_back_as_they_went_in(tmp_path: Path) -> None:
    with Journal.open(tmp_path / "d.sqlite") as journal:
        book = SlotBook(journal)
        assert book.read_again([NOON], NOW, ZONE) == []
        (seen,) = book.seen()
        assert (seen.agenda, seen.zone, seen.since, seen.read_at) == (NOON, ZONE.key, NOW, NOW)


def test_a_changed_row_and_one_that_is_gone_forget_no_slot(tmp_path: Path) -> None:
    with Journal.open(tmp_path / "d.sqlite") as journal:
        book = SlotBook(journal)
        book.read_again([NOON, replace(NOON, id=2), replace(NOON, id=3)], NOW - timedelta(hours=1), ZONE)
        later = NOW + timedelta(hours=1)
        changed = replace(NOON, time=time(12, 30))
        missed = book.read_again([changed, replace(NOON, id=3, destination1="/x")], later, ZONE)
        assert missed == [(1, NOW, Missed.CHANGED), (2, NOW, Missed.CHANGED)]
        assert [seen.agenda.id for seen in book.seen()] == [1, 3]
        first, third = book.seen()
        assert first.since == NOW - timedelta(hours=1), "12:30 of the new form is owed"
        assert third.agenda.destination1 == "/x"
        assert book.ledger(third, later).missed == frozenset(), "still owed: only its folder changed"


def test_a_row_that_was_rejected_still_owes(tmp_path: Path) -> None:
    with Journal.open(tmp_path / "d.sqlite") as journal:
        book = SlotBook(journal)
        book.read_again([NOON], NOW - timedelta(hours=1), ZONE)
        assert book.read_again([], NOW + timedelta(hours=1), ZONE, unreadable=frozenset({1})) == []
        assert len(book.seen()) == 1


def test_another_zone_moves_the_slots(tmp_path: Path) -> None:
    with Journal.open(tmp_path / "d.sqlite") as journal:
        book = SlotBook(journal)
        book.read_again([NOON], NOW - timedelta(hours=1), ZONE)
        missed = book.read_again([NOON], NOW + timedelta(minutes=1), ZoneInfo("America/Manaus"))
        assert missed == [(1, NOW, Missed.CHANGED)]
        assert book.seen()[0].zone == "America/Manaus"


def test_missed_and_taken_back(tmp_path: Path) -> None:
    with Journal.open(tmp_path / "d.sqlite") as journal:
        book = SlotBook(journal)
        book.read_again([NOON], NOW, ZONE)
        slot = NOW + timedelta(days=1)
        book.note([Duty(NOON, NOW, missed=((slot, Missed.TOO_LATE),))])
        assert book.ledger(book.seen()[0], NOW).missed == {slot}
        book.note([Duty(NOON, NOW, taken_back=(slot,))])
        assert book.ledger(book.seen()[0], NOW).missed == frozenset()


def test_a_slot_that_ran_is_not_taken_back(tmp_path: Path) -> None:
    with Journal.open(tmp_path / "d.sqlite") as journal:
        book = SlotBook(journal)
        book.read_again([NOON], NOW - timedelta(hours=1), ZONE)
        journal.begin(replace(record(), slot=NOW, agenda_id=1))
        book.note([Duty(NOON, NOW, taken_back=(NOW,))])
        assert journal.rows("SELECT RESULTADO FROM PREVISTO") == [("EXECUTADO",)]


def test_a_slot_run_by_a_clock_far_ahead_is_owed_again(tmp_path: Path) -> None:
    with Journal.open(tmp_path / "d.sqlite") as journal:
        book = SlotBook(journal)
        book.read_again([NOON], NOW, ZONE)
        ahead, soon = NOW + timedelta(days=3), NOW + timedelta(hours=1)
        for slot in (ahead, soon):
            journal.begin(replace(record(), slot=slot, agenda_id=1))
        (seen,) = book.seen()
        found = duty(NOON, book.ledger(seen, NOW), NOW, ZONE, timedelta(hours=1))
        assert found.undone == (ahead,), "an hour set forth and back makes no second backup"
        book.note([found])
        assert book.ledger(seen, NOW).ran == {soon}
        assert duty(NOON, book.ledger(seen, ahead), ahead, ZONE, timedelta(hours=1)).run == ahead


def test_an_interrupted_run_gives_its_slot_back_once(tmp_path: Path) -> None:
    with Journal.open(tmp_path / "d.sqlite") as journal:
        for left in (0, 1):
            run = replace(record(), slot=NOW, agenda_id=1)
            journal.begin(run)
            other = replace(record(), slot=NOW, agenda_id=2)
            failed = run.failed(NOW, Failure("TB-INTERROMPIDO", "sim"))
            journal.update(failed, then=partial(owe_again, record=failed))
            assert len(journal.rows("SELECT * FROM PREVISTO WHERE AGENDA = 1")) == left
            if not left:
                journal.begin(other)
        assert len(journal.rows("SELECT * FROM PREVISTO WHERE AGENDA = 2")) == 1


def test_a_row_that_is_new_owes_what_fell_due_since_the_last_reading(tmp_path: Path) -> None:
    with Journal.open(tmp_path / "d.sqlite") as journal:
        book = SlotBook(journal)
        book.read_again([], NOW - timedelta(minutes=20), ZONE)
        later = NOW + timedelta(minutes=10)
        book.read_again([NOON], later, ZONE)
        (seen,) = book.seen()
        assert duty(NOON, book.ledger(seen, later), later, ZONE, timedelta(hours=1)).run == NOW


def test_old_slots_go_after_a_year_and_a_month(tmp_path: Path) -> None:
    with Journal.open(tmp_path / "d.sqlite") as journal:
        book = SlotBook(journal)
        for days in (500, 300):
            journal.begin(replace(record(), slot=NOW - timedelta(days=days), agenda_id=1))
        book.read_again([NOON], NOW, ZONE)
        assert journal.rows("SELECT COUNT(*) FROM PREVISTO") == [(1,)]


def test_a_journal_of_version_1_is_brought_up_with_all_that_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "d.sqlite"
    run = record()
    text = to_text(run).replace(', "slot": null', "")
    with sqlite3.connect(path) as old:
        for statement in STEPS[0]:
            old.execute(statement)
        old.execute(
            "INSERT INTO EXECUCAO (UUID, BANCO, STATUS, INICIO, REGISTRO, ARQUIVOS) VALUES (?, ?, 'P', ?, ?, ?)",
            (str(run.run_id), run.source, run.started_at.isoformat(), text, '{"parts": []}'),
        )
        old.execute("INSERT INTO SAIDA (UUID, REGISTRO) VALUES (?, ?)", (str(run.run_id), text))
        old.execute("PRAGMA user_version=1")
    old.close()
    for _ in range(2):
        with Journal.open(path) as journal:
            assert journal.history(10) == [run]
            assert journal.waiting() == 1
            assert SlotBook(journal).seen() == []
            assert journal.rows("PRAGMA user_version") == [(SCHEMA_VERSION,)]


def test_small_facts_outlive_a_restart(tmp_path: Path) -> None:
    with Journal.open(tmp_path / "d.sqlite") as journal:
        assert journal.recall("pausa_ate") is None
        journal.remember("pausa_ate", "amanhã")
        journal.remember("pausa_ate", "depois")
    with Journal.open(tmp_path / "d.sqlite") as journal:
        assert journal.recall("pausa_ate") == "depois"
        journal.remember("pausa_ate", None)
        assert journal.recall("pausa_ate") is None
