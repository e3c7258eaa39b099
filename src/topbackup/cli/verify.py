"""`topbackup verify FILE`: prove a backup file by restoring it to a scratch database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from topbackup.cli.options import ConfigOption, JsonOption, cancelled_by_signals, config_path, finish
from topbackup.cli.output import say, show_json
from topbackup.i18n import _

if TYPE_CHECKING:
    from topbackup.agent.parts import Parts
    from topbackup.backup.restore import Verdict
    from topbackup.cancellation import Cancellation

ArchiveArgument = Annotated[Path, typer.Argument(metavar=_("FILE"), help=_("The backup file (.zip)."))]


FromOption = Annotated[
    str | None, typer.Option("--from", help=_("A destination away that has the file; FILE is its name there."))
]


def verify(
    archive: ArchiveArgument, source: FromOption = None, config: ConfigOption = None, as_json: JsonOption = False
) -> None:
    """Prove a backup: restore it to a scratch database, compare its rows with the manifest, and remove the scratch."""
    finish(lambda: _verify(config_path(config), archive, source, as_json), as_json=as_json)


def _verify(config: Path, archive: Path, source: str | None, as_json: bool) -> int:
    from topbackup.agent.parts import Parts  # noqa: PLC0415 - see cli/backup.py
    from topbackup.agent.verification import verify_file  # noqa: PLC0415

    parts, cancel = Parts.of(config), cancelled_by_signals()
    with at_hand(parts, archive, source, cancel) as file:
        verdict = verify_file(parts, file, cancel, of_the_run=source is None)
    show_verdict(verdict, _("Proven: the file restores to equal rows."), as_json=as_json)
    return 0


@contextmanager
def at_hand(parts: "Parts", archive: Path, source: str | None, cancel: "Cancellation") -> Iterator[Path]:
    """The file here; where it is away, brought into a temporary folder for as long as the block lasts."""
    if source is None:
        yield archive.absolute()
        return
    from topbackup.agent.remote import brought_here  # noqa: PLC0415 - see cli/backup.py

    with brought_here(parts, source, str(archive), cancel) as file:
        yield file


def show_verdict(verdict: "Verdict", words: str, *, as_json: bool) -> None:
    """What a restore found. words: what to say of a file whose manifest agreed."""
    manifest, found = verdict.manifest, verdict.found
    if as_json:
        show_json(
            {
                "arquivo": str(verdict.archive),
                "manifesto": manifest is not None,
                "hash_sha256": manifest.sha256 if manifest else None,
                "tabelas": dict(found.rows),
                "indices_inativos": list(found.inactive_indices),
            }
        )
        return
    if manifest is None:
        words = _("The file restores, but it has no manifest: its rows could not be compared with the original.")
    say(words)
    say(_("{tables} tables, {rows} rows.").format(tables=len(found.rows), rows=sum(found.rows.values())))
