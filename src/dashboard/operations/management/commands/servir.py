"""`servir`: the site, served by granian. Behind a proxy that speaks TLS, for any host but this machine itself."""

import multiprocessing
import os
import socket
import tempfile
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from dashboard import database_trouble
from dashboard.command_line import SiteCommand, whole_number
from dashboard.operations.health import schema_is_this_programs
from dashboard.operations.measures import SHARED

_APPLICATION = "dashboard.wsgi:application"
_BACKLOG = 1024
_STOP_SECONDS = 15  # for requests under way, before a worker is killed


class Command(SiteCommand):
    def add_arguments(self, parser: ArgumentParser) -> None:
        number = {"port": whole_number(1, 65535), "workers": whole_number(1, 64), "threads": whole_number(1, 128)}
        parser.add_argument(
            "--host", default="127.0.0.1", metavar=_("ADDRESS"), help=_("the address to listen at (127.0.0.1)")
        )
        parser.add_argument("--port", type=number["port"], default=8000, metavar=_("PORT"), help=_("its port (8000)"))
        parser.add_argument(
            "--workers", type=number["workers"], default=2, metavar="N", help=_("processes (2): one a core does")
        )
        parser.add_argument(
            "--threads", type=number["threads"], default=4, metavar="N", help=_("of each process: requests at once (4)")
        )

    def handle(self, *_args: Any, host: str, port: int, workers: int, threads: int, **_options: Any) -> None:
        _refuse_a_port_in_use(host, port)
        if not schema_is_this_programs():
            raise CommandError(database_trouble.migrations_are_missing())
        # Workers that are forked would share what this process has opened and imported.
        multiprocessing.set_start_method("spawn", force=True)
        with tempfile.TemporaryDirectory(prefix="topbackup-metrics-") as folder:
            os.environ[SHARED] = folder
            Granian(
                _APPLICATION,
                address=host,
                port=port,
                interface=Interfaces.WSGI,
                workers=workers,
                blocking_threads=threads,
                backlog=_BACKLOG,
                workers_kill_timeout=_STOP_SECONDS,
                respawn_failed_workers=True,
                log_level=LogLevels.warning,
            ).serve()


def _refuse_a_port_in_use(host: str, port: int) -> None:
    """granian shares a port with whoever listens there: an old server that was forgotten would answer half of all."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections that just ended do not count
            trial.bind(address)
    except OSError as error:
        raise CommandError(
            _("%(host)s:%(port)d cannot be used (%(reason)s). Stop what listens there, or give another --port.")
            % {"host": host, "port": port, "reason": error.strerror or type(error).__name__}
        ) from None
