"""The guided restore, pure: which files may be chosen, and what to do afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from topbackup.gui.copy_rows import CopyRow, copy_rows, rows_of_run
from topbackup.gui.restore_form import path_of
from topbackup.gui.state import View
from topbackup.gui.theme import Tone
from topbackup.gui.words import ago
from topbackup.i18n import _
from topcore.tables import Proof, RunStatus


@dataclass(frozen=True)
class Progressed:
    """step: its name in the agent's progress. fraction: 0 to 1; None: not known."""

    step: str = ""
    fraction: float | None = None

    @classmethod
    def of(cls, event: Mapping[str, Any]) -> "Progressed":
        done, total = event.get("feito"), event.get("total")
        known = isinstance(done, int) and isinstance(total, int) and total > 0
        return cls(str(event.get("passo", "")), min(done / total, 1.0) if known else None)  # type: ignore[operator]  # known: both are numbers


def archives(view: View, now: datetime) -> list[CopyRow]:
    """The files here that a person may choose, newest first; none that is known not to restore, or to be gone."""
    return _choosable(copy_rows(view, now))


def wished_archive(view: View, wishes: Mapping[str, Any], now: datetime) -> str:
    """The file that another page led here with: of a run, by its path, or the newest where one is to be proven."""
    run, archive = wishes.get("run"), wishes.get("archive")
    if isinstance(run, str) and run:
        return archive_of_run(view, run, now)
    if wishes.get("verify"):
        return next((row.archive for row in archives(view, now)), "")
    return archive if isinstance(archive, str) else ""


def archive_of_run(view: View, key: str, now: datetime) -> str:
    """Of that run's files here, one that may be chosen, and is in sight where any is; "" where there is none."""
    return _best(rows_of_run(view, key, now))


def no_archive_of_run(view: View, key: str, now: datetime) -> str:
    """Why a good backup of the history cannot be restored from here; "" where it can, or where it failed."""
    run = next((run for run in view.runs if run.get("uuid") == key), {})
    rows = rows_of_run(view, key, now)
    if run.get("status") != RunStatus.SUCCEEDED.value or _best(rows):
        return ""
    away = [row.away for row in rows if row.away and row.tone is Tone.OK]
    if run.get("verificado") == Proof.REFUTED.value:
        return _("This backup does not restore.")
    if away:
        return _("No file of it is here now. A copy is at {names}: the page Copies says how to bring it here.").format(
            names=", ".join(away)
        )
    if any(row.archive for row in rows):
        return _("Its file is not where it was put: see the page Copies.")
    return _("Its file is not here any more: a newer backup took its place, or it was deleted for its age.")


def _choosable(rows: list[CopyRow]) -> list[CopyRow]:
    return [row for row in rows if row.archive and row.tone is not Tone.FAILED]


def _best(rows: list[CopyRow]) -> str:
    """Of one backup's."""
    own = _choosable(rows)
    return next((row.archive for row in own if row.tone is not Tone.ATTENTION), own[0].archive if own else "")


def after_restoring(target: str, verdict: Mapping[str, Any], seconds: float) -> list[str]:
    """What was proven, and what a person does next, in order."""
    rows = sum(count for count in (verdict.get("tabelas") or {}).values() if isinstance(count, int))
    tables = len(verdict.get("tabelas") or {})
    compared = (
        _("Every row was compared with what the backup recorded: {tables} tables, {rows} rows, in {time}.")
        if verdict.get("manifesto")
        else _(
            "The file has no manifest, so its rows could be counted, not compared: {tables} tables, {rows} rows, in {time}."
        )
    )
    lines = [
        compared.format(tables=tables, rows=f"{rows:,}".replace(",", "."), time=ago(seconds)),
        _("1. Open the ERP with the new database, {file}, and look at the latest sales.").format(file=target),
        _(
            "2. If all is well: close the ERP on every computer, and keep the old database under another name. Do not delete it."
        ),
        _("3. Give the new file the old one's name and place, and open the ERP. Call support if in doubt."),
    ]
    off = verdict.get("indices_inativos") or ()
    if off:
        lines.append(_("Indices that are switched off, as they were: {names}.").format(names=", ".join(map(str, off))))
    return lines


def after_verifying(archive: str, verdict: Mapping[str, Any], seconds: float) -> str:
    rows = sum(count for count in (verdict.get("tabelas") or {}).values() if isinstance(count, int))
    words = (
        _("Proven: {file} restores with the same {rows} rows. It took {time}.")
        if verdict.get("manifesto")
        else _("{file} restores, with {rows} rows. It has no manifest to compare them with. It took {time}.")
    )
    return words.format(file=path_of(archive).name, rows=f"{rows:,}".replace(",", "."), time=ago(seconds))
