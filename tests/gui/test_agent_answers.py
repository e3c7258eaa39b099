"""What the window needs of the agent: copies, slots, the company, and a restore that is followed and can be ended."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.integration.running_agent import running, set_rows, slots
from tests.integration.shop import CNPJ, SINGLE, Shop
from topbackup.errors import BadUsage
from topbackup.gui.headline import headline
from topbackup.gui.link import AgentLink
from topbackup.gui.state import AgendaRead, HistoryRead, Linked, Message, StatusRead, View, fold
from topbackup.ipc.client import Client
from topbackup.journal import Journal
from topbackup.journal.slot_text import instant_text


def test_copies_slots_and_the_company(shop: Shop) -> None:
    set_rows(shop, [(1, "03:00", "V")])
    for path in shop.d2.iterdir():
        path.unlink()
    shop.d2.rmdir()
    shop.configure(backup={"local_destino2": str(shop.d2)})
    shop.back_up(1)
    missed = datetime.now(UTC) - timedelta(hours=5)
    with Journal.open(shop.parts.places.journal) as journal, journal.transaction() as cursor:
        insert = "INSERT INTO PREVISTO (AGENDA, HORARIO, RESULTADO) VALUES (?, ?, 'TARDE')"
        cursor.executemany(insert, [(1, instant_text(missed)), (1, instant_text(missed - timedelta(days=30)))])
    with running(shop) as agent:
        agent.until("RUNNING")
        status: dict[str, Any] = agent.ask("status")
        (run,) = agent.ask("history", limite=1, copias=True)
    assert [(row["agenda"], row["resultado"]) for row in status["horarios"]] == [(1, "TARDE")], "of the last days"
    assert status["agente"]["empresa"] == {"fantasia": "Padaria São João", "cnpj": "11.222.333/0001-81"}
    assert [copy["codigo_erro"] for copy in run["copias"]] == [None]
    assert Path(run["copias"][0]["caminho"]).is_file()
    assert len(slots(shop)) == 2


def test_a_restore_is_followed(shop: Shop) -> None:
    shop.back_up(SINGLE)
    archive, target = shop.d1 / f"{CNPJ}.zip", shop.home / "novo.fdb"
    with running(shop) as agent:
        agent.until("RUNNING")
        link = AgentLink(shop.config, lambda message: None, may_host=False)
        heard: list[Any] = []
        arguments = {"arquivo": str(archive), "destino": str(target)}
        verdict = link.follow("restore", arguments, heard.append, lambda: False)
        steps = [event["passo"] for event in heard if event["evento"] == "progresso"]
        with pytest.raises(BadUsage) as refused:
            link.follow("restore", arguments, heard.append, lambda: False)
    assert refused.value.code == "TB-RESTAURA-EXISTE"
    assert list(dict.fromkeys(steps)) == ["check", "restore", "compare"]
    assert all(event["feito"] <= event["total"] for event in heard if event.get("total"))
    assert verdict["tabelas"]["VENDAS"] == 60_000
    assert target.is_file()


def test_nobody_left_to_hear_it_ends_it(shop: Shop) -> None:
    """A window that is closed in the middle leaves no half database, and no gbak."""
    shop.back_up(SINGLE)
    gbak = shop.home / "gbak"
    gbak.write_text('#!/bin/sh\ncase "$*" in *-z*) ;; *) sleep 20;; esac\nexec gbak "$@"\n')
    gbak.chmod(0o755)
    shop.configure(firebird={"gbak_path": str(gbak)})
    target = shop.home / "novo.fdb"
    with running(shop) as agent:
        agent.until("RUNNING")
        with Client.of(shop.home) as client:
            arguments = {"arquivo": str(shop.d1 / f"{CNPJ}.zip"), "destino": str(target), "seguir": True}
            client.ask("restore", arguments)
            for event in client.events(10):
                if event.get("passo") == "restore":
                    break
        deadline = time.monotonic() + 10
        while list(shop.home.glob("temp/*")):
            assert time.monotonic() < deadline, agent.said()
            time.sleep(0.1)
    assert not target.exists()
    assert list(shop.home.glob("novo*")) == []


def test_the_link_tells_all_and_finds_the_agent_again(shop: Shop) -> None:
    set_rows(shop, [(1, "03:00", "V")])
    told: list[Message] = []
    link = AgentLink(shop.config, told.append, may_host=False)

    def until(kind: type, more: int = 1) -> None:
        deadline = time.monotonic() + 25
        while sum(isinstance(each, kind) for each in list(told)) < more:
            assert time.monotonic() < deadline, (kind, told[-3:])
            time.sleep(0.05)

    with running(shop) as agent:
        agent.until("RUNNING")
        link.start()
        for kind in (Linked, StatusRead, HistoryRead, AgendaRead):
            until(kind)
    with running(shop) as agent:
        until(Linked, 2)
        link.close()
    view = View()
    for message in told:
        view = fold(view, message)
    assert headline(view, datetime.now(UTC)).sentence
    kinds = [type(each).__name__ for each in told]
    assert "Unlinked" in kinds[kinds.index("Linked") :], "it said that it was gone"


def test_a_window_that_is_left_alone_asks_for_nothing(shop: Shop) -> None:
    """Each reading of the agenda was told to the window, which read it again: the shop's database never slept."""
    set_rows(shop, [(1, "03:00", "V")])
    told: list[Message] = []
    link = AgentLink(shop.config, told.append, may_host=False)
    with running(shop) as agent:
        agent.until("RUNNING")
        set_rows(shop, [(1, "03:30", "V")])
        link.start()
        deadline = time.monotonic() + 25
        while not any(isinstance(each, AgendaRead) for each in list(told)):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        (first,) = [each for each in told if isinstance(each, AgendaRead)]
        assert "03:00" in str(first), "what the agent knows, and no reading for it"
        set_rows(shop, [(1, "03:00", "V")])
        time.sleep(2)
        before = len(told)
        agent.ask("agenda")  # somebody else reads it: nothing is new
        time.sleep(4)
        assert [type(each).__name__ for each in told[before:] if isinstance(each, AgendaRead | StatusRead)] == []
        set_rows(shop, [(1, "04:00", "V")])
        agent.ask("reload")
        agent.ask("agenda")
        deadline = time.monotonic() + 25
        while not any(isinstance(each, AgendaRead) and "04:00" in str(each) for each in told[before:]):
            assert time.monotonic() < deadline, "a change is told"
            time.sleep(0.05)
        link.close()
