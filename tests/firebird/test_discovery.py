"""Finding the server's own gbak, with the real one of this machine and with impostors."""

import os
import time
from pathlib import Path

import pytest

from topbackup import problems
from topbackup.errors import OperationFailed
from topbackup.firebird import discovery
from topbackup.firebird.discovery import Gbak, find_gbak, gbak_version
from topbackup.firebird.server import EngineVersion

THREE, FIVE, TWO = EngineVersion(3, 0, 11, 33637), EngineVersion(5, 0, 4, 1812), EngineVersion(2, 5, 9, 27139)


def program(path: Path, body: str, mode: int = 0o755) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(mode)
    return path


def gbak_saying(path: Path, version: str, exit_code: int = 1) -> Path:
    """What 2.5, 3, 4 and 5 print on -z without a database: the version, then a complaint, exit 1."""
    complaint = "gbak: ERROR:requires both input and output filenames"
    return program(path, f'echo "gbak:gbak version {version}"; echo "{complaint}" >&2; exit {exit_code}')


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No gbak on PATH or in the usual folders; both are folders of the test."""
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    usual = tmp_path / "usual"
    monkeypatch.setattr(discovery, "_folders", lambda: iter([usual / "5", usual / "3", usual / "2.5"]))
    return tmp_path


def failure(configured: Path | None, server: EngineVersion | None = None) -> OperationFailed:
    with pytest.raises(OperationFailed) as caught:
        find_gbak(configured, server)
    return caught.value


def test_the_real_one_is_found_and_answers() -> None:
    gbak = find_gbak(None, None)
    assert gbak.path.is_absolute()
    assert gbak.version.series == (3, 0)
    assert find_gbak(gbak.path, EngineVersion(3, 0, 99)) == gbak


def test_none_at_all(nowhere: Path) -> None:
    assert failure(None).problem is problems.GBAK_MISSING
    assert failure(None, THREE).problem is problems.GBAK_MISSING


def test_the_one_of_the_servers_series_wins_over_path(nowhere: Path) -> None:
    gbak_saying(nowhere / "path/gbak", "LI-V5.0.4.1812 Firebird 5.0")
    program(nowhere / "usual/5/gbak", "echo not a gbak")
    three = gbak_saying(nowhere / "usual/3/gbak", "LI-V3.0.11.33637 Firebird 3.0")
    two = gbak_saying(nowhere / "usual/2.5/gbak-fb", "LI-V2.5.9.27139 Firebird 2.5")
    assert find_gbak(None, EngineVersion(3, 0, 4)) == Gbak(three, THREE)
    assert find_gbak(None, TWO) == Gbak(two, TWO)
    assert find_gbak(None, None) == Gbak(nowhere / "path/gbak", FIVE)


def test_only_others_are_named_with_their_versions(nowhere: Path) -> None:
    five = gbak_saying(nowhere / "path/gbak", "LI-V5.0.4.1812 Firebird 5.0")
    failed = failure(None, TWO)
    assert failed.problem is problems.GBAK_VERSION
    assert str(five) in failed.detail
    assert "5.0.4" in failed.detail
    assert "2.5.9" in failed.detail


def test_2_1_is_not_2_5(nowhere: Path) -> None:
    gbak_saying(nowhere / "path/gbak", "LI-V2.1.7.18553 Firebird 2.1")
    assert failure(None, TWO).problem is problems.GBAK_VERSION


class TestConfigured:
    def test_it_is_taken_and_no_other(self, nowhere: Path) -> None:
        gbak_saying(nowhere / "path/gbak", "LI-V3.0.11.33637 Firebird 3.0")
        mine = gbak_saying(nowhere / "minha pasta/gbak do servidor", "WI-V2.5.9.27139 Firebird 2.5")
        assert find_gbak(mine, TWO) == Gbak(mine, TWO)
        assert find_gbak(mine, None) == Gbak(mine, TWO)
        assert failure(mine, THREE).problem is problems.GBAK_VERSION

    @pytest.mark.parametrize("below", ["gbak", "bin/gbak", "gbak-fb"])
    def test_a_folder(self, nowhere: Path, below: str) -> None:
        mine = gbak_saying(nowhere / "firebird" / below, "LI-V3.0.11.33637 Firebird 3.0")
        assert find_gbak(nowhere / "firebird", THREE).path == mine

    def test_a_folder_without_one(self, nowhere: Path) -> None:
        failed = failure(nowhere)
        assert failed.problem is problems.GBAK_MISSING
        assert str(nowhere) in failed.detail

    def test_a_file_that_is_not_there(self, nowhere: Path) -> None:
        gbak_saying(nowhere / "path/gbak", "LI-V3.0.11.33637 Firebird 3.0")
        assert failure(nowhere / "nada").problem is problems.GBAK_MISSING

    def test_another_program(self, nowhere: Path) -> None:
        other = program(nowhere / "isql", 'echo "ISQL Version: LI-V3.0.11.33637 Firebird 3.0"')
        failed = failure(other)
        assert failed.problem is problems.GBAK_MISSING
        assert str(other) in failed.detail

    def test_one_that_may_not_be_run(self, nowhere: Path) -> None:
        text = program(nowhere / "gbak.txt", "echo gbak:gbak version LI-V3.0.11.33637", mode=0o644)
        assert failure(text).problem is problems.GBAK_MISSING

    def test_no_program_at_all(self, nowhere: Path) -> None:
        junk = nowhere / "gbak"
        junk.write_bytes(os.urandom(2000))
        junk.chmod(0o755)
        assert failure(junk).problem is problems.GBAK_MISSING

    def test_a_device(self) -> None:
        assert failure(Path("/dev/null")).problem is problems.GBAK_MISSING

    @pytest.mark.parametrize("body", ["sleep 60", "sleep 60 & wait"])
    def test_one_that_hangs(self, nowhere: Path, monkeypatch: pytest.MonkeyPatch, body: str) -> None:
        monkeypatch.setenv("PATH", os.defpath)
        monkeypatch.setattr(discovery, "_ANSWER_SECONDS", 0.3)
        hanging = program(nowhere / "gbak", body)
        began = time.monotonic()
        assert failure(hanging).problem is problems.GBAK_MISSING
        assert time.monotonic() - began < 5

    def test_it_cannot_ask_on_stdin(self, nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(discovery, "_ANSWER_SECONDS", 1.0)
        asking = program(nowhere / "gbak", 'read answer; echo "gbak:gbak version LI-V3.0.11.33637 $answer"')
        ours, (silent, typist) = os.dup(0), os.pipe()
        os.dup2(silent, 0)
        try:
            assert gbak_version(asking) == THREE
        finally:
            os.dup2(ours, 0)
            for descriptor in (ours, silent, typist):
                os.close(descriptor)

    def test_it_does_not_inherit_a_login(self, nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ISC_PASSWORD", "segredo")
        curious = program(nowhere / "gbak", 'test -z "$ISC_PASSWORD" && echo "gbak:gbak version LI-V3.0.11.33637"')
        assert gbak_version(curious) == THREE

    def test_a_version_that_cannot_be_read(self, nowhere: Path) -> None:
        assert failure(gbak_saying(nowhere / "gbak", "future")).problem is problems.GBAK_MISSING
