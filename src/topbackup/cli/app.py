"""All commands, and the door they go out by."""

import sys

import typer

from topbackup.cli.agenda import agenda
from topbackup.cli.backup import backup
from topbackup.cli.config import app as config_app
from topbackup.cli.doctor import doctor
from topbackup.cli.history import history
from topbackup.cli.output import show_error
from topbackup.cli.restore import restore
from topbackup.cli.status import status
from topbackup.cli.sync import sync
from topbackup.cli.usage import Command, Group, UsageError, bad_usage
from topbackup.cli.verify import verify
from topbackup.i18n import _

app = typer.Typer(
    cls=Group,
    help=_("TopBackup: Firebird backups that are proven."),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command, words in (
    (backup, _("Make a backup now, prove it and publish it.")),
    (verify, _("Prove a backup file by restoring it to a scratch database.")),
    (restore, _("Restore a backup to a new database; never over an existing file.")),
    (agenda, _("Show the backup schedule, and each rejected row with its reason.")),
    (history, _("Show the latest runs.")),
    (status, _("Show how the backups stand.")),
    (sync, _("Send the company and the waiting records to the cloud.")),
    (doctor, _("Examine Firebird, gbak, the destinations, the cloud, the clock and the disk.")),
):
    app.command(cls=Command, help=words)(command)
app.add_typer(config_app, name="config")


def main() -> int:
    """Run the command line; its exit code."""
    try:
        return int(app(standalone_mode=False) or 0)
    except UsageError as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            return 0  # the help was just shown
        told = bad_usage(error)
        show_error(told, as_json="--json" in sys.argv)
        return told.exit_code
