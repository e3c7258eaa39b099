"""A dump and a ZIP of more than 4 GB, by the real gbak: its own count, Zip64, the proof. Minutes, and 16 GB of disk.

The short form in the suite: tests/backup/test_zip_writer.py (5 GB through the writer, none on the disk).
"""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import firebirdsql
import pytest

from lab.firebird_server import FirebirdServer
from tests.integration.shop import CNPJ, SINGLE, Shop

PHOTO = 8 << 20
PHOTOS = 528  # of 8 MB each: 4.1 GiB
LIMIT = 1 << 32


def fill(server: FirebirdServer, database: Path) -> None:
    """Photographs that no deflate makes smaller: one of random bytes, then copies of it inside the server."""
    server.run("gfix", "-write", "async", server.address(database))
    server.sql("create table FOTOS (ID int, FOTO blob);\ncommit;\n", database)
    connection = firebirdsql.connect(
        host="localhost", port=server.port, database=str(database), user=server.user, password=server.password
    )
    connection.cursor().execute("insert into FOTOS values (0, ?)", (os.urandom(PHOTO),))
    connection.commit()
    connection.close()
    copies = "\n".join(
        f"insert into FOTOS select {number}, FOTO from FOTOS where ID = 0;\ncommit;" for number in range(1, PHOTOS)
    )
    server.sql(copies, database)


@pytest.mark.campaign
def test_over_four_gigabytes(firebird: FirebirdServer, shop: Shop) -> None:
    if shutil.disk_usage(shop.home).free < 16 << 30:
        pytest.fail("needs 16 GB of free disk")
    fill(firebird, shop.database)
    command = [sys.executable, "-m", "topbackup"]
    more = ["--config", str(shop.config), "--json"]
    with subprocess.Popen([*command, "backup", "--agenda", str(SINGLE), *more], stdout=subprocess.PIPE) as agent:
        assert agent.stdout is not None
        record = json.loads(agent.stdout.read())
        _, status, usage = os.wait4(agent.pid, 0)
        agent.returncode = os.waitstatus_to_exitcode(status)
    assert agent.returncode == 0, record
    assert usage.ru_maxrss < 80_000, "kilobytes: of the agent, or of the largest program that it started"
    archive = shop.d1 / f"{CNPJ}.zip"
    assert record["tamanho_bytes"] == archive.stat().st_size > LIMIT
    with zipfile.ZipFile(archive) as opened:
        (member,) = opened.infolist()
        assert member.file_size > LIMIT
    assert subprocess.run(["unzip", "-tq", archive], capture_output=True, check=False).returncode == 0
    verified = subprocess.run([*command, "verify", str(archive), *more], capture_output=True, check=False)
    assert verified.returncode == 0, verified.stdout
    manifest = json.loads(archive.with_name(f"{archive.name}.json").read_text(encoding="utf-8"))
    assert manifest["tabelas"]["FOTOS"] == PHOTOS
    assert (shop.d2 / archive.name).stat().st_size == archive.stat().st_size
