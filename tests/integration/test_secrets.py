"""No secret in an argv, a log, the journal, an exception or JSON."""

import json
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest

from tests.integration.faults import REAL_GBAK, wrapper
from tests.integration.shop import SINGLE, Shop
from topbackup.settings import RouteChoice

ROUTES = [route.value for route in RouteChoice if route is not RouteChoice.EMBEDDED]


def run_cli(shop: Shop, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "topbackup", *arguments, "--config", str(shop.config)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


class Watch(threading.Thread):
    """Reads every command line on the machine, as often as it can, while the block runs."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.seen: set[str] = set()
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.is_set():
            for process in psutil.process_iter(["cmdline"]):
                self.seen.add(" ".join(process.info["cmdline"] or []))

    def __enter__(self) -> "Watch":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.join()


@pytest.mark.parametrize("route", ROUTES)
def test_the_process_list_shows_gbak_but_never_the_password(shop: Shop, route: str) -> None:
    """gbak hides its -pass after some milliseconds, so a wrapper also writes down the very argv that it was given."""
    arguments = shop.home / "argv.txt"
    gbak = wrapper(shop.home / "gbak", f'echo "$@" >> {arguments}; exec {REAL_GBAK} "$@"')
    (shop.home / "isql-fb").symlink_to("/usr/bin/isql-fb")
    shop.configure(backup={"rota": route, "verificar_backup": True}, firebird={"gbak_path": str(gbak)})
    with Watch() as watch:
        done = run_cli(shop, "backup", "--agenda", str(SINGLE), "--json")
    assert json.loads(done.stdout)["verificado"] == "S", done.stdout
    assert any("gbak" in line and "-b" in line.split() for line in watch.seen), "the watch was too slow to see gbak"
    assert not [line for line in watch.seen if shop.server.password in line]
    assert len(arguments.read_text().splitlines()) == 2, "a backup and a restore"
    assert shop.server.password not in arguments.read_text()


def test_nothing_that_is_written_or_shown_holds_a_password(shop: Shop) -> None:
    wrong = "errada-123-nao-vaza"
    outputs = [run_cli(shop, "backup", "--agenda", str(SINGLE)), run_cli(shop, "doctor", "--json")]
    shop.configure(firebird={"password": wrong})
    outputs += [
        run_cli(shop, *command) for command in (["backup"], ["doctor"], ["agenda", "--json"], ["config", "check"])
    ]
    for done in outputs:
        assert "Traceback" not in done.stdout + done.stderr
        for secret in (shop.server.password, wrong):
            assert secret not in done.stdout + done.stderr
    written = [path for path in shop.home.rglob("*") if path.is_file() and path != shop.config]
    assert any("diario" in path.name for path in written)
    assert any(path.suffix == ".log" for path in written)
    for path in written:
        for secret in (shop.server.password, wrong):
            assert secret.encode() not in Path(path).read_bytes() or path.suffix == ".fdb", path
