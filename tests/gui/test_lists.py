"""The lists' rows, the words for instants, the log's lines, what a setting must hold, what a restore may do."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.gui.samples import FOLDER_AWAY, GONE, NOW, THERE, ZONE, at, copy_away, looked, run, seen, status
from topbackup.gui import preferences, restore_plan, settings_form, which_agenda
from topbackup.gui.copy_rows import Said, copy_rows, said_of, spread
from topbackup.gui.files_here import _older
from topbackup.gui.lists import agenda_rows, next_seven_days, no_runs_words, run_details, run_row
from topbackup.gui.log_lines import Level, chosen, parse
from topbackup.gui.theme import Tone
from topbackup.gui.words import (
    ago,
    days_short,
    happened,
    instant,
    mend_of,
    sentence_of,
    when,
    when_short,
    without_the_engines,
)
from topbackup.settings import Settings
from topcore.agenda import Weekday

AGENDA: dict[str, Any] = {
    "agendas": [
        {"id": 1, "horario": "12:00", "dias": ["SEG", "TER", "QUA", "QUI", "SEX"], "local_destino1": "D:\\B",
         "local_destino2": "E:\\B", "backup_remoto": True, "prefixo_backup": "V", "proximo": at(24)},
        {"id": 2, "horario": "23:00", "dias": [], "local_destino1": "D:\\B", "local_destino2": None,
         "backup_remoto": False, "prefixo_backup": "U", "proximo": None},
    ],
    "rejeitadas": [{"id": "7", "motivo": "HORARIO: 25:00"}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("hours", "words"),
    [(-0.1, "hoje às 12:04"), (-13.1, "ontem às 23:04"), (24, "amanhã às 12:10"), (72, "sábado às 12:10"),
     (-72, "domingo, 22/11 às 12:10"), (24 * 9, "04/12/2026 às 12:10"), (-24 * 9, "16/11/2026 às 12:10")],
)  # fmt: skip
def test_when(hours: float, words: str) -> None:
    assert when(NOW + timedelta(hours=hours), NOW, ZONE) == words


@pytest.mark.parametrize(
    ("hours", "words"),
    [(-0.1, "hoje 12:04"), (24, "amanhã 12:10"), (72, "sáb 28/11 12:10"), (-72, "dom 22/11 12:10"),
     (-24 * 9, "16/11/2026 12:10")],
)  # fmt: skip
def test_when_in_a_column(hours: float, words: str) -> None:
    assert when_short(NOW + timedelta(hours=hours), NOW, ZONE) == words


def test_midnight_is_the_shops() -> None:
    """22:30 in São Paulo is tomorrow in UTC."""
    late = NOW.replace(hour=1, minute=30) + timedelta(days=1)
    assert when(late, NOW, ZONE) == "hoje às 22:30"
    assert when(late, NOW, ZoneInfo("UTC")) == "amanhã às 01:30"
    assert when(late - timedelta(hours=2), late, ZONE) == "hoje às 20:30"


def test_a_restore_is_from_a_file_that_is_here() -> None:
    """A copy away has no path on this computer: it is no line of that list."""
    away = {"destino": "cofre", "desde": at(-0.1), "em": at(-0.05), "codigo_erro": None, "mensagem_erro": None}
    view = seen(None, run(remotas=[away]))
    assert [row.archive for row in restore_plan.archives(view, NOW)] == [
        "D:\\BACKUP\\11222333000181.zip",
        "E:\\BACKUP\\11222333000181.zip",
    ]


def test_how_long() -> None:
    assert [ago(seconds) for seconds in (0, 59.4, 61, 3599, 4800)] == [
        "0 s",
        "59 s",
        "1 min",
        "1 h 0 min",
        "1 h 20 min",
    ]


def test_days() -> None:
    assert days_short(["SEG", "TER", "QUA", "QUI", "SEX"]) == "seg a sex"
    assert days_short(["DOM", "QUA"]) == "qua, dom"
    assert days_short([day.name for day in Weekday]) == "todos os dias"
    assert days_short([]) == "nenhum dia: desligada"


@given(st.one_of(st.none(), st.integers(), st.text(max_size=30), st.just(at(1))))
def test_an_instant_or_none(text: Any) -> None:
    found = instant(text)
    assert found is None or found.tzinfo is not None


@pytest.mark.parametrize(
    ("facts", "ours", "engines"),
    [
        (" (Firebird: I/O error (5) during open)", "", "I/O error (5) during open"),
        (" (localhost: Firebird: no (such) file)", " (localhost)", "no (such) file"),
        (" (D:\\BACKUP (2))", " (D:\\BACKUP (2))", ""),
        ("", "", ""),
    ],
)
def test_the_engines_english_is_for_details_alone(facts: str, ours: str, engines: str) -> None:
    problem = "O gbak não fez o backup."
    assert without_the_engines(problem + facts) == (problem + ours, engines)
    assert happened("TB-GBAK-FALHOU", f"x{facts}") == sentence_of("TB-GBAK-FALHOU", "x") + ours


def test_a_code_of_a_newer_agent_keeps_its_words() -> None:
    assert mend_of("TB-NOVO", {"causa": "c", "solucao": "s", "quem": "loja"}) == ("c", "s", "loja")
    assert sentence_of("TB-NOVO", "o que houve") == "o que houve"
    assert sentence_of("TB-DESTINO-CHEIO", "antes (D:\\)").endswith("(D:\\)")


@pytest.mark.parametrize(
    ("other", "tone", "result"),
    [({}, Tone.OK, "feito e comprovado"), ({"verificado": "N"}, Tone.NEUTRAL, "feito, não comprovado"),
     ({"verificado": "F"}, Tone.FAILED, "não restaura"), ({"parcial": True}, Tone.ATTENTION, "falta uma cópia"),
     ({"status": "F"}, Tone.FAILED, "falhou"), ({"status": "F", "codigo_erro": "TB-CANCELADO"}, Tone.FAILED, "cancelado"),
     ({"status": "E", "data_fim": None}, Tone.RUNNING, "em andamento")],
)  # fmt: skip
def test_a_run(other: dict[str, Any], tone: Tone, result: str) -> None:
    row = run_row(run(**other), NOW, ZONE)
    assert (row.tone, row.result) == (tone, result)


def test_a_run_whole() -> None:
    row = run_row(run(), NOW, ZONE)
    assert (row.when, row.size, row.copies, row.took) == ("hoje 11:58", "6,6 MB", "2 de 2", "6 min")
    failed = dict(run_details(run(status="F", codigo_erro="TB-DESTINO-CHEIO", mensagem_erro="x"), NOW, ZONE))
    assert failed["O que houve"].startswith("TB-DESTINO-CHEIO: ")
    assert failed["Quem deve agir"] == "loja"
    assert len(failed) <= 12, "the page has room for so many"


def test_no_backup_is_not_said_by_who_does_not_know() -> None:
    assert no_runs_words(linked=True) == "Ainda não há backup."
    assert no_runs_words(linked=False) == "Não se sabe: o agente não responde."


def test_copies_of_one_path_are_one() -> None:
    broken = {"caminho": "E:\\BACKUP\\11222333000181.zip", "codigo_erro": "TB-DESTINO-CHEIO", "mensagem_erro": "x"}
    good = run()["copias"][0]
    view = seen(None, run(uuid="b", copias=[good, broken], parcial=True), run(uuid="a"), run(status="F"))
    rows = copy_rows(view, NOW)
    assert [(row.key, row.tone) for row in rows] == [("b/1", Tone.OK), ("b/2", Tone.FAILED), ("a/2", Tone.OK)]
    assert (rows[0].name, rows[0].folder) == ("11222333000181.zip", "D:\\BACKUP")
    assert copy_rows(seen(None, run(copias=[{"caminho": "/b/x.zip"}])), NOW)[0].folder == "/b"


def test_a_copy_that_the_last_look_did_not_find_is_not_listed_as_good() -> None:
    """And nobody is offered to restore from it. Nor of an older run."""
    found = looked(GONE, FOLDER_AWAY) | {"outros": [{"caminho": "D:\\BACKUP\\c.zip", "situacao": GONE}]}
    older = [
        run(uuid=name, nome_arquivo=f"{name}.zip", copias=[{"caminho": f"D:\\BACKUP\\{name}.zip"}]) for name in "bc"
    ]
    view = seen(status() | {"copias_locais": found}, run(), *older)
    rows = copy_rows(view, NOW)
    assert [(row.tone, row.state) for row in rows] == [
        (Tone.FAILED, "apagado ou movido"),
        (Tone.ATTENTION, "a pasta ou o disco dela não está lá"),
        (Tone.OK, "feito e comprovado"),
        (Tone.FAILED, "apagado ou movido"),
    ]
    assert [row.archive for row in restore_plan.archives(view, NOW)] == [
        "E:\\BACKUP\\11222333000181.zip",
        "D:\\BACKUP\\b.zip",
    ]


def test_a_copy_that_a_test_restore_refused_is_listed_so_and_its_sister_is_not_proven() -> None:
    """Until that one was tried: then it is good, and the other one still is not. Nor is what it took the place of."""
    good, refused = (
        run()["copias"][1],
        run()["copias"][0] | {"codigo_erro": "TB-ARQUIVO-INVALIDO", "mensagem_erro": "x"},
    )
    older = run(uuid="old")
    view = seen(None, run(verificado="F", copias=[refused, good]), older)
    rows = copy_rows(view, NOW)
    assert [(row.run, row.tone) for row in rows] == [("7c1d", Tone.FAILED), ("7c1d", Tone.ATTENTION)]
    assert rows[1].state == "a comprovar: outra cópia dele está estragada"
    assert [row.archive for row in restore_plan.archives(view, NOW)] == ["E:\\BACKUP\\11222333000181.zip"]
    rows = copy_rows(seen(None, run(copias=[refused, good]), older), NOW)
    assert [row.tone for row in rows] == [Tone.FAILED, Tone.OK]


def test_a_long_history_with_a_disk_that_is_out_is_listed_in_no_time() -> None:
    """Each row is looked up, not searched for: it is done once a second."""
    paths = [f"D:\\B\\{number}.zip" for number in range(400)]
    runs = [run(uuid=str(number), copias=[{"caminho": path}]) for number, path in enumerate(paths)]
    out = {"visto_em": at(0), "bancos": [], "outros": [{"caminho": path, "situacao": FOLDER_AWAY} for path in paths]}
    view = seen(status() | {"copias_locais": out}, *runs)
    asked = Counter[str]()
    with patch("topbackup.gui.files_here._older", side_effect=lambda view: asked.update(["x"]) or _older(view)):
        assert {row.tone for row in copy_rows(view, NOW)} == {Tone.ATTENTION}
    assert asked["x"] == 1


def test_the_copies_away_are_listed_where_they_are_and_since_when_they_are_missing() -> None:
    there = {"destino": "cofre", "desde": at(-1), "em": at(-0.5), "codigo_erro": None, "mensagem_erro": None}
    missing = there | {"destino": "nuvem", "em": None, "codigo_erro": "TB-REMOTO-RECUSADA", "mensagem_erro": "x (y)"}
    superseded = missing | {"codigo_erro": "TB-REMOTO-SUPERADO"}
    view = seen(None, run(remotas=[there, missing], copias=[]), run(uuid="b", remotas=[there, superseded | {"destino": "nas"}], copias=[]),
                run(uuid="c", nome_arquivo="c.zip", remotas=[there, missing], copias=[]))  # fmt: skip
    rows = copy_rows(view, NOW, {"cofre": "sftp://nas/backup"})
    assert [(row.key, row.tone, row.folder, row.archive) for row in rows] == [
        ("7c1d/cofre", Tone.OK, "cofre · sftp://nas/backup", ""),
        ("7c1d/nuvem", Tone.ATTENTION, "nuvem", ""),
        ("c/cofre", Tone.OK, "cofre · sftp://nas/backup", ""),  # b's has the first one's name; c's has its own
    ]
    assert rows[0].state == "lá desde hoje às 11:40"
    assert rows[1].state.startswith("em falta desde hoje às 11:10: ")
    assert restore_plan.archives(view, NOW) == [], "a file away is not here to be restored from"


def test_what_the_copies_lack() -> None:
    told = {"copias": 2, "dispositivos": 1, "fora": 0, "riscos": ["UM_SO_DISPOSITIVO", "NENHUMA_FORA"]}
    found = spread(seen(status(last=run(distribuicao=told))))
    assert found.sentence == "Cópias do último backup: 2 · dispositivos: 1 · fora daqui: 0"
    assert [each.split(".")[0] for each in found.lacks] == [
        "Todas as cópias estão em um só dispositivo",
        "Nenhuma cópia está fora daqui: incêndio, furto e ransomware levam todas",
    ]
    assert spread(seen(status(last=run(distribuicao=None)))) == spread(seen()), "nothing is known, nothing is said"
    other = run(distribuicao=told | {"riscos": ["NO_DISCO_DO_BANCO", "NENHUMA_FORA"]})
    databases = [{"ultimo_sucesso": run(distribuicao=told)}, {"ultimo_sucesso": other}, {"ultimo_sucesso": None}]
    assert len(spread(seen(status() | {"bancos": databases})).lacks) == 3, "each once, of any database"
    assert spread(seen(status(last=run(distribuicao={"riscos": ["NOVO", 3]})))).lacks == ("NOVO",)


def test_agendas_and_the_rejected() -> None:
    first, off, rejected = agenda_rows(AGENDA, NOW, ZONE)
    assert (first.at, first.days, first.folders, first.next) == (
        "12:00", "seg a sex", "D:\\B · E:\\B · cópia remota", "amanhã 12:10")  # fmt: skip
    assert (off.tone, off.next) == (Tone.NEUTRAL, "desligada")
    assert (rejected.number, rejected.tone, rejected.folders) == (None, Tone.FAILED, "HORARIO: 25:00")


def test_which_agenda_by_hand() -> None:
    rows = [
        {"id": 7, "horario": "22:00", "dias": ["SEG"], "prefixo_backup": "V", "banco_origem": "C:\\ERP\\FILIAL.FDB",
         "local_destino1": "D:\\B"},
        {"id": 8, "horario": "23:00", "dias": ["SEG"], "prefixo_backup": "V", "banco_origem": None},
    ]  # fmt: skip
    shown = which_agenda.choices({"agendas": rows, "rejeitadas": [{"id": 9, "motivo": "x"}]}, NOW, ZONE)
    assert [row.key for row in shown] == ["7", "8"], "a rejected row makes no backup"
    assert shown[0].cells[3:] == ("C:\\ERP\\FILIAL.FDB", "D:\\B")
    assert shown[1].cells[3] == "banco principal"
    assert [which_agenda.seen_at_once(count, 768) for count in (2, 5, 300)] == [3, 5, 8]
    assert which_agenda.seen_at_once(300, 384) == 3, "200 % on the smallest screen"


def test_the_next_seven_days() -> None:
    """It is Wednesday 12:10: today's noon is over, the weekend has none."""
    days = next_seven_days(AGENDA, NOW, ZONE)
    assert [each.name for each in days] == [
        "hoje", "amanhã", "sexta-feira", "sábado", "domingo", "segunda-feira", "terça-feira"]  # fmt: skip
    assert [each.slots for each in days] == [
        (),
        (("12:00", 1),),
        (("12:00", 1),),
        (),
        (),
        (("12:00", 1),),
        (("12:00", 1),),
    ]
    many = {"agendas": [AGENDA["agendas"][0] | {"id": n, "horario": f"{13 + n // 2}:00"} for n in range(12)]}
    assert next_seven_days(many, NOW, ZONE)[0].lines == ("13:00 × 2", "14:00 × 2", "15:00 × 2", "+ 3")
    assert len(next_seven_days({"agendas": [{"id": "?"}]}, NOW, ZONE)) == 7


LOG = [
    "2026-11-25 15:10:00,123 - INFO - topbackup.agent.host - TopBackup 2.0.0 begins",
    "2026-11-25 15:11:00,123 - ERROR - topbackup.backup.run - run failed",
    "Traceback (most recent call last):",
    "2026-11-25 15:12:00,123 - WARNING - x - later",
]


def test_the_log() -> None:
    lines = parse(LOG, ZONE)
    assert lines[0].text == "25/11 12:10:00  INFO     agent.host: TopBackup 2.0.0 begins"
    assert [line.level for line in lines] == [20, 40, 40, 30]
    assert [line.text for line in chosen(lines, Level.ERROR, "")] == [line.text for line in lines[1:3]], (
        "with its trace"
    )
    assert chosen(lines, Level.ALL, "BEGINS host") == lines[:1]
    assert chosen(lines, Level.WARNING, "begins") == []


@given(st.lists(st.text(max_size=60), max_size=8))
def test_no_line_of_a_log_is_lost(lines: list[str]) -> None:
    assert len(parse(lines, ZONE)) == len(lines)


def settings() -> Settings:
    return Settings.model_validate(
        {"firebird": {"database_path": "C:\\ERP\\DADOS.FDB", "password": "masterkey", "novo": 1}, "outra": {"x": 1}}
    )


def test_settings_go_through_the_page_unchanged() -> None:
    values = settings_form.values_of(settings())
    assert values["firebird.password"] == "", "a secret is shown to nobody"
    assert "masterkey" not in str(values)
    assert settings_form.wrong(values) == {}
    assert settings_form.apply(settings(), values) == settings(), "unknown keys too"
    assert settings_form.stored_secrets(settings()) == {"firebird.password"}


def test_settings_that_do_not_fit() -> None:
    values = settings_form.values_of(settings()) | {
        "firebird.database_path": " ", "mysql.port": "0", "app.timezone": "Lua/Cratera", "backup.local_destino1": "D:\\B",
        "backup.local_destino2": "D:\\B", "backup.timeout_seconds": "1e3", "firebird.charset": "BANANA",
    }  # fmt: skip
    assert set(settings_form.wrong(values)) == {
        "firebird.database_path", "mysql.port", "app.timezone", "backup.local_destino2", "backup.timeout_seconds", "firebird.charset"}  # fmt: skip
    changed = settings_form.apply(
        settings(), settings_form.values_of(settings()) | {"mysql.port": "3307", "firebird.password": "nova"}
    )
    assert (changed.mysql.port, changed.firebird.password.get_secret_value()) == (3307, "nova")


def test_which_file_another_page_led_to() -> None:
    view = seen(None, run(), run(uuid="velho", data_fim=at(-50), copias=[{"caminho": "D:\\BACKUP\\velho.zip"}]))
    newest, older = "D:\\BACKUP\\11222333000181.zip", "D:\\BACKUP\\velho.zip"
    for wishes, archive in (
        ({"run": "velho"}, older),
        ({"run": "velho", "verify": True}, older),
        ({"run": "nada", "verify": True}, ""),
        ({"verify": True}, newest),
        ({"archive": older}, older),
        ({"archive": 7, "run": None}, ""),
        ({}, ""),
    ):
        assert restore_plan.wished_archive(view, wishes, NOW) == archive


def test_what_is_said_of_the_chosen_copy() -> None:
    view = seen(None, run(remotas=[copy_away(-2) | {"em": at(-1)}, copy_away(-3) | {"destino": "outro"}]))
    here, _second, away, missing = copy_rows(view, NOW)
    assert said_of(None) == Said()
    assert said_of(here) == Said(f"{here.archive} · feito e comprovado", here.archive, may_restore=True)
    assert not said_of(replace(here, tone=Tone.FAILED)).may_restore
    assert said_of(away).words.endswith("topbackup destinations get cofre 11222333000181.zip --to …")
    assert said_of(missing) == Said(missing.state)


def test_which_backup_to_restore() -> None:
    broken = run(uuid="f", verificado="F", copias=[{"caminho": "/b/ruim.zip"}])
    view = seen(None, broken, run())
    assert [row.archive for row in restore_plan.archives(view, NOW)] == [copy["caminho"] for copy in run()["copias"]]
    assert restore_plan.archive_of_run(view, "7c1d", NOW) == "D:\\BACKUP\\11222333000181.zip"
    assert restore_plan.archive_of_run(view, "nada", NOW) == ""
    assert restore_plan.archive_of_run(view, "f", NOW) == ""
    assert restore_plan.no_archive_of_run(view, "f", NOW) == "Este backup não restaura."
    assert restore_plan.no_archive_of_run(view, "7c1d", NOW) == ""


def test_a_backup_whose_file_a_newer_one_replaced_is_not_restored_as_if_it_were_there() -> None:
    """`CNPJ_QUA.zip` of last week is this week's now: who asks for last week's must not get this one."""
    there = {"destino": "cofre", "desde": at(-200), "em": at(-199), "codigo_erro": None, "mensagem_erro": None}
    own = {"caminho": "E:\\BACKUP\\antigo.zip", "codigo_erro": None, "mensagem_erro": None}
    replaced, deleted = run(uuid="old"), run(uuid="kept", copias=[own], nome_arquivo="antigo.zip", remotas=[there])
    view = seen(status() | {"copias_locais": looked(THERE, FOLDER_AWAY)}, run(), replaced, deleted)
    assert restore_plan.archive_of_run(view, "old", NOW) == ""
    assert "um backup mais novo tomou o lugar" in restore_plan.no_archive_of_run(view, "old", NOW)
    assert restore_plan.archive_of_run(view, "kept", NOW) == "E:\\BACKUP\\antigo.zip"
    gone = looked(FOLDER_AWAY, THERE) | {"outros": [{"caminho": own["caminho"], "situacao": GONE}]}
    view = seen(status() | {"copias_locais": gone}, run(), replaced, deleted)
    assert restore_plan.archive_of_run(view, "7c1d", NOW) == "E:\\BACKUP\\11222333000181.zip", "the one in sight"
    assert restore_plan.archive_of_run(view, "kept", NOW) == ""
    assert "Há uma cópia em cofre" in restore_plan.no_archive_of_run(view, "kept", NOW)
    view = seen(status() | {"copias_locais": gone}, run(), deleted | {"remotas": []})
    assert "não está onde foi posto" in restore_plan.no_archive_of_run(view, "kept", NOW)


def test_what_was_restored_in_words() -> None:
    verdict = {"manifesto": True, "tabelas": {"A": 60_000, "B": 1}, "indices_inativos": ["X"]}
    lines = restore_plan.after_restoring("/n.fdb", verdict, 75)
    assert "2 tabelas, 60.001 linhas, em 1 min" in lines[0]
    assert lines[-1].endswith("X.")
    assert "contadas, não comparadas" in restore_plan.after_restoring("/n.fdb", verdict | {"manifesto": False}, 1)[0]


def test_preferences_survive_anything(tmp_path: Path) -> None:
    path = tmp_path / "janela.json"
    assert preferences.read(path) == preferences.Preferences()
    for spoiled in ("{", "[]", '{"scale": 3, "language": 1, "appearance": null}', '{"scale": true}'):
        path.write_text(spoiled)
        assert preferences.read(path) == preferences.Preferences()
    liked = preferences.Preferences("en", "dark", 150)
    preferences.write(path, liked)
    assert preferences.read(path) == liked


def test_the_copies_away_are_told_with_a_run() -> None:
    there = {"destino": "cofre", "desde": at(-3), "em": at(-2), "codigo_erro": None, "mensagem_erro": None}
    missing = {"destino": "nas", "desde": at(-3), "em": None, "codigo_erro": "TB-REMOTO-RECUSADA", "mensagem_erro": ""}
    told = run(remotas=[there, missing])
    assert run_row(told, NOW, ZONE).copies == "3 de 4"
    away = [value for label, value in run_details(told, NOW, ZONE) if label == "Cópia fora"]
    assert away[0].startswith("cofre: lá desde hoje")
    assert away[1].startswith("nas: em falta desde hoje")
    assert "·" in away[1], "and why"
