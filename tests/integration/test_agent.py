"""The agent as it runs on a customer's machine: a real process, a real Firebird, asked over its real socket."""

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psutil
import pytest

from tests.integration.faults import need_root
from tests.integration.running_agent import (
    SETTABLE,
    TOPBACKUP,
    RunningAgent,
    eventually,
    gbaks,
    minute,
    running,
    set_rows,
    slept,
    slots,
)
from tests.integration.shop import CNPJ, SINGLE, VERSIONED, WEEKDAY, Shop
from topbackup.agent.documents import status_document
from topbackup.errors import AgentNotRunning, BadUsage, NotConfigured
from topbackup.ipc.client import Client
from topcore.agenda import DEFAULT_ZONE
from topcore.tables import RunStatus


@pytest.fixture
def slow(shop: Shop) -> Shop:
    """A gbak that takes two seconds more, so that there is a while to do something in."""
    gbak = shop.home / "gbak"
    gbak.write_text('#!/bin/sh\ncase "$*" in *-z*) ;; *) sleep 2;; esac\nexec gbak "$@"\n')
    gbak.chmod(0o755)
    shop.configure(firebird={"gbak_path": str(gbak)})
    return shop


def topbackup(shop: Shop, *arguments: str, code: int = 0) -> "subprocess.CompletedProcess[str]":
    command = [*TOPBACKUP, *arguments, "--config", str(shop.config)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == code, done.stdout + done.stderr
    return done


def executed(shop: Shop) -> list[int]:
    return [number for number, _, result, _ in slots(shop) if result == "EXECUTADO"]


def seen_once(shop: Shop) -> None:
    """The agent was there once and read the agenda."""
    with running(shop) as agent:
        agent.until("RUNNING")


def test_a_scheduled_run_fires_by_itself(shop: Shop) -> None:
    with running(shop) as agent, agent.events() as events:
        agent.until("RUNNING")
        set_rows(shop, [(7, minute(1), "U")])
        agent.ask("reload")
        assert [each["agenda"] for each in agent.status["proximos"]] == [7]
        kinds = []
        for event in events:
            kinds.append(event["evento"])
            if event["evento"] == "resultado":
                break
        assert event["agenda"] == 7
        assert event["registro"]["status"] == "S"
    assert kinds.count("inicio") == 1
    assert "progresso" in kinds
    (run,) = shop.history()
    assert (run.manual, run.agenda_id, run.slot is not None) == (False, 7, True)
    assert run.slot is not None
    assert 0 <= (run.started_at - run.slot).total_seconds() < 5, "punctual"
    assert run.next_due is not None
    assert run.next_due > run.slot
    assert slots(shop)[0][2:] == ("EXECUTADO", str(run.run_id))


def test_what_was_slept_through_runs_once(shop: Shop) -> None:
    """Off for three days: one run stands for all slots of each row, and says for which."""
    set_rows(shop, [(1, minute(-30), "V"), (2, minute(-20), "U")])
    seen_once(shop)
    slept(shop, 72)
    with running(shop) as agent:
        eventually(lambda: len(executed(shop)) == 2, 30, agent.said)
        agent.until("RUNNING")
        assert agent.log().count("this run stands for the slot of") == 2
    found = slots(shop)
    assert sorted(number for number, _, result, _ in found if result == "EXECUTADO") == [1, 2]
    assert sorted(result for _, _, result, _ in found) == ["COALESCIDO"] * 4 + ["EXECUTADO"] * 2
    assert len(found) == 6, "each slot of the three days has its result"
    assert [run.agenda_id for run in reversed(shop.history())] == [1, 2], "one after the other, the older slot first"
    first, second = reversed(shop.history())
    assert first.ended_at is not None
    assert first.ended_at <= second.started_at
    seen_once(shop)
    assert len(shop.history()) == 2, "and not again after a restart"


def test_older_than_the_limit_is_missed(shop: Shop) -> None:
    shop.configure(backup={"catch_up_hours": 1})
    set_rows(shop, [(1, minute(-180), "U")])
    seen_once(shop)
    slept(shop, 5)
    with running(shop) as agent:
        agent.until("RUNNING")
        eventually(lambda: slots(shop), 10)
        assert "was missed (TARDE)" in agent.log()
    assert [result for _, _, result, _ in slots(shop)] == ["TARDE"]
    assert shop.history() == []


def test_the_database_is_away_when_a_slot_is_due(shop: Shop) -> None:
    """The card turns at once, the state says why; when the database is back the slot runs, once."""
    set_rows(shop, [(1, minute(-10), "U")])
    seen_once(shop)
    slept(shop, 1)
    shop.configure(app={"empresa_cnpj": "11.222.333/0001-81"})
    shop.server.stop()
    with running(shop) as agent:
        agent.until("ERROR")
        assert agent.status["problema"]["codigo"] == "TB-FB-INACESSIVEL"
        eventually(lambda: shop_runs(agent), 10)
        assert [(run["status"], run["codigo_erro"]) for run in shop_runs(agent)] == [("F", "TB-FB-INACESSIVEL")]
        assert slots(shop) == [], "still owed"
        shop.server.start()
        eventually(lambda: executed(shop) == [1], 60, agent.said)
        agent.until("RUNNING")
        assert [run["status"] for run in shop_runs(agent)] == ["S", "F"]
        assert agent.status["problema"] is None


def shop_runs(agent: RunningAgent) -> list[dict[str, Any]]:
    runs: list[dict[str, Any]] = agent.ask("history", limite=50)
    return runs


def test_a_changed_row_is_applied_without_a_restart(shop: Shop) -> None:
    """A row moved to a time that has passed since it was last read is owed; the old time is not forgotten."""
    set_rows(shop, [(1, minute(-60), "U"), (2, minute(600), "V")])
    seen_once(shop)
    slept(shop, 0.2)
    set_rows(shop, [(1, minute(-5), "U")])
    with running(shop) as agent:
        eventually(lambda: executed(shop) == [1], 20, agent.said)
        agent.until("RUNNING")
        assert [each["agenda"] for each in agent.status["proximos"]] == [1], "the row that is gone is forgotten"
        set_rows(shop, [(1, minute(-2), "U")])
        agent.ask("reload")
        set_rows(shop, [(3, minute(300), "U")])
        agent.ask("reload")
        assert [each["agenda"] for each in agent.status["proximos"]] == [3]
    assert len({(number, slot) for number, slot, _, _ in slots(shop)}) == len(slots(shop))


def test_a_rejected_row_turns_the_card(shop: Shop) -> None:
    set_rows(shop, [(1, minute(-3), "U")])
    seen_once(shop)
    slept(shop, 0.5)
    shop.server.sql("update AGENDA_BACKUP set LOCAL_DESTINO1 = 'relativa';\ncommit;\n", shop.database)
    with running(shop) as agent:
        eventually(lambda: shop_runs(agent), 15, agent.said)
        assert shop_runs(agent)[0]["codigo_erro"] == "TB-AGENDA"
        assert slots(shop) == []
        shop.server.sql(f"update AGENDA_BACKUP set LOCAL_DESTINO1 = '{shop.d1}';\ncommit;\n", shop.database)
        agent.ask("reload")
        eventually(lambda: executed(shop) == [1], 20, agent.said)


def test_pause_holds_the_schedule_and_outlives_a_restart(shop: Shop) -> None:
    set_rows(shop, [(1, minute(-3), "U")])
    seen_once(shop)
    with running(shop) as agent:
        agent.until("RUNNING")
        assert topbackup(shop, "pause", "--minutes", "90").stdout.startswith("Em pausa até ")
        assert agent.state == "PAUSED"
    slept(shop, 1)
    with running(shop) as agent:
        agent.until("PAUSED")
        agent.ask("reload")
        assert slots(shop) == []
        assert topbackup(shop, "backup", "--agenda", "1").returncode == 0, "one by hand goes all the same"
        assert agent.state == "PAUSED"
        topbackup(shop, "resume")
        eventually(lambda: executed(shop) == [1], 20, agent.said)
        agent.until("RUNNING")
    assert [run.manual for run in shop.history()] == [False, True]


def test_cancel_ends_the_run_and_empties_the_queue(slow: Shop) -> None:
    with running(slow) as agent:
        agent.until("RUNNING")
        for agenda in (SINGLE, WEEKDAY, VERSIONED, SINGLE, SINGLE):
            agent.ask("backup", agenda=agenda)
        assert len(agent.status["pedidos"]) == 3, "impatient people get one backup for many clicks"
        agent.until("BACKUP_RUNNING")
        eventually(lambda: agent.children("sleep") or agent.children(), 10)
        assert topbackup(slow, "cancel").stdout == "Cancelados: 3.\n"
        agent.until("RUNNING")
        assert [run["codigo_erro"] for run in shop_runs(agent)] == ["TB-CANCELADO"]
    slow.assert_nothing_lost()
    assert topbackup(slow, "cancel", code=4).stderr.startswith("TB-AGENTE-PARADO")


def two_due(slow: Shop) -> None:
    """Rows 1 and 2 are owed: one will run, the other wait."""
    set_rows(slow, [(1, minute(-4), "U"), (2, minute(-3), "S")])
    seen_once(slow)
    slept(slow, 1)


def test_a_due_slot_that_a_person_cancels_while_it_waits_is_settled(slow: Shop) -> None:
    two_due(slow)
    with running(slow) as agent:
        eventually(lambda: len(agent.status["pedidos"]) == 2, 20, agent.said)
        agent.ask("cancel")
        # RUNNING it is for a moment between the two as well.
        eventually(lambda: [run["codigo_erro"] for run in shop_runs(agent)] == ["TB-CANCELADO"] * 2, 20, agent.said)
        assert sorted(executed(slow)) == [1, 2]


def test_a_due_slot_that_waits_when_the_agent_stops_is_still_owed(slow: Shop) -> None:
    two_due(slow)
    with running(slow) as agent:
        eventually(lambda: len(agent.status["pedidos"]) == 2 and agent.children("sleep"), 20, agent.said)
        agent.stop()
        assert executed(slow) == []
        agent.start()
        eventually(lambda: sorted(executed(slow)) == [1, 2], 30, agent.said)
        agent.until("RUNNING")
        codes = [(run["agenda"], run["codigo_erro"]) for run in shop_runs(agent)]
        assert codes == [(2, None), (1, None), (1, "TB-INTERROMPIDO")], "the interrupted one is made up for"


def test_a_stop_that_another_thread_took_is_heard_at_once(shop: Shop) -> None:
    """Python's handlers run when the main thread wakes: in half a minute, had it to hear of it by itself."""
    with running(shop) as agent:
        agent.until("RUNNING")
        others = sorted(thread.id for thread in psutil.Process(agent.pid).threads() if thread.id != agent.pid)
        began = time.monotonic()
        # One that is there still: a connection's thread may have ended since it was listed.
        assert any(ctypes.CDLL(None).tgkill(agent.pid, other, signal.SIGTERM) == 0 for other in others)
        assert agent.process is not None
        assert agent.process.wait(15) == 0
        assert time.monotonic() - began < 10


def test_stopping_ends_the_run_in_time(slow: Shop) -> None:
    with running(slow) as agent:
        agent.until("RUNNING")
        agent.ask("backup", agenda=SINGLE)
        eventually(lambda: agent.children("sleep") or agent.children(), 10)
        began = time.monotonic()
        assert agent.stop() == 0
        assert time.monotonic() - began < 10
    (run,) = slow.history()
    assert run.failure is not None
    assert run.failure.code == "TB-INTERROMPIDO"
    assert gbaks(slow) == []
    slow.assert_nothing_lost()
    slow.assert_server_free()


def test_killed_in_a_scheduled_run(slow: Shop) -> None:
    """Interrupted, tidied up at the next start, and made up for once: killed again, it is left at that."""
    set_rows(slow, [(1, minute(-3), "U")])
    seen_once(slow)
    slept(slow, 1)
    with running(slow) as agent:
        for runs in (1, 2):
            eventually(lambda: agent.children("sleep") or agent.children(), 20, agent.said)
            left = agent.children("sleep") + agent.children()
            agent.kill()
            for process in left:  # systemd would end the group
                process.kill()
            agent.start()
            eventually(lambda runs=runs: len(shop_runs(agent)) >= runs, 20, agent.said)  # type: ignore[misc]
        agent.until("RUNNING")
        assert [(run["status"], run["codigo_erro"]) for run in shop_runs(agent)] == [("F", "TB-INTERROMPIDO")] * 2
        assert [result for _, _, result, _ in slots(slow)] == ["EXECUTADO"]
    slow.assert_nothing_lost()


def test_only_one_agent_for_one_computer(shop: Shop) -> None:
    with running(shop):
        second = topbackup(shop, "run", "--quiet", code=75)
        assert second.stderr.startswith("TB-AGENTE-ATIVO")


def test_the_same_output_with_and_without_the_agent(shop: Shop) -> None:
    shop.back_up(SINGLE)
    commands = (["history"], ["agenda"], ["status"], ["logs", "-n", "1"], ["doctor"])
    alone = {tuple(command): topbackup(shop, *command).stdout for command in commands}
    alone_json = {tuple(command): json.loads(topbackup(shop, *command, "--json").stdout) for command in commands[:3]}
    with running(shop) as agent:
        agent.until("RUNNING")
        for command, said in alone.items():
            if command[0] in {"history", "agenda"}:
                assert topbackup(shop, *command).stdout == said
        for command, document in alone_json.items():
            found = json.loads(topbackup(shop, *command, "--json").stdout)
            if command[0] == "status":
                assert found.pop("agente")["estado"] == "RUNNING"
                document.pop("agente")
                assert [each["arquivos"][0]["situacao"] for each in found.pop("copias_locais")["bancos"]] == ["LA"]
                assert document.pop("copias_locais") is None, "without an agent nobody looked"
                assert found["agendas_rejeitadas"].pop("lida_em") > document["agendas_rejeitadas"].pop("lida_em")
            assert found == document
        run = json.loads(topbackup(shop, "backup", "--agenda", str(SINGLE), "--json").stdout)
        assert run.keys() == alone_json["history",][0].keys()
        assert topbackup(shop, "backup", "--agenda", "99", code=2).stderr.startswith("TB-AGENDA")
        shop.configure(firebird={"password": "errada"})
        agent.ask("reload")
        assert topbackup(shop, "backup", code=1).stderr.startswith("TB-FB-SENHA")
        assert topbackup(shop, "agenda", code=1).stderr.startswith("TB-FB-SENHA")
        followed = topbackup(shop, "status").stdout
        assert "Agente: com problema" in followed


def test_follow_shows_live_progress(slow: Shop) -> None:
    with running(slow) as agent:
        agent.until("RUNNING")
        done = topbackup(slow, "backup", "--agenda", str(SINGLE), "--follow")
        assert done.stdout.startswith(f"feito: {slow.d1}")
        assert "Conferindo o arquivo gravado\nPublicando\nSegunda cópia\n" in done.stderr


def test_subscribers_hear_states_progress_and_results(shop: Shop) -> None:
    with running(shop) as agent, agent.events() as events:
        agent.until("RUNNING")
        agent.ask("backup", agenda=SINGLE)
        heard = []
        for event in events:
            heard.append(event)
            if event["evento"] == "estado" and event["estado"] == "RUNNING" and len(heard) > 3:
                break
    states = [event["estado"] for event in heard if event["evento"] == "estado"]
    assert states[-2:] == ["BACKUP_RUNNING", "RUNNING"]
    assert {"inicio", "progresso", "resultado"} <= {event["evento"] for event in heard}


def test_settings_are_applied_without_a_restart(shop: Shop) -> None:
    with running(shop) as agent:
        agent.until("RUNNING")
        shop.configure(backup={"verificar_backup": True})
        agent.ask("reload")
        agent.ask("backup", agenda=SINGLE)
        eventually(lambda: shop.history() and shop.history()[0].status is RunStatus.SUCCEEDED, 60, agent.said)
        assert shop.history()[0].proof.value == "S"
        good = shop.config.read_text()
        shop.config.write_text('{"backup": {"catch_up_hours": "muito"}}')
        with pytest.raises(NotConfigured) as told:
            agent.ask("reload")
        assert told.value.code == "TB-CONFIG-INVALIDA"
        assert agent.state == "ERROR"
        assert "catch_up_hours" in agent.status["problema"]["mensagem"]
        shop.config.write_text(good)
        agent.ask("reload")
        agent.until("RUNNING")


PROGRAM = """
import json, os, sys
from pathlib import Path
import topbackup.ipc.unix_socket
import topbackup.cli.app, topbackup.settings_file, topcore.record, topbackup.logs, topbackup.agent.documents
from topbackup.ipc.client import Client
from topbackup.errors import TopBackupError
home, uid = Path(sys.argv[1]), int(sys.argv[2])
sys.argv = ["topbackup", "status", "--json", "--config", "/nada/config.json"]
import contextlib, io
with contextlib.redirect_stdout(io.StringIO()):
    topbackup.cli.app.main()  # so that all that a command reads was read while this account still may
os.setgroups([])
os.setgid(uid); os.setuid(uid)
said = {}
for name, arguments in (("status", {}), ("history", {}), ("pause", {"minutos": 5}), ("resume", {}), ("reload", {}),
                        ("shutdown", {}), ("restore", {"arquivo": "/a", "destino": "/b"}), ("backup", {"agenda": 3})):
    try:
        with Client.of(home) as client:
            client.ask(name, arguments)
        said[name] = "ok"
    except TopBackupError as error:
        said[name] = error.code
# The commands too, though this account may not read config.json; what they import was read before.
for command in (["status"], ["history"]):
    sys.argv = ["topbackup", *command, "--config", str(home / "config.json")]
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = topbackup.cli.app.main()
    said[command[0] + " by the command"] = [code, out.getvalue() != ""]
print(json.dumps(said))
"""


def test_an_ordinary_user_may_look_and_start_a_backup(shop: Shop, tmp_path: Path) -> None:
    need_root()
    for folder in (tmp_path, *tmp_path.parents):
        if folder != Path("/") and folder != Path("/tmp"):
            folder.chmod(folder.stat().st_mode | 0o011)
    shop.configure(app={"ipc_group": "nogroup"})
    nobody = 65534
    with running(shop) as agent:
        agent.until("RUNNING")
        assert (shop.home / "data" / "topbackup.sock").stat().st_mode & 0o777 == 0o660
        command = [sys.executable, "-c", PROGRAM, str(shop.home), str(nobody)]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env=environment)
        assert done.returncode == 0, done.stderr
        said = json.loads(done.stdout)
        refused = "TB-SEM-PERMISSAO"
        assert said == {
            "status": "ok",
            "history": "ok",
            "backup": "ok",
            "pause": refused,
            "resume": refused,
            "reload": refused,
            "shutdown": refused,
            "restore": refused,
            "status by the command": [0, True],
            "history by the command": [0, True],
        }
        eventually(lambda: shop_runs(agent) and shop_runs(agent)[0]["status"] == "S", 30, agent.said)
        assert agent.state == "RUNNING"


def test_without_a_group_nobody_else_may_connect(shop: Shop) -> None:
    with running(shop):
        assert (shop.home / "data" / "topbackup.sock").stat().st_mode & 0o777 == 0o600


def test_a_clock_that_jumps_neither_skips_nor_doubles(shop: Shop) -> None:
    """Two days ahead, back to now, a day behind: what a clock ahead ran is owed again when its day has come."""
    set_rows(shop, [(1, minute(-1), "U")])
    clock = shop.config.with_name(shop.config.name + ".relogio")
    command = (*SETTABLE, str(shop.config))
    with running(shop, command) as agent:
        agent.until("RUNNING")
        for seconds, count in ((2 * 86400 + 60, 1), (0.0, 0), (-86400.0, 0), (0.0, 0), (2 * 86400 + 60, 1)):
            clock.write_text(str(seconds))
            agent.ask("reload")
            eventually(lambda count=count: len(executed(shop)) == count and agent.state == "RUNNING", 30, agent.said)  # type: ignore[misc]
        keys = [(number, slot) for number, slot, _, _ in slots(shop)]
        assert len(set(keys)) == len(keys)
    assert len(executed(shop)) == 1


def test_a_new_row_is_due_since_the_last_reading(shop: Shop) -> None:
    """Put in and due between two readings: nobody could know of it, and it runs all the same."""
    seen_once(shop)
    slept(shop, 1)
    set_rows(shop, [(VERSIONED, minute(300), "V"), (7, minute(-5), "U")])
    with running(shop) as agent:
        eventually(lambda: executed(shop) == [7], 20, agent.said)


def test_settings_that_name_no_database_turn_the_card(shop: Shop) -> None:
    """Whatever keeps a due backup from being made is on record, and the slot is made up for."""
    set_rows(shop, [(1, minute(-10), "U")])
    seen_once(shop)
    slept(shop, 1)
    shop.configure(app={"empresa_cnpj": "11.222.333/0001-81"}, firebird={"database_path": "localhost/99999:/x.fdb"})
    with running(shop) as agent:
        eventually(lambda: shop_runs(agent), 20, agent.said)
        assert [(run["status"], run["codigo_erro"]) for run in shop_runs(agent)] == [("F", "TB-CONFIG-INVALIDA")]
        assert agent.status["problema"]["codigo"] == "TB-CONFIG-INVALIDA"
        shop.configure(firebird={"database_path": shop.server.address(shop.database)})
        eventually(lambda: executed(shop) == [1], 60, agent.said)


def test_a_row_with_an_impossible_address_stops_no_other(shop: Shop) -> None:
    set_rows(shop, [(1, minute(-10), "U"), (2, minute(-10), "U")])
    impossible = "update AGENDA_BACKUP set BANCO_ORIGEM = 'server/99999:C:/x.fdb' where ID = 2;\ncommit;\n"
    shop.server.sql(impossible, shop.database)
    seen_once(shop)
    slept(shop, 1)
    with running(shop) as agent:
        eventually(lambda: executed(shop) == [1], 20, agent.said)
        rejected = agent.ask("agenda")["rejeitadas"]
        assert [row["id"] for row in rejected] == ["2"]
        assert "BANCO_ORIGEM" in rejected[0]["motivo"]


def test_a_clock_that_was_ahead_costs_no_slot_and_hides_no_failure(slow: Shop) -> None:
    """The first run after the correction is refused, and made up for at once. A later failure is what the status tells,
    though an earlier success has the later date."""
    clock = slow.config.with_name(slow.config.name + ".relogio")
    set_rows(slow, [(1, minute(-2), "U")])
    seen_once(slow)
    clock.write_text("3600")
    with running(slow, (*SETTABLE, str(slow.config))) as agent:
        agent.until("RUNNING")
        agent.ask("backup", agenda=1)
        eventually(lambda: [run["status"] for run in shop_runs(agent)] == ["S"], 60, agent.said)
        clock.write_text("0")
        slept(slow, 0.5)
        agent.ask("reload")
        eventually(lambda: agent.children("sleep") or agent.children(), 20, agent.said)
        agent.stop()
        codes = [run.failure and run.failure.code for run in slow.history()]
        assert codes == ["TB-INTERROMPIDO", "TB-RELOGIO", None]
    journal, _ = slow.parts.open_journal()
    with journal:
        later = datetime.now(UTC) + timedelta(hours=2)
        assert status_document(journal, later, ZoneInfo(DEFAULT_ZONE))["status"] == "FALHA"


def test_everything_else_that_may_be_asked(shop: Shop) -> None:
    with running(shop) as agent:
        agent.until("RUNNING")
        agent.ask("backup", agenda=SINGLE)
        eventually(lambda: shop_runs(agent) and shop_runs(agent)[0]["status"] == "S", 30, agent.said)
        archive = str(shop.d1 / f"{CNPJ}.zip")
        assert agent.ask("verify", arquivo=archive)["tabelas"]["VENDAS"] == 60_000
        assert shop_runs(agent)[0]["verificado"] == "S"
        target = shop.home / "restaurado.fdb"
        assert agent.ask("restore", arquivo=archive, destino=str(target))["manifesto"] is True
        assert target.exists()
        assert all(finding["ok"] for finding in agent.ask("doctor"))
        first = agent.ask("log", linhas=5)
        assert len(first["linhas"]) == 5
        agent.ask("reload")
        assert agent.ask("log", desde=first["posicao"])["linhas"] != []
        with pytest.raises(BadUsage):
            agent.ask("verify", arquivo="relativo.zip")
        with pytest.raises(BadUsage):
            agent.ask("backup", agenda="1")
        with pytest.raises(BadUsage):
            agent.ask("nada")
        agent.ask("shutdown")
        assert agent.process is not None
        assert agent.process.wait(20) == 0
    with pytest.raises(AgentNotRunning):
        Client.of(shop.home)


def test_a_spoiled_journal_stops_nothing(shop: Shop) -> None:
    seen_once(shop)
    journal = shop.home / "data" / "diario.sqlite"
    journal.write_bytes(b"lixo" * 10_000)
    for suffix in ("-wal", "-shm"):
        journal.with_name(journal.name + suffix).unlink(missing_ok=True)
    with running(shop) as agent:
        agent.until("RUNNING")
        assert "TB-DIARIO-CORROMPIDO" in agent.log()
    assert list(journal.parent.glob("diario.sqlite.corrompido-*"))


def test_logs_and_bundle_hold_no_secret_and_every_line_of_a_run_its_id(shop: Shop) -> None:
    secrets = {"firebird": shop.server.password, "mysql": "S3nha-da-nuvem", "ftp": "S3nha-do-ftp"}
    shop.configure(mysql={"host": "127.0.0.1", "port": 1, "user": "u", "password": secrets["mysql"]})
    shop.configure(ftp={"host": "f", "password": secrets["ftp"], "chave_nova": "outro-segredo"})
    with running(shop) as agent:
        agent.until("RUNNING")
        topbackup(shop, "backup", "--agenda", str(SINGLE))
        (shop.home / "logs" / "topbackup.log").open("a").write(f"um plugin escreveu {secrets['mysql']}\n")
        assert not any(secrets["mysql"] in line for line in agent.ask("log", linhas=100)["linhas"])
    run = shop.history()[0]
    of_the_run = [line for line in agent.log().splitlines() if "topbackup.backup" in line or "firebird.dump" in line]
    assert of_the_run
    assert all(f" - [{run.run_id}] " in line for line in of_the_run)
    bundle = shop.home / "suporte.zip"
    topbackup(shop, "doctor", "--bundle", str(bundle), code=1)  # the cloud of these settings is not there
    with zipfile.ZipFile(bundle) as support:
        names = support.namelist()
        content = "\n".join(support.read(name).decode() for name in names)
    assert {"exames.json", "config.json", "historico.json", "horarios.json", "logs/topbackup.log"} <= set(names)
    assert str(run.run_id) in content
    for secret in (*secrets.values(), "outro-segredo"):
        assert secret not in content


def test_ctrl_c_leaves_the_backup_to_the_agent(slow: Shop) -> None:
    with running(slow) as agent:
        agent.until("RUNNING")
        # A suite that runs in the background was started with Ctrl-C ignored, and so is all that it starts.
        heeding = ("env", "--default-signal=INT")
        command = [*heeding, *TOPBACKUP, "backup", "--agenda", str(SINGLE), "--config", str(slow.config)]
        with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as client:
            agent.until("BACKUP_RUNNING")
            client.send_signal(signal.SIGINT)
            _, said = client.communicate(timeout=20)
        assert "O agente continua com o backup" in said
        eventually(lambda: shop_runs(agent) and shop_runs(agent)[0]["status"] == "S", 30, agent.said)
