"""The backup that runs, as far as it is known: percent, speed, time left. Pure: the time comes in with each event."""

from dataclasses import dataclass, replace

from topbackup.gui.words import ago, speed, step
from topbackup.i18n import _
from topcore.record import size_text

_WINDOW = 8.0  # seconds that the speed is taken over: a figure that people can read, and that still follows the line


@dataclass(frozen=True)
class Live:
    """samples: (seconds, bytes done) of the present step, oldest first. total: bytes, an estimate; None: not known."""

    number: int
    agenda: int | None
    step: str = ""
    done: int = 0
    total: int | None = None
    samples: tuple[tuple[float, int], ...] = ()

    @classmethod
    def began(cls, number: int, agenda: object, monotonic: float) -> "Live":
        return cls(number, agenda if isinstance(agenda, int) else None, samples=((monotonic, 0),))

    @classmethod
    def found(cls, number: int, agenda: object, now_in: object, done: object, total: object) -> "Live":
        """Begun before anybody looked: its speed is not known yet."""
        return cls(
            number,
            agenda if isinstance(agenda, int) else None,
            now_in if isinstance(now_in, str) else "",
            done if isinstance(done, int) else 0,
            total if isinstance(total, int) else None,
        )

    def came_to(self, now_in: str, done: object, total: object, monotonic: float) -> "Live":
        count = done if isinstance(done, int) else 0
        kept = self.samples if self.step in ("", now_in) else ()
        samples = tuple(sample for sample in kept if sample[0] >= monotonic - _WINDOW)
        return replace(
            self,
            step=now_in,
            done=count,
            total=total if isinstance(total, int) else None,
            samples=(*samples, (monotonic, count)),
        )

    @property
    def fraction(self) -> float | None:
        """0 to 1; None where nothing says how much there is. Never whole before the end: an estimate may be short."""
        if self.total is None or self.total <= 0:
            return None
        return min(self.done / self.total, 0.99)

    @property
    def bytes_a_second(self) -> float | None:
        if len(self.samples) < 2:
            return None
        (first_at, first), (last_at, last) = self.samples[0], self.samples[-1]
        return (last - first) / (last_at - first_at) if last_at > first_at and last > first else None

    @property
    def seconds_left(self) -> float | None:
        pace = self.bytes_a_second
        if pace is None or self.total is None or self.done >= self.total:
            return None
        return (self.total - self.done) / pace

    @property
    def words(self) -> str:
        """`Lendo o banco · 45 % · 29,2 MB/s · faltam 12 s`, as far as each is known."""
        parts = [step(self.step)]
        if self.fraction is not None:
            parts.append(f"{int(self.fraction * 100)} %")
        elif self.done:
            parts.append(size_text(self.done) or "")
        if self.bytes_a_second is not None:
            parts.append(speed(self.bytes_a_second))
        if self.seconds_left is not None:
            parts.append(_("{time} left").format(time=ago(self.seconds_left)))
        return " · ".join(parts)
