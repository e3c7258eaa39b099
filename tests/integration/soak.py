"""The soak: the real agent for minutes or hours, with servers that come and go, kills, and impatient people.

Afterwards: every due slot has one result, every run is finished and in the cloud once with the same status, no gbak is
left, nothing half lies about, and the agent is no larger than it was.
"""

import contextlib
import random
import statistics
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import psutil

from lab.mariadb_server import MariaDBServer
from tests.integration.cloud_server import runs
from tests.integration.running_agent import RunningAgent, eventually, gbaks, minute, set_rows, slots
from tests.integration.shop import Shop
from topbackup.errors import TopBackupError
from topcore.agenda import DEFAULT_ZONE

_WARM = 5  # samples of a life until caches and pools are filled


@dataclass
class Life:
    """One process of the agent: what it took, sampled each second. handles: descriptors."""

    rss: list[int] = field(default_factory=list)
    handles: list[int] = field(default_factory=list)


@dataclass
class Soak:
    """seconds: of trouble; half as many calm ones follow, in which the agent must show that it does not grow."""

    shop: Shop
    cloud: MariaDBServer
    seconds: float
    seed: int
    done: Counter[str] = field(default_factory=Counter)
    lives: list[Life] = field(default_factory=list)

    def run(self) -> None:
        self.dice = random.Random(self.seed)
        self.agent = RunningAgent(self.shop).start()
        self.lives.append(Life())
        self._schedule()
        began = time.monotonic()
        next_trouble = began + 3
        while time.monotonic() < began + self.seconds:
            if time.monotonic() >= next_trouble:
                self._trouble()
                next_trouble = time.monotonic() + self.dice.uniform(1, 6)
            self._sample()
            time.sleep(1)
        self._calm(self.seconds / 2)
        self._end()

    def _schedule(self) -> None:
        """Two rows for each minute to come, and one for each other: every one of them is due once."""
        minutes = int(self.seconds * 1.5 // 60) + 2
        rows = [(number * 10 + copy, minute(number), "US"[copy]) for number in range(1, minutes) for copy in (0, 1)]
        set_rows(self.shop, rows)
        self.rows = rows
        self.began_at = datetime.now(UTC)
        self.agent.ask("reload")

    def _trouble(self) -> None:
        troubles: list[Callable[[], None]] = [
            self._kill_agent,
            self._firebird_away,
            self._firebird_hangs,
            self._cloud_killed,
            self._by_hand,
            self._by_hand,
            self._impatient,
            self._cancel,
            self._restart,
        ]
        trouble = self.dice.choice(troubles)
        self.done[trouble.__name__.lstrip("_")] += 1
        trouble()

    def _kill_agent(self) -> None:
        self.agent.kill()
        time.sleep(self.dice.uniform(0, 2))
        self._start_agent()

    def _restart(self) -> None:
        assert self.agent.stop() == 0, self.agent.said()
        self._start_agent()

    def _start_agent(self) -> None:
        self.agent.start()
        self.lives.append(Life())

    def _firebird_away(self) -> None:
        self.dice.choice([self.shop.server.stop, self.shop.server.kill])()
        time.sleep(self.dice.uniform(1, 4))
        self.shop.server.start()

    def _firebird_hangs(self) -> None:
        self.shop.server.suspend()
        time.sleep(self.dice.uniform(0.5, 2))
        self.shop.server.resume()

    def _cloud_killed(self) -> None:
        self.dice.choice([self.cloud.stop, self.cloud.kill])()
        time.sleep(self.dice.uniform(1, 4))
        self.cloud.start()

    def _by_hand(self) -> None:
        with contextlib.suppress(TopBackupError):
            self.agent.ask("backup")

    def _cancel(self) -> None:
        self._by_hand()
        time.sleep(self.dice.uniform(0, 0.5))
        self.agent.ask("cancel")

    def _impatient(self) -> None:
        for _ in range(30):
            with contextlib.suppress(TopBackupError):
                self.agent.ask(self.dice.choice(["status", "history", "backup", "log", "sync", "agenda"]))

    def _calm(self, seconds: float) -> None:
        """Backups by hand and many questions, without trouble: the same work over and over."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._by_hand()
            for _ in range(5):
                self.agent.ask("status")
            self._sample()
            time.sleep(1)

    def _sample(self) -> None:
        assert self.agent.alive, self.agent.said()
        process = psutil.Process(self.agent.pid)
        self.lives[-1].rss.append(process.memory_info().rss)
        self.lives[-1].handles.append(process.num_fds())

    def _end(self) -> None:
        last = self.began_at + timedelta(minutes=len(self.rows) // 2, seconds=10)
        time.sleep(max(0.0, (last - datetime.now(UTC)).total_seconds()))
        eventually(lambda: not self.agent.status["pedidos"], 60, self.agent.said)
        eventually(lambda: self.agent.state == "RUNNING", 120, self.agent.said)
        eventually(lambda: self.agent.ask("status")["pendentes_nuvem"] == 0, 240, self.agent.said)
        eventually(lambda: not gbaks(self.shop), 60, self.agent.said)
        assert self.agent.stop() == 0, self.agent.said()

    # What must hold afterwards.

    def every_slot_has_one_result(self) -> Counter[str]:
        found = slots(self.shop)
        keys = [(number, slot) for number, slot, _, _ in found]
        assert len(set(keys)) == len(keys)
        zone = ZoneInfo(DEFAULT_ZONE)
        at = {(number, f"{datetime.fromisoformat(slot).astimezone(zone):%H:%M}") for number, slot, _, _ in found}
        assert at == {(number, time_of_day) for number, time_of_day, _ in self.rows}
        executed = [uuid for _, _, result, uuid in found if result == "EXECUTADO"]
        known = [uuid for uuid, _ in in_order_all(self.shop)]
        assert len(set(executed)) == len(executed)
        assert set(executed) <= set(known)
        return Counter(result for _, _, result, _ in found)

    def every_run_is_finished_and_in_the_cloud_once(self) -> Counter[str]:
        ours = in_order_all(self.shop)
        assert {status for _, status in ours} <= {"S", "F"}
        assert sorted(runs(self.cloud)) == sorted(ours)
        return Counter(status for _, status in ours)

    def nothing_grew(self) -> tuple[float, int]:
        """Megabytes and descriptors by which the last life's end is above its begin, medians, after it is warm."""
        life = max(self.lives, key=lambda each: len(each.rss))
        part = max(5, (len(life.rss) - _WARM) // 4)
        first, end = slice(_WARM, _WARM + part), slice(-part, None)
        grown = (statistics.median(life.rss[end]) - statistics.median(life.rss[first])) / 1e6
        handles = int(statistics.median(life.handles[end]) - statistics.median(life.handles[first]))
        assert len(life.rss) > 2 * part, "long enough to see it"
        return grown, handles


def in_order_all(shop: Shop) -> list[tuple[str, str]]:
    journal, _ = shop.parts.open_journal()
    with journal:
        return [(str(record.run_id), record.status.value) for record in reversed(journal.history(100_000))]
