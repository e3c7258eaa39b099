"""`make bench-agent`: what the agent takes while it waits: memory, CPU, wake-ups; how soon it is ready and answers.

Environment: BENCH_IDLE (seconds to watch it, 120), BENCH_STARTS (5), BENCH_REQUESTS (300).
"""

import json
import os
import platform
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import psutil

from benchmarks.__main__ import RESULTS
from lab.firebird_server import FirebirdServer
from lab.mariadb_server import MariaDBServer
from lab.shop_database import AgendaRow, create_shop_database, set_agendas
from tests.integration.cloud_server import SCHEMA, migrate
from topbackup.errors import AgentNotRunning
from topbackup.ipc.client import Client

IDLE = float(os.environ.get("BENCH_IDLE", "120"))
STARTS = int(os.environ.get("BENCH_STARTS", "5"))
REQUESTS = int(os.environ.get("BENCH_REQUESTS", "300"))


def main() -> int:
    """Measure, print, and store."""
    with tempfile.TemporaryDirectory(prefix="topbackup-bench-") as folder:
        home = Path(folder)
        with FirebirdServer(home / "firebird") as server, MariaDBServer(home / "nuvem") as cloud:
            migrate(cloud)
            config = prepare(home, server, cloud)
            ready = [start(config) for _ in range(STARTS)]
            for process, _ in ready[:-1]:
                end(process)
            agent = ready[-1][0]
            figures = {"ready, s, median (≤ 2)": statistics.median(seconds for _, seconds in ready)}
            figures |= requests(home)
            figures |= idle(agent, home)
            end(agent)
    for name, value in figures.items():
        print(f"  {name:<58}{value:>9.3f}")
    store(figures)
    return 0


def prepare(home: Path, server: FirebirdServer, cloud: MariaDBServer) -> Path:
    """With a cloud, as every customer has one: its drivers are the larger half of the agent's memory."""
    database = server.database_folder / "loja.fdb"
    create_shop_database(server, database, megabytes=10)
    destination = home / "destino"
    destination.mkdir()
    set_agendas(server, database, [AgendaRow(number, f"0{number}:00", destination) for number in (1, 2, 3)])
    config = home / "agente" / "config.json"
    config.parent.mkdir()
    firebird = {"database_path": server.address(database), "user": server.user, "password": server.password}
    mysql = {"host": cloud.host, "port": cloud.port, "database": SCHEMA, "user": cloud.user}
    mysql |= {"password": cloud.password, "spread_seconds": 0}
    config.write_text(json.dumps({"firebird": firebird, "mysql": mysql}))
    return config


def start(config: Path) -> "tuple[subprocess.Popen[bytes], float]":
    """The agent, and the seconds from its start to RUNNING. One that ran before is ended first."""
    for other in psutil.Process().children():
        if other.name().startswith("python") and str(config) in other.cmdline():
            other.send_signal(signal.SIGTERM)
            other.wait(20)
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "topbackup", "run", "--quiet", "--config", str(config)])
    while True:
        try:
            with Client.of(config.parent) as client:
                if client.ask("status")["agente"]["estado"] == "RUNNING":
                    return process, time.perf_counter() - began
        except AgentNotRunning:
            time.sleep(0.01)


def requests(home: Path) -> dict[str, float]:
    """Milliseconds of `status`, over a new connection each, as a command asks."""
    taken = []
    for _ in range(REQUESTS):
        began = time.perf_counter()
        with Client.of(home / "agente") as client:
            client.ask("status")
        taken.append((time.perf_counter() - began) * 1000)
    return {
        "a request, ms, median (< 20)": statistics.median(taken),
        "a request, ms, 99 %": statistics.quantiles(taken, n=100)[98],
    }


def idle(agent: "subprocess.Popen[bytes]", home: Path) -> dict[str, float]:
    process = psutil.Process(agent.pid)
    with Client.of(home / "agente") as client:
        client.ask("sync")
        told = client.ask("status")["agente"]["nuvem"]
        assert told["disjuntor"] == "closed", told
    time.sleep(8)  # what the start left to do: the first contact with the cloud
    cpu, wakes, began = process.cpu_times(), process.num_ctx_switches(), time.monotonic()
    time.sleep(IDLE)
    seconds = time.monotonic() - began
    after, woken = process.cpu_times(), process.num_ctx_switches()
    used = after.user + after.system - cpu.user - cpu.system
    return {
        "idle: RSS, MB (≤ 70)": process.memory_info().rss / 1e6,
        "idle: CPU, % of a core (< 0.2)": used / seconds * 100,
        "idle: wake-ups a minute": (woken.voluntary - wakes.voluntary) / seconds * 60,
        "idle: threads": process.num_threads(),
        "idle: descriptors": process.num_fds(),
    }


def end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    process.wait(20)


def store(figures: dict[str, float]) -> None:
    RESULTS.mkdir(exist_ok=True)
    now = datetime.now(UTC)
    machine = {"cores": os.cpu_count(), "system": platform.system(), "python": platform.python_version()}
    document = {"at": now.isoformat(), "machine": machine, "figures": figures}
    path = RESULTS / f"agent-{now:%Y%m%d-%H%M%S}.json"
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    print(f"\n  benchmarks/results/{path.name}")


if __name__ == "__main__":
    sys.exit(main())
