"""From a run of the real agent to LOG_BACKUPS on a real MariaDB that the dashboard's migrations made."""

import json
import signal
import socket
import subprocess
import sys
import time
from typing import Any

import pytest

from lab.firebird_server import FirebirdServer
from lab.mariadb_server import MariaDBServer
from tests.integration.cloud_server import in_order, rows, runs
from tests.integration.shop import SINGLE, VERSIONED, WEEKDAY, Shop
from topcore.tables import RunStatus

TOPBACKUP = (sys.executable, "-m", "topbackup")
# `sync`, killed at the n-th acknowledgement: the cloud has committed that entry, and the journal does not know it.
KILLED_SYNC = """
import sys
from tests.integration.killed_agent import arm
arm("topbackup.journal.journal:Journal.acknowledge", "before", int(sys.argv.pop(1)))
from topbackup.__main__ import main
main()
"""


def topbackup(shop: Shop, *arguments: str, code: int = 0) -> "subprocess.CompletedProcess[str]":
    command = [*TOPBACKUP, *arguments, "--config", str(shop.config)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == code, done.stdout + done.stderr
    return done


def synchronised(shop: Shop) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(topbackup(shop, "sync", "--json").stdout)
    return answer


def test_a_run_is_told_while_it_goes_on(told_shop: Shop, cloud: MariaDBServer) -> None:
    """The cloud shows E during the run, S after it, and the company by its names."""
    # A gbak that takes its time, so that there is a while to look at.
    slow = told_shop.home / "gbak"
    slow.write_text('#!/bin/sh\ncase "$*" in *-z*) ;; *) sleep 3;; esac\nexec gbak "$@"\n')
    slow.chmod(0o755)
    told_shop.configure(firebird={"gbak_path": str(slow)})
    command = [*TOPBACKUP, "backup", "--agenda", str(SINGLE), "--config", str(told_shop.config)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as agent:
        seen = set()
        while agent.poll() is None:
            seen |= {status for _, status in runs(cloud)}
            time.sleep(0.05)
    assert agent.returncode == 0
    assert RunStatus.RUNNING.value in seen
    assert runs(cloud) == in_order(told_shop)
    assert runs(cloud)[0][1] == RunStatus.SUCCEEDED.value
    assert rows(cloud, "SELECT FANTASIA, CNPJ FROM EMPRESA") == (("Padaria São João", "11.222.333/0001-81"),)


def test_a_failure_before_the_run_could_begin_is_told_too(told_shop: Shop, cloud: MariaDBServer) -> None:
    told_shop.configure(firebird={"password": "errada"})
    topbackup(told_shop, "backup", code=1)
    assert runs(cloud) == in_order(told_shop)
    assert rows(cloud, "SELECT STATUS, CODIGO_ERRO FROM LOG_BACKUPS") == (("F", "TB-FB-SENHA"),)


def test_the_cloud_is_away_for_the_whole_run(told_shop: Shop, cloud: MariaDBServer) -> None:
    cloud.stop()
    done = topbackup(told_shop, "backup", "--agenda", str(SINGLE))
    assert "TB-NUVEM" in done.stderr
    assert told_shop.history()[0].status is RunStatus.SUCCEEDED
    assert topbackup(told_shop, "sync", "--json", code=1)
    cloud.start()
    assert synchronised(told_shop)["pendentes"] == 0
    assert runs(cloud) == in_order(told_shop)


def test_a_cloud_that_says_nothing_delays_no_backup(told_shop: Shop, cloud: MariaDBServer) -> None:
    """It accepts the connection and is silent: the file is there and said so, long before the cloud is given up."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        told_shop.configure(mysql={"port": silent.getsockname()[1]})
        command = [*TOPBACKUP, "backup", "--agenda", str(SINGLE), "--config", str(told_shop.config)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as agent:
            assert agent.stdout is not None
            said = agent.stdout.readline()
            began = time.monotonic()
            assert agent.wait(60) == 0
    assert said.startswith("feito"), said
    assert time.monotonic() - began < 30
    told_shop.configure(mysql={"port": cloud.port})
    assert synchronised(told_shop)["pendentes"] == 0
    assert runs(cloud) == in_order(told_shop)


def test_the_cloud_is_away_for_fifty_runs(told_shop: Shop, cloud: MariaDBServer, firebird: FirebirdServer) -> None:
    """Good runs, failed ones and one that was killed: each is there once, in order, when the cloud is back."""
    cloud.stop()
    firebird.sql("delete from VENDAS where ID > 100;\ncommit;\n", told_shop.database)
    for number in range(49):
        agenda = (WEEKDAY, SINGLE)[number % 2]
        if number % 7 == 6:
            told_shop.d1.rename(told_shop.home / "d1 fora")
            told_shop.fails_with("TB-DESTINO-AUSENTE", WEEKDAY)
            (told_shop.home / "d1 fora").rename(told_shop.d1)
        else:
            told_shop.back_up(agenda)
    killed = [sys.executable, "-m", "tests.integration.killed_agent", str(told_shop.config), str(SINGLE)]
    subprocess.run([*killed, "topbackup.backup.run:read_back", "after", "1"], check=False)
    assert len(told_shop.history()) == 50
    cloud.start()
    assert synchronised(told_shop)["pendentes"] == 0
    expected = in_order(told_shop)
    assert {status for _, status in expected} == {"S", "F"}
    assert runs(cloud) == expected
    assert synchronised(told_shop) == {"enviados": 0, "pendentes": 0}
    assert topbackup(told_shop, "sync").stdout == "A nuvem já tem tudo.\n"
    assert runs(cloud) == expected


@pytest.mark.parametrize("killed_at", [1, 2, 3, 5, 6])
def test_killed_between_send_and_acknowledge(told_shop: Shop, cloud: MariaDBServer, killed_at: int) -> None:
    for agenda in (VERSIONED, WEEKDAY):
        told_shop.back_up(agenda)
    before = waiting(told_shop)
    command = [sys.executable, "-c", KILLED_SYNC, str(killed_at), "sync", "--config", str(told_shop.config)]
    died = subprocess.run(command, check=False, timeout=60, capture_output=True)
    assert died.returncode == -signal.SIGKILL
    assert waiting(told_shop) == before - killed_at + 1
    assert len(runs(cloud)) == (killed_at + 2) // 3, "sent, and not acknowledged"
    assert synchronised(told_shop) == {"enviados": before - killed_at + 1, "pendentes": 0}
    assert runs(cloud) == in_order(told_shop)


def waiting(shop: Shop) -> int:
    journal, _ = shop.parts.open_journal()
    with journal:
        return journal.waiting()


def test_the_cloud_is_killed_while_it_is_told(told_shop: Shop, cloud: MariaDBServer) -> None:
    """A power cut of the server in the middle of a sync of many records: no record lost, none twice."""
    for _ in range(10):
        told_shop.back_up(SINGLE)
    command = [*TOPBACKUP, "sync", "--config", str(told_shop.config)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as sync:
        while sync.poll() is None and len(runs(cloud)) < 3:
            time.sleep(0.002)
        cloud.kill()
    assert sync.returncode in (0, 1)
    cloud.start()
    assert synchronised(told_shop)["pendentes"] == 0
    assert runs(cloud) == in_order(told_shop)
