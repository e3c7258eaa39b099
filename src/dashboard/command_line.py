"""What every command of `topbackup-dashboard` has in common: its name, its list, and Portuguese words for bad ones.

argparse takes its texts from the standard library's gettext, which goes by the environment. It is given this site's
catalogue, so that Django's commands too complain in Portuguese; and no settings are needed, which may be what is wrong.
"""

import gettext
import os
import sys
from argparse import Action, ArgumentTypeError
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import django
from django.core.management.base import BaseCommand, CommandError, CommandParser, DjangoHelpFormatter, SystemCheckError

PROGRAM = "topbackup-dashboard"


def gettext_noop(message: str) -> str:
    """Mark for translation. Django's own wants settings."""
    return message


OURS = {
    "migrate": gettext_noop("creates the schema, adopts the one of 1.0.x, or brings it up to date"),
    "criar_acesso": gettext_noop("creates a login, or gives it a new password and role"),
    "servir": gettext_noop("serves the site until it is told to stop (SIGTERM, Ctrl-C)"),
    "saude": gettext_noop("asks a site that runs on this machine whether it is well; exit code 1 where it is not"),
    "reconstruir_estado": gettext_noop(
        "computes EMPRESA_ESTADO from LOG_BACKUPS, and creates its triggers if they lack"
    ),
    "analisar": gettext_noop("looks for anomalies in the last backups of every company that has a new one"),
}
"""What a site is run with, in the order in which one meets it."""

# argparse's own, where a person can meet them; a test holds the list to the Python that runs it.
ARGPARSE = (
    gettext_noop("usage: "),
    gettext_noop("options"),
    gettext_noop("positional arguments"),
    gettext_noop("show this help message and exit"),
    gettext_noop("%(prog)s: error: %(message)s\n"),
    gettext_noop("argument %(argument_name)s: %(message)s"),
    gettext_noop("unrecognized arguments: %s"),
    gettext_noop("the following arguments are required: %s"),
    gettext_noop("one of the arguments %s is required"),
    gettext_noop("not allowed with argument %s"),
    gettext_noop("ignored explicit argument %r"),
    gettext_noop("expected one argument"),
    gettext_noop("expected at most one argument"),
    gettext_noop("expected at least one argument"),
    gettext_noop("ambiguous option: %(option)s could match %(matches)s"),
    gettext_noop("unexpected option string: %s"),
    gettext_noop("invalid %(type)s value: %(value)r"),
    gettext_noop("invalid choice: %(value)r (choose from %(choices)s)"),
)

LONGEST_PAUSE = 24 * 3600
"""Seconds between two turns of a command that goes on."""

_CATALOGUE = "django"
_LOCALE = Path(__file__).parent / "locale"


def speak_portuguese() -> None:
    """Before anything is parsed or said."""
    os.environ["LANGUAGE"] = "pt_BR"
    gettext.bindtextdomain(_CATALOGUE, _LOCALE)
    gettext.textdomain(_CATALOGUE)


def program_and_version() -> str:
    return f"{PROGRAM} {version('topbackup')} (Django {django.get_version()})"


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """The type of an argument, both ends included."""

    def read(text: str) -> int:
        if text.isascii() and text.isdigit() and len(text) <= len(str(most)) and least <= int(text) <= most:
            return int(text)
        raise ArgumentTypeError(
            gettext.gettext("%(value)r is not a whole number from %(least)d to %(most)d")
            % {"value": text, "least": least, "most": most}
        )

    return read


class Formatter(DjangoHelpFormatter):
    """Without what every command of Django's takes: those words are for its developers."""

    def add_usage(self, usage: str | None, actions: Iterable[Action], *args: Any, **kwargs: Any) -> None:
        super().add_usage(usage, [each for each in actions if _is_ours(each)], *args, **kwargs)

    def add_arguments(self, actions: Iterable[Action]) -> None:
        super().add_arguments([each for each in actions if _is_ours(each)])


def _is_ours(action: Action) -> bool:
    return not DjangoHelpFormatter.show_last.intersection(action.option_strings)


class SiteCommand(BaseCommand):
    """A command of this site's own: its help is the list's, its refusals begin with the program's name."""

    _typed = False

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        self.help = gettext.gettext(OURS[subcommand])
        return super().create_parser(prog_name, subcommand, formatter_class=Formatter, **kwargs)

    def get_version(self) -> str:
        return program_and_version()

    def run_from_argv(self, argv: list[str]) -> None:
        self._typed = True
        super().run_from_argv(argv)

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except SystemCheckError:
            raise
        except CommandError as refused:
            if not self._typed or options.get("traceback"):
                raise
            self.stderr.write(f"{PROGRAM}: {refused}")
            sys.exit(refused.returncode)
