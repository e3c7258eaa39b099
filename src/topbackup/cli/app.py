"""All commands, and the door they go out by."""

import sys
from typing import Annotated

import typer

from topbackup.cli.agenda import agenda
from topbackup.cli.backup import backup
from topbackup.cli.config import app as config_app
from topbackup.cli.control import cancel, pause, resume
from topbackup.cli.doctor import doctor
from topbackup.cli.gui import gui
from topbackup.cli.history import history
from topbackup.cli.logs import logs
from topbackup.cli.options import ConfigOption, JsonOption, finish
from topbackup.cli.output import show_error
from topbackup.cli.restore import restore
from topbackup.cli.run import run
from topbackup.cli.service import command as service_command
from topbackup.cli.service import service_host
from topbackup.cli.status import status
from topbackup.cli.sync import sync
from topbackup.cli.usage import Command, Group, UsageError, bad_usage
from topbackup.cli.verify import verify
from topbackup.errors import BadUsage
from topbackup.i18n import _
from topbackup.problems import BAD_ARGUMENT

SERVICE = ("install", "uninstall", "start", "stop", "status")

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
    (cancel, _("End the backup that runs, and those that wait.")),
    (pause, _("Hold the schedule for a while.")),
    (resume, _("End a pause.")),
    (logs, _("Show the end of the log.")),
    (run, _("Be the agent: keep the schedule until ended.")),
    (gui, _("Open the window.")),
    (doctor, _("Examine Firebird, gbak, the destinations, the cloud, the clock and the disk.")),
):
    app.command(cls=Command, help=words)(command)
app.add_typer(config_app, name="config")
app.command(cls=Command, name="service-host", hidden=True)(service_host)


@app.callback(invoke_without_command=True)
def service(  # noqa: PLR0917 - typer calls it by name
    context: typer.Context,
    install: Annotated[bool, typer.Option("--install", help=_("Install the service."))] = False,
    uninstall: Annotated[
        bool, typer.Option("--uninstall", help=_("Take the service away; no backup is touched."))
    ] = False,
    start: Annotated[bool, typer.Option("--start", help=_("Start the service."))] = False,
    stop: Annotated[bool, typer.Option("--stop", help=_("Stop the service."))] = False,
    status: Annotated[bool, typer.Option("--status", help=_("Does the service run?"))] = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """The service, without a command; with one, nothing."""
    asked = [name for name in SERVICE if context.params[name]]
    if context.invoked_subcommand is None and len(asked) == 1:
        finish(lambda: service_command(asked[0], config, as_json=as_json), as_json=as_json)
    elif asked or context.invoked_subcommand is None:
        told = BadUsage(BAD_ARGUMENT, " / ".join(f"--{name}" for name in asked or SERVICE))
        show_error(told, as_json=as_json)
        raise typer.Exit(told.exit_code)


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
