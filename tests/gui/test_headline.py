"""The large sentence: every state of the shop, and that nothing but proof says `Protegido`."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.gui.samples import FOLDER_AWAY, GONE, NOW, SILENT, THERE, ZONE, at, copy_away, looked, run, seen, status
from topbackup import i18n
from topbackup.errors import AgentNotRunning, Busy, NotConfigured
from topbackup.gui.head import Action
from topbackup.gui.headline import headline
from topbackup.gui.link_head import STALE
from topbackup.gui.link_notice import link_notice, link_words
from topbackup.gui.lists import run_details
from topbackup.gui.notice import TrayState, call_for, short, tray_face
from topbackup.gui.state import Linked, Unlinked, View, fold
from topbackup.gui.theme import Tone
from topbackup.problems import AGENT_FULL, AGENT_NOT_RUNNING, AGENT_SILENT, CONFIG_MISSING
from topcore.tables import CardStatus


@pytest.fixture(autouse=True)
def _portuguese() -> Iterator[None]:
    i18n.use("pt_BR")
    yield
    i18n.use("pt_BR")


FAILED = run(
    status="F", codigo_erro="TB-DESTINO-CHEIO", mensagem_erro="O disco está cheio. (D:\\BACKUP)", verificado="N"
)
TROUBLE = {"codigo": "TB-FB-SENHA", "mensagem": "x", "causa": "c", "solucao": "s", "quem": "suporte"}
MISSED = {"agenda": 1, "previsto": at(-13.1), "resultado": "TARDE"}


def test_protected() -> None:
    head = headline(seen(), NOW)
    assert (head.tone, head.sentence) == (Tone.OK, "Protegido. Último backup: hoje às 12:04, comprovado.")
    assert (head.more, head.mend, head.action) == ("", "", Action.NONE), "silence when all is well"
    assert call_for(seen(), NOW) is None
    assert tray_face(seen(), NOW).state is TrayState.OK


def test_yesterdays_backup_was_not_made() -> None:
    """The sentence of the issue: the computer was off, and what came later was no backup of that agenda."""
    view = seen(status("ATENCAO", run(data_inicio=at(-37), data_fim=at(-37))) | {"horarios": [MISSED]},
                run(data_inicio=at(-37), data_fim=at(-37)))  # fmt: skip
    head = headline(view, NOW)
    assert head.sentence == "Atenção: o backup de ontem às 23:04 não foi feito."
    assert head.more == "O computador, ou o TopBackup nele, estava desligado nessa hora."
    assert (head.tone, head.action) == (Tone.ATTENTION, Action.BACK_UP)
    assert call_for(view, NOW) is not None


def test_a_missed_slot_says_so_though_the_card_is_green_until_a_success_follows_it() -> None:
    """Two agendas: the one is fine, the other's slot was lost."""
    missed = {"agenda": 2, "previsto": at(-13.1), "resultado": "TARDE"}
    green = status("OK") | {"horarios": [missed]}
    assert headline(seen(green, run()), NOW).tone is Tone.ATTENTION
    assert headline(seen(green, run(), run(agenda=2, data_inicio=at(-1))), NOW).tone is Tone.OK
    superseded = status("OK") | {"horarios": [{**missed, "resultado": "COALESCIDO"}]}
    assert headline(seen(superseded), NOW).tone is Tone.OK
    failure = run(agenda=2, status="F", previsto=at(-13.1), codigo_erro="TB-FB-INACESSIVEL", mensagem_erro="x")
    assert "Firebird" in headline(seen(green, run(), failure), NOW).more, "the reason that is on record"


@pytest.mark.parametrize(
    ("document", "tone", "begins", "action"),
    [
        (status("OK", run(verificado="N")), Tone.ATTENTION, "O backup está em dia, mas não comprovado", Action.VERIFY),
        (status("OK", estado="PAUSED", pausado_ate=at(0.5)), Tone.NEUTRAL, "Em pausa até hoje às 12:40.", Action.RESUME),
        (status("OK", estado="ERROR", problema=TROUBLE), Tone.CHECK, "O próximo backup não pode ser feito", Action.NONE),
        (status("FALHA", FAILED), Tone.FAILED, "O backup de hoje às 11:58 falhou.", Action.BACK_UP),
        (status("FALHA", run(verificado="F")), Tone.FAILED, "O último backup não restaura", Action.BACK_UP),
        (status("FALHA", run(status="E", data_fim=None)), Tone.FAILED, "O último backup foi interrompido", Action.BACK_UP),
        (status("ATENCAO", run(parcial=True, codigo_erro="TB-DESTINO-AUSENTE", mensagem_erro="x")), Tone.ATTENTION,
         "Atenção: o backup foi feito, mas falta uma das cópias.", Action.NONE),
        (status("ATENCAO", run(proximo_previsto=at(-2))), Tone.ATTENTION, "Atenção: o backup de hoje às 10:10 não", Action.BACK_UP),
        (status("ATENCAO", run(proximo_previsto=None)), Tone.ATTENTION, "Atenção: o próximo backup está atrasado", Action.BACK_UP),
        (status("VERIFICAR"), Tone.CHECK, "Sem backup há tempo demais. Último: hoje às 12:04.", Action.BACK_UP),
        (status("SEM_DADOS", {}), Tone.CHECK, "Ainda não foi feito nenhum backup", Action.BACK_UP),
        (status("EXECUTANDO"), Tone.RUNNING, "Um backup está sendo feito agora.", Action.NONE),
        (status("?"), Tone.CHECK, "O agente diz algo que esta janela não entende.", Action.NONE),
    ],
)  # fmt: skip
def test_each_state(document: dict[str, Any], tone: Tone, begins: str, action: Action) -> None:
    head = headline(seen(document, document["ultimo"] or run()), NOW)
    assert head.sentence.startswith(begins)
    assert (head.tone, head.action) == (tone, action)


def test_a_failure_has_its_reason_its_mend_and_who_acts() -> None:
    head = headline(seen(status("FALHA", FAILED)), NOW)
    assert head.code == "TB-DESTINO-CHEIO"
    assert "(D:\\BACKUP)" in head.more
    assert "Quem age: loja" in head.mend
    call = call_for(seen(status("FALHA", FAILED)), NOW)
    assert call is not None
    assert (call.title, call.text) == (head.sentence, head.mend)


def test_no_english_of_the_engines_on_the_card() -> None:
    """It stands in the history's details, and behind it what happened, why, and what to do, in Portuguese."""
    words = "I/O error during open operation for file D:\\ERP.FDB"
    broken = run(status="F", codigo_erro="TB-FB-BANCO-AUSENTE", mensagem_erro=f"x (Firebird: {words})", verificado="N")
    head = headline(seen(status("FALHA", broken), broken), NOW)
    trouble = headline(seen(status(problema={**TROUBLE, "mensagem": f"x (Firebird: {words})"})), NOW)
    for found in (head, trouble):
        assert "I/O error" not in f"{found.sentence} {found.more} {found.mend}"
        assert found.more
        assert found.mend
    assert words in dict(run_details(broken, NOW, ZONE))["O que houve"]


def test_the_link_comes_first() -> None:
    """Whatever was known: an agent that does not answer protects nobody."""
    lost = fold(seen(), Unlinked(AgentNotRunning(AGENT_NOT_RUNNING)))
    assert headline(lost, NOW).sentence.startswith("O agente de backup parou")
    assert link_words(lost)[1] == "Serviço parado"
    notice = link_notice(lost)
    assert notice is not None
    assert notice[0] is Tone.FAILED
    busy = fold(seen(), Unlinked(Busy(AGENT_FULL)))
    assert headline(busy, NOW).tone is Tone.CHECK
    assert link_words(busy)[1] == "Serviço ocupado"
    unset = fold(View(), Unlinked(NotConfigured(CONFIG_MISSING), unconfigured=True))
    assert headline(unset, NOW).action is Action.SET_UP
    assert call_for(unset, NOW) is None, "who opens it for the first time sees it"
    assert headline(View(), NOW).tone is Tone.NEUTRAL
    never = fold(View(), Unlinked(AgentNotRunning(AGENT_NOT_RUNNING)))
    assert headline(never, NOW).sentence.startswith("O agente de backup não está rodando")
    assert (link_words(View())[1], link_words(never)[1]) == ("Conectando…", "Sem agente")
    back = fold(lost, Linked("2.0.0", hosted=False))
    assert link_notice(back) is None
    assert headline(back, NOW).tone is Tone.OK


def test_an_old_status_says_nothing_about_now() -> None:
    assert headline(seen(), NOW + STALE).tone is Tone.OK
    late = headline(seen(), NOW + STALE + timedelta(seconds=1))
    assert late.sentence == "O agente de backup não responde desde hoje às 12:10."
    assert call_for(seen(), NOW + STALE + timedelta(seconds=1)) is None, "nothing that a person could do"


def test_another_version_is_told_and_works() -> None:
    view = fold(seen(), Linked("1.9.0", hosted=False))
    notice = link_notice(view)
    assert notice is not None
    assert "1.9.0" in notice[1]
    assert headline(view, NOW).tone is Tone.OK


RUNS = st.builds(
    run,
    status=st.sampled_from("PESF"),
    verificado=st.sampled_from("SNF"),
    parcial=st.booleans(),
    data_fim=st.sampled_from([None, at(-0.1), at(-40)]),
    codigo_erro=st.sampled_from([None, "TB-DESTINO-CHEIO", "TB-NAO-EXISTE"]),
)


@given(
    word=st.sampled_from(["OK", "ATENCAO", "VERIFICAR", "FALHA", "SEM_DADOS", "EXECUTANDO", "", "X"]),
    last=RUNS,
    runs=st.lists(RUNS, max_size=3),
    slots=st.lists(st.fixed_dictionaries({
        "agenda": st.integers(1, 2), "previsto": st.sampled_from([at(-13), at(5), "?"]),
        "resultado": st.sampled_from(["TARDE", "COALESCIDO", "EXECUTADO"]),
    }), max_size=3),
    trouble=st.sampled_from([None, TROUBLE]),
    paused=st.sampled_from([None, at(0.5)]),
    linked=st.booleans(),
    later=st.sampled_from([timedelta(0), timedelta(minutes=2), timedelta(hours=5)]),
)  # fmt: skip
def test_protected_is_never_said_without_proof(
    word: str,
    last: dict[str, Any],
    runs: list[dict[str, Any]],
    slots: list[dict[str, Any]],
    trouble: Any,
    paused: Any,
    linked: bool,
    later: timedelta,
) -> None:
    view = seen(status(word, last, problema=trouble, pausado_ate=paused) | {"horarios": slots}, *runs)
    if not linked:
        view = fold(view, Unlinked(AgentNotRunning(AGENT_NOT_RUNNING)))
    head = headline(view, NOW + later)
    assert head.sentence
    if "Protegido" in head.sentence or head.tone is Tone.OK:
        assert linked
        assert word == "OK"
        assert later <= STALE
        assert trouble is None
        newest = next(each for each in (last, *view.runs) if each["status"] == "S")
        assert newest["verificado"] == "S"
        assert newest["data_fim"]
    state = tray_face(view, NOW + later).state
    assert (state is TrayState.OK) == (head.tone is Tone.OK)


def test_english_is_whole_too() -> None:
    i18n.use("en")
    assert headline(seen(), NOW).sentence == "Protected. Last backup: today at 12:04, proven."


def test_the_tip_fits_windows() -> None:
    version = replace(seen(), version="2.0.0")
    assert tray_face(version, NOW).tip == "TopBackup: Protegido. Último backup: hoje às 12:04, comprovado."
    assert (len(short("x" * 127)), len(short("x" * 128)), short("x" * 128)[-1]) == (127, 127, "…")


NO_FILE = {"status": "F", "verificado": "N", "codigo_erro": "TB-FB-BANCO-AUSENTE", "mensagem_erro": "sem arquivo"}


@pytest.mark.parametrize(
    ("document", "runs", "tone", "says"),
    [
        (status(), (run(), run(**NO_FILE)), Tone.OK, "Protegido"),  # mended since
        # A database that the agenda has not, or has no more: whoever tried it by hand was told; `bancos` has the others.
        (status(), (run(), run(**NO_FILE, banco_origem="D:\\VELHO.FDB", agenda=None)), Tone.OK, "Protegido"),
        (status(proximos=[]), (run(),), Tone.ATTENTION, "nenhum backup está agendado"),
        (status() | {"agendas_rejeitadas": {"quantas": 1, "linhas": [{"id": "3", "motivo": "HORARIO vazio"}]}}, (run(),),
         Tone.ATTENTION, "1"),
        (status(last=run(remotas=[copy_away(-25)])), (run(),), Tone.ATTENTION, "cópia"),
        (status(last=run(remotas=[copy_away(-2)])), (run(),), Tone.OK, "Protegido"),
        (status(last=run(remotas=[copy_away(-2)])), (run(remotas=[copy_away(-2)]), run(remotas=[copy_away(-26)])),
         Tone.ATTENTION, "cópia"),  # each day's failed, and each day's is young
        (status(last=run(remotas=[copy_away(-25) | {"em": at(-1)}])), (run(),), Tone.OK, "Protegido"),
    ],
)  # fmt: skip
def test_what_the_last_run_hides(document: dict[str, Any], runs: tuple[Any, ...], tone: Tone, says: str) -> None:
    found = headline(seen(document, *runs), NOW)
    assert found.tone is tone
    assert says in f"{found.sentence} {found.more}"


BRANCH = "D:\\ERP\\FILIAL.FDB"


def of_several(word: str, *databases: dict[str, Any]) -> dict[str, Any]:
    """What the agent says of a shop with two databases; the last run is a good one of the first."""
    return status(word) | {"bancos": list(databases)}


def database(source: str, word: str, last: dict[str, Any] | None, good: dict[str, Any] | None) -> dict[str, Any]:
    return {"banco_origem": source, "status": word, "ultimo": last, "ultimo_sucesso": good}


MAIN_GOOD = database("C:\\ERP\\DADOS.FDB", "OK", run(), run())
OLDER = run(uuid="9", banco_origem=BRANCH, agenda=2, data_inicio=at(-9.1), data_fim=at(-9))
LATE = {"agenda": 2, "previsto": at(-2), "resultado": "TARDE"}
UNPROVEN = OLDER | {"verificado": "N"}
BRANCH_FAILED = run(uuid="8", banco_origem=BRANCH, agenda=2, **NO_FILE)


def test_what_is_to_be_proven_is_the_one_that_was_not() -> None:
    """Of two databases the newest file may be the other one's."""
    document = of_several("OK", MAIN_GOOD, database(BRANCH, "OK", UNPROVEN, UNPROVEN))
    head = headline(seen(document, run(), UNPROVEN), NOW)
    assert (head.action, head.run) == (Action.VERIFY, "9")
    assert headline(seen(), NOW).run == ""


@pytest.mark.parametrize(
    ("document", "tone", "says"),
    [
        (of_several("FALHA", database(BRANCH, "FALHA", BRANCH_FAILED, OLDER), MAIN_GOOD), Tone.FAILED,
         "FILIAL.FDB: O backup de hoje às 11:58 falhou."),
        (of_several("VERIFICAR", database(BRANCH, "VERIFICAR", OLDER, OLDER), MAIN_GOOD), Tone.CHECK,
         "FILIAL.FDB: Sem backup há tempo demais. Último: hoje às 03:10."),
        (of_several("SEM_DADOS", database(BRANCH, "SEM_DADOS", None, None), MAIN_GOOD), Tone.CHECK,
         "FILIAL.FDB: Ainda não foi feito nenhum backup neste computador."),
        # All in time, and one of them not proven.
        (of_several("OK", MAIN_GOOD, database(BRANCH, "OK", UNPROVEN, UNPROVEN)), Tone.ATTENTION,
         "FILIAL.FDB: O backup está em dia, mas não comprovado."),
        # The oldest of the last good backups speaks for all.
        (of_several("OK", database(BRANCH, "OK", OLDER, OLDER), MAIN_GOOD), Tone.OK,
         "Protegido. Último backup: hoje às 03:10, comprovado."),
        (of_several("EXECUTANDO", database(BRANCH, "FALHA", BRANCH_FAILED, OLDER), MAIN_GOOD), Tone.RUNNING, ""),
        # A slot is of an agenda, and no database has to be named for it.
        (of_several("OK", database(BRANCH, "OK", OLDER, OLDER), MAIN_GOOD) | {"horarios": [MISSED | {"agenda": 3}]},
         Tone.ATTENTION, "Atenção: o backup de ontem"),
        # A database that was renamed: the agenda's last run is of the new name, and its slot is missed.
        (of_several("OK", MAIN_GOOD | {"ultimo": OLDER, "ultimo_sucesso": OLDER, "banco_origem": BRANCH},
                    database("C:\\ERP\\DADOS.FDB", "OK", run(agenda=4), run(agenda=4))) | {"horarios": [LATE]},
         Tone.ATTENTION, "Atenção: o backup de hoje às 10:10"),
        # The slot of one database's agenda that another database's runs do not make good, nor bad.
        (of_several("OK", database(BRANCH, "OK", OLDER, OLDER), MAIN_GOOD) | {"horarios": [MISSED]}, Tone.OK, "Prot"),
    ],
)  # fmt: skip
def test_of_several_databases_the_worst_speaks(document: dict[str, Any], tone: Tone, says: str) -> None:
    """The history that the window has read: a run of the first database, and one of the other by its older name."""
    old_name = run(uuid="7", banco_origem="D:\\VELHO.FDB", agenda=2, data_inicio=at(-60), data_fim=at(-60))
    found = headline(seen(document, run(), OLDER, old_name), NOW)
    assert found.tone is tone
    assert found.sentence.startswith(says)


def test_the_worst_speaks_whatever_the_order_and_no_pause_hides_it() -> None:
    """The databases come in the order of their cards, and no card knows that a file was deleted."""
    lost = looked(GONE, GONE, banco_origem=BRANCH, uuid="9")
    for databases in (
        (MAIN_GOOD, database(BRANCH, "OK", OLDER, OLDER)),
        (database(BRANCH, "OK", OLDER, OLDER), MAIN_GOOD),
    ):
        document = of_several("OK", *databases) | {"copias_locais": lost}
        paused = document | {"agente": document["agente"] | {"pausado_ate": at(1)}}
        unproven = paused | {"bancos": [each | {"ultimo": each["ultimo"] | {"verificado": "N"}} for each in databases]}
        for said in (document, paused, unproven):
            view = seen(said, run(), OLDER)
            assert headline(view, NOW).tone is Tone.FAILED
            assert headline(view, NOW).sentence.startswith("FILIAL.FDB: Não resta nenhum arquivo bom")
            assert tray_face(view, NOW).state is TrayState.FAILED
            assert call_for(view, NOW) is not None


REFUSED = {"codigo_erro": "TB-ARQUIVO-INVALIDO", "mensagem_erro": "x"}


def test_a_backup_that_does_not_restore_says_what_to_do() -> None:
    """And leads to the file of it that nobody tried yet."""
    copies = run()["copias"]
    refuted = run(verificado="F", copias=[copies[0] | REFUSED, copies[1]])
    head = headline(seen(status("FALHA", refuted), refuted), NOW)
    assert (head.tone, head.action, head.run) == (Tone.FAILED, Action.VERIFY, "7c1d")
    assert "E:\\BACKUP\\11222333000181.zip" in head.mend
    assert call_for(seen(status("FALHA", refuted), refuted), NOW) is not None
    for none_left in (run(verificado="F"), run(verificado="F", copias=[each | REFUSED for each in copies])):
        head = headline(seen(status("FALHA", none_left), none_left), NOW)
        assert (head.action, head.mend.split(".")[0]) == (Action.BACK_UP, "Faça um backup agora")


def test_a_run_of_the_future_makes_no_lost_slot_good() -> None:
    """Made while the clock was a year ahead: until that day comes, nothing would be missed."""
    ahead = run(uuid="x", data_inicio=at(9000), data_fim=at(9000))
    assert headline(seen(status() | {"horarios": [MISSED]}, run(agenda=2), ahead), NOW).tone is Tone.ATTENTION


def test_a_service_that_hangs_before_the_window_knew_it_is_not_said_to_be_stopped() -> None:
    busy = fold(View(), Unlinked(Busy(AGENT_SILENT)))
    assert headline(busy, NOW).tone is Tone.CHECK
    assert "não responde agora" in headline(busy, NOW).sentence


def test_a_backup_of_the_future_is_a_matter_of_the_clock() -> None:
    late = run(data_inicio=at(21.9), data_fim=at(22))
    head = headline(seen(status("VERIFICAR", late), late), NOW)
    assert (head.tone, head.sentence) == (Tone.CHECK, "O último backup tem data no futuro: amanhã às 10:10.")
    assert "data e a hora" in head.mend
    soon = run(data_fim=at(0.05))
    assert "tempo demais" in headline(seen(status("VERIFICAR", soon), soon), NOW).sentence


def test_an_interrupted_backup_says_what_to_do() -> None:
    stuck = run(status="E", data_fim=None, verificado="N")
    view = seen(status("FALHA", stuck), stuck)
    head = headline(view, NOW)
    assert head.sentence == "O último backup foi interrompido."
    assert head.more
    assert head.mend
    assert call_for(view, NOW) is not None


AWAY_TOO = run(remotas=[copy_away(-2) | {"em": at(-1)}])


@pytest.mark.parametrize(
    ("word", "found", "last", "tone", "says"),
    [
        ("OK", (THERE, THERE), run(), Tone.OK, "Protegido"),
        ("OK", (GONE, GONE), run(), Tone.FAILED, "Não resta nenhum arquivo bom do último backup neste computador."),
        ("ATENCAO", (GONE, "ALTERADO"), run(), Tone.FAILED, "Não resta nenhum arquivo bom do último backup"),
        ("VERIFICAR", (GONE, GONE), run(), Tone.FAILED, "Não resta nenhum arquivo bom do último backup"),
        ("FALHA", (GONE, GONE), FAILED, Tone.FAILED, "O backup de hoje às 11:58 falhou."),
        ("OK", (GONE, GONE), AWAY_TOO, Tone.ATTENTION, "Atenção: o arquivo do último backup não está aqui agora."),
        ("OK", (FOLDER_AWAY,), run(), Tone.ATTENTION, "Atenção: o arquivo do último backup não está aqui agora."),
        ("OK", (SILENT, GONE), run(), Tone.ATTENTION, "Atenção: o arquivo do último backup não está aqui agora."),
        ("OK", (THERE, GONE), run(), Tone.ATTENTION, "Atenção: uma cópia do último backup sumiu ou está estragada."),
        ("OK", ("DE OUTRA VERSAO",), run(), Tone.FAILED, "Não resta nenhum arquivo bom do último backup"),
        ("OK", (), run(), Tone.FAILED, "Não resta nenhum arquivo bom do último backup"),  # a success that left no file
        # The second disk goes home at noon: that is what it is for.
        ("OK", (THERE, FOLDER_AWAY), run(), Tone.OK, "Protegido"),
        ("OK", (THERE, SILENT), run(), Tone.OK, "Protegido"),
    ],
)
def test_a_file_that_is_gone_protects_nobody(
    word: str, found: tuple[str, ...], last: dict[str, Any], tone: Tone, says: str
) -> None:
    view = seen(status(word, last) | {"copias_locais": looked(*found)}, last, run())
    head = headline(view, NOW)
    assert head.tone is tone
    assert head.sentence.startswith(says)
    assert bool(head.mend) == (tone is not Tone.OK)
    if tone is Tone.OK:
        assert ("Fora de vista: E:\\BACKUP" in head.more) == (THERE in found and found[1] != THERE)


NONE_LEFT = {"codigo_erro": "TB-SEM-COPIA-BOA"}
LOST = {
    "codigo_erro": "TB-COPIA-PERDIDA",
    "mensagem_erro": "Uma cópia deste backup não está mais como foi feita. (D:\\x: apagado)",
}


@pytest.mark.parametrize(
    ("word", "found", "more", "tone", "says"),
    [
        ("ATENCAO", (GONE, THERE), {}, Tone.ATTENTION, "Atenção: uma cópia do último backup sumiu ou está estragada."),
        ("ATENCAO", (GONE, GONE), {}, Tone.FAILED, "Não resta nenhum arquivo bom"),
        ("ATENCAO", None, {}, Tone.ATTENTION, "Atenção: o backup foi feito, mas falta uma das cópias."),
        ("FALHA", ("ALTERADO", GONE), {"verificado": "F"} | NONE_LEFT, Tone.FAILED, "Não resta nenhum arquivo bom"),
        # The card is red: that a disk went out since makes nothing milder.
        ("FALHA", (FOLDER_AWAY, "ALTERADO"), {"verificado": "F"} | NONE_LEFT, Tone.FAILED, "Atenção: o arquivo do"),
        (
            "FALHA",
            (THERE, THERE),
            {"verificado": "F"} | NONE_LEFT,
            Tone.FAILED,
            "Os arquivos do último backup se perde",
        ),
        ("FALHA", ("ALTERADO", THERE), {"verificado": "F"}, Tone.FAILED, "O último backup não restaura"),
    ],
)
def test_a_loss_on_record_speaks_in_the_same_words(
    word: str, found: tuple[str, ...] | None, more: dict[str, Any], tone: Tone, says: str
) -> None:
    """The agent wrote it down after its second look. found: None before the first look of another start."""
    last = run(parcial=True) | LOST | more
    copies = None if found is None else looked(*found)
    head = headline(seen(status(word, last) | {"copias_locais": copies}, last), NOW)
    assert (head.tone, head.sentence[: len(says)]) == (tone, says)
    assert head.mend
    if found == ("ALTERADO", THERE):
        assert head.more.startswith("A restauração de teste"), "a check refused one; the other nobody touched"
    if found == (THERE, THERE):
        assert head.more.startswith("Não resta nenhum arquivo bom deste backup."), "no test restore is blamed"
        assert (head.action, head.run) == (Action.VERIFY, "7c1d")
        assert head.mend.startswith("O arquivo dele está lá de novo: comprove D:\\BACKUP\\11222333000181.zip.")


def test_what_a_file_that_is_gone_asks_for() -> None:
    def mend(*found: str, last: dict[str, Any] | None = None) -> tuple[str, str]:
        head = headline(seen(status(last=last) | {"copias_locais": looked(*found)}, last or run()), NOW)
        return head.more, head.mend

    assert mend(GONE)[0] == "D:\\BACKUP\\11222333000181.zip: apagado ou movido (visto hoje às 12:09)"
    assert mend(GONE)[1].startswith("Faça um backup agora.")
    assert mend(FOLDER_AWAY, GONE)[1].startswith("Recoloque o disco")
    assert mend(SILENT)[1].startswith("Veja se o computador")
    assert "Há uma cópia em cofre." in mend(GONE, last=AWAY_TOO)[0]
    assert mend(GONE, last=AWAY_TOO)[1].startswith("Faça um backup agora.")


def test_nobody_has_looked_yet() -> None:
    """In the moment after the agent began; one of before says nothing of files, and keeps its words."""
    assert headline(seen(status() | {"copias_locais": None}), NOW).tone is Tone.NEUTRAL
    assert headline(seen(status("FALHA", FAILED) | {"copias_locais": None}), NOW).tone is Tone.FAILED
    assert headline(seen(status()), NOW).tone is Tone.OK


def test_the_files_of_each_of_several_databases() -> None:
    gone = {"banco_origem": BRANCH, "uuid": "9", "nome_arquivo": "f.zip",
            "arquivos": [{"caminho": "D:\\BACKUP\\f.zip", "situacao": GONE}]}  # fmt: skip
    document = of_several("OK", MAIN_GOOD, database(BRANCH, "OK", OLDER, OLDER))
    both = looked(THERE, THERE)
    head = headline(seen(document | {"copias_locais": both | {"bancos": [*both["bancos"], gone]}}), NOW)
    assert (head.tone, head.sentence) == (
        Tone.FAILED, "FILIAL.FDB: Não resta nenhum arquivo bom do último backup neste computador.")  # fmt: skip


def test_a_pause_hides_no_doubt() -> None:
    view = seen(status(pausado_ate=at(1)) | {"copias_locais": looked(THERE, GONE)})
    assert (headline(view, NOW).tone, tray_face(view, NOW).state) == (Tone.ATTENTION, TrayState.ATTENTION)


def test_a_copy_on_its_way_is_said_beside_the_green() -> None:
    found = headline(seen(status(last=run(remotas=[copy_away(-2)]))), NOW)
    assert "cofre" in found.more


def _mutations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Each value, at any depth, replaced by what no version of ours sends, or taken away."""
    for key, value in document.items():
        for other in (None, 0, "x", [], {}, [1], [None], {"a": 1}, True, -5):
            yield document | {key: other}
        yield {name: kept for name, kept in document.items() if name != key}
        if isinstance(value, dict):
            yield from (document | {key: inner} for inner in _mutations(value))


@pytest.mark.parametrize("word", [each.value for each in CardStatus])
def test_another_versions_documents_end_in_a_sentence(word: str) -> None:
    whole = status(word) | {"agendas_rejeitadas": {"quantas": 1, "linhas": [{"id": "1", "motivo": "m"}]}, "envios": []}
    whole |= {"copias_locais": looked(THERE, GONE)}
    for document in _mutations(whole):
        assert headline(seen(document), NOW).sentence
    for mutated in _mutations(run()):
        assert headline(seen(status(word, last=mutated), mutated), NOW).sentence
