"""Somebody deletes the backups, or takes the disk out: the real agent notices, and nobody is told `Protegido`."""

import json
import shutil
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.integration.faults import mounted
from tests.integration.running_agent import SETTABLE, TOPBACKUP, RunningAgent, eventually, running, set_rows
from tests.integration.shop import CNPJ, SINGLE, Shop
from topbackup.errors import TopBackupError
from topbackup.gui.head import Action, Headline
from topbackup.gui.headline import headline
from topbackup.gui.state import HistoryRead, Linked, StatusRead, View, fold
from topbackup.gui.theme import Tone
from topbackup.ipc.client import Client
from topbackup.problems import REFUTING

NONE_LEFT = "Não resta nenhum arquivo bom do último backup neste computador."
LOST = "Uma cópia deste backup não está mais como foi feita."
ONE_SPOILED = "Atenção: uma cópia do último backup sumiu ou está estragada."


@pytest.fixture
def proven(shop: Shop) -> Shop:
    """A shop with a proven backup in one folder."""
    set_rows(shop, [(SINGLE, "03:00", "U")])
    shop.configure(backup={"verificar_backup": True})
    shop.back_up(SINGLE)
    return shop


def window(agent: RunningAgent) -> Headline:
    """What a window that begins now says."""
    now = datetime.now(UTC)
    view = fold(View(), Linked(agent.ask("status")["agente"]["versao"], hosted=False))
    view = fold(view, StatusRead(agent.ask("status"), now))
    return headline(fold(view, HistoryRead(agent.ask("history", limite=20, copias=True))), now)


def found(agent: RunningAgent) -> list[str]:
    looked: dict[str, Any] | None = agent.ask("status")["copias_locais"]
    assert looked is not None
    return [file["situacao"] for each in looked["bancos"] for file in each["arquivos"]]


def looks(agent: RunningAgent, *expected: str) -> None:
    agent.ask("look at copies")
    eventually(lambda: found(agent) == list(expected), 10, agent.said)


def back_up(agent: RunningAgent, **what: Any) -> None:
    """And wait until its files were looked at."""
    before = len(agent.shop.history())
    agent.ask("backup", **what)
    eventually(lambda: len(agent.shop.history()) > before and agent.shop.history()[0].status.finished, 60, agent.said)
    agent.until("RUNNING")


def looked_at(agent: RunningAgent) -> bool:
    """Were the files of the newest run looked at?"""
    looked = agent.ask("status")["copias_locais"]
    newest = str(agent.shop.history()[0].run_id)
    return looked is not None and newest in [each["uuid"] for each in looked["bancos"]]


def hasty(shop: Shop) -> tuple[str, ...]:
    """An agent for which a loss counts soon."""
    return (*SETTABLE, str(shop.config))


def on_record(agent: RunningAgent, status: str) -> None:
    eventually(lambda: agent.ask("status")["status"] == status, 10, agent.said)


def said(shop: Shop) -> str:
    command = [*TOPBACKUP, "status", "--config", str(shop.config)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


def test_the_deleted_file_of_the_last_backup_ends_the_green(proven: Shop) -> None:
    archive = proven.d1 / f"{CNPJ}.zip"
    with running(proven) as agent:
        agent.until("RUNNING")
        eventually(lambda: agent.ask("status")["copias_locais"], 10, agent.said)
        assert window(agent).sentence.startswith("Protegido.")
        assert said(proven).startswith("OK: protegido")
        with Client.of(proven.home) as listener:
            listener.subscribe()
            for path in proven.d1.iterdir():
                path.unlink()
            agent.ask("look at copies")
            heard = next(event["evento"] for event in listener.events(10) if event["evento"] not in ("estado", "pulso"))
        assert heard == "copias", "who listens is told, and need not ask again and again"
        assert found(agent) == ["SUMIU"]
        head = window(agent)
        assert (head.tone, head.sentence) == (Tone.FAILED, NONE_LEFT)
        first, second, *_rest = said(proven).splitlines()
        assert first == "OK: o último backup está em dia, mas o arquivo dele não está aqui agora. Faça um backup agora."
        assert second.startswith(f"  {archive}: apagado ou movido, visto em ")
        assert "the last good backup is not where it was put" in agent.log()
        command = [*TOPBACKUP, "backup", "--json", "--config", str(proven.config)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
        assert json.loads(done.stdout)["status"] == "S"
        eventually(lambda: window(agent).sentence.startswith("Protegido."), 10, agent.said)
    alone = said(proven)
    assert alone.startswith("OK: o último backup está em dia. Ninguém olhou"), "no agent, no look, no promise"


def test_a_deleted_file_that_is_on_record_is_told_in_the_same_words(proven: Shop) -> None:
    archive = proven.d1 / f"{CNPJ}.zip"
    with running(proven, hasty(proven)) as agent:
        agent.until("RUNNING")
        looks(agent, "LA")
        archive.unlink()
        looks(agent, "SUMIU")
        on_record(agent, "ATENCAO")
        head = window(agent)
        assert (head.tone, head.sentence) == (Tone.FAILED, NONE_LEFT)
        first, second, *_rest = said(proven).splitlines()
        assert first.startswith("ATENCAO: ")
        assert second.startswith(f"  {archive}: apagado ou movido, visto em ")


def test_what_was_deleted_while_no_agent_ran_is_seen_at_its_start(proven: Shop) -> None:
    (proven.d1 / f"{CNPJ}.zip").write_bytes(b"cut by a disk check")
    with running(proven) as agent:
        agent.until("RUNNING")
        eventually(lambda: agent.ask("status")["copias_locais"], 10, agent.said)
        assert found(agent) == ["ALTERADO"]
        assert window(agent).tone is Tone.FAILED


def test_the_disk_is_taken_out_and_put_back(proven: Shop) -> None:
    """A mount point without its disk is an empty folder. Deleted with its folder, it is another matter."""
    away = proven.home / "em casa"
    away.mkdir()
    (proven.d1 / f"{CNPJ}.zip").unlink()  # the next one may have the same size
    with running(proven, hasty(proven)) as agent:
        agent.until("RUNNING")
        with mounted(proven.d1, "size=20m"):
            back_up(agent, agenda=SINGLE)
            eventually(lambda: looked_at(agent), 10, agent.said)
            looks(agent, "LA")
            subprocess.run(["mount", "--bind", proven.d1, away], check=True)
        try:
            for _turn in range(3):
                looks(agent, "PASTA_AUSENTE")
                time.sleep(0.6)
            head = window(agent)
            assert head.tone is Tone.ATTENTION
            assert head.mend.startswith("Recoloque o disco")
            assert agent.ask("status")["status"] == "OK", "the card waits for the next slot"
            subprocess.run(["mount", "--bind", away, proven.d1], check=True)
            looks(agent, "LA")
            assert window(agent).tone is Tone.OK
        finally:
            subprocess.run(["umount", proven.d1], check=False)
            subprocess.run(["umount", away], check=True)


def test_deleted_with_its_folder(proven: Shop) -> None:
    with running(proven, hasty(proven)) as agent:
        agent.until("RUNNING")
        looks(agent, "LA")
        shutil.rmtree(proven.d1)
        looks(agent, "SUMIU")
        assert window(agent).tone is Tone.FAILED
        on_record(agent, "ATENCAO")


def test_a_database_that_is_on_no_agenda_hides_no_loss(proven: Shop) -> None:
    """A backup by hand of another one is the newest; the card is that of the one that the agenda names."""
    with running(proven, hasty(proven)) as agent:
        agent.until("RUNNING")
        other = proven.home / "outra.fdb"
        shutil.copyfile(proven.database, other)
        back_up(agent, banco=str(other))
        looks(agent, "LA")
        for path in proven.d1.glob(f"{CNPJ}.zip"):
            path.unlink()
        looks(agent, "SUMIU")
        on_record(agent, "ATENCAO")
        assert window(agent).tone is Tone.FAILED


def test_a_file_wiped_in_its_size_ends_the_green(proven: Shop) -> None:
    archive = proven.d1 / f"{CNPJ}.zip"
    with running(proven, hasty(proven)) as agent:
        agent.until("RUNNING")
        looks(agent, "LA")
        archive.write_bytes(bytes(archive.stat().st_size))
        looks(agent, "ALTERADO")
        head = window(agent)
        assert (head.tone, head.sentence) == (
            Tone.FAILED,
            NONE_LEFT,
        )
        on_record(agent, "FALHA")
        assert (window(agent).tone, window(agent).sentence) == (head.tone, head.sentence)


@pytest.mark.parametrize("by", ["verify", "restore"])
def test_a_rotten_copy_is_refused_and_its_sister_proven(proven: Shop, by: str) -> None:
    """Whoever finds it, a check or the restore: on record at once, and not forgotten when the other one is good."""
    proven.server.sql(f"update AGENDA_BACKUP set LOCAL_DESTINO2 = '{proven.d2}';\ncommit;\n", proven.database)
    first, second = proven.d1 / f"{CNPJ}.zip", proven.d2 / f"{CNPJ}.zip"
    with running(proven) as agent:
        agent.until("RUNNING")
        back_up(agent, agenda=SINGLE)
        eventually(lambda: looked_at(agent), 10, agent.said)
        assert second.is_file()
        assert window(agent).sentence.startswith("Protegido.")
        spoil(first)
        looks(agent, "LA", "LA")
        wish = {"arquivo": str(first)} | ({"destino": str(proven.home / "novo.fdb")} if by == "restore" else {})
        with pytest.raises(TopBackupError) as refused:
            agent.ask(by, **wish)
        assert refused.value.problem in REFUTING
        assert not (proven.home / "novo.fdb").exists()
        head = window(agent)
        assert (head.tone, head.action) == (Tone.FAILED, Action.VERIFY)
        assert str(second) in head.mend
        eventually(lambda: found(agent) == ["RECUSADO", "LA"], 10, agent.said)
        agent.ask("verify", arquivo=str(second))
        head = window(agent)
        assert (head.tone, head.sentence) == (
            Tone.ATTENTION,
            ONE_SPOILED,
        )
        assert str(first) in head.more
        agent.ask("backup", agenda=SINGLE)
        eventually(lambda: window(agent).sentence.startswith("Protegido."), 60, agent.said)


def test_a_restore_that_its_target_stands_against_refutes_nothing(proven: Shop) -> None:
    archive = proven.d1 / f"{CNPJ}.zip"
    with running(proven) as agent:
        agent.until("RUNNING")
        with pytest.raises(TopBackupError):
            agent.ask("restore", arquivo=str(archive), destino=str(proven.database))
        with pytest.raises(TopBackupError):
            agent.ask("restore", arquivo=str(archive), destino="/proc/x.fdb")
        looks(agent, "LA")
        assert window(agent).sentence.startswith("Protegido.")


def spoil(archive: Path) -> None:
    """In its middle, in its size: nothing but a test restore sees it."""
    content = bytearray(archive.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 4000] = bytes(4000)
    archive.write_bytes(content)
