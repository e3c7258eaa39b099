"""Who runs: our backup, our routes, the server's own dump, the classic pipeline, and gbak | pigz."""

import json
import os
import shutil
import subprocess
import time
import zipfile
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from lab.firebird_server import FirebirdServer
from lab.shop_database import AgendaRow, create_shop_database
from topbackup.agent.backup_now import Order, back_up_now
from topbackup.agent.parts import Parts
from topbackup.cancellation import Cancellation
from topbackup.firebird.address import DatabaseAddress
from topbackup.firebird.dump import DumpLimits, open_dump
from topbackup.firebird.routes import DumpRequest, routes_to_try
from topbackup.settings import RouteChoice
from topcore.record import BackupRecord


class Bench:
    """A live server with a shop's database that an attachment holds open, two folders, and our settings."""

    def __init__(self, root: Path, megabytes: int) -> None:
        root.mkdir()
        self.root = root
        self.d1, self.d2 = root / "d1", root / "d2"
        self.config = root / "config.json"
        self.last: BackupRecord | None = None
        for folder in (self.d1, self.d2):
            folder.mkdir()
        self.server = FirebirdServer(root / "firebird").start()
        self.database = self.server.database_folder / "loja.fdb"
        agendas = [AgendaRow(1, "23:00", self.d1, self.d2, "U")]
        create_shop_database(self.server, self.database, megabytes=megabytes, agendas=agendas)
        self.closed = self.server.database_folder / "fechado.fdb"
        shutil.copy(self.database, self.closed)
        login = {"user": self.server.user, "password": self.server.password}
        firebird = {"database_path": self.server.address(self.database), **login}
        self.config.write_text(json.dumps({"firebird": firebird, "backup": {"verificar_backup": False}}))

    def __enter__(self) -> Self:
        self._holder = subprocess.Popen(
            ["isql-fb", "-q", self.server.address(self.database)], stdin=subprocess.PIPE, env=self._login
        )
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._holder.kill()
        self._holder.wait()
        self.server.stop()

    @property
    def database_size(self) -> int:
        """Bytes of the .fdb."""
        return self.database.stat().st_size

    def contenders(self) -> dict[str, Callable[[], float]]:
        """By name; each gives its seconds. Beside each route, the bare gbak of the same kind into /dev/null."""
        works: dict[str, Callable[[], object]] = {
            "floor: service to a file": self._floor,
            "topbackup": self._ours,
            "classic: TCP, zipfile 6, two copies": self._classic,
            "gbak … stdout | pigz": self._pigz,
        }
        bare = {
            RouteChoice.SERVICE_PIPE: ("-se", self._service, str(self.database)),
            RouteChoice.SERVICE_FILE: ("-se", self._service, str(self.database)),
            RouteChoice.EMBEDDED: (str(self.closed),),
            RouteChoice.CLIENT_TCP: (self.server.address(self.database),),
        }
        for choice, arguments in bare.items():
            works[f"bare route {choice}"] = partial(self._gbak, *arguments, os.devnull)
            works[f"route {choice}"] = partial(self._route, choice)
        return {name: partial(_timed, work) for name, work in works.items()}

    def sizes(self) -> dict[str, int]:
        """Bytes: of our archive, of the same dump by zlib 6, and of what a backup keeps in its temporary folder."""
        assert self.last is not None, "measured first"
        assert self.last.size is not None, "it succeeded"
        packer, packed = zlib.compressobj(6), 0
        with zipfile.ZipFile(self.d1 / self.last.file_name) as archive, archive.open(archive.namelist()[0]) as dump:
            while block := dump.read(1 << 20):
                packed += len(packer.compress(block))
        packed += len(packer.flush())
        return {"topbackup": self.last.size, "zlib 6": packed, "temporary": self._temporary_bytes()}

    def _floor(self) -> None:
        target = self.root / "floor.fbk"
        self._gbak("-se", self._service, str(self.database), str(target))
        target.unlink()

    def _ours(self) -> None:
        self.last = back_up_now(Parts.of(self.config), Order(1), lambda progress: None, Cancellation())
        assert self.last.failure is None, self.last.failure

    def _classic(self) -> None:
        dump, first = self.root / "temp.fbk", self.root / "classic.zip"
        self._gbak(self.server.address(self.database), str(dump))
        with zipfile.ZipFile(first, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            archive.write(dump, "loja.fbk")
        copies = [shutil.copy(first, folder / "classic.zip") for folder in (self.d1, self.d2)]
        for path in (dump, first, *copies):
            Path(path).unlink()

    def _pigz(self) -> None:
        target = self.root / "dump.fbk.gz"
        command = ["gbak", "-b", self.server.address(self.database), "stdout"]
        with target.open("wb") as packed:
            gbak = subprocess.Popen(command, env=self._login, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
            subprocess.run(["pigz"], stdin=gbak.stdout, stdout=packed, check=True)
            assert gbak.wait() == 0
        target.unlink()

    def _route(self, choice: RouteChoice) -> None:
        """A route alone: gbak's bytes into nothing."""
        parts, folder = Parts.of(self.config), self.root / "route"
        folder.mkdir(exist_ok=True)
        source = parts.source
        if choice is RouteChoice.EMBEDDED:
            source = DatabaseAddress(None, source.port, str(self.closed))
        request = DumpRequest(Path(shutil.which("gbak") or "gbak"), source, parts.login, folder, Path(source.path))
        limits = DumpLimits(3600, 600, time.monotonic)
        routes = routes_to_try(choice, source, server_answers=True)
        with open_dump(request, routes, limits, Cancellation(), lambda done: None) as dump:
            for _ in dump.blocks():
                pass
            dump.report()

    def _temporary_bytes(self) -> int:
        """The most that is in the agent's temporary folder during one backup."""
        most = 0

        def look(_: object) -> None:
            nonlocal most
            files = [path for path in (self.root / "temp").rglob("*") if path.is_file()]
            most = max(most, sum(path.stat().st_size for path in files))

        back_up_now(Parts.of(self.config), Order(1), look, Cancellation())
        return most

    def _gbak(self, *arguments: str) -> None:
        subprocess.run(
            ["gbak", "-b", "-v", *arguments],
            env=self._login,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=True,
        )

    @property
    def _service(self) -> str:
        return f"{self.server.host}/{self.server.port}:service_mgr"

    @property
    def _login(self) -> dict[str, str]:
        return self.server.environment | self.server.login


def _timed(work: Callable[[], object]) -> float:
    os.sync()  # what the one before left to be written is not this one's time
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
