"""`make catalogue`: the dashboard's copy of the error catalogue in topbackup/problems.py, which it may not import."""

import json
from pathlib import Path

from topbackup.problems import Problem, all_problems

CATALOGUE = Path(__file__).parents[1] / "src" / "dashboard" / "monitoring" / "catalogue_entries.py"
_HEAD = '''"""Code, sentence, cause, mend, who must act, and whether it may pass by itself.

Written by `make catalogue` from topbackup/problems.py; do not change it here.
"""

# fmt: off

from django.utils.translation import gettext_noop as _

ENTRIES: tuple[tuple[str, str, str, str, str, bool], ...] = (
'''


def catalogue() -> str:
    """The module's whole text."""
    return _HEAD + "".join(_entry(problem) for problem in all_problems().values()) + ")\n"


def _entry(problem: Problem) -> str:
    texts = "".join(f"        _({_quoted(text)}),\n" for text in (problem.sentence, problem.cause, problem.mend))
    return f"    (\n        {_quoted(problem.code)},\n{texts}        {_quoted(problem.act)}, {problem.retry},\n    ),\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


if __name__ == "__main__":
    CATALOGUE.write_text(catalogue(), encoding="utf-8")
