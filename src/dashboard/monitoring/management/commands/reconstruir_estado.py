"""`reconstruir_estado`: EMPRESA_ESTADO from the history, and its triggers where the account may create them."""

import time
from argparse import ArgumentParser
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard.command_line import LONGEST_PAUSE, SiteCommand, whole_number
from dashboard.monitoring.state.permission import create_or_advise
from dashboard.monitoring.state.rebuild import rebuild
from dashboard.monitoring.state.triggers import missing_triggers


class Command(SiteCommand):
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--a-cada",
            type=whole_number(1, LONGEST_PAUSE),
            metavar=_("SECONDS"),
            help=_("again and again, where the triggers may not be created"),
        )

    def handle(self, *_args: Any, a_cada: int | None = None, **_options: Any) -> None:
        while True:
            self._once()
            if not a_cada:
                return
            time.sleep(max(1, a_cada))

    def _once(self) -> None:
        if missing_triggers(connection):
            self.stderr.write(create_or_advise(connection), ending="")
        began = time.monotonic()
        companies = rebuild(connection, timezone.now())
        self.stdout.write(
            _("EMPRESA_ESTADO: %(number)d companies, %(seconds).1f s")
            % {"number": companies, "seconds": time.monotonic() - began}
        )
