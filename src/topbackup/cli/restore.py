"""`topbackup restore FILE --to NEW.fdb`: a new database from a backup; never over an existing file."""

from pathlib import Path
from typing import Annotated

import typer

from topbackup.cli.options import ConfigOption, JsonOption, cancelled_by_signals, config_path, finish
from topbackup.cli.verify import ArchiveArgument, show_verdict
from topbackup.i18n import _


def restore(
    archive: ArchiveArgument,
    target: Annotated[Path, typer.Option("--to", help=_("The new database file; it must not exist."))],
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check the file's SHA-256, restore it to a new database, and compare its rows with the manifest."""
    finish(lambda: _restore(config_path(config), archive, target, as_json), as_json=as_json)


def _restore(config: Path, archive: Path, target: Path, as_json: bool) -> int:
    from topbackup.agent.parts import Parts  # noqa: PLC0415 - see cli/backup.py
    from topbackup.agent.verification import restore_file  # noqa: PLC0415

    verdict = restore_file(Parts.of(config), archive.absolute(), target.absolute(), cancelled_by_signals())
    show_verdict(verdict, _("Restored to {target}.").format(target=target), as_json=as_json)
    return 0
