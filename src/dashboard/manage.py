"""The command `topbackup-dashboard`: this site's own commands, and Django's."""

import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import ManagementUtility, get_commands
from django.core.management.base import BaseCommand
from django.db import OperationalError

from dashboard.command_line import PROGRAM
from dashboard.environment import DATABASE_URL

# In Portuguese at once, as environment.py: before there are settings there are no translations.
OWN = {
    "migrate": "cria as tabelas, ou as leva à versão deste programa",
    "criar_acesso": "cria um acesso ao painel, ou lhe dá nova senha e papel",
    "servir": "serve o site até que o mandem parar",
    "saude": "pergunta a um site desta máquina se está bem",
    "analisar": "procura anomalias nos últimos backups",
    "reconstruir_estado": "recalcula o estado das empresas a partir do histórico",
}
_HELP: tuple[list[str], ...] = (["help"], ["--help"], ["-h"], [])


def main() -> None:
    """What keeps a command from beginning is told in one sentence, without a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
    words = sys.argv[1:]
    if words in _HELP:
        sys.stdout.write(f"{_help()}\n")
        return
    try:
        _Program(sys.argv).execute()
    except ImproperlyConfigured as error:
        sys.exit(f"{PROGRAM}: {error}")
    except OperationalError as error:
        said = next((str(part) for part in reversed(error.args) if isinstance(part, str)), type(error).__name__)
        sys.exit(f"{PROGRAM}: o banco de dados não responde, ou recusou o pedido ({said}). Veja {DATABASE_URL}.")


class _Program(ManagementUtility):
    def fetch_command(self, subcommand: str) -> BaseCommand:
        if subcommand not in get_commands():
            settings.INSTALLED_APPS  # noqa: B018 - without settings no command is known, and reading says why
            sys.stderr.write(f"{PROGRAM}: não há o comando “{subcommand}”.\n\n{_help()}\n")
            sys.exit(2)
        return super().fetch_command(subcommand)


def _help() -> str:
    lines = [f"  {name:<20}{what}" for name, what in OWN.items()]
    return "\n".join(
        [
            f"Uso: {PROGRAM} COMANDO [opções]",
            "",
            "Comandos:",
            *lines,
            "",
            f"As opções de cada um: {PROGRAM} COMANDO --help",
            "Os do próprio Django (check, shell, dumpdata…): django-admin help --commands",
        ]
    )


if __name__ == "__main__":
    main()
