"""The agent killed -9 before, during and after each step: nothing good is lost, and the next start tidies up."""

import hashlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.shop import SINGLE, VERSIONED, WEEKDAY, Shop
from topcore.tables import RunStatus

RUN = "topbackup.backup.run"
JOURNAL = "topbackup.journal.journal:Journal"
FOLDER = "topbackup.destinations.folder:Folder"

# In the order of the run; the number is the call at which it dies.
POINTS = [
    (f"{JOURNAL}.begin", "before", 1),
    (f"{JOURNAL}.begin", "after", 1),
    (f"{JOURNAL}.update", "before", 1),
    (f"{JOURNAL}.update", "after", 1),
    (f"{RUN}:open_dump", "before", 1),
    ("topbackup.firebird.gbak_process:GbakProcess.__init__", "after", 1),
    ("topbackup.backup.zip_writer:ZipWriter.write", "before", 1),
    ("topbackup.backup.zip_writer:ZipWriter.write", "after", 3),
    ("topbackup.backup.zip_writer:ZipWriter.finish", "before", 1),
    ("topbackup.backup.zip_writer:ZipWriter.finish", "after", 1),
    (f"{RUN}:write_archive", "after", 1),
    (f"{RUN}:read_back", "before", 1),
    (f"{RUN}:read_back", "after", 1),
    ("topbackup.firebird.restore_routes:_feed", "after", 1),
    (f"{RUN}:prove", "after", 1),
    (f"{FOLDER}.write", "after", 1),
    (f"{FOLDER}.publish", "before", 1),
    (f"{FOLDER}.publish", "after", 1),  # the ZIP is published, its manifest is not
    (f"{FOLDER}.publish", "after", 2),
    (f"{FOLDER}.copy_in", "before", 1),
    (f"{FOLDER}.copy_in", "after", 1),
    (f"{FOLDER}.publish", "after", 3),
    (f"{FOLDER}.publish", "after", 4),
    (f"{JOURNAL}.update", "before", 2),
    (f"{JOURNAL}.update", "after", 2),
]


def kill_at(shop: Shop, point: tuple[str, str, int], agenda: int) -> None:
    target, when, number = point
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.integration.killed_agent",
            str(shop.config),
            str(agenda),
            target,
            when,
            str(number),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.returncode == -signal.SIGKILL, f"{point}: {done.stdout}{done.stderr[-2000:]}"


def assert_every_name_is_whole(shop: Shop) -> None:
    """Each file is an older one, byte for byte, or the new one with its own manifest; nothing else, nothing half."""
    for path, old in shop.good.items():
        if path.suffix == ".json" or path.read_bytes() == old:
            continue
        manifest = json.loads(path.with_name(path.name + ".json").read_text())
        assert hashlib.sha256(path.read_bytes()).hexdigest() == manifest["hash_sha256"]
    for folder in (shop.d1, shop.d2):
        assert list(folder.glob("*.part")) == []
        for manifest_path in folder.glob("*.json"):
            archive = Path(str(manifest_path).removesuffix(".json"))
            if manifest_path.read_bytes() != shop.good.get(manifest_path):
                document = json.loads(manifest_path.read_text())
                assert hashlib.sha256(archive.read_bytes()).hexdigest() == document["hash_sha256"]
    temp = shop.home / "temp"
    assert not temp.exists() or list(temp.iterdir()) == []


@pytest.mark.parametrize("point", POINTS, ids=lambda point: f"{point[0].split(':')[1]}-{point[1]}-{point[2]}")
def test_killed(shop: Shop, point: tuple[str, str, int], request: pytest.FixtureRequest) -> None:
    agenda = (SINGLE, WEEKDAY, VERSIONED)[POINTS.index(point) % 3]
    shop.configure(backup={"verificar_backup": True})
    kill_at(shop, point, agenda)
    journal, interrupted = shop.parts.open_journal()
    with journal:
        outbox = [(entry.record.run_id, entry.record.status) for entry in journal.pending(100)]
    runs = shop.history()
    if point == (f"{JOURNAL}.begin", "before", 1):
        assert (runs, interrupted, outbox) == ([], [], [])
    elif point == (f"{JOURNAL}.update", "after", 2):
        assert [run.status for run in runs] == [RunStatus.SUCCEEDED]
        assert interrupted == []
    else:
        assert [run.status for run in runs] == [RunStatus.FAILED]
        assert runs[0].failure is not None
        assert runs[0].failure.code == "TB-INTERROMPIDO"
        assert interrupted == runs
        assert outbox[-1] == (runs[0].run_id, RunStatus.FAILED), "the cloud will hear of it"
    assert_every_name_is_whole(shop)
    shop.assert_server_free()
    if agenda != VERSIONED:
        shop.assert_next_run_is_fine(agenda)


def test_a_running_one_is_not_called_interrupted(shop: Shop) -> None:
    from tests.integration.faults import Midway

    found: list[object] = []

    def look() -> None:
        journal, interrupted = shop.parts.open_journal()
        with journal:
            found.extend([interrupted, journal.history(1)[0].status])

    shop.back_up(told=Midway(look))
    assert found == [[], RunStatus.RUNNING]


KILLED_VERIFY = """
import sys
from tests.integration.killed_agent import arm
arm("topbackup.firebird.restore_routes:_feed", "after", 1)
from topbackup.__main__ import main
main()
"""


def test_a_killed_verification_leaves_its_scratch_to_the_next_start(shop: Shop) -> None:
    shop.back_up(SINGLE)
    archive = str(shop.d1 / "11222333000181.zip")
    command = [sys.executable, "-c", KILLED_VERIFY, "verify", archive, "--config", str(shop.config)]
    assert subprocess.run(command, check=False, timeout=60).returncode == -signal.SIGKILL
    (left,) = (shop.home / "temp").iterdir()
    assert list(left.iterdir()) != []
    shop.history()
    assert not left.exists()
    assert len(list((shop.home / "data" / "travas").iterdir())) == 1, "the database's own lock, and no other"
