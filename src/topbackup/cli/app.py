"""All commands, and the door they go out by."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from topbackup.cli.agenda import agenda
from topbackup.cli.backup import backup
from topbackup.cli.config import app as config_app
from topbackup.cli.control import cancel, pause, resume
from topbackup.cli.destinations import app as destinations_app
from topbackup.cli.doctor import doctor
from topbackup.cli.gui import gui
from topbackup.cli.history import history
from topbackup.cli.logs import logs
from topbackup.cli.options import ConfigOption, JsonOption, finish
from topbackup.cli.output import show_error
from topbackup.cli.restore import restore
from topbackup.cli.retention import retention
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
    (retention, _("Explain what retention does with each copy, and why.")),
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
app.add_typer(destinations_app, name="destinations")
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
    """The service, without a command; with one, --config and --json are the command's."""
    asked = [name for name in SERVICE if context.params[name]]
    if context.invoked_subcommand is not None and not asked:
        _hand_down(context, config, as_json)
    if context.invoked_subcommand is None and len(asked) == 1:
        finish(lambda: service_command(asked[0], config, as_json=as_json), as_json=as_json)
    elif asked or context.invoked_subcommand is None:
        raise BadUsage(BAD_ARGUMENT, " / ".join(f"--{name}" for name in asked or SERVICE))


def _hand_down(context: typer.Context, config: Path | None, as_json: bool) -> None:
    """What was given before the command is its default: given behind it, too, that wins."""
    name = str(context.invoked_subcommand)
    given: dict[str, Any] = {} if config is None else {"config": config}
    if as_json:
        given |= {"as_json": True}
    command = context.command.commands[name]  # type: ignore[attr-defined]  # typer types it as any command
    below = getattr(command, "commands", {})
    # click has taken the rest of the line away by now, and gives it to the group after this.
    inner = next((word for word in sys.argv[sys.argv.index(name) :] if word in below), None)
    meant = command if inner is None else below[inner]
    unknown = given.keys() - {parameter.name for parameter in meant.params} if inner is not None or not below else ()
    if unknown:
        raise BadUsage(BAD_ARGUMENT, "--json" if "as_json" in unknown else "--config")
    context.default_map = {name: given if inner is None else {inner: given}}


def main() -> int:
    """Run the command line; its exit code."""
    try:
        return int(app(standalone_mode=False) or 0)
    except UsageError as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            return 0  # the help was just shown
        told = bad_usage(error)
    except BadUsage as error:
        told = error
    show_error(told, as_json="--json" in sys.argv)
    return told.exit_code
