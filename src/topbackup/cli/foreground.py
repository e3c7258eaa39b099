"""`python -P -m topbackup.cli.foreground CONFIG [--quiet]`: the agent itself, without the command line around it.

`topbackup run` becomes this program: what only parses options would take a tenth of the agent's memory for years.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from topbackup.cli.door import through

if TYPE_CHECKING:
    from topbackup.errors import TopBackupError


def main(config: Path, *, quiet: bool) -> int:
    """Be the agent until SIGINT or SIGTERM; the exit code."""
    # Not at the top: Ctrl-C may come while they are read.
    import logging  # noqa: PLC0415

    from topbackup.agent.host import Host  # noqa: PLC0415
    from topbackup.errors import OperationFailed, TopBackupError  # noqa: PLC0415
    from topbackup.logs import log_to_file, log_to_stream  # noqa: PLC0415
    from topbackup.places import Places  # noqa: PLC0415
    from topbackup.problems import INTERNAL  # noqa: PLC0415
    from topbackup.service.ending import hear_the_end  # noqa: PLC0415
    from topbackup.service.systemd import supervisor  # noqa: PLC0415

    log_to_file(Places(config).logs, agent=True)
    if not quiet:
        log_to_stream()
    try:
        host = Host(config, supervisor())
        hear_the_end(host.stop)
        host.run()
    except TopBackupError as error:
        return _told(error)
    except Exception as defect:
        logging.getLogger(__name__).exception("a defect")
        return _told(OperationFailed(INTERNAL, type(defect).__name__))
    return 0


def _told(error: "TopBackupError") -> int:
    import logging  # noqa: PLC0415 - see above

    from topbackup.cli.output import show_error  # noqa: PLC0415 - only an agent that could not begin needs it

    logging.getLogger(__name__).error("the agent cannot go on: %s %s", error.code, error)
    show_error(error, as_json=False)
    return error.exit_code


if __name__ == "__main__":
    sys.exit(through(lambda: main(Path(sys.argv[1]), quiet="--quiet" in sys.argv[2:])))
