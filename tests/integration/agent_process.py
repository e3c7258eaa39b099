"""The real agent's process, with a clock that can be set: it is off by the seconds in the file CONFIG.relogio, if any.
A file that was lost counts for it after a moment, not a minute.

Usage: agent_process.py CONFIG
"""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from topbackup.agent import files_here
from topbackup.agent.host import Host
from topbackup.clock import Clock
from topbackup.logs import log_to_file
from topbackup.places import Places
from topbackup.service.ending import hear_the_end


def main() -> None:
    config = Path(sys.argv[1])
    error = config.with_name(config.name + ".relogio")

    def now() -> datetime:
        seconds = float(error.read_text()) if error.exists() else 0.0
        return datetime.now(UTC) + timedelta(seconds=seconds)

    files_here._SOON = 0.5
    log_to_file(Places(config).logs, agent=True)
    host = Host(config, clock=Clock(now=now))
    hear_the_end(host.stop)
    host.run()


if __name__ == "__main__":
    main()
