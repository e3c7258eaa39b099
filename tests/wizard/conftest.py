"""One desktop, one Firebird server for the session; a shop in a folder of its own for each test."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.firebird_server import FirebirdServer
from lab.shop_database import AgendaRow, create_shop_database, set_agendas
from tests.gui.desktop import desktop
from tests.integration.conftest import firebird
from tests.wizard.person import Hands
from tests.wizard.shops import Bakery

__all__ = ["firebird"]

PICTURES = os.environ.get("TOPBACKUP_PICTURES")


@pytest.fixture(scope="session")
def hands(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hands]:
    with desktop(tmp_path_factory.mktemp("tela"), tray=False) as display:
        yield Hands(display)


@pytest.fixture(scope="session")
def template(firebird: FirebirdServer) -> Path:
    path = firebird.database_folder / "modelo.fdb"
    create_shop_database(firebird, path, megabytes=12)
    return path


@pytest.fixture
def bakery(firebird: FirebirdServer, template: Path, tmp_path: Path) -> Bakery:
    """With a schedule, two folders, and no config.json."""
    database = tmp_path / "PADARIA.FDB"
    shutil.copy(template, database)
    bakery = Bakery(firebird, database, tmp_path)
    for folder in (bakery.first, bakery.second):
        folder.mkdir()
    rows = [
        AgendaRow(1, "23:00", bakery.first, bakery.second),
        AgendaRow(2, "12:30", bakery.first, days="SEG QUA SEX", prefix="U"),
    ]
    set_agendas(firebird, database, rows)
    return bakery


@pytest.fixture
def pictures() -> Path | None:
    """Where the pictures go, for people to look at; None: nobody looks."""
    return Path(PICTURES) if PICTURES else None
