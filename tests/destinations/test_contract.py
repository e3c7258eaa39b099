"""What must hold for every kind of destination, on real servers."""

import hashlib
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from tests.destinations.places import Place, Stop, fails_with, outgoing
from topbackup.destinations.contract import Checked, Step
from topbackup.problems import RUN_CANCELLED

NAME = "11222333000181.zip"
MB = 1 << 20


def test_a_file_goes_there_and_comes_back(place: Place, tmp_path: Path) -> None:
    file = outgoing(tmp_path, 3 * MB + 17)
    content = file.path.read_bytes()
    seen: list[int] = []
    placed = place.destination.put(file, place.transfer(told=seen.append))
    assert placed.resumed_at == 0
    assert place.read(NAME) == content
    assert place.names() == [NAME]
    assert seen == sorted(seen)
    assert seen[-1] == file.size
    assert place.memory.get("it") in (None, f"renomear:{file.sha256}"), "for who is killed before it writes that down"
    assert [(entry.name, entry.size) for entry in place.destination.files()] == [(NAME, file.size)]
    back = tmp_path / "volta.zip"
    back.write_bytes(content[:MB])
    place.destination.get(NAME, back, place.transfer())
    assert back.read_bytes() == content
    back.write_bytes(b"x" * MB)
    place.destination.get(NAME, back, place.transfer())
    assert back.read_bytes() == content, "what is here already was not its beginning"
    place.destination.remove(NAME)
    place.destination.remove(NAME)
    assert place.names() == []
    assert list(place.destination.files()) == []


@pytest.mark.parametrize("want", Checked)
def test_it_is_checked_as_strongly_as_wanted(place: Place, tmp_path: Path, want: Checked) -> None:
    strength = list(Checked)
    placed = place.destination.put(outgoing(tmp_path, MB), place.transfer(want))
    assert strength.index(placed.checked) >= strength.index(want)


def test_a_newer_file_replaces_the_older_and_leaves_nothing_else(place: Place, tmp_path: Path) -> None:
    for seed in range(3):
        file = outgoing(tmp_path, MB + seed, seed=seed)
        place.destination.put(file, place.transfer())
        assert place.read(NAME) == file.path.read_bytes()
    other = outgoing(tmp_path, 100, "11222333000181_SEG.zip", seed=9)
    place.destination.put(other, place.transfer())
    assert place.names() == [NAME, "11222333000181_SEG.zip"]


def test_an_empty_file(place: Place, tmp_path: Path) -> None:
    place.destination.put(outgoing(tmp_path, 0), place.transfer())
    assert place.read(NAME) == b""


def test_a_cancelled_upload_ends_at_the_next_block_and_goes_on_later(place: Place, tmp_path: Path) -> None:
    older = outgoing(tmp_path, 1000, seed=1)
    place.destination.put(older, place.transfer())
    file = outgoing(tmp_path, 20 * MB, seed=2)
    sent = [0]

    def go_on() -> None:
        if sent[0] > 12 * MB:
            raise Stop(RUN_CANCELLED)

    with fails_with("TB-CANCELADO"):
        place.destination.put(file, place.transfer(go_on=go_on, told=lambda count: sent.__setitem__(0, count)))
    assert sent[0] < 16 * MB
    assert place.read(NAME) == older.path.read_bytes()
    assert [entry.name for entry in place.destination.files()] == [NAME], "half files are not told"
    placed = place.destination.put(file, place.transfer())
    assert placed.resumed_at >= MB, "what was there was not sent again; of 12 MB some were still in buffers"
    assert place.read(NAME) == file.path.read_bytes()
    assert place.names() == [NAME]


def test_what_is_half_there_of_an_older_file_goes_when_a_newer_one_is_there(place: Place, tmp_path: Path) -> None:
    halves = ["11222333000181_20261124_1200.zip", "11222333000181_20261124_1300.zip"]
    sent = [0]

    def go_on() -> None:
        if sent[0] > 9 * MB:
            raise Stop(RUN_CANCELLED)

    for seed, name in enumerate(halves):
        sent[0] = 0
        with fails_with("TB-CANCELADO"):
            older = outgoing(tmp_path, 12 * MB, name, seed)
            place.destination.put(older, place.transfer(go_on=go_on, told=lambda count: sent.__setitem__(0, count)))
        place.memory.clear()  # another upload has a note of its own
    before = place.halves()
    assert len(before) == 2
    place.destination.put(outgoing(tmp_path, 100), place.transfer(abandoned=halves[:1]))
    assert place.halves() == [half for half in before if halves[1] in half], "only what was named"
    assert place.read(NAME) is not None
    place.destination.put(outgoing(tmp_path, 100, seed=5), place.transfer(abandoned=halves))
    assert place.halves() == []


def test_room_is_made_before_anything_is_sent(place: Place, tmp_path: Path) -> None:
    """A full disk that half files fill would else stay full for ever."""
    half, sent = "11222333000181_20261124_1200.zip", [0]

    def go_on() -> None:
        if sent[0] > 9 * MB:
            raise Stop(RUN_CANCELLED)

    with fails_with("TB-CANCELADO"):
        older = outgoing(tmp_path, 12 * MB, half, 3)
        place.destination.put(older, place.transfer(go_on=go_on, told=lambda count: sent.__setitem__(0, count)))
    place.memory.clear()
    (before,) = place.halves()
    with fails_with("TB-CANCELADO"):
        place.destination.put(outgoing(tmp_path, 12 * MB), place.transfer(go_on=go_on, abandoned=[half]))
    assert before not in place.halves()


def test_a_slow_line_is_asked_for(place: Place, tmp_path: Path) -> None:
    """The rate itself is in test_pace: here only that it reaches the kind."""
    file = outgoing(tmp_path, 300_000)
    turns = [0]
    place.destination.put(file, place.transfer(rate=500_000, go_on=lambda: turns.__setitem__(0, turns[0] + 1)))
    assert turns[0] >= 300_000 // 125_000 + 1
    assert place.read(NAME) == file.path.read_bytes()


def test_a_file_that_is_not_there(place: Place, tmp_path: Path) -> None:
    with fails_with("TB-REMOTO-AUSENTE"):
        place.destination.get("nada.zip", tmp_path / "nada.zip", place.transfer())


def test_a_local_file_that_is_away_or_altered(place: Place, tmp_path: Path) -> None:
    file = outgoing(tmp_path, 1000)
    file.path.write_bytes(b"short")
    with fails_with("TB-ARQUIVO-ALTERADO"):
        place.destination.put(file, place.transfer())
    file.path.unlink()
    with fails_with("TB-ARQUIVO-AUSENTE"):
        place.destination.put(file, place.transfer())
    assert place.names() == []


def test_a_probe_leaves_nothing(place: Place) -> None:
    told = place.destination.probe()
    steps = [Step(one.step) for one in told]
    assert all(one.code is None and one.sentence for one in told), told
    assert steps in (list(Step), [step for step in Step if step is not Step.RENAME])
    assert place.names() == []


def test_two_uploads_at_once(place: Place, tmp_path: Path) -> None:
    files = [outgoing(tmp_path, 2 * MB, f"11222333000181_{day}.zip", seed) for seed, day in enumerate(("SEG", "TER"))]
    memories: list[dict[str, str | None]] = [{}, {}]
    transfers = [replace(place, memory=memory).transfer() for memory in memories]
    pairs = zip(files, transfers, strict=True)
    threads = [threading.Thread(target=place.destination.put, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [hashlib.sha256(place.read(file.name) or b"").hexdigest() for file in files] == [f.sha256 for f in files]
