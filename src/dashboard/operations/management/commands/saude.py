"""`saude`: asks a site that runs on this machine for /healthz, for a container's or a supervisor's check."""

import http.client
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from dashboard.command_line import SiteCommand, whole_number

_PATIENCE = 10.0  # seconds


class Command(SiteCommand):
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--port", type=whole_number(1, 65535), default=8000, metavar=_("PORT"), help=_("of the site (8000)")
        )

    def handle(self, *_args: Any, port: int, **_options: Any) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
        try:
            connection.request("GET", "/healthz", headers={"Host": settings.ALLOWED_HOSTS[0].lstrip(".")})
            answer = connection.getresponse()
            said = answer.read(1000).decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as error:
            raise CommandError(
                _("nothing answers at 127.0.0.1:%(port)d (%(reason)s)")
                % {"port": port, "reason": getattr(error, "strerror", "") or type(error).__name__}
            ) from None
        finally:
            connection.close()
        if answer.status != http.HTTPStatus.OK:
            raise CommandError(f"{answer.status} {said}")
        self.stdout.write(said)
