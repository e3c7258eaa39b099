"""The command `topbackup-dashboard`: migrate, criar_acesso, servir, saude, reconstruir_estado, and Django's own."""

import os
import sys
from difflib import get_close_matches
from gettext import gettext as _

from django.core.exceptions import ImproperlyConfigured
from django.core.management import ManagementUtility, get_commands
from django.core.management.base import BaseCommand
from django.db import Error

from dashboard import database_trouble
from dashboard.command_line import OURS, PROGRAM, program_and_version, speak_portuguese

_USAGE, _INTERRUPTED = 2, 130  # exit codes


def main() -> None:
    """What keeps a command from its work is told in one sentence, without a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
    speak_portuguese()
    words = sys.argv[1:]
    if words in (["--version"], ["version"]):
        sys.stdout.write(f"{program_and_version()}\n")
        return
    try:
        Site([PROGRAM, *words]).execute()
    except ImproperlyConfigured as error:
        sys.exit(f"{PROGRAM}: {error}")
    except Error as error:
        sys.exit(f"{PROGRAM}: {database_trouble.sentence(error)}")
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)


class Site(ManagementUtility):
    """Django's, with this site's commands first, and in Portuguese."""

    def main_help_text(self, commands_only: bool = False) -> str:
        others = sorted(get_commands().keys() - OURS)
        if commands_only:
            return "\n".join([*OURS, *others])
        width = max(map(len, OURS)) + 2
        lines = [
            _("usage: ") + f"{PROGRAM} {_('COMMAND')} [{_('options')}]",
            "",
            _("Commands of the site:"),
            *(f"  {name:<{width}}{_(what)}" for name, what in OURS.items()),
            "",
            _("The options of one: %(program)s COMMAND --help") % {"program": PROGRAM},
        ]
        if self.settings_exception is not None:
            return "\n".join(
                [*lines, "", _("Before any of them runs: %(reason)s") % {"reason": self.settings_exception}]
            )
        return "\n".join(
            [*lines, "", _("Django's own, in English, for who develops:"), *(f"  {name}" for name in others)]
        )

    def fetch_command(self, subcommand: str) -> BaseCommand:
        if self.settings_exception is not None:
            raise self.settings_exception
        if subcommand not in get_commands():
            near = get_close_matches(subcommand, [*OURS, *get_commands()], 1)
            hint = _("Did you mean %(name)s? ") % {"name": near[0]} if near else ""
            unknown = _("there is no command %(name)r.") % {"name": subcommand}
            sys.stderr.write(f"{PROGRAM}: {unknown} {hint}{_('For a list:')} {PROGRAM} --help\n")
            sys.exit(_USAGE)
        return super().fetch_command(subcommand)


if __name__ == "__main__":
    main()
