"""`make demo`: a shop on a real Firebird server, the real agent with backups by hand and one that its schedule fires, a
proof, the cloud, and the dashboard.

Everything is in var/demo and is used again by the next run. SERVE=0 ends after the sync.
"""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

from lab.firebird_server import FirebirdServer
from lab.server_process import free_port
from lab.shop_database import AgendaRow, create_shop_database, set_agendas
from topcore.agenda import DEFAULT_ZONE
from topcore.record import size_text

if TYPE_CHECKING:
    from io import TextIOWrapper

HOME = Path("var/demo").absolute()
MEGABYTES = 50
FOLDERS = (HOME / "pasta1", HOME / "pasta2")
CLOUD = HOME / "nuvem.sqlite"
CONFIG = HOME / "config.json"
TOPBACKUP = (sys.executable, "-P", "-m", "topbackup")
MANAGE = (sys.executable, "-m", "dashboard.manage")


def main() -> int:
    """Exit code 0 when every step went well."""
    # Piped into a log, our lines and those of the programs that we start keep their order.
    cast("TextIOWrapper", sys.stdout).reconfigure(line_buffering=True)
    # A closed terminal or `kill` ends the demo as Ctrl-C does: everything that was started is stopped.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.default_int_handler)
    for folder in FOLDERS:
        folder.mkdir(parents=True, exist_ok=True)
    step("Iniciando um servidor Firebird particular em var/demo/firebird")
    with FirebirdServer(HOME / "firebird") as server:
        create_shop(server)
        environment = dashboard_environment()
        step("Preparando a nuvem (SQLite) com as migrações do dashboard")
        run(*MANAGE, "migrate", "--verbosity", "0", environment=environment)
        due = prepare_agent(server)
        step("Iniciando o agente em segundo plano (topbackup run)")
        with started([*TOPBACKUP, "run", "--quiet", "--config", str(CONFIG)], dict(os.environ)) as agent:
            wait_for_agent(agent)
            show_the_agent_at_work(due)
            if os.environ.get("SERVE") != "0":
                serve(environment)
                return 0
    step("Pronto. Tudo o que foi iniciado foi encerrado.")
    return 0


def show_the_agent_at_work(due: datetime) -> None:
    """Backups by hand, the one of the schedule, a proof, the cloud."""
    for agenda, kind in ((1, "V: um arquivo por backup"), (2, "S: um por dia da semana"), (3, "U: um só")):
        step(f"Backup da agenda {agenda} ({kind})")
        how = () if sys.stderr.isatty() else ("--plain-progress",)
        run(*TOPBACKUP, "backup", "--agenda", str(agenda), *how, "--config", str(CONFIG))
    step("Comprovando o backup U: restaurando em um banco de rascunho e comparando as linhas")
    newest = next(row for row in history() if row["agenda"] == 3)
    run(*TOPBACKUP, "verify", str(Path(newest["caminho_destino"]) / newest["nome_arquivo"]), "--config", str(CONFIG))
    wait_for_the_schedule(due)
    show_results()
    step("Sincronizando com a nuvem")
    run(*TOPBACKUP, "sync", "--config", str(CONFIG))


def create_shop(server: FirebirdServer) -> None:
    """The shop's database, once."""
    database = server.database_folder / "padaria.fdb"
    if not (HOME / "loja-pronta").exists():
        step(f"Criando o banco da Padaria São João, cerca de {MEGABYTES} MB")
        database.unlink(missing_ok=True)
        create_shop_database(server, database, megabytes=MEGABYTES)
        (HOME / "loja-pronta").touch()


def prepare_agent(server: FirebirdServer) -> datetime:
    """The agent's settings and the shop's four agendas, the last of which is due in a minute; when that is."""
    database = server.database_folder / "padaria.fdb"
    first, second = FOLDERS
    due = (datetime.now(ZoneInfo(DEFAULT_ZONE)) + timedelta(seconds=75)).replace(second=0, microsecond=0)
    set_agendas(
        server,
        database,
        [
            AgendaRow(1, "23:00", first, second, "V"),
            AgendaRow(2, "12:30", first, second, "S", days="SEG TER QUA QUI SEX"),
            AgendaRow(3, "18:00", first, prefix="U"),
            AgendaRow(4, f"{due:%H:%M}", first, second, "V"),
        ],
    )
    settings = {
        "firebird": {
            "database_path": server.address(database),
            "user": server.user,
            "password": server.password,
            "charset": "WIN1252",
        },
        "mysql": {"sqlite_path": str(CLOUD), "spread_seconds": 1},
        "backup": {"verificar_backup": False},
    }
    CONFIG.touch(mode=0o600)
    CONFIG.write_text(json.dumps(settings, indent=2), encoding="utf-8")
    return due


def wait_for_agent(agent: "subprocess.Popen[bytes]") -> None:
    """Until it keeps the schedule."""
    deadline = time.monotonic() + 30
    while True:
        status = answer_of("status")
        if status["agente"] is not None and status["agente"]["estado"] == "RUNNING":
            return
        if agent.poll() is not None or time.monotonic() > deadline:
            sys.exit("A demonstração parou: o agente não iniciou")
        time.sleep(0.2)


def wait_for_the_schedule(due: datetime) -> None:
    """Nobody asks for this one."""
    left = max(0, round((due - datetime.now(UTC)).total_seconds()))
    step(f"Esperando o agente: a agenda 4 vence às {due:%H:%M}, em {left} s, e ninguém vai pedir este backup")
    deadline = time.monotonic() + left + 60
    while not any(row["previsto"] == due.astimezone(UTC).isoformat() and row["data_fim"] for row in history()):
        if time.monotonic() > deadline:
            sys.exit("A demonstração parou: a agenda não disparou")
        time.sleep(0.5)
    ran = next(row for row in history() if row["previsto"] == due.astimezone(UTC).isoformat())
    began = datetime.fromisoformat(ran["data_inicio"]).astimezone(due.tzinfo)
    print(f"  disparou sozinho às {began:%H:%M:%S}: {ran['nome_arquivo']}")
    if ran["status"] != "S":
        sys.exit(f"A demonstração parou: {ran['codigo_erro']} {ran['mensagem_erro']}")


def show_results() -> None:
    """What was written in this run, as the journal has it."""
    runs = [row for row in history() if row["status"] == "S"][:4]
    print(f"\n  {'arquivo':<36} {'tamanho':>8}  {'SHA-256':<16} {'segundos':>8}  comprovado")
    for row in reversed(runs):
        began, ended = (datetime.fromisoformat(row[key]) for key in ("data_inicio", "data_fim"))
        proven = "sim" if row["verificado"] == "S" else "não testado"
        size, digest = size_text(row["tamanho_bytes"]), row["hash_sha256"][:16]
        seconds = f"{(ended - began).total_seconds():.1f}".replace(".", ",")
        print(f"  {row['nome_arquivo']:<36} {size:>8}  {digest:<16} {seconds:>8}  {proven}")


def serve(environment: dict[str, str]) -> None:
    """The dashboard, until Ctrl-C."""
    password = secrets.token_urlsafe(9)
    login = environment | {"TOPBACKUP_DASHBOARD_PASSWORD": password}
    run(*MANAGE, "criar_acesso", "--username", "demo", environment=login)
    port = free_port()
    command = [str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--blocking-threads", "4", "--no-access-log", "--log-level", "warning"]
    command += ["dashboard.wsgi:application"]
    with started(command, environment):
        url = f"http://127.0.0.1:{port}/"
        wait_for(url)
        step("O dashboard está no ar")
        print(f"\n  {url}\n  usuário: demo\n  senha:   {password}  (só para esta execução)\n\n  Ctrl-C encerra tudo.")
        with suppress(KeyboardInterrupt):
            signal.pause()
    print()
    step("Encerrado.")


@contextmanager
def started(command: list[str], environment: dict[str, str]) -> "Iterator[subprocess.Popen[bytes]]":
    process = subprocess.Popen(command, env=environment, start_new_session=True)
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(30)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def wait_for(url: str) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            urllib.request.urlopen(url, timeout=2).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


def dashboard_environment() -> dict[str, str]:
    return os.environ | {
        "TOPBACKUP_DASHBOARD_SECRET_KEY": secrets.token_urlsafe(50),
        "TOPBACKUP_DASHBOARD_DATABASE_URL": f"sqlite:///{CLOUD}",
        "TOPBACKUP_DASHBOARD_ALLOWED_HOSTS": "127.0.0.1,localhost",
    }


def history() -> list[dict[str, Any]]:
    """The journal's runs, newest first."""
    runs: list[dict[str, Any]] = answer_of("history")
    return runs


def answer_of(command: str) -> Any:
    done = subprocess.run(
        [*TOPBACKUP, command, "--json", "--config", str(CONFIG)], capture_output=True, check=True, text=True
    )
    return json.loads(done.stdout)


def run(*command: str, environment: dict[str, str] | None = None) -> None:
    """A program of ours, seen as a user sees it. Its failure is the demo's."""
    done = subprocess.run(command, env=environment, check=False)
    if done.returncode != 0:
        sys.exit(f"A demonstração parou: código {done.returncode} de {' '.join(command[2:4])}")


def step(text: str) -> None:
    print(f"\033[1m▸ {text}\033[0m" if sys.stdout.isatty() else f"▸ {text}")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
