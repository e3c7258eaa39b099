"""`make bench-window`: how soon the window is up, what it takes, and how long it ever keeps a click waiting.

Beside a service, and as the agent itself; on a private X server with a window manager. While a backup of
BENCH_WINDOW_MB (40) megabytes runs, a heartbeat each 5 ms on the Tk thread records how late it comes; half-way through,
every page is looked at in turn. Environment: BENCH_WINDOW_STARTS (5).
"""

import json
import os
import platform
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
from lab.shop_database import AgendaRow, create_shop_database, set_agendas
from tests.gui.desktop import desktop
from topbackup.errors import AgentNotRunning
from topbackup.ipc.client import Client

STARTS = int(os.environ.get("BENCH_WINDOW_STARTS", "5"))
MEGABYTES = int(os.environ.get("BENCH_WINDOW_MB", "40"))


def main() -> int:
    """Measure, print, and store."""
    with tempfile.TemporaryDirectory(prefix="topbackup-bench-") as folder:
        home = Path(folder)
        with FirebirdServer(home / "firebird") as server, desktop(home / "tela") as display:
            config = prepare(home, server)
            environment = os.environ | {"DISPLAY": display, "HOME": str(home)}
            agent = subprocess.Popen([sys.executable, "-m", "topbackup", "run", "--quiet", "--config", str(config)])
            answers(config)
            starts = [child(config, environment, backup=False) for _ in range(STARTS)]
            served = child(config, environment, backup=True)
            agent.terminate()
            agent.wait(30)
            hosted = child(config, environment, backup=True, host=True)
    figures = {
        "window up, s, median (< 1.5)": statistics.median(start["up"] for start in starts),
        "window up, s, worst": max(start["up"] for start in starts),
        "beside a service: RSS at rest, MB (≤ 120)": served["rest"],
        "beside a service: RSS after a backup, MB (≤ 120)": served["after"],
        "beside a service: longest gap in a backup, ms (≤ 50)": served["gap"],
        "beside a service: 99 % of the beats, ms late": served["p99"],
        "beside a service: longest gap, changing pages, ms": served["pages"],
        "beside a service: the most that the Tk thread computed at once, ms": served["own"],
        "as the agent: RSS after a backup, MB": hosted["after"],
        "as the agent: longest gap in a backup, ms": hosted["gap"],
        "as the agent: longest gap, changing pages, ms": hosted["pages"],
        "as the agent: the most that the Tk thread computed at once, ms": hosted["own"],
    }
    for name, value in figures.items():
        print(f"  {name:<68}{value:>9.2f}")
    store(figures)
    return 0


def prepare(home: Path, server: FirebirdServer) -> Path:
    database = server.database_folder / "loja.fdb"
    create_shop_database(server, database, megabytes=MEGABYTES)
    destination = home / "destino"
    destination.mkdir()
    set_agendas(server, database, [AgendaRow(1, "03:00", destination)])
    config = home / "agente" / "config.json"
    config.parent.mkdir()
    firebird = {"database_path": server.address(database), "user": server.user, "password": server.password}
    config.write_text(json.dumps({"firebird": firebird}))
    return config


def answers(config: Path) -> None:
    while True:
        try:
            with Client.of(config.parent) as client:
                if client.ask("status")["agente"]["estado"] == "RUNNING":
                    return
        except AgentNotRunning:
            time.sleep(0.05)


def child(config: Path, environment: dict[str, str], *, backup: bool, host: bool = False) -> dict[str, float]:
    words = [
        sys.executable,
        "-m",
        "benchmarks.window",
        "--child",
        str(config),
        str(time.time()),
        *(["backup"] if backup else []),
    ]
    words += ["host"] if host else []
    done = subprocess.run(words, env=environment, stdout=subprocess.PIPE, text=True, check=True, timeout=180)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def be_the_window(config: Path, *, began: float, backup: bool, host: bool) -> None:
    """In a process of its own, as `topbackup gui` would be. began: by the clock, just before the process."""
    from topbackup.gui.app import App
    from topbackup.gui.heartbeat import measure_gaps
    from topbackup.gui.main_frame import PAGES
    from topbackup.gui.window import Window

    window = Window(config.parent / "janela.json")
    app = App(config, window, may_host=host)
    found: dict[str, float] = {}
    gaps: list[float] = []
    paging: list[float] = []
    computed: list[float] = []
    turning = False
    own = psutil.Process()

    def watch() -> None:
        if app.view.status is None or app.frame is None or not app.frame.winfo_viewable():
            window.after(5, watch)
            return
        window.update_idletasks()
        found["up"] = time.time() - began
        window.after(3000 if backup else 100, rest)

    def rest() -> None:
        found["rest"] = own.memory_info().rss / 1e6
        if not backup:
            end()
            return
        measure_gaps(window, record)
        app._order(1)
        window.after(1500, turn)
        window.after(500, until_over)

    def record(late: float, busy: float) -> None:
        (paging if turning else gaps).append(late * 1000)
        computed.append(busy * 1000)

    def turn(page: int = 0) -> None:
        nonlocal turning
        turning = page < len(PAGES)
        if turning:
            app.go(PAGES[page].name)
            window.after(250, lambda: turn(page + 1))
        else:
            app.go("home")

    def until_over() -> None:
        if app.view.running or not app.view.runs or turning:
            window.after(100, until_over)
            return
        found.update(after=own.memory_info().rss / 1e6, gap=max(gaps), pages=max(paging), own=max(computed))
        found["p99"] = statistics.quantiles(gaps, n=100)[98]
        end()

    def end() -> None:
        print(json.dumps(found), flush=True)
        app._end()

    window.after(1, watch)
    app.run(minimized=False)


def store(figures: dict[str, float]) -> None:
    RESULTS.mkdir(exist_ok=True)
    at = datetime.now(UTC)
    machine = {"cores": os.cpu_count(), "system": platform.system(), "python": platform.python_version()}
    path = RESULTS / f"window-{at:%Y%m%d-%H%M%S}.json"
    path.write_text(json.dumps({"at": at.isoformat(), "machine": machine, "figures": figures}, indent=2) + "\n")
    print(f"\n  benchmarks/results/{path.name}")


if __name__ == "__main__":
    if "--child" in sys.argv:
        be_the_window(Path(sys.argv[2]), began=float(sys.argv[3]), backup="backup" in sys.argv, host="host" in sys.argv)
    else:
        sys.exit(main())
