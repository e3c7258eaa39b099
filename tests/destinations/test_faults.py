"""Each fault ends in a whole file or in a clear error; under a whole name there is never half a file."""

import random
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

from lab.remote_peers import Peer, Proftpd, PureFtpd, Sshd, Vsftpd
from tests.destinations.places import (
    Place,
    attempt,
    fails_with,
    folder_of,
    folder_place,
    ftp_of,
    outgoing,
    sftp_of,
    sooner_or_later,
)
from tests.integration.faults import mounted
from topbackup.destinations.contract import Checked, Destination, Outgoing

NAME = "11222333000181.zip"
MB = 1 << 20
CUT = ("TB-REMOTO-QUEDA", "TB-REMOTO-TEMPO", "TB-REMOTO-RECUSADA", "TB-REMOTO-TAMANHO", "TB-REMOTO-OCUPADO")
PEERS: list[Callable[[], Peer]] = [Vsftpd, Proftpd, PureFtpd, Sshd]


def destination_of(server: Peer, data: Path) -> Destination:
    return sftp_of(server, data) if isinstance(server, Sshd) else ftp_of(server)


def cut_at(place: Place, file: Outgoing, points: list[int], older: bytes) -> list[str]:
    """One upload, its connection ended at each of these places; what each attempt before the last ended with."""
    ended = []
    for point in points:

        def told(sent: int, point: int = point) -> None:
            if sent >= point:
                place.cut()

        error = attempt(place, file, told)
        place.heal()
        if error is not None:
            assert error.code in CUT, error
            assert error.retry
            ended.append(error.code)
        place.assert_never_half(NAME, older, file.path.read_bytes())
    return ended


def cuts(place: Place, folder: Path, size: int, count: int) -> None:
    older = outgoing(folder, 1000, seed=1)
    place.destination.put(older, place.transfer())
    file = outgoing(folder, size, seed=2)
    chance = random.Random(size)
    points = sorted(chance.randrange(1, size) for _ in range(count))
    ended = cut_at(place, file, points, older.path.read_bytes())
    assert len(ended) >= count // 2, "the cuts were felt"
    sooner_or_later(place, file)
    assert place.read(NAME) == file.path.read_bytes()
    assert place.names() == [NAME]


def test_the_connection_cut_at_random_points(far_place: Place, tmp_path: Path) -> None:
    cuts(far_place, tmp_path, 20 * MB, 3)


@pytest.mark.campaign
def test_the_connection_cut_at_twenty_points_of_200_megabytes(far_place: Place, tmp_path: Path) -> None:
    cuts(far_place, tmp_path, 200 * MB, 20)


@pytest.mark.parametrize("make", PEERS)
def test_the_server_is_killed_midway(make: Callable[[], Peer], tmp_path: Path) -> None:
    with make() as server:
        place = folder_place(destination_of(server, tmp_path), server.files, server.cut)
        older, file = outgoing(tmp_path, 1000, seed=1), outgoing(tmp_path, 16 * MB, seed=2)
        place.destination.put(older, place.transfer())

        def told(sent: int) -> None:
            if sent > 8 * MB and server.alive:
                sessions = psutil.Process(server.pid).children(recursive=True)
                server.kill()
                for session in sessions:
                    if session.is_running():
                        session.kill()

        with fails_with(*CUT):
            place.destination.put(file, place.transfer(told=told))
        place.assert_never_half(NAME, older.path.read_bytes())
        with fails_with(*CUT):  # refused, or reset where the killed one's socket still takes it
            place.destination.put(file, place.transfer())
        server.again()
        placed = place.destination.put(file, place.transfer())
        assert placed.resumed_at > 0
        assert place.read(NAME) == file.path.read_bytes()
        assert place.names() == [NAME]


@pytest.mark.parametrize("make", [Proftpd, PureFtpd, Sshd])
def test_the_server_hangs_midway(make: Callable[[], Peer], tmp_path: Path) -> None:
    """vsftpd is left out: its own supervisor never recovers from a stopped child."""
    with make() as server:
        place = folder_place(destination_of(server, tmp_path), server.files, server.cut)
        file = outgoing(tmp_path, 32 * MB)
        asleep: list[psutil.Process] = []

        def told(sent: int) -> None:
            if sent > 10 * MB and not asleep:
                asleep.extend(psutil.Process(server.pid).children(recursive=True))
                for session in asleep:
                    session.suspend()

        with fails_with("TB-REMOTO-TEMPO", "TB-REMOTO-QUEDA"):
            place.destination.put(file, place.transfer(told=told))
        assert place.read(NAME) is None
        for session in asleep:
            session.resume()
        sooner_or_later(place, file)
        assert place.read(NAME) == file.path.read_bytes()


@pytest.mark.parametrize("make", [*PEERS, None])
def test_the_disk_there_is_full(make: Callable[[], Peer] | None, tmp_path: Path) -> None:
    with ExitStack() as stack:
        if make is None:
            files = tmp_path / "nas"
            files.mkdir()
            place = folder_place(folder_of(files), files, lambda: None)
            stack.enter_context(mounted(files, "size=4m"))
        else:
            server = stack.enter_context(make())
            files = stack.enter_context(server.filled("4m"))
            place = folder_place(destination_of(server, tmp_path), files, server.cut)
        older, file = outgoing(tmp_path, MB, seed=1), outgoing(tmp_path, 8 * MB, seed=2)
        place.destination.put(older, place.transfer())
        with fails_with("TB-REMOTO-CHEIO"):
            place.destination.put(file, place.transfer())
        place.assert_never_half(NAME, older.path.read_bytes())


def test_the_quota_is_full(tmp_path: Path) -> None:
    with PureFtpd(quota=4) as server:
        place = folder_place(ftp_of(server), server.files, server.cut)
        older, file = outgoing(tmp_path, MB, seed=1), outgoing(tmp_path, 8 * MB, seed=2)
        place.destination.put(older, place.transfer())
        with fails_with("TB-REMOTO-CHEIO"):
            place.destination.put(file, place.transfer())
        place.assert_never_half(NAME, older.path.read_bytes())


def test_an_attempt_that_did_not_hear_of_its_rename_sends_nothing_again(far_place: Place, tmp_path: Path) -> None:
    place, file = far_place, outgoing(tmp_path, MB)
    place.destination.put(outgoing(tmp_path, MB, seed=1), place.transfer())

    place.destination.put(file, place.transfer())  # and killed before it was written down
    assert place.read(NAME) == file.path.read_bytes()
    sent: list[int] = []
    assert place.destination.put(file, place.transfer(told=sent.append)).checked in Checked
    assert sent == []
    assert place.names() == [NAME]


@pytest.mark.parametrize("altered", ["at its end", "before it", "too long"])
@pytest.mark.parametrize("make", PEERS)
def test_a_half_file_that_was_changed_there(make: Callable[[], Peer], tmp_path: Path, altered: str) -> None:
    with make() as server:
        place = folder_place(destination_of(server, tmp_path), server.files, server.cut)
        file = outgoing(tmp_path, 16 * MB)
        with fails_with(*CUT):
            place.destination.put(file, place.transfer(told=lambda sent: server.cut() if sent > 8 * MB else None))
        (half,) = server.files.iterdir()
        with half.open("r+b") as there:
            match altered:
                case "at its end":
                    there.seek(-1, 2)
                case "before it":
                    there.seek(1000)
                case "too long":
                    there.seek(17 * MB)
            there.write(b"\0\0" if altered != "at its end" else bytes([half.read_bytes()[-1] ^ 1]))
        error = attempt(place, file)
        if altered != "before it":
            assert error is None, "seen before anything was sent"
        else:
            assert error is not None
            assert (error.code, error.retry) == ("TB-REMOTO-PARCIAL", True)
            assert place.names() == []
        sooner_or_later(place, file)
        assert place.read(NAME) == file.path.read_bytes()
        assert place.names() == [NAME]
