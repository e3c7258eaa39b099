"""The command `topbackup-dashboard`: migrate, criar_acesso, servir, saude, reconstruir_estado, and Django's own."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import OperationalError

from dashboard.environment import DATABASE_URL


def main() -> None:
    """What keeps a command from beginning is told in one sentence, without a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"topbackup-dashboard: {error}")
    except OperationalError as error:
        said = next((str(part) for part in reversed(error.args) if isinstance(part, str)), type(error).__name__)
        sys.exit(
            f"topbackup-dashboard: o banco de dados não responde, ou recusou o pedido ({said}). Veja {DATABASE_URL}."
        )


if __name__ == "__main__":
    main()
