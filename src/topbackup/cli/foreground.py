"""`python -m topbackup.cli.foreground CONFIG [--quiet]`: the agent itself, without the command line around it.

`topbackup run` becomes this program: what only parses options would take a tenth of the agent's memory for years.
"""

import logging
import sys
from pathlib import Path

from topbackup.agent.host import Host
from topbackup.errors import OperationFailed, TopBackupError
from topbackup.logs import log_to_file, log_to_stream
from topbackup.places import Places
from topbackup.problems import INTERNAL
from topbackup.service.ending import hear_the_end
from topbackup.service.systemd import supervisor

_log = logging.getLogger(__name__)


def main(config: Path, *, quiet: bool) -> int:
    """Be the agent until SIGINT or SIGTERM; the exit code."""
    log_to_file(Places(config).logs, agent=True)
    if not quiet:
        log_to_stream()
    try:
        host = Host(config, supervisor())
        hear_the_end(host.stop)
        host.run()
    except TopBackupError as error:
        return _told(error)
    except Exception as defect:  # noqa: BLE001 - the last door before a user
        _log.exception("a defect")
        return _told(OperationFailed(INTERNAL, type(defect).__name__))
    return 0


def _told(error: TopBackupError) -> int:
    from topbackup.cli.output import show_error  # noqa: PLC0415 - only an agent that could not begin needs it

    _log.error("the agent cannot go on: %s %s", error.code, error)
    show_error(error, as_json=False)
    return error.exit_code


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), quiet="--quiet" in sys.argv[2:]))
