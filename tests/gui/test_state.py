"""Messages folded into a view; the live backup; in any order that a link may tell them."""

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.gui.samples import NOW, at, run, seen, status
from topbackup.errors import AgentNotRunning, OperationFailed
from topbackup.gui.live import Live
from topbackup.gui.state import AgendaRead, Happened, HistoryRead, Link, Linked, StatusRead, Unlinked, View, fold
from topbackup.problems import AGENT_NOT_RUNNING, FIREBIRD_LOGIN

TICKET = {"pedido": 4, "agenda": 1, "executando": True, "passo": "dump", "feito": 10, "total": 100}


def event(kind: str, **facts: Any) -> dict[str, Any]:
    return {"evento": kind, "pedido": 4, "agenda": 1} | facts


def test_a_backup_from_its_beginning_to_its_end() -> None:
    view = fold(seen(), Happened(event("inicio"), 100.0))
    assert view.running
    view = fold(view, Happened(event("progresso", passo="dump", feito=20_000_000, total=80_000_000), 102.0))
    assert view.live is not None
    assert view.live.fraction == 0.25
    assert view.live.words == "Lendo o banco · 25 % · 10,0 MB/s · faltam 6 s"
    view = fold(view, Happened(event("progresso", passo="prove", feito=0, total=None), 103.0))
    assert view.live is not None
    assert view.live.words == "Comprovando com uma restauração"
    view = fold(view, Happened(event("resultado", registro=run(), erro=None), 104.0))
    assert not view.running
    assert view.ended is not None
    assert view.ended.run == run()


def test_each_step_has_its_own_speed() -> None:
    live = Live.began(1, 1, 0.0).came_to("dump", 80_000_000, None, 2.0)
    assert live.words == "Lendo o banco · 76,3 MB · 40,0 MB/s"
    assert live.came_to("restore", 90_000_000, None, 3.0).bytes_a_second is None


def test_a_backup_that_began_before_the_window() -> None:
    view = seen(status(pedidos=[TICKET]))
    assert view.live == Live(4, 1, "dump", 10, 100)
    assert view.live.bytes_a_second is None, "nobody saw how fast it went"
    again = fold(view, Happened(event("progresso", passo="dump", feito=50, total=100), 1.0))
    assert again.live is not None
    assert again.live.fraction == 0.5
    kept = fold(again, StatusRead(status(pedidos=[TICKET]), NOW))
    assert kept.live == again.live, "what came by events is newer"
    assert fold(kept, StatusRead(status(), NOW)).live is None, "it ended unheard"


def test_an_event_of_another_kind_is_no_news() -> None:
    view = seen(status(pedidos=[TICKET]))
    assert fold(view, Happened(event("novidade"), 1.0)) == view
    assert fold(view, Happened(event("inicio", pedido="4"), 1.0)) == view
    ended = fold(view, Happened(event("resultado", pedido=9, registro=None, erro={}), 1.0))
    assert ended.live == view.live, "another one ended"


def test_the_next_slot_is_the_first_that_can_be_read() -> None:
    due = [{"agenda": 1, "previsto": None}, {"agenda": None, "previsto": at(1)}, {"agenda": 2, "previsto": at(2)}]
    assert seen(status(proximos=due)).next_slot == (2, NOW + timedelta(hours=2))
    assert seen(status(proximos=[])).next_slot is None


def test_a_pause_ends_at_an_instant() -> None:
    assert seen(status(pausado_ate=at(1))).paused_until == NOW + timedelta(hours=1)
    assert seen(status(pausado_ate="logo")).paused_until is None


def test_what_waits_does_not_run() -> None:
    assert not seen(status(pedidos=[TICKET | {"executando": False}])).running


def test_links() -> None:
    gone = Unlinked(AgentNotRunning(AGENT_NOT_RUNNING))
    assert fold(View(), gone).link is Link.SEARCHING
    view = fold(seen(status(pedidos=[TICKET])), gone)
    assert (view.link, view.live, view.linked) == (Link.LOST, None, False)
    assert view.agent == {}, "what a dead agent said of itself is no fact"
    assert fold(view, gone).link is Link.LOST
    assert fold(view, Unlinked(gone.error, unconfigured=True)).link is Link.UNCONFIGURED
    assert fold(view, Linked("2.0.0", hosted=True)).link is Link.HOSTED


def test_the_agenda_stays_when_it_cannot_be_read() -> None:
    view = fold(seen(), AgendaRead({"agendas": []}))
    view = fold(view, AgendaRead(None, OperationFailed(FIREBIRD_LOGIN)))
    assert view.agenda == {"agendas": []}
    assert view.agenda_error is not None
    assert fold(view, AgendaRead({"agendas": [1]})).agenda_error is None


def test_names() -> None:
    assert seen().company == ("Padaria", "1")
    assert seen(status(empresa=None)).company == ("", "11.222.333/0001-81")
    assert View().company == ("", "")
    assert seen(status() | {"fuso": "Lua/Cratera"}).zone.key == "America/Sao_Paulo"


@given(
    st.lists(
        st.tuples(st.sampled_from(["dump", "check", "prove"]), st.integers(0, 200), st.sampled_from([None, 0, 100]),
                  st.floats(0, 3)),
        max_size=12,
    )
)  # fmt: skip
def test_progress_is_never_whole_and_never_negative(steps: list[tuple[str, int, int | None, float]]) -> None:
    live, clock = Live.began(1, None, 0.0), 0.0
    for step, done, total, passed in steps:
        clock += passed
        live = live.came_to(step, done, total, clock)
        assert live.fraction is None or 0 <= live.fraction < 1
        assert live.bytes_a_second is None or live.bytes_a_second > 0
        assert live.seconds_left is None or live.seconds_left >= 0
        assert live.words


@given(st.lists(st.sampled_from([
    Linked("2.0.0", hosted=False), Linked("2.0.0", hosted=True), Unlinked(AgentNotRunning(AGENT_NOT_RUNNING)),
    StatusRead(status(), NOW), StatusRead(status(pedidos=[TICKET]), NOW), StatusRead({}, NOW), HistoryRead([run()]),
    Happened(event("inicio"), 1.0), Happened(event("progresso", passo="dump", feito=1, total=2), 2.0),
    Happened(event("resultado", registro=None, erro={}), 3.0), Happened({"evento": "novidade"}, 4.0), Happened({}, 5.0),
]), max_size=20))  # fmt: skip
def test_any_order_of_messages_makes_a_view(messages: list[Any]) -> None:
    view = View()
    for message in messages:
        view = fold(view, message)
        assert not view.running or view.linked
        assert view.zone
        assert len(view.company) == 2
