"""What is odd about a company's last successes, though each of them succeeded.

A finding turns no card: it asks a person to look. Thresholds come from issue 4, or are said to be ours. Databases are
judged apart (BANCO_ORIGEM): a company may back up a large one and a small one in turn.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median

from topcore.health import DEFAULT_LIMITS

RUNS_LOOKED_AT = 15  # ours: two weeks of daily backups


class Anomaly(StrEnum):
    """Stored in ANOMALIA.TIPO."""

    SIZE_FELL = "TAMANHO_CAIU"
    SAME_SIZE = "TAMANHO_IGUAL"
    SLOW = "DURACAO_TRIPLICOU"
    CLOCK = "RELOGIO"
    SAME_PLACE = "DESTINOS_IGUAIS"


@dataclass(frozen=True)
class Thresholds:
    """size_fell, same_size_runs, slower: issue 4. The rest is ours, against false alarms.

    size_fell: below this part of the median. same_size_runs: so many in a row with exactly the same bytes.
    slower: so many times the median. shortest_slow: a run shorter than this is never called slow.
    fewest_before: with fewer earlier runs there is no usual size and no usual duration. clock_skew: as health has it.
    """

    size_fell: float = 0.5
    same_size_runs: int = 5
    slower: float = 3.0
    shortest_slow: timedelta = timedelta(minutes=2)
    fewest_before: int = 3
    clock_skew: timedelta = DEFAULT_LIMITS.clock_skew


DEFAULT_THRESHOLDS = Thresholds()


@dataclass(frozen=True)
class Success:
    """One successful run as reported; instants are aware, sizes bytes. None: not reported, or no such value."""

    run_id: int
    started_at: datetime
    ended_at: datetime | None = None
    received_at: datetime | None = None
    size: int | None = None
    source: str = ""
    destination_1: str = ""
    destination_2: str = ""

    @property
    def seconds(self) -> float | None:
        """How long it took; None where its end is missing or lies before its start."""
        if self.ended_at is None or self.ended_at < self.started_at:
            return None
        return (self.ended_at - self.started_at).total_seconds()


@dataclass(frozen=True)
class Finding:
    """since: when the run began with which it came about. usual, found: bytes or whole seconds, by the kind.

    place: of SAME_PLACE, the folder; of SIZE_FELL, SAME_SIZE and SLOW the database.
    """

    kind: Anomaly
    since: datetime
    run_id: int
    usual: int | None = None
    found: int | None = None
    place: str = ""


def findings(runs: Iterable[Success], now: datetime, limits: Thresholds = DEFAULT_THRESHOLDS) -> list[Finding]:
    """At most one of a kind: of several databases the one that changed last. runs: in any order."""
    newest_first = sorted(runs, key=lambda run: (run.started_at, run.run_id), reverse=True)[:RUNS_LOOKED_AT]
    by_source: dict[str, list[Success]] = {}
    for run in newest_first:
        by_source.setdefault(run.source, []).append(run)
    found = [
        each
        for history in by_source.values()
        for each in (_size_fell(history, limits), _same_size(history, limits), _slow(history, limits))
    ]
    found += [_clock(newest_first, now, limits), _same_place(newest_first)]
    first: dict[Anomaly, Finding] = {}
    for finding in found:
        if finding is not None:
            first.setdefault(finding.kind, finding)
    return list(first.values())


def same_place(first: str, second: str) -> bool:
    """Do two spellings name one folder? Case, kind and number of separators, and those at the end, tell nothing."""
    return bool(first.strip()) and _plain_path(first) == _plain_path(second)


def _plain_path(path: str) -> str:
    text = path.strip().replace("\\", "/").casefold()
    share = "//" if text.startswith("//") else ""
    parts = [part for part in text.split("/") if part not in ("", ".")]
    return share + ("/" if text.startswith("/") and not share else "") + "/".join(parts)


def _size_fell(history: Sequence[Success], limits: Thresholds) -> Finding | None:
    last, *before = history
    sizes = [run.size for run in before if run.size is not None and run.size > 0]
    if last.size is None or last.size < 0 or len(sizes) < limits.fewest_before:
        return None
    usual = int(median(sizes))
    if last.size >= usual * limits.size_fell:
        return None
    return Finding(Anomaly.SIZE_FELL, last.started_at, last.run_id, usual, last.size, last.source)


def _same_size(history: Sequence[Success], limits: Thresholds) -> Finding | None:
    size = history[0].size
    if size is None or size <= 0:
        return None
    same: list[Success] = []
    for run in history:
        if run.size != size:
            break
        same.append(run)
    if len(same) < limits.same_size_runs:
        return None
    oldest = same[-1]
    return Finding(Anomaly.SAME_SIZE, oldest.started_at, history[0].run_id, len(same), size, oldest.source)


def _slow(history: Sequence[Success], limits: Thresholds) -> Finding | None:
    last, *before = history
    times = [run.seconds for run in before if run.seconds is not None]
    if last.seconds is None or len(times) < limits.fewest_before:
        return None
    usual = median(times)
    if last.seconds < limits.shortest_slow.total_seconds() or last.seconds < usual * limits.slower:
        return None
    return Finding(Anomaly.SLOW, last.started_at, last.run_id, int(usual), int(last.seconds), last.source)


def _clock(history: Sequence[Success], now: datetime, limits: Thresholds) -> Finding | None:
    """Only a clock that is ahead gives itself away: a late report may as well come from a shop that was off line."""
    if not history:
        return None
    last = max(history, key=lambda run: run.run_id)  # by the order of arrival: the clock is what is in doubt
    known = now if last.received_at is None else min(last.received_at, now)
    ahead = last.started_at - known
    backwards = last.ended_at is not None and last.started_at - last.ended_at > limits.clock_skew
    if ahead <= limits.clock_skew and not backwards:
        return None
    seconds = int(max(ahead, timedelta(0)).total_seconds())
    return Finding(Anomaly.CLOCK, known, last.run_id, found=seconds)


def _same_place(history: Sequence[Success]) -> Finding | None:
    if not history or not same_place(history[0].destination_1, history[0].destination_2):
        return None
    last = history[0]
    return Finding(Anomaly.SAME_PLACE, last.started_at, last.run_id, place=re.sub(r"\s+", " ", last.destination_1))
