"""The log: its form, its size, the run on each line, no secret, and its end as others read it."""

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus
from uuid import uuid4

import pytest

from topbackup import logs, redaction
from topbackup.redaction import keep_out, redacted


@pytest.fixture(autouse=True)
def own_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level, known = root.handlers[:], root.level, set(redaction._known)
    yield
    for handler in root.handlers[:]:
        if handler not in handlers:
            handler.close()
    root.handlers[:], redaction._known = handlers, known
    root.setLevel(level)


def test_a_line_has_time_level_module_and_message(tmp_path: Path) -> None:
    logs.log_to_file(tmp_path, agent=True)
    logging.getLogger("topbackup.x").info("São João")
    run_id = uuid4()
    with logs.lines_of_run(run_id):
        logging.getLogger("topbackup.x").warning("no meio")
    logging.getLogger("topbackup.x").info("depois")
    first, second, third = (tmp_path / logs.NAME).read_text(encoding="utf-8").splitlines()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - INFO - topbackup\.x - São João", first)
    assert second.endswith(f" - WARNING - topbackup.x - [{run_id}] no meio")
    assert third.endswith(" - INFO - topbackup.x - depois")


def test_no_secret_in_a_message_an_argument_or_a_traceback(tmp_path: Path) -> None:
    keep_out(["s3nha", "s3nha-longa", "", "x"])
    logs.log_to_file(tmp_path, agent=True)
    logger = logging.getLogger("topbackup.x")
    logger.info("a senha é %s, ou s3nha", "s3nha-longa")
    try:
        int("s3nha-longa")
    except ValueError:
        logger.exception("com traço")
    text = (tmp_path / logs.NAME).read_text(encoding="utf-8")
    assert "s3nha" not in text
    assert "-longa" not in text, "the longer one is hidden whole"
    assert "ValueError: invalid literal for int() with base 10: '•••'" in text
    assert redacted("x") == "x", "one letter is no secret that could be hidden"


@pytest.mark.parametrize("secret", ['s3"nha', "s3\\nha", "s3'nha", "s3\"n'h\\a", "sénha\t1", "s3/nha x", "s3\\'\"nha%"])
def test_no_secret_in_another_spelling(secret: str) -> None:
    """Escaped once, as JSON and repr have it, or twice, as a repr within JSON; alone or within a longer text."""
    keep_out([secret])
    spellings = [secret, repr(secret), repr(secret.encode()), quote(secret), quote(secret, safe=""), quote_plus(secret)]
    spellings += [repr(f"{secret} e '"), repr(f'{secret} e "'), repr(f"{secret} e ' e \""), repr([secret, "x"])]
    spellings += [json.dumps({"a": each}, ensure_ascii=plain) for each in spellings for plain in (True, False)]
    for each in spellings:
        said = redacted(f"antes {each} depois")
        assert "nha" not in said.replace("•••", ""), each
        assert said.startswith("antes ")
        assert said.endswith(" depois")


def test_five_files_of_five_megabytes(tmp_path: Path) -> None:
    logs.log_to_file(tmp_path, agent=True)
    logger = logging.getLogger("topbackup.x")
    for _ in range(32):
        logger.info("x" * (1 << 20))
    sizes = {path.name: path.stat().st_size for path in tmp_path.iterdir()}
    assert set(sizes) == {logs.NAME, *(f"{logs.NAME}.{number}" for number in range(1, 5))}
    assert max(sizes.values()) <= 5 << 20


def test_a_command_beside_the_agent_does_not_rotate_its_file(tmp_path: Path) -> None:
    (tmp_path / logs.NAME).write_bytes(b"x\n" * (3 << 20))
    logs.log_to_file(tmp_path)
    logging.getLogger("topbackup.x").info("do comando")
    assert [path.name for path in tmp_path.iterdir()] == [logs.NAME]


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "logs").write_text("a file where the folder should be")
    logs.log_to_file(tmp_path / "logs", agent=True)
    logging.getLogger("topbackup.x").error("ninguém ouve")
    assert capfd.readouterr().err == ""


def test_the_end_of_the_log_and_what_comes_after_it(tmp_path: Path) -> None:
    assert logs.tail(tmp_path, 5) == ([], 0)
    path = tmp_path / logs.NAME
    path.write_text("".join(f"linha {number} ção\n" for number in range(1000)), encoding="utf-8")
    lines, place = logs.tail(tmp_path, 3)
    assert lines == ["linha 997 ção", "linha 998 ção", "linha 999 ção"]
    with path.open("a", encoding="utf-8") as file:
        file.write("inteira\nmeia")
    lines, place = logs.since(tmp_path, place)
    assert lines == ["inteira"]
    with path.open("a", encoding="utf-8") as file:
        file.write(" linha\n")
    assert logs.since(tmp_path, place)[0] == ["meia linha"]
    path.write_text("começo\n", encoding="utf-8")
    assert logs.since(tmp_path, place)[0] == ["começo"], "begun anew"
