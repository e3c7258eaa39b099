"""The door of the command line: whatever the terminal, the pipe and the person do, no traceback and no English."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from tests.integration.faults import need_root
from topbackup.journal import Journal
from topbackup.places import Places
from topcore.company import TaxId
from topcore.record import BackupRecord, Failure
from topcore.tables import NamingScheme

TOPBACKUP = (sys.executable, "-m", "topbackup")


def runs(config: Path, count: int, words: str = "não deu — ≥ 1 → ✔ 日本") -> None:
    """So many failed runs in the journal of these settings."""
    began = datetime.now(UTC) - timedelta(days=40)
    with Journal.open(Places(config).journal) as journal:
        for number in range(count):
            at = began + timedelta(minutes=number)
            record = BackupRecord(
                run_id=uuid4(),
                tax_id=TaxId("11222333000181"),
                source="/São João.fdb",
                naming=NamingScheme.SINGLE,
                manual=True,
                started_at=at,
                file_name="São João.zip",
                destination1="/d",
            )
            journal.could_not_begin(record.failed(at, Failure("TB-FB-ERRO", words)))


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.json"
    path.write_text('{"firebird": {"database_path": "127.0.0.1/1:/nada/x.fdb"}}')
    return path


def run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [*TOPBACKUP, *arguments], capture_output=True, check=False, env=os.environ | environment, timeout=60
    )


@pytest.mark.parametrize("encoding", ["cp1252", "cp850", "ascii", "utf-8"])
@pytest.mark.parametrize("command", [["history"], ["doctor"], ["--help"]], ids=" ".join)
def test_a_terminal_that_cannot_show_every_sign(config: Path, command: list[str], encoding: str) -> None:
    runs(config, 2)
    named = [] if command == ["--help"] else ["--config", str(config)]
    done = run(*command, *named, PYTHONUTF8="0", PYTHONIOENCODING=encoding)
    said = (done.stdout + done.stderr).decode(encoding)
    assert "TB-INTERNO" not in said
    assert "Traceback" not in said
    assert done.returncode in {0, 1}
    if command == ["history"]:
        assert ("──" in said) == (encoding in {"utf-8", "cp850"})
        assert ("--" in said) == (encoding not in {"utf-8", "cp850"})
    if command == ["doctor"]:
        assert said.startswith("✘ Firebird" if encoding == "utf-8" else "X Firebird")


@pytest.mark.parametrize("encoding", ["cp1252", "cp850", "ascii", "utf-8"])
def test_json_is_the_same_document_in_every_encoding(config: Path, encoding: str) -> None:
    words = "não — ≥ → ✔ 日本"
    runs(config, 1, words)
    done = run("history", "--json", "--config", str(config), PYTHONUTF8="0", PYTHONIOENCODING=encoding)
    assert done.returncode == 0
    (found,) = json.loads(done.stdout)  # as RFC 8259 has it: UTF-8
    assert found["mensagem_erro"] == words


INTERRUPTED = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # whatever the one who started the tests did with it
place = sys.argv.pop(1)
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == place:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Finder())
if sys.argv[1] == "the agent":
    sys.argv[1:2] = []
    import runpy
    runpy.run_module("topbackup.cli.foreground", run_name="__main__")
from topbackup.__main__ import main
main()
"""
READ = [
    *(("status", place) for place in ("topbackup.cli.door", "typer", "topbackup.cli.app", "topbackup.settings_file",
                                      "pydantic", "topbackup.ipc.client", "topbackup.journal.schema")),
    *(("the agent", place) for place in ("topbackup.agent.host", "pydantic", "topbackup.service.ending")),
]  # fmt: skip


@pytest.mark.parametrize(("command", "place"), READ)
def test_ctrl_c_while_the_program_is_being_read_is_quiet(config: Path, command: str, place: str) -> None:
    """It comes at the very moment at which that module is asked for."""
    named = [str(config), "--quiet"] if command == "the agent" else ["--config", str(config)]
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, place, command, *named], capture_output=True, check=False, timeout=20
    )
    assert (done.returncode, done.stderr) == (130, b"")


UNTIL = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from topbackup.__main__ import main
main()
"""


@pytest.mark.parametrize("command", [["status", "--watch"], ["logs", "-f"]], ids=" ".join)
def test_ctrl_c_ends_what_goes_on_until_ctrl_c(config: Path, command: list[str]) -> None:
    (config.parent / "logs").mkdir()
    (config.parent / "logs" / "topbackup.log").write_text("uma linha\n")
    with subprocess.Popen(
        [sys.executable, "-c", UNTIL, *command, "--config", str(config)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()  # it has shown what there was
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        try:
            _, said = process.communicate(timeout=30)
        finally:
            process.kill()
    assert (process.returncode, said) == (0, b"")


@pytest.mark.parametrize("command", [["history", "--limit", "2000"], ["history", "--limit", "2000", "--json"]])
def test_a_reader_that_leaves_ends_it_quietly(config: Path, command: list[str]) -> None:
    runs(config, 2000)
    with subprocess.Popen(
        [*TOPBACKUP, *command, "--config", str(config)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.read(20)
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""
        assert process.wait(30) == 141, "as a shell tells of a program that SIGPIPE ended"
    log = config.parent / "logs" / "topbackup.log"
    assert not log.exists() or "a defect" not in log.read_text()


def test_a_short_answer_whose_reader_left(config: Path) -> None:
    """All of it fits into the buffer, so that it breaks at the very end."""
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [*TOPBACKUP, "status", "--config", str(config)], stdout=write, stderr=subprocess.PIPE, check=False
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.parametrize("command", [["status"], ["history", "--json", "--limit", "300"]], ids=" ".join)
def test_a_full_disk_where_the_answer_goes(config: Path, command: list[str]) -> None:
    runs(config, 300)
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*TOPBACKUP, *command, "--config", str(config)], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 1
    assert "TB-SAIDA: " in done.stderr.decode()
    assert "não há espaço livre no disco [errno 28]" in done.stderr.decode()


def test_a_bundle_where_no_file_can_be(config: Path, tmp_path: Path) -> None:
    for place in (".", "/", str(tmp_path), str(tmp_path / "nao" / "ha" / "x.zip")):
        done = run("doctor", "--bundle", place, "--config", str(config))
        said = done.stderr.decode()
        assert done.returncode == 2, said
        assert said.startswith("TB-PACOTE"), said
        assert "arquivo .zip" in said, "what to do"
    assert list(tmp_path.glob("*.part")) == []


def test_the_agent_in_a_home_that_cannot_be_written(tmp_path: Path) -> None:
    need_root()
    home = tmp_path / "casa"
    home.mkdir()
    config = home / "config.json"
    config.write_text('{"firebird": {"database_path": "/nada/x.fdb"}}')
    subprocess.run(["mount", "--bind", home, home], check=True)
    subprocess.run(["mount", "-o", "remount,ro,bind", home], check=True)
    try:
        for command in (["run"], ["run", "--quiet"], ["backup"], ["status"], ["history"]):
            done = run(*command, "--config", str(config))
            said = (done.stdout + done.stderr).decode()
            assert "Traceback" not in said
            assert "TB-INTERNO" not in said
            assert done.returncode == 1
            assert any(code in done.stderr for code in (b"TB-PASTA: ", b"TB-DIARIO-GRAVACAO: ")), said
            assert "somente para leitura" in said
            assert "Read-only" not in said
    finally:
        subprocess.run(["umount", home], check=True)


@pytest.mark.parametrize("command", [["--start"], ["--stop"], ["--uninstall"]], ids=" ".join)
def test_no_systemd_is_told_as_such(config: Path, command: list[str]) -> None:
    assert not Path("/run/systemd/system").exists(), "these tests run where there is no systemd"
    done = run(*command, "--config", str(config))
    said = done.stderr.decode()
    assert done.returncode == 1
    assert said.startswith("TB-SERVICO-SEM-SYSTEMD"), said
    assert "systemctl" not in said


def test_what_the_system_says_is_in_portuguese(tmp_path: Path) -> None:
    config = tmp_path / "config.json"
    config.mkdir()
    done = run("config", "check", "--config", str(config))
    assert "é uma pasta [errno 21]" in done.stderr.decode()
    config.rmdir()
    config.write_text('{"firebird": {"database_path": "host-que-nao-existe.invalid:/x.fdb"}}')
    said = run("agenda", "--config", str(config)).stderr.decode()
    assert "TB-FB-INACESSIVEL" in said
    assert "Name or service" not in said
    assert "foi encontrado na rede" in said


def test_help_has_no_english_left() -> None:
    for command in ([], ["verify"], ["restore"], ["history"], ["config"], ["config", "check"], ["pause"]):
        said = run(*command, "--help").stdout.decode()
        for english in (
            "[OPTIONS]",
            "COMMAND",
            "[ARGS]",
            "<bool>",
            "<path>",
            "<integer>",
            "archive",
            "ARCHIVE",
            "<int",
        ):
            assert english not in said, (command, english)
