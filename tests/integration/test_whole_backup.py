"""A row of AGENDA_BACKUP goes in at one end, proven copies come out at the other."""

import hashlib
import json
import shutil
import subprocess
import time
import zipfile
from pathlib import Path

import pytest

from tests.integration.faults import REAL_GBAK
from tests.integration.shop import CNPJ, ROWS, SINGLE, VERSIONED, WEEKDAY, Shop
from topbackup.backup.workplace import Progress
from topbackup.cancellation import Cancellation
from topbackup.firebird.address import DatabaseAddress
from topbackup.firebird.dump import DumpLimits, open_dump
from topbackup.firebird.routes import DumpRequest, routes_to_try
from topbackup.settings import RouteChoice
from topcore.tables import Proof, RunStatus

ROUTES = [route for route in RouteChoice if route is not RouteChoice.AUTO]


def test_a_single_backup_replaces_the_older_one_in_both_folders(shop: Shop) -> None:
    shop.configure(backup={"verificar_backup": True})
    record = shop.back_up(SINGLE)
    assert record.status is RunStatus.SUCCEEDED
    assert record.failure is None
    assert record.proof is Proof.PROVEN
    first, second = shop.d1 / f"{CNPJ}.zip", shop.d2 / f"{CNPJ}.zip"
    assert first.read_bytes() == second.read_bytes()
    assert hashlib.sha256(first.read_bytes()).hexdigest() == record.sha256
    assert first.stat().st_size == record.size
    assert subprocess.run(["unzip", "-tq", first], check=False).returncode == 0
    assert zipfile.ZipFile(first).namelist() == [f"{CNPJ}.fbk"]
    manifest = json.loads((shop.d1 / f"{CNPJ}.zip.json").read_text())
    assert manifest["tabelas"] == {"AGENDA_BACKUP": 3, "EMPRESA": 1, "VAZIA": 0, "VENDAS": ROWS}
    assert manifest["hash_sha256"] == record.sha256
    assert manifest["data_verificacao"] is not None
    assert [place["lugar"] for place in manifest["lugares"]] == [record.destination1, record.destination2]
    assert manifest["lugares"][0]["dispositivo"] == manifest["dispositivo_banco"]
    replaced = tuple(folder / f"{CNPJ}.zip{suffix}" for folder in (shop.d1, shop.d2) for suffix in ("", ".json"))
    shop.assert_nothing_lost(but=replaced)
    shop.assert_server_free()


def test_names_of_the_three_kinds(shop: Shop) -> None:
    names = [shop.back_up(agenda).file_name for agenda in (VERSIONED, WEEKDAY, SINGLE)]
    assert names[0].startswith(f"{CNPJ}_20")
    assert names[1] in {f"{CNPJ}_{day}.zip" for day in ("SEG", "TER", "QUA", "QUI", "SEX", "SAB", "DOM")}
    assert names[2] == f"{CNPJ}.zip"
    assert all((folder / name).exists() for folder in (shop.d1, shop.d2) for name in names)


@pytest.mark.parametrize("route", ROUTES)
def test_every_route_restores_to_the_same_rows(shop: Shop, route: RouteChoice) -> None:
    """The contract of all dump routes; the restore is gbak's own, with nothing of ours in between."""
    if route is RouteChoice.EMBEDDED:
        shop.parts.registration()
        copy = shop.home / "fechado.fdb"  # a file that no server holds
        shutil.copy(shop.database, copy)
        shop.server.sql(f"update AGENDA_BACKUP set BANCO_ORIGEM = '{copy}';\ncommit;\n", shop.database)
    shop.configure(backup={"rota": route.value, "verificar_backup": False})
    record = shop.back_up(SINGLE)
    assert record.status is RunStatus.SUCCEEDED, record.failure
    manifest = json.loads((Path(record.destination1) / f"{record.file_name}.json").read_text())
    assert manifest["rota"] == route.value
    with zipfile.ZipFile(Path(record.destination1) / record.file_name) as archive:
        archive.extractall(shop.home)
        dump = shop.home / archive.namelist()[0]
    restored = shop.home / "restaurado.fdb"
    shop.server.run("gbak", "-c", "-se", f"localhost/{shop.server.port}:service_mgr", str(dump), str(restored))
    counts = {
        table: int(shop.server.sql(f"set heading off;\nselect count(*) from {table};\n", restored))
        for table in ("AGENDA_BACKUP", "EMPRESA", "VAZIA", "VENDAS")
    }
    assert counts == {"AGENDA_BACKUP": 3, "EMPRESA": 1, "VAZIA": 0, "VENDAS": ROWS} == manifest["tabelas"]
    shop.assert_server_free()


def test_auto_takes_the_pipe_and_leaves_no_temporary_byte(shop: Shop) -> None:
    seen: set[str] = set()

    def look(progress: Progress) -> None:
        if progress.step == "dump":
            temp = shop.home / "temp"
            seen.update("fifo" if path.is_fifo() else path.name for path in temp.rglob("*") if not path.is_dir())

    shop.back_up(SINGLE, look)
    assert seen == {"fifo"}
    assert json.loads((shop.d1 / f"{CNPJ}.zip.json").read_text())["rota"] == "servico-pipe"


def test_progress_counts_up_to_the_dump(shop: Shop) -> None:
    shop.back_up(SINGLE)
    steps: list[Progress] = []
    record = shop.back_up(SINGLE, steps.append)
    dump = [step for step in steps if step.step == "dump"]
    assert [step.done for step in dump] == sorted(step.done for step in dump)
    assert dump[-1].done == dump[-1].total == record.dump_size  # the last run told how much to expect
    assert list(dict.fromkeys(step.step for step in steps)) == ["dump", "check", "publish", "copy"]


@pytest.mark.parametrize("route", ROUTES)
def test_a_route_leaves_nothing_in_its_folder(shop: Shop, route: RouteChoice, tmp_path: Path) -> None:
    """Read to the end, and left midway: no dump stays (a killed embedded engine may leave its lock files)."""
    folder = tmp_path / "rota"
    folder.mkdir()
    source = shop.parts.source
    if route is RouteChoice.EMBEDDED:
        shutil.copy(shop.database, tmp_path / "fechado.fdb")
        source = DatabaseAddress(None, source.port, str(tmp_path / "fechado.fdb"))
    request = DumpRequest(Path(REAL_GBAK), source, shop.parts.login, folder, Path(source.path))
    routes = routes_to_try(route, source, server_answers=True)
    limits = DumpLimits(60, 60, time.monotonic)
    with open_dump(request, routes, limits, Cancellation(), lambda done: None) as dump:
        size = sum(len(block) for block in dump.blocks())
        assert dump.report().size == size
    assert list(folder.rglob("*.fbk")) == []
    with open_dump(request, routes, limits, Cancellation(), lambda done: None) as dump:
        next(iter(dump.blocks()))
    assert list(folder.rglob("*.fbk")) == []
    shop.assert_server_free()
