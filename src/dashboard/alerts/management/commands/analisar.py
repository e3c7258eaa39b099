"""`analisar`: anomalies of every company whose last success changed since it was last analysed."""

import time
from argparse import ArgumentParser
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard.alerts.analysis import PER_TURN, analyse_some, forget_the_gone, waiting
from dashboard.command_line import LONGEST_PAUSE, SiteCommand, whole_number


class Command(SiteCommand):
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--a-cada", type=whole_number(1, LONGEST_PAUSE), metavar=_("SECONDS"), help=_("again and again")
        )

    def handle(self, *_args: Any, a_cada: int | None = None, **_options: Any) -> None:
        while True:
            self._once()
            if not a_cada:
                return
            time.sleep(max(1, a_cada))

    def _once(self) -> None:
        began, number = time.monotonic(), 0
        forget_the_gone()
        while done := analyse_some(timezone.now(), PER_TURN):
            number += done
        self.stdout.write(
            _("Analysed: %(number)d companies, %(seconds).1f s; still to be analysed: %(left)d")
            % {"number": number, "seconds": time.monotonic() - began, "left": waiting()}
        )
