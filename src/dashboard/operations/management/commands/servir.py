"""`servir`: the site, served by granian. Behind a proxy that speaks TLS, for any host but this machine itself."""

import multiprocessing
import os
import socket
import tempfile
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from dashboard.command_line import SiteCommand
from dashboard.environment import DATABASE_URL
from dashboard.operations.health import migrated
from dashboard.operations.measures import SHARED

_APPLICATION = "dashboard.wsgi:application"
_BACKLOG = 1024
_STOP_SECONDS = 15  # for requests under way, before a worker is killed


class Command(SiteCommand):
    what = gettext_lazy("Serves the site until it is told to stop (SIGTERM, Ctrl-C).")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help=_("the address to listen at (%(default)s)"))
        for name, usual, what in (
            ("--port", 8000, _("the port to listen at (%(default)s)")),
            ("--workers", 2, _("processes (%(default)s): one a core does")),
            ("--threads", 4, _("requests at once in each process (%(default)s)")),
        ):
            parser.add_argument(name, type=int, metavar="N", default=usual, help=what)

    def handle(self, *_args: Any, host: str, port: int, workers: int, threads: int, **_options: Any) -> None:
        for name, value, most in (("--port", port, 65535), ("--workers", workers, 64), ("--threads", threads, 128)):
            if not 1 <= value <= most:
                raise CommandError(
                    _("%(option)s: a number from 1 to %(most)d, please") % {"option": name, "most": most}
                )
        _refuse_a_port_in_use(host, port)
        _refuse_a_database_that_is_away()
        if not migrated():
            raise CommandError(_("The database lacks migrations. Run: topbackup-dashboard migrate"))
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


def _refuse_a_database_that_is_away() -> None:
    """In the server's own words, which hold no password; and whose they are."""
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        said = next((str(part) for part in reversed(error.args) if isinstance(part, str)), type(error).__name__)
        raise CommandError(
            _("The database does not answer, or does not let the site in (%(said)s). See %(variable)s.")
            % {"said": said, "variable": DATABASE_URL}
        ) from None
    finally:
        connection.close()


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
