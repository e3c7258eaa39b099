"""What may be asked of the real agent, by whom, and that its answers are those of the command without it."""

import json
import os
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.integration.faults import need_root
from tests.integration.running_agent import TOPBACKUP, eventually, running
from tests.integration.shop import SINGLE, VERSIONED, Shop
from tests.integration.test_agent import shop_runs, slow, topbackup
from topbackup.agent import host  # noqa: F401 - with it every request is in the registry
from topbackup.agent.requests import _registry
from topbackup.errors import TopBackupError
from topbackup.ipc.client import Client
from topbackup.ipc.messages import LONGEST_ANSWER, answer_line
from topbackup.journal import Journal
from topcore.record import Failure

__all__ = ["slow"]  # the fixture
NOBODY = 65534

AS_NOBODY = """
import json, os, sys
from pathlib import Path
import topbackup.ipc.unix_socket, topbackup.agent.documents
from topbackup.ipc.client import Client
from topbackup.errors import TopBackupError
home, asked = Path(sys.argv[1]), json.loads(sys.argv[2])
os.setgroups([])
os.setgid(65534); os.setuid(65534)
said = []
for name, arguments in asked:
    try:
        with Client.of(home) as client:
            said.append(client.ask(name, arguments))
    except TopBackupError as error:
        said.append(error.code)
print(json.dumps(said))
"""


@pytest.fixture
def open_shop(slow: Shop, tmp_path: Path) -> Shop:
    need_root()
    for folder in (tmp_path, *tmp_path.parents):
        if folder not in {Path("/"), Path("/tmp")}:
            folder.chmod(folder.stat().st_mode | 0o011)
    slow.configure(app={"ipc_group": "nogroup"})
    return slow


def as_nobody(shop: Shop, *asked: tuple[str, dict[str, Any]]) -> list[Any]:
    command = [sys.executable, "-c", AS_NOBODY, str(shop.home), json.dumps(asked)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env=environment)
    assert done.returncode == 0, done.stderr
    said: list[Any] = json.loads(done.stdout)
    return said


def test_an_ordinary_user_cancels_what_he_asked_for_and_nothing_else(open_shop: Shop) -> None:
    with running(open_shop) as agent:
        agent.until("RUNNING")
        assert as_nobody(open_shop, ("cancel", {})) == [{"cancelados": 0}]
        agent.ask("backup", agenda=VERSIONED)
        agent.until("BACKUP_RUNNING")
        assert as_nobody(open_shop, ("cancel", {})) == ["TB-SEM-PERMISSAO"]
        _ticket, cancelled = as_nobody(open_shop, ("backup", {"agenda": SINGLE}), ("cancel", {}))
        assert cancelled == {"cancelados": 1}
        eventually(lambda: not agent.status["pedidos"], 60, agent.said)
        assert [(run["agenda"], run["status"]) for run in shop_runs(agent)] == [(VERSIONED, "S")]


def test_an_ordinary_user_does_not_choose_to_whom_the_password_is_sent(open_shop: Shop) -> None:
    elsewhere = ["10.9.8.7:/x.fdb", "evil.example/3050:/x.fdb", "inet://evil.example/x.fdb", "localhost/1:/x.fdb",
                 "//evil/share/x.fdb", "\\\\evil\\share\\x.fdb",
                 f"localhost/{open_shop.server.port}:evil.example:/x.fdb"]  # fmt: skip
    with running(open_shop) as agent:
        agent.until("RUNNING")
        asked: list[tuple[str, dict[str, Any]]] = [("backup", {"banco": address}) for address in elsewhere]
        assert as_nobody(open_shop, *asked) == ["TB-OUTRO-SERVIDOR"] * len(elsewhere)
        same = f"localhost/{open_shop.server.port}:{open_shop.database}"
        (ticket,) = as_nobody(open_shop, ("backup", {"banco": same}))
        assert ticket["banco"] == same
        agent.ask("cancel")
        assert agent.ask("backup", banco="10.9.8.7:/x.fdb")["banco"] == "10.9.8.7:/x.fdb", "an administrator may"
        agent.ask("cancel")


VALUES: list[Any] = [
    None, True, False, 0, -1, 1, -3, 10**9, 2**63, -(2**63), 2**2000, 0.5, -1e308, [], [1], {}, {"a": []},
    "", "x", "\0", "\ud800", "x" * 50_000, "/nada\0", "../..", "::", "1; drop table", "日本",
    "host/0:x", "host/99999:/x.fdb", "host/65536:x", "inet://h:0/x",
]  # fmt: skip
NAMES = ("agenda", "banco", "seguir", "limite", "antes", "linhas", "desde", "minutos", "arquivo", "destino")


def test_no_argument_whatever_finds_a_defect(shop: Shop) -> None:
    """Each registered request with each wrong argument, by the real agent; nothing answers TB-INTERNO."""
    set_aside = {"shutdown", "subscribe"}  # the one ends the test, the other its connection
    quick = {"status", "history", "log", "backup", "cancel", "pause", "resume", "verify", "restore"}
    with running(shop) as agent:
        agent.until("RUNNING")
        codes, defects = set(), []
        with Client.of(shop.home) as client:
            assert quick | set_aside < _registry.keys()
            for request in sorted(_registry.keys() - set_aside):
                for name in NAMES if request in quick else NAMES[:1]:
                    for value in VALUES if request in quick else VALUES[:3]:
                        if name == "seguir" or (
                            request == "backup" and value in ("x", "日本", "1; drop table", "../..")
                        ):
                            continue
                        arguments = {name: value}
                        if request == "restore":
                            arguments = {"arquivo": "/nada.zip", "destino": "/nada/x.fdb"} | arguments
                        try:
                            client.ask(request, arguments, patience=60)
                        except TopBackupError as error:
                            codes.add(error.code)
                            defects += [(request, name, value)] if error.code == "TB-INTERNO" else []
                if request == "backup":
                    client.ask("cancel")
        assert defects == []
        assert "TB-USO" in codes
        agent.ask("cancel")
        agent.ask("resume")
        eventually(lambda: not agent.status["pedidos"], 60, agent.said)
        assert "a request found a defect" not in agent.log()
        assert "found a defect" not in agent.log()


def test_a_history_longer_than_a_message(shop: Shop) -> None:
    record = shop.back_up(SINGLE)
    long = Failure("TB-FB-ERRO", "x" * 900)
    with Journal.open(shop.parts.places.journal) as journal, journal.transaction():
        pass
    with Journal.open(shop.parts.places.journal) as journal, journal.transaction() as cursor:
        from topbackup.journal.journal import _insert

        for _ in range(6000):
            failed = replace(record, run_id=uuid4(), slot=None).failed(record.started_at, long)
            _insert(cursor, failed, ())
    alone = json.loads(topbackup(shop, "history", "--limit", "10000", "--json").stdout)
    assert len(alone) == 6001
    assert len(answer_line(1, alone)) > LONGEST_ANSWER
    with running(shop) as agent:
        agent.until("RUNNING")
        assert json.loads(topbackup(shop, "history", "--limit", "10000", "--json").stdout) == alone
        assert json.loads(topbackup(shop, "history", "--limit", "1203", "--json").stdout) == alone[:1203]


def both_ways(shop: Shop, *command: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [*TOPBACKUP, *command, "--config", str(shop.config)], capture_output=True, text=True, check=False, timeout=120
    )
    return done.returncode, done.stdout, done.stderr


LOOKS = [("status",), ("history",), ("agenda",), ("doctor",), ("sync",)]
BACKUPS = [("backup", "--agenda", "99"), ("backup", "--database", "host/99999:x")]
FORMS: list[tuple[str, ...]] = [(), ("--json",)]


@pytest.mark.parametrize("case", ["well", "database away", "no database named", "a rejected row"])
def test_the_same_with_and_without_the_agent(shop: Shop, case: str) -> None:
    """Each command that has both ways, for people and for programs: exit code, stdout and stderr."""
    shop.back_up(SINGLE)
    shop.configure(mysql={"sqlite_path": str(shop.home / "nuvem.sqlite"), "spread_seconds": 0})
    if case == "a rejected row":
        shop.server.sql("update AGENDA_BACKUP set HORARIO = null where ID = 2;\ncommit;\n", shop.database)
    topbackup(shop, "agenda")
    if case == "database away":
        shop.configure(firebird={"database_path": "localhost/1:/nada.fdb"})
    if case == "no database named":
        shop.configure(firebird={"database_path": ""})
    looks = [("status",), ("agenda",), ("doctor",)] if case == "a rejected row" else LOOKS
    both_ways(shop, "sync")  # nothing waits any more
    alone = {(look, form): both_ways(shop, *look, *form) for look in looks for form in FORMS}
    with running(shop) as agent:
        agent.until("ERROR" if case in {"database away", "no database named"} else "RUNNING")
        for (look, form), expected in alone.items():
            found = both_ways(shop, *look, *form)
            if "TB-FB-DISJUNTOR" in found[1] + found[2]:  # it has tried before, and rests: a command never does
                assert (found[0], "TB-FB-INACESSIVEL" in expected[1] + expected[2]) == (expected[0], True)
            else:
                assert plain(look, form, found) == plain(look, form, expected), (look, form)
        backups = [] if case == "a rejected row" else BACKUPS
        asked = {(backup, form): both_ways(shop, *backup, *form) for backup in backups for form in FORMS}
    for (backup, form), expected in asked.items():  # last: what fails is written down
        code, out, error = both_ways(shop, *backup, *form)
        error = "".join(line for line in error.splitlines(True) if not line.startswith("A nuvem ainda não sabe"))
        if "TB-FB-DISJUNTOR" in expected[1] + expected[2]:
            assert (code, "TB-FB-INACESSIVEL" in out + error) == (expected[0], True)
        else:
            assert (code, out, error) == expected


PROTECTED = "protegido, o último backup está em dia."  # with an agent, which looks for the files
NOBODY_LOOKED = "o último backup está em dia. Ninguém olhou se o arquivo dele ainda está lá."


def plain(command: tuple[str, ...], form: tuple[str, ...], told: tuple[int, str, str]) -> object:
    """Without what may differ: what the agent says of itself, clocks, free space, runs that were written down since."""
    code, out, error = told
    if command[0] == "status":
        if form:
            document = json.loads(out)
            document.pop("agente")
            document.pop("copias_locais")
            document["agendas_rejeitadas"].pop("lida_em")
            return code, document, error
        out = out.replace(PROTECTED, NOBODY_LOOKED)
        lines = [line for line in out.splitlines() if not line.startswith(("Agente:", "  "))]
        return code, lines, error
    if command[0] == "doctor" and form:
        return code, [(each["exame"], each["ok"], each["erro"]) for each in json.loads(out)["exames"]], error
    if command[0] == "doctor":
        return code, [line.split(":")[0] for line in out.splitlines()], error
    return code, json.loads(out) if form else out, error


def test_a_rejected_row_shows_in_status(shop: Shop) -> None:
    shop.server.sql("update AGENDA_BACKUP set HORARIO = null where ID = 2;\ncommit;\n", shop.database)
    with running(shop) as agent:
        agent.until("RUNNING")
        assert "Linhas da agenda rejeitadas, que não fazem backup: 1 (2)" in topbackup(shop, "status").stdout
        (row,) = json.loads(topbackup(shop, "status", "--json").stdout)["agendas_rejeitadas"]["linhas"]
        assert (row["id"], "HORARIO" in row["motivo"]) == ("2", True)
        (finding,) = [each for each in agent.ask("doctor") if not each["ok"]]
        assert finding["erro"]["codigo"] == "TB-AGENDA-LINHA"
        assert "Corrija esta linha" in finding["erro"]["solucao"]
    assert "Linhas da agenda rejeitadas, que não fazem backup: 1 (2)" in topbackup(shop, "status").stdout


@pytest.mark.parametrize("older", [False, True], ids=["begun anew", "left open by an older version"])
def test_what_the_agent_keeps_is_its_account_s_alone(shop: Shop, older: bool) -> None:
    before = os.umask(0o022)
    if older:
        shop.back_up(SINGLE)
        for folder in ("data", "data/travas", "logs"):
            (shop.home / folder).mkdir(exist_ok=True)
            (shop.home / folder).chmod(0o755)
        (shop.home / "data" / "diario.sqlite").chmod(0o644)
    try:
        with running(shop) as agent:
            agent.until("RUNNING")
            shop.back_up(SINGLE)
            for folder in ("data", "data/travas", "logs"):
                assert stat.S_IMODE((shop.home / folder).stat().st_mode) == 0o700, folder
            for file in (shop.home / "data").glob("diario.sqlite*"):
                assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
    finally:
        os.umask(before)


def test_no_module_is_taken_from_the_folder_it_is_started_in(shop: Shop) -> None:
    """By root, in a folder that somebody prepared."""
    trap = shop.home / "armadilha"
    trap.mkdir()
    sprung = shop.home / "pego"
    for name in ("tzlocal", "filelock", "apscheduler", "topcore", "psutil", "sqlite3"):
        (trap / f"{name}.py").write_text(f"open({str(sprung)!r}, 'w').close()\n")
    before = Path.cwd()
    os.chdir(trap)
    try:
        script = str(Path(sys.executable).with_name("topbackup"))
        with running(shop, (script, "run", "--quiet", "--config", str(shop.config))) as agent:
            agent.until("RUNNING")
    finally:
        os.chdir(before)
    assert not sprung.exists()
