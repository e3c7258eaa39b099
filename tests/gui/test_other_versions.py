"""An agent of another version may say anything: the window shows what it understands, and never stops at the rest.

A screen that fails goes on showing what it said before, and that may have been `Protegido`.
"""

import copy
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.gui.samples import FOLDER_AWAY, GONE, NOW, ZONE, at, looked, run, status
from topbackup.gui import restore_plan, which_agenda
from topbackup.gui.copy_rows import copy_rows, spread
from topbackup.gui.doubts import doubt, missing_copies
from topbackup.gui.headline import headline
from topbackup.gui.link_notice import link_notice, link_words
from topbackup.gui.lists import agenda_rows, next_seven_days, run_details, run_row
from topbackup.gui.notice import pause_words, tray_face
from topbackup.gui.state import AgendaRead, Happened, HistoryRead, Linked, StatusRead, View, fold
from topbackup.gui.theme import Tone

AWAY = {"destino": "cofre", "desde": at(-30), "em": None, "codigo_erro": "TB-REMOTO-RECUSADA", "mensagem_erro": "x"}
SPREAD = {"copias": 2, "dispositivos": 1, "fora": 0, "riscos": ["UM_SO_DISPOSITIVO"]}
GOOD = run(remotas=[AWAY, AWAY | {"em": at(-1)}], distribuicao=SPREAD)
BAD = run(status="F", codigo_erro="TB-DESTINO-CHEIO", mensagem_erro="x", previsto=at(-2))
TICKET = {"pedido": 4, "agenda": 1, "executando": True, "passo": "dump", "feito": 10, "total": 100}
DATABASES = [{"banco_origem": name, "status": word, "ultimo": GOOD, "ultimo_sucesso": GOOD}
             for name, word in (("a", "OK"), ("b", "ATENCAO"))]  # fmt: skip
STATUSES = [
    status(pausado_ate=at(2)) | {"copias_locais": looked(GONE, FOLDER_AWAY) | {"outros": looked(GONE)["bancos"]}},
    status(pedidos=[TICKET]),
    status("FALHA", BAD),
    status("ATENCAO") | {"horarios": [{"agenda": 1, "previsto": at(-3), "resultado": "PERDIDO"}]},
    status() | {"bancos": DATABASES, "agendas_rejeitadas": {"quantas": 1, "linhas": [{"id": "7", "motivo": "x"}]}},
]
AGENDA = {
    "agendas": [{"id": 1, "horario": "12:00", "dias": ["SEG"], "local_destino1": "D:\\B", "local_destino2": "E:\\B",
                 "backup_remoto": True, "prefixo_backup": "V", "proximo": at(24), "banco_origem": None}],
    "rejeitadas": [{"id": "7", "motivo": "x"}],
    "empresa": {"fantasia": "x", "cnpj": "y"},
}  # fmt: skip
EVENT = {"evento": "progresso", "pedido": 4, "agenda": 1, "passo": "dump", "feito": 1, "total": 9}
SAID = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.just([None]), st.just([[]]),
    st.just([{}]), st.just({}), st.just({"a": 1}), st.just(["x", 1]),
    st.sampled_from(["2026-11-25T10:00:00", "0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59-03:00", "S", "F", "OK"]),
)  # fmt: skip


def places(document: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inside = document.items() if isinstance(document, dict) else enumerate(document)
    for key, value in inside:
        yield (*above, key)
        if isinstance(value, dict | list):
            yield from places(value, (*above, key))


@st.composite
def other[Said](draw: st.DrawFn, document: Said) -> Said:
    """The document with up to three of its parts replaced."""
    said = copy.deepcopy(document)
    for _turn in range(draw(st.integers(0, 3))):
        *above, last = draw(st.sampled_from(list(places(said))))
        inside: Any = said
        for key in above:
            inside = inside[key]
        inside[last] = copy.deepcopy(draw(SAID))
    return said


@settings(max_examples=400)
@given(
    st.sampled_from(STATUSES).flatmap(other),
    st.lists(st.sampled_from([GOOD, BAD, run()]).flatmap(other), max_size=3),
    other(AGENDA),
    other(EVENT),
)
def test_nothing_that_is_said_stops_the_window(
    said: dict[str, Any], runs: list[dict[str, Any]], agenda: dict[str, Any], event: dict[str, Any]
) -> None:
    view = View()
    for message in (Linked("9.0.0", hosted=False), StatusRead(said, NOW), HistoryRead(runs), AgendaRead(agenda)):
        view = fold(view, message)
    looks: list[Callable[[View], object]] = [
        lambda seen: headline(seen, NOW), lambda seen: doubt(seen, NOW), lambda seen: missing_copies(seen, NOW),
        lambda seen: copy_rows(seen, NOW), spread, link_words, link_notice, lambda seen: seen.company,
        lambda seen: tray_face(seen, NOW), lambda seen: pause_words(seen, NOW), lambda seen: seen.next_slot,
        lambda seen: restore_plan.archives(seen, NOW), lambda seen: agenda_rows(seen.agenda or {}, NOW, ZONE),
        lambda seen: [(run_row(each, NOW, ZONE), run_details(each, NOW, ZONE)) for each in seen.runs],
        lambda seen: next_seven_days(seen.agenda or {}, NOW, ZONE),
        lambda seen: which_agenda.choices(seen.agenda or {}, NOW, ZONE),
    ]  # fmt: skip
    for seen in (view, fold(view, Happened(event, 1.0))):
        for look in looks:
            look(seen)
    if said.get("status") != "OK":
        assert headline(view, NOW).tone is not Tone.OK
