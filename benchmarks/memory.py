"""The agent's memory: the largest resident set of a process that makes one backup."""

import subprocess
import sys
from pathlib import Path

from benchmarks.contenders import Bench

_UNIT = 1024 if sys.platform == "linux" else 1  # of ru_maxrss, getrusage(2)


def peak_rss_of_a_backup(bench: Bench) -> float:
    """Megabytes (10^6 bytes) of `topbackup backup --agenda 1`, gbak and server not counted."""
    program = Path(__file__).with_name("one_backup.py")
    done = subprocess.run([sys.executable, program, bench.config], capture_output=True, text=True, check=True)
    return int(done.stdout) * _UNIT / 1e6
