"""`topbackup restore FILE --to NEW.fdb`: a new database from a backup; never over an existing file."""

from pathlib import Path
from typing import Annotated

import typer

from topbackup.cli.options import ConfigOption, JsonOption, cancelled_by_signals, config_path, finish
from topbackup.cli.verify import ArchiveArgument, FromOption, at_hand, show_verdict
from topbackup.i18n import _


def restore(
    archive: ArchiveArgument,
    target: Annotated[Path, typer.Option("--to", help=_("The new database file; it must not exist."))],
    source: FromOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check the file's SHA-256, restore it to a new database, and compare its rows with the manifest."""
    finish(lambda: _restore(config_path(config), archive, target, source, as_json), as_json=as_json)


def _restore(config: Path, archive: Path, target: Path, source: str | None, as_json: bool) -> int:
    from topbackup.agent.parts import Parts  # noqa: PLC0415 - see cli/backup.py
    from topbackup.agent.verification import restore_file  # noqa: PLC0415

    parts, cancel = Parts.of(config), cancelled_by_signals()
    with at_hand(parts, archive, source, cancel) as file:
        verdict = restore_file(parts, file, target.absolute(), cancel, of_the_run=source is None)
    show_verdict(verdict, _("Restored to {target}.").format(target=target), as_json=as_json)
    return 0
