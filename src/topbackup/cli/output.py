"""What a command shows: text for people, JSON for programs; errors with cause, mend and who must act."""

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from topbackup.cli.door import OutputFailed, put
from topbackup.errors import TopBackupError
from topbackup.i18n import _
from topbackup.problems import INTERNAL, Problem, all_problems
from topcore.record import Failure

if TYPE_CHECKING:
    from topbackup.agent.documents import Document


def say(text: str = "") -> None:
    """One line for people."""
    put(text, sys.stdout)


def shown() -> None:
    """What was said is at the reader now: of a program that goes on, a pipe would get it only at its end."""
    try:
        sys.stdout.flush()
    except OSError as error:
        raise OutputFailed(error) from error


def note(text: str) -> None:
    """One line beside the result, on stderr."""
    put(text, sys.stderr)


def show_json(document: Any) -> None:
    """One JSON document on stdout; times in ISO 8601 with their offset."""
    put(_json_text(document), sys.stdout)


def _json_text(document: Any) -> str:
    """JSON is UTF-8 (RFC 8259). Where stdout is not, or a name holds half a sign, escapes say the same in ASCII."""
    text = json.dumps(document, ensure_ascii=False, indent=2, default=str)
    encoding = "utf-8" if (sys.stdout.encoding or "").lower().replace("_", "-") in {"utf-8", "utf8"} else "ascii"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return json.dumps(document, indent=2, default=str)
    return text


def show_error(error: TopBackupError, *, as_json: bool) -> None:
    """On stderr for people, so that a pipe gets no text; on stdout as JSON."""
    if as_json:
        from topbackup.agent.documents import error_document  # noqa: PLC0415 - only a program that failed needs it

        show_json({"erro": error_document(error)})
    else:
        _explain(error.failure(), error.problem)


def show_failure(failure: Failure) -> None:
    """Why a run of the journal failed, or one of its copies."""
    _explain(failure, all_problems().get(failure.code, INTERNAL))


def _explain(failure: Failure, problem: Problem) -> None:
    lines = (
        f"{failure.code}: {failure.message}",
        f"  {_('Cause')}: {_(problem.cause)}",
        f"  {_('What to do')}: {_(problem.mend)}",
        f"  {_('Who must act')}: {problem.act.value}",
    )
    put("\n".join(lines), sys.stderr)


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Plain columns: they survive a pipe, a log and a narrow terminal."""
    cells = [headings, *rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(headings))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    return "\n".join([lines[0], "  ".join("─" * width for width in widths), *lines[1:]])


def local(instant: str | None, zone: ZoneInfo) -> str:
    """An instant in ISO 8601, as people read it: `23/11/2026 19:07`."""
    return "–" if instant is None else f"{datetime.fromisoformat(instant).astimezone(zone):%d/%m/%Y %H:%M}"


def status_words(run: "Document") -> str:
    """Of a run, as `agent.documents.record_document` gives it."""
    if run["parcial"]:
        return _("partial: a copy is missing")
    return {"P": _("waiting"), "E": _("running"), "S": _("done"), "F": _("failed")}[run["status"]]


def proof_words(run: "Document") -> str:
    return {"S": _("proven"), "N": _("not tried"), "F": _("REFUTED")}[run["verificado"]]


def failure_of(document: Mapping[str, Any]) -> Failure | None:
    """What `codigo_erro` and `mensagem_erro` of a document say."""
    code = document.get("codigo_erro")
    return None if code is None else Failure(str(code), str(document.get("mensagem_erro") or ""))
