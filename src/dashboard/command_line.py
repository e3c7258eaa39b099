"""How this site's own commands speak to a technician: in the site's language, without Django's own switches.

argparse has its words in English, and a gettext of its own; what may be met is told anew here.
"""

import re
import sys
from argparse import HelpFormatter
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

PROGRAM = "topbackup-dashboard"
_USAGE_ERROR = 2
# What BaseCommand.execute asks for: this site's commands have no such switches.
_DJANGOS: dict[str, Any] = {
    "verbosity": 1, "settings": None, "pythonpath": None, "traceback": False, "no_color": False, "force_color": False,
    "skip_checks": False,
}  # fmt: skip
# What argparse says, and what it means.
_TOLD: tuple[tuple[str, Promise], ...] = (
    (r"unrecognized arguments: (.+)", gettext_lazy("there is no such option here: %s")),
    (r"argument (.+): invalid int value: '?(.*?)'?", gettext_lazy("%s: “%s” is not a whole number")),
    (r"argument (.+): expected one argument", gettext_lazy("%s: its value is missing")),
    (r"argument (.+): invalid choice: '?(.*?)'? \(choose from (.+)\)", gettext_lazy("%s: “%s” is none of %s")),
    (r"the following arguments are required: (.+)", gettext_lazy("required: %s")),
    (r"ambiguous option: (\S+) could match (.+)", gettext_lazy("%s: one of these has to be said whole: %s")),
)


class SiteCommand(BaseCommand):
    """A command of this site. What keeps it from its work is one sentence behind its name, and the exit code.

    what: it does, for --help.
    """

    what: Promise
    stealth_options = tuple(_DJANGOS)

    def create_parser(self, prog_name: str, subcommand: str, **_more: Any) -> CommandParser:
        """prog_name: however the program was started, it is called by its own name."""
        parser = _Parser(
            prog=f"{PROGRAM} {subcommand}",
            description=str(self.what),
            formatter_class=_Formatter,
            add_help=False,
            called_from_command_line=getattr(self, "_called_from_command_line", None),
        )
        parser.set_defaults(**_DJANGOS)
        options = parser.add_argument_group(_("Options"))
        self.add_arguments(options)  # type: ignore[arg-type]  # a group takes arguments as its parser does
        options.add_argument("-h", "--help", action="help", help=_("this text"))
        return parser

    def execute(self, *args: Any, **options: Any) -> Any:
        try:
            return super().execute(*args, **options)
        except CommandError as error:
            if not getattr(self, "_called_from_command_line", False):
                raise
            name = type(self).__module__.rpartition(".")[-1]
            sys.stderr.write(f"{PROGRAM} {name}: {error}\n")
            sys.exit(error.returncode)


class _Parser(CommandParser):
    def error(self, message: str) -> NoReturn:
        told = usage_told(message)
        if not self.called_from_command_line:
            raise CommandError(told)
        sys.stderr.write(f"{self.prog}: {told}\n{_('See: %s --help') % self.prog}\n")
        sys.exit(_USAGE_ERROR)


class _Formatter(HelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, _("Usage: ") if prefix is None else prefix)


def usage_told(message: str) -> str:
    """What argparse complains of, in the site's language; in its own words where they are not known."""
    for pattern, told in _TOLD:
        found = re.fullmatch(pattern, message)
        if found is not None:
            return str(told) % found.groups()
    return message
