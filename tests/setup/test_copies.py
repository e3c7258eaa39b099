"""The folders, tried for real: read-only, full, missing, the same, on one disk; by us and by the agent."""

import os
import threading
import time
from collections.abc import Callable
from datetime import time as time_of_day
from pathlib import Path

import pytest

from tests.integration.faults import mounted, read_only
from tests.integration.running_agent import running
from tests.integration.shop import Shop
from topbackup import problems
from topbackup.agent.documents import error_document
from topbackup.cancellation import Cancellation
from topbackup.errors import OperationFailed
from topbackup.ipc.channel import Peer
from topbackup.ipc.messages import Request
from topbackup.ipc.server import Server
from topbackup.ipc.transport import listen
from topbackup.settings import FtpSettings
from topbackup.setup import copies_trial
from topbackup.setup.config import as_settings
from topbackup.setup.copies_trial import try_copies
from topbackup.setup.disks import disks_of, share_a_disk
from topbackup.setup.draft import Draft
from topbackup.setup.fields import Field
from topbackup.setup.findings import CopiesFinding
from topcore.agenda import EVERY_DAY, Agenda


def tried(
    folder: Path,
    first: Path | str,
    second: Path | str = "",
    *,
    agendas: tuple[Agenda, ...] = (),
    database: Path | None = None,
    ftp: Callable[[FtpSettings], None] | None = None,
) -> CopiesFinding:
    draft = Draft().typed(Field.DESTINATION1, str(first)).typed(Field.DESTINATION2, str(second))
    if ftp is not None:
        draft = draft.typed(Field.REMOTE, "S").typed(Field.FTP_HOST, "ftp.exemplo")
    settings = as_settings(draft, folder / "config.json")
    more = {} if ftp is None else {"remote": ftp}
    return try_copies(settings, agendas, database, folder / "config.json", Cancellation(), **more)


def folders(tmp_path: Path, *names: str) -> list[Path]:
    made = [tmp_path / name for name in names]
    for folder in made:
        folder.mkdir()
    return made


def problems_of(found: CopiesFinding) -> list[str | None]:
    return [place.error.code if place.error else None for place in found.places]


def test_two_good_folders_are_written_to_and_left_as_they_were(tmp_path: Path) -> None:
    one, two = folders(tmp_path, "a", "b")
    with mounted(two, "size=1m"):
        found = tried(tmp_path, one, two)
        assert problems_of(found) == [None, None]
        assert found.proven
        assert not found.by_agent
        assert found.account == "root"
        assert [place.warnings for place in found.places] == [(), ()]
        assert all(place.free for place in found.places)
        assert list(one.iterdir()) == list(two.iterdir()) == []


def test_a_folder_without_room_for_the_first_backup(tmp_path: Path) -> None:
    """By the same estimate as the backup's own: it would not begin."""
    (small,) = folders(tmp_path, "pequena")
    database = tmp_path / "loja.fdb"
    database.touch()
    with mounted(small, "size=1m"):
        for size, codes in ((0, []), (10_000, ["TB-DESTINO-CHEIO"])):
            os.truncate(database, size)
            found = tried(tmp_path, small, database=database)
            assert problems_of(found) == [None], "it may still fit"
            assert [warning.code for warning in found.places[0].warnings] == codes
        assert str(small) in found.places[0].warnings[0].sentence
        assert tried(tmp_path, small, database=tmp_path / "alias").places[0].warnings == (), "nobody knows its size"


def test_missing_read_only_and_full(tmp_path: Path) -> None:
    closed, full = folders(tmp_path, "fechada", "cheia")
    with read_only(closed), mounted(full, "size=8k"):
        (full / "x").write_bytes(b"x" * 8192)
        agenda = Agenda(7, time_of_day(23, 0), EVERY_DAY, str(full))
        found = tried(tmp_path, tmp_path / "nada", closed, agendas=(agenda,))
    assert problems_of(found) == ["TB-DESTINO-AUSENTE", "TB-DESTINO-PERMISSAO", "TB-DESTINO-CHEIO"]
    assert found.places[2].agendas == (7,)
    assert not found.proven
    assert found.error is not None
    assert found.error.problem is problems.DESTINATION_MISSING


def test_the_same_folder_twice_is_no_second_copy(tmp_path: Path) -> None:
    (one,) = folders(tmp_path, "a")
    (tmp_path / "b").symlink_to(one)
    found = tried(tmp_path, one, tmp_path / "b")
    assert problems_of(found) == [None, "TB-DESTINO-IGUAL"]


def test_the_same_spelling_twice_is_no_second_copy_either(tmp_path: Path) -> None:
    (one,) = folders(tmp_path, "a")
    assert problems_of(tried(tmp_path, one, one)) == ["TB-DESTINO-IGUAL"]


def test_one_disk_is_warned_of_and_does_not_hold_up(tmp_path: Path) -> None:
    one, two = folders(tmp_path, "a", "b")
    database = tmp_path / "loja.fdb"
    database.write_bytes(b"")
    found = tried(tmp_path, one, two, database=database)
    assert found.proven
    assert [[warning.problem for warning in place.warnings] for place in found.places] == [
        [problems.DESTINATION_ON_DATABASE_DISK],
        [problems.DESTINATION_ON_DATABASE_DISK, problems.DESTINATIONS_ON_ONE_DISK],
    ]


def test_an_agenda_in_a_folder_of_the_settings_is_tried_once(tmp_path: Path) -> None:
    one, two = folders(tmp_path, "a", "b")
    agendas = tuple(Agenda(number, time_of_day(1, 0), EVERY_DAY, str(one), str(two)) for number in (1, 2))
    found = tried(tmp_path, one, agendas=agendas)
    assert [(place.path, place.agendas) for place in found.places] == [(str(one), (1, 2)), (str(two), (1, 2))]


def test_a_folder_that_hangs_costs_its_time_limit_and_a_cancelled_trial_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (one,) = folders(tmp_path, "a")
    monkeypatch.setattr(copies_trial, "_writer", lambda _config: lambda _path: time.sleep(60))
    monkeypatch.setattr(copies_trial, "_FOLDER_SECONDS", 0.3)
    assert problems_of(tried(tmp_path, one)) == ["TB-TESTE-TEMPO"]
    monkeypatch.setattr(copies_trial, "_FOLDER_SECONDS", 60.0)
    cancel = Cancellation()
    threading.Timer(0.2, cancel.ask).start()
    settings = as_settings(Draft().typed(Field.DESTINATION1, str(one)), tmp_path / "config.json")
    with pytest.raises(OperationFailed) as told:
        try_copies(settings, (), None, tmp_path / "config.json", cancel)
    assert told.value.problem is problems.TRIAL_CANCELLED


def test_the_remote_place_counts_too(tmp_path: Path) -> None:
    (one,) = folders(tmp_path, "a")
    asked: list[FtpSettings] = []
    good = tried(tmp_path, one, ftp=asked.append)
    assert good.proven
    assert good.remote is not None
    assert asked[0].host == "ftp.exemplo"

    def refuse(_ftp: FtpSettings) -> None:
        raise OperationFailed(problems.REMOTE_LOGIN)

    assert not tried(tmp_path, one, ftp=refuse).proven


def test_the_agent_that_runs_is_the_one_who_writes(shop: Shop) -> None:
    shop.configure()
    with running(shop):
        (folder,) = folders(shop.home, "destino")
        with read_only(folder):
            closed = tried(shop.home, folder)
        assert problems_of(closed) == ["TB-DESTINO-PERMISSAO"]
        found = tried(shop.home, folder)
        assert found.by_agent
        assert found.proven
        assert found.account == "root"
        assert list(folder.iterdir()) == []


def test_what_the_agents_account_cannot_write_to_is_no_destination_though_we_can(tmp_path: Path) -> None:
    """An agent of another account cannot be had here: its answers are given in its place."""
    one, two = folders(tmp_path, "a", "b")

    def answer(request: Request, _peer: Peer) -> dict[str, object]:
        if request.arguments.get("pasta") == str(two):
            raise OperationFailed(problems.DESTINATION_READ_ONLY, str(two))
        return {"livre": 1 << 30, "conta": "SISTEMA"}

    server = Server(listen(tmp_path), answer, error_document)
    server.start()
    try:
        found = tried(tmp_path, one, two)
    finally:
        server.close()
    assert problems_of(found) == [None, "TB-DESTINO-PERMISSAO"]
    assert found.account == "SISTEMA"


@pytest.mark.parametrize("refusal", [problems.NOT_ALLOWED, problems.MESSAGE_INVALID])
def test_an_agent_that_does_not_let_us_ask_or_knows_no_such_request(tmp_path: Path, refusal: problems.Problem) -> None:
    (one,) = folders(tmp_path, "a")

    def answer(_request: Request, _peer: Peer) -> None:
        raise OperationFailed(refusal)

    server = Server(listen(tmp_path), answer, error_document)
    server.start()
    try:
        found = tried(tmp_path, one)
    finally:
        server.close()
    assert found.proven
    assert not found.by_agent, "and it is not said to have been the agent"


def test_disks_of_this_machine(tmp_path: Path) -> None:
    (other,) = folders(tmp_path, "outro")
    assert disks_of(tmp_path)
    assert share_a_disk(tmp_path, other)
    with mounted(other, "size=1m"):
        assert not share_a_disk(tmp_path, other)
    assert not share_a_disk(tmp_path, tmp_path / "nada")
