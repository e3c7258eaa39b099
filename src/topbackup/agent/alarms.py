"""The alarms: one APScheduler job for each valid row of AGENDA_BACKUP, which wakes the agent at the row's next slot.

An alarm only wakes. What is owed is decided by `topcore.duty` from the book, so that an alarm that rings late, twice or
never (a computer asleep, a clock that jumped) neither loses nor doubles a run.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.executors.debug import DebugExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from topcore.agenda import Agenda, next_due


class SlotTrigger(BaseTrigger):  # type: ignore[misc]  # APScheduler publishes no types
    """The slots of one row, each `delay` late."""

    def __init__(self, agenda: Agenda, zone: ZoneInfo, delay: timedelta) -> None:
        self.agenda, self.zone, self.delay = agenda, zone, delay

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime | None:
        """APScheduler's contract: strictly later than `previous`, and not before `now`."""
        after = now - timedelta(microseconds=1) if previous is None else max(previous, now - timedelta(microseconds=1))
        slot = next_due(self.agenda, after.astimezone(UTC) - self.delay, self.zone)
        return None if slot is None else slot + self.delay


class Alarms:
    """wake: called, in the scheduler's thread, when a row may be due."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": DebugExecutor()},  # in the scheduler's own thread: to wake takes no time
            job_defaults={"misfire_grace_time": None, "coalesce": True},
        )
        self._set: dict[int, tuple[Agenda, str, timedelta]] = {}

    def start(self) -> None:
        self._scheduler.start()

    def close(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def set(self, agendas: Iterable[Agenda], zone: ZoneInfo, delay: timedelta) -> None:
        """One job for each row that has days; those of rows that changed are made anew, those of rows gone go."""
        wanted = {agenda.id: (agenda, zone.key, delay) for agenda in agendas if agenda.active}
        for number in self._set.keys() - wanted.keys():
            self._scheduler.remove_job(str(number))
        for number, described in wanted.items():
            if self._set.get(number) != described:
                trigger = SlotTrigger(described[0], zone, delay)
                self._scheduler.add_job(self._wake, trigger, id=str(number), replace_existing=True)
        self._set = wanted
