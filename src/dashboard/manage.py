"""The command `topbackup-dashboard`: migrate, criar_acesso, servir, saude, reconstruir_estado, and Django's own."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    """Settings that are missing are told in one sentence, without a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"topbackup-dashboard: {error}")


if __name__ == "__main__":
    main()
