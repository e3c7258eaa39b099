"""A whole backup on Windows: the real Firebird's dump through the named pipe into a ZIP, read back and published."""

import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.windows.conftest import CNPJ
from topbackup.agent.backup_now import Order, back_up_now
from topbackup.agent.parts import Parts
from topbackup.backup.workplace import Progress
from topbackup.cancellation import Cancellation
from topbackup.settings import RouteChoice
from topcore.tables import RunStatus


def test_from_the_agenda_s_database_to_the_published_file(config: Path) -> None:
    steps: list[str] = []
    record = back_up_now(Parts.of(config), Order(), lambda progress: steps.append(progress.step), Cancellation())
    assert record.status is RunStatus.SUCCEEDED, record.failure
    destination = config.parent.parent / "destino"
    archive = destination / f"{CNPJ}.zip"
    manifest = json.loads((destination / f"{CNPJ}.zip.json").read_text(encoding="utf-8"))
    assert manifest["rota"] == RouteChoice.SERVICE_PIPE.value
    assert hashlib.sha256(archive.read_bytes()).hexdigest() == manifest["hash_sha256"] == record.sha256
    with zipfile.ZipFile(io.BytesIO(archive.read_bytes())) as opened:
        (member,) = opened.infolist()
        assert opened.testzip() is None
        assert member.file_size == record.dump_size
    assert manifest["tabelas"]["VENDAS"] == 60_000
    assert {"dump", "check", "publish"} <= set(steps)
    assert sorted(path.name for path in destination.iterdir()) == [f"{CNPJ}.zip", f"{CNPJ}.zip.json"]
    temp = config.parent.parent / "temp"
    assert not temp.exists() or list(temp.iterdir()) == []


def test_cancelled_midway_leaves_what_was_there(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    destination = config.parent.parent / "destino"
    (destination / f"{CNPJ}.zip").write_bytes(b"um bom backup de ontem")
    cancel = Cancellation()

    def midway(progress: Progress) -> None:
        if progress.step == "dump":
            cancel.ask()

    record = back_up_now(Parts.of(config), Order(), midway, cancel)
    assert record.failure is not None
    assert record.failure.code == "TB-CANCELADO"
    assert (destination / f"{CNPJ}.zip").read_bytes() == b"um bom backup de ontem"
    assert [path.name for path in destination.iterdir()] == [f"{CNPJ}.zip"]


def test_the_command_line_says_it_in_portuguese(config: Path) -> None:
    command = [sys.executable, "-X", "utf8", "-m", "topbackup", "backup", "--config", str(config)]
    done = subprocess.run(command, capture_output=True, check=False, timeout=120, env=dict(os.environ))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.decode().startswith("feito: ")
