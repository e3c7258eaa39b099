"""What every command does without a customer's database: exit codes of design §4.7, JSON, words for people."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

COMMANDS = [["backup"], ["verify", "x.zip"], ["restore", "x.zip", "--to", "n.fdb"], ["agenda"], ["history"], ["status"],
            ["sync"], ["config", "check"], ["doctor"]]  # fmt: skip


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-m", "topbackup", *arguments], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_not_configured_is_3_and_says_what_to_do(tmp_path: Path, command: list[str]) -> None:
    missing = str(tmp_path / "nada.json")
    for_people = run(*command, "--config", missing)
    assert for_people.returncode == 3
    assert for_people.stdout == ""
    assert for_people.stderr.startswith("TB-CONFIG-AUSENTE: O arquivo de configuração não foi encontrado")
    assert "O que fazer" in for_people.stderr
    assert "Traceback" not in for_people.stderr
    for_programs = run(*command, "--config", missing, "--json")
    assert for_programs.returncode == 3
    assert json.loads(for_programs.stdout)["erro"]["codigo"] == "TB-CONFIG-AUSENTE"
    assert for_programs.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["nada"], "comando desconhecido: nada"),
        (["--foo"], "opção desconhecida: --foo"),
        (["backup", "--agenda", "x"], "o valor não serve: --agenda"),
        (["backup", "--agenda"], "opção sem o seu valor: --agenda"),
        (["restore", "x.zip"], "falta: --to"),
        (["verify"], "falta: ARQUIVO"),
        (["verify", "a", "b"], "sobrou: b"),
        (["history", "--limit", "0"], "o valor não serve: --limit"),
    ],
)
def test_bad_usage_is_2_and_named(arguments: list[str], named: str) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"TB-USO: O comando não foi entendido. ({named})\n")
    assert "Traceback" not in done.stderr


def test_bad_usage_for_programs() -> None:
    done = run("history", "--limit", "0", "--json")
    assert (done.returncode, done.stderr) == (2, "")
    assert json.loads(done.stdout)["erro"]["codigo"] == "TB-USO"


def test_agenda_and_database_together_are_2(tmp_path: Path) -> None:
    done = run("backup", "--agenda", "1", "--database", "x", "--config", str(tmp_path / "c.json"))
    assert done.returncode == 2
    assert done.stderr.startswith("TB-USO")


def test_a_new_computer_is_told_as_such(tmp_path: Path) -> None:
    config = tmp_path / "config.json"
    config.write_text('{"firebird": {"database_path": "/nada/x.fdb"}}')
    status = run("status", "--config", str(config))
    assert status.returncode == 0
    assert status.stdout.startswith("SEM_DADOS")
    assert json.loads(run("status", "--json", "--config", str(config)).stdout)["status"] == "SEM_DADOS"
    assert json.loads(run("history", "--json", "--config", str(config)).stdout) == []


def test_config_check_names_the_field(tmp_path: Path) -> None:
    config = tmp_path / "config.json"
    config.write_text('{"mysql": {"port": 0}}')
    done = run("config", "check", "--config", str(config))
    assert done.returncode == 3
    assert "mysql.port" in done.stderr
    config.write_text("{}")
    assert "firebird.database_path" in run("config", "check", "--config", str(config)).stderr


def test_every_command_explains_itself() -> None:
    listing = run("--help").stdout
    for command in ("backup", "verify", "restore", "agenda", "history", "status", "sync", "config", "doctor"):
        assert command in listing
        explained = run(command, "--help")
        assert explained.returncode == 0
        assert "Uso:" in explained.stdout
        for english in ("Usage", "Options", "Arguments", "Show this", "required"):
            assert english not in explained.stdout
