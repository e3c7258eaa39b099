"""`make bench`: our whole backup beside the others, on one live server, interleaved; medians, a table, a JSON file.

Environment: BENCH_MB (the .fdb, 300 by default), BENCH_ROUNDS (5), BENCH_LARGE_MB (2000: memory only; 0 leaves it out),
BENCH_DIR (where the databases are made; the system's temporary folder by default).
"""

import json
import os
import platform
import statistics
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.contenders import Bench
from benchmarks.memory import peak_rss_of_a_backup
from benchmarks.startup import seconds_of_status

MEGABYTES = int(os.environ.get("BENCH_MB", "300"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
LARGE = int(os.environ.get("BENCH_LARGE_MB", "2000"))
RESULTS = Path(__file__).parent / "results"


def main() -> int:
    """Measure, print, and store."""
    with tempfile.TemporaryDirectory(prefix="topbackup-bench-", dir=os.environ.get("BENCH_DIR")) as folder:
        with Bench(Path(folder) / "bench", MEGABYTES) as bench:
            size = bench.database_size / 1e6
            print(f"database {size:.0f} MB, held open by a live server; {ROUNDS} rounds, interleaved\n")
            times = interleave(bench.contenders())
            sizes = bench.sizes()
            memory = {f"{MEGABYTES} MB": peak_rss_of_a_backup(bench)}
            startup = seconds_of_status(bench)
        if LARGE:
            with Bench(Path(folder) / "large", LARGE) as large:
                memory[f"{LARGE} MB"] = peak_rss_of_a_backup(large)
    report(times, sizes=sizes, memory=memory, startup=startup)
    return 0


def interleave(contenders: dict[str, Callable[[], float]]) -> dict[str, list[float]]:
    """One round of everybody after the other, so that a noisy minute hits all; the first round only warms up."""
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for turn in range(ROUNDS + 1):
        for name, measure in contenders.items():
            seconds = measure()
            if turn:
                times[name].append(seconds)
            print(f"\r  round {turn}/{ROUNDS}: {name:<40}", end="", file=sys.stderr)
    print(file=sys.stderr)
    return times


def report(times: dict[str, list[float]], *, sizes: dict[str, int], memory: dict[str, float], startup: float) -> None:
    """A table for people, and a file for comparing."""
    medians = {name: statistics.median(values) for name, values in times.items()}
    ours, floor = medians["topbackup"], medians["floor: service to a file"]
    print(f"  {'':<42}{'median s':>9} {'min':>7} {'max':>7} {'/ floor':>9}")
    for name, median in medians.items():
        spread = times[name]
        print(f"  {name:<42}{median:>9.2f} {min(spread):>7.2f} {max(spread):>7.2f} {median / floor:>8.2f}×")
    figures = {
        "ours / floor (≤ 1.25)": ours / floor,
        "classic / ours (≥ 4)": medians["classic: TCP, zipfile 6, two copies"] / ours,
        "archive / zlib 6 (≤ 1.08)": sizes["topbackup"] / sizes["zlib 6"],
        "temporary bytes (0)": sizes["temporary"],
        "start-up of `topbackup status`, s (≤ 0.5)": startup,
    }
    figures |= {
        f"{name} / bare gbak to /dev/null (≤ 1.15)": medians[name] / medians[f"bare {name}"]
        for name in medians
        if name.startswith("route ")
    }
    figures |= {f"peak RSS at {size}, MB (≤ 80)": peak for size, peak in memory.items()}
    print()
    for name, value in figures.items():
        print(f"  {name:<62}{value:>8.2f}")
    store(times, sizes, figures)


def store(times: dict[str, list[float]], sizes: dict[str, int], figures: dict[str, float]) -> None:
    """benchmarks/results/backup-DATE.json."""
    RESULTS.mkdir(exist_ok=True)
    now = datetime.now(UTC)
    document = {
        "at": now.isoformat(),
        "machine": {"cores": os.cpu_count(), "system": platform.system(), "python": platform.python_version()},
        "rounds": ROUNDS,
        "seconds": times,
        "sizes": sizes,
        "figures": figures,
    }
    path = RESULTS / f"backup-{now:%Y%m%d-%H%M%S}.json"
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    print(f"\n  benchmarks/results/{path.name}")


if __name__ == "__main__":
    sys.exit(main())
