"""--config and --json before the command mean what they mean behind it: no technician works on the wrong shop."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


def run(*arguments: str, other: Path) -> "subprocess.CompletedProcess[str]":
    """other: the settings that TOPBACKUP_CONFIG names."""
    command = [sys.executable, "-m", "topbackup", *arguments]
    environment = os.environ | {"TOPBACKUP_CONFIG": str(other)}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=20)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    config = tmp_path / "loja" / "config.json"
    config.parent.mkdir()
    config.write_text('{"firebird": {"database_path": "/da/loja.fdb"}, "app": {"timezone": "America/Manaus"}}')
    return config


@pytest.fixture
def other(tmp_path: Path) -> Path:
    config = tmp_path / "outra" / "config.json"
    config.parent.mkdir()
    config.write_text('{"firebird": {"database_path": "/de/outra.fdb"}}')
    return config


@pytest.mark.parametrize("command", [["status", "--json"], ["config", "check", "--json"]], ids=" ".join)
def test_the_settings_named_before_the_command(shop: Path, other: Path, command: list[str]) -> None:
    done = run("--config", str(shop), *command, other=other)
    assert done.returncode == 0
    assert json.loads(done.stdout)["fuso"] == "America/Manaus"


def test_those_named_behind_it_win(shop: Path, other: Path) -> None:
    done = run("--config", str(other), "status", "--json", "--config", str(shop), other=other)
    assert json.loads(done.stdout)["fuso"] == "America/Manaus"


@pytest.mark.parametrize("command", [["status"], ["config", "check"], ["history"]], ids=" ".join)
def test_json_asked_for_before_the_command(shop: Path, other: Path, command: list[str]) -> None:
    done = run("--json", *command, "--config", str(shop), other=other)
    assert done.returncode == 0
    json.loads(done.stdout)


def test_a_command_that_has_no_json_refuses_it(shop: Path, other: Path) -> None:
    done = run("--json", "run", "--config", str(shop), other=other)
    assert done.returncode == 2
    assert json.loads(done.stdout)["erro"]["detalhe"] == "--json"
