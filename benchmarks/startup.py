"""How long `topbackup status` takes, from the shell to its end."""

import statistics
import subprocess
import sys
import time

from benchmarks.contenders import Bench

_TIMES = 9


def seconds_of_status(bench: Bench) -> float:
    """The median of several."""
    seconds = []
    for _ in range(_TIMES):
        began = time.perf_counter()
        command = [sys.executable, "-m", "topbackup", "status", "--json", "--config", str(bench.config)]
        subprocess.run(command, check=True, capture_output=True)
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)
