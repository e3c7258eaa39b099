"""What the wizard shows, without a screen: each standing's words and tone, the plan's sentences, the end's verdict."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.setup.samples import (
    BAKERY,
    BRANCH,
    CLOUD,
    COPIES,
    NIGHT,
    NO_CLOUD,
    NOON,
    REFUSED,
    at_review,
    filled,
    firebird,
)
from topbackup.errors import OperationFailed
from topbackup.gui.live import Live
from topbackup.gui.theme import Tone
from topbackup.gui.wizard.ending import Ending, heading, share, task_facts, verdict
from topbackup.gui.wizard.faces import error_words, face, shown_complaints
from topbackup.gui.wizard.plan import next_runs, sentences
from topbackup.i18n import _
from topbackup.problems import DESTINATION_ON_DATABASE_DISK, GBAK_TIMEOUT, SERVICE_NO_SYSTEMD, all_problems
from topbackup.settings import Settings
from topbackup.setup.config import Saved
from topbackup.setup.fields import CloudKind, Field, Step
from topbackup.setup.findings import CopiesFinding, PlaceFinding
from topbackup.setup.finishing import Task, TaskState, Told
from topcore.agenda import DEFAULT_ZONE, Agenda

ZONE = ZoneInfo(DEFAULT_ZONE)


def test_before_a_trial_nothing_is_said_and_nothing_is_red() -> None:
    shown = face(filled())
    assert shown.verdict is None
    assert shown.facts == ()
    assert (shown.trial, shown.next, shown.back, shown.without, shown.running) == ("Testar", False, False, True, False)
    assert shown_complaints(filled(DATABASE=""), frozenset()) == {}
    assert list(shown_complaints(filled(DATABASE=""), frozenset({Field.DATABASE.value}))) == [Field.DATABASE.value]


def test_each_standing_has_its_words_and_its_tone() -> None:
    running = filled().trying()
    proven = running.tried(running.numbered, firebird())
    refused = running.tried(running.numbered, REFUSED)
    choose = running.tried(running.numbered, firebird(BAKERY, BRANCH))
    stale = proven.typed(Field.USER, "OUTRO")
    tones = [face(each).verdict.tone for each in (running, proven, refused, choose, stale)]  # type: ignore[union-attr]
    assert tones == [Tone.RUNNING, Tone.OK, Tone.FAILED, Tone.ATTENTION, Tone.NEUTRAL]
    assert [face(each).next for each in (running, proven, refused, choose, stale)] == [False, True, False, False, False]
    assert face(running).running
    assert face(running).trial == "Cancelar o teste"
    assert face(proven).stages[0].word == "em ordem"
    assert face(refused).stages[0].tone is Tone.FAILED
    assert face(filled().without()).stages[0].word == "sem comprovação"


@pytest.mark.parametrize("code", sorted(all_problems()))
def test_every_problem_is_told_with_its_cause_and_its_mend(code: str) -> None:
    problem = all_problems()[code]
    sentence, more = error_words(OperationFailed(problem, "D:\\BKP"))
    assert sentence.startswith(_(problem.sentence))
    for part in (problem.cause, problem.mend, code):
        assert _(part) in more


def test_the_facts_of_the_database() -> None:
    words = " ".join(f"{fact.words} {fact.more}" for fact in face(proven()).facts)
    for expected in ("Firebird 3.0.11", "WIN1252", "gbak 3.0.11", "Padaria São João", "11.222.333/0001-81", "linha 9"):
        assert expected in words


def proven() -> Any:
    wizard = filled().trying()
    return wizard.tried(wizard.numbered, firebird())


def test_connected_as() -> None:
    wizard = proven().next().trying()
    well = face(wizard.tried(wizard.numbered, CLOUD))
    assert well.verdict is not None
    assert well.verdict.sentence == "Conectado como agente@10.0.0.7."
    assert "10.11.6-MariaDB" in well.facts[0].more
    bad = face(wizard.tried(wizard.numbered, NO_CLOUD))
    assert bad.verdict is not None
    assert "TB-NUVEM-SENHA" in bad.verdict.more
    none = face(proven().next().typed(Field.CLOUD_KIND, CloudKind.NONE.value))
    assert (none.trial, none.verdict, none.next) == ("", None, True)


def test_a_warning_does_not_hold_up_and_is_not_hidden() -> None:
    warned = PlaceFinding("/copias/a", (1,), None, 1, (OperationFailed(DESTINATION_ON_DATABASE_DISK),))
    wizard = at_review()
    wizard = replace(wizard, step=Step.COPIES).trying()
    wizard = wizard.tried(wizard.numbered, CopiesFinding("root", False, (warned,)))
    shown = face(wizard)
    assert shown.next
    assert shown.verdict is not None
    assert shown.verdict.tone is Tone.ATTENTION
    assert any(each.calls and "mesmo disco que o banco" in each.words for each in sentences(wizard.next()))


def test_what_will_happen_in_plain_sentences() -> None:
    told = sentences(at_review())
    text = "\n".join(each.words for each in told)
    for expected in (
        "Padaria São João (CNPJ 11.222.333/0001-81)",
        "Firebird 3.0.11",
        "Agenda 1: todos os dias às 23:00, para /copias/a + /copias/b",
        "A linha 9 de AGENDA_BACKUP não será executada",
        "restaurado em um banco de rascunho",
        "PROJETO_BACKUPS (nuvem)",
        "O serviço é instalado",
    ):
        assert expected in text
    assert [each.words for each in told if each.calls] == [each.words for each in told if "linha 9" in each.words]


def test_what_was_not_proven_is_said_and_so_is_what_is_given_up() -> None:
    wizard = filled().without().typed(Field.CLOUD_KIND, "nenhuma").next().without()
    for name in (Field.SERVICE, Field.PROVE):
        wizard = wizard.typed(name, "N")
    calls = "\n".join(each.words for each in sentences(wizard) if each.calls)
    for expected in ("banco pode ser alcançado", "pastas aceitam", "Sem nuvem", "Sem o serviço", "não são comprovados"):
        assert expected in calls
    empty = at_review()
    empty = replace(empty, step=Step.FIREBIRD).trying()
    empty = empty.tried(empty.numbered, firebird(agendas=()))
    assert any("nenhum backup será feito sozinho" in each.words for each in sentences(empty) if each.calls)


def test_the_next_seven_runs() -> None:
    now = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)  # a Tuesday, 12:30 in São Paulo
    runs = next_runs([NIGHT, NOON], now, ZONE)
    nights = [(f"{day} 23:00", 1) for day in range(24, 30)]
    assert [(f"{run.at:%d %H:%M}", run.agenda.id) for run in runs] == [nights[0], ("25 12:00", 2), *nights[1:]]
    weekly = Agenda(3, NOON.time, frozenset(list(NOON.days)[:1]), "/a")
    assert len(next_runs([weekly], now, ZONE)) == 7
    assert next_runs([replace(NOON, days=frozenset())], now, ZONE) == []


RECORD = {
    "caminho_destino": "/copias/a", "nome_arquivo": "11222333000181.zip", "tamanho_bytes": 1 << 20, "verificado": "S",
}  # fmt: skip
ALL = (Task.SAVE, Task.SERVICE, Task.FOLDERS, Task.BACKUP)


def ended(*told: Told, well: bool | None, tasks: tuple[Task, ...] = ALL) -> Ending:
    return Ending(tasks, {each.task: each for each in told}, None, well)


def test_only_a_proven_backup_is_protected() -> None:
    good = ended(Told(Task.BACKUP, TaskState.DONE, record=RECORD), well=True)
    unproven = ended(Told(Task.BACKUP, TaskState.DONE, record=RECORD | {"verificado": "N"}), well=True)
    failed = ended(Told(Task.BACKUP, TaskState.FAILED, OperationFailed(GBAK_TIMEOUT)), well=False)
    partly = ended(
        Told(Task.SERVICE, TaskState.FAILED, OperationFailed(SERVICE_NO_SYSTEMD)),
        Told(Task.BACKUP, TaskState.DONE, record=RECORD),
        well=False,
    )
    nothing = ended(Told(Task.SAVE, TaskState.DONE), well=True)
    shown = [verdict(each) for each in (good, unproven, failed, partly, nothing)]
    assert [each.tone for each in shown if each] == [Tone.OK, Tone.ATTENTION, Tone.FAILED, Tone.ATTENTION, Tone.OK]
    assert [("Protegido" in each.sentence) for each in shown if each] == [True, False, False, False, False]
    assert "TB-GBAK-TEMPO" in shown[2].more  # type: ignore[union-attr]
    assert verdict(ended(well=None)) is None


def test_a_window_that_is_the_agent_is_not_said_to_be_closed() -> None:
    assert "Deixe o TopBackup aberto" in heading(ended(well=True, tasks=(Task.SAVE, Task.BACKUP)))[1]
    assert "pode fechar" in heading(ended(well=True))[1]


def test_tasks_and_their_progress() -> None:
    kept = Saved(Settings(), Path("/x/config.json.quebrado-20261124-153000"), ("backup.timeout_seconds",))
    ending = ended(
        Told(Task.SAVE, TaskState.DONE, saved=kept),
        Told(Task.SERVICE, TaskState.RUNNING),
        well=None,
    )
    facts = task_facts(ending)
    assert [fact.tone for fact in facts] == [Tone.OK, Tone.RUNNING, Tone.NEUTRAL, Tone.NEUTRAL]
    assert "config.json.quebrado-20261124-153000" in facts[0].more
    assert "backup.timeout_seconds" in facts[0].more
    assert share(ending) is None
    under_way = ended(Told(Task.BACKUP, TaskState.RUNNING), well=None)
    shares = [
        share(replace(under_way, live=Live(0, None, step, half, 100)))
        for step, half in (("dump", 0), ("dump", 50), ("check", 0), ("prove", 0), ("publish", 0), ("copy", 0))
    ]
    assert shares == sorted(shares, key=lambda each: each or 0.0)
    assert share(under_way) == 0.0
    assert COPIES.proven
