"""The error catalogue: every code once, with words for everything."""

from scripts.handbook import HANDBOOK, handbook
from topbackup import problems
from topbackup.problems import Problem, all_problems


def test_codes_are_unique_and_well_formed() -> None:
    entries = [value for value in vars(problems).values() if isinstance(value, Problem)]
    assert len({entry.code for entry in entries}) == len(entries) == len(all_problems())
    for entry in entries:
        assert entry.code.startswith("TB-")
        assert len(entry.code) <= 40, "LOG_BACKUPS.CODIGO_ERRO"
        assert entry.sentence.endswith(".")
        assert entry.cause.endswith(".")
        assert entry.mend.endswith(".")


def test_supports_handbook_is_of_today() -> None:
    assert HANDBOOK.read_text(encoding="utf-8") == handbook(), "run `make handbook`"
