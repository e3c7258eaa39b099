"""Which old copies may go: V names alone, as S and U names are replaced by the rename of a newer file (design §4.2).

The rule is that of the field (restic's `forget --keep-*`, borg's `prune`): the newest of each of the last N days, weeks
and months that have one. What comes before the rule is ours: a copy goes only when that makes nothing less safe.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Policy:
    """How much to keep in each place. All None: everything is kept, for ever.

    last: copies. daily, weekly, monthly: days, ISO weeks and months that have a copy, the newest of each. largest:
    bytes of one place; it wins over the counts, and never over what protects a copy.
    """

    last: int | None = None
    daily: int | None = None
    weekly: int | None = None
    monthly: int | None = None
    largest: int | None = None

    def __post_init__(self) -> None:
        if any(number is not None and number < 1 for number in (*self._counts, self.largest)):
            raise ValueError("a policy keeps at least one of what it counts")

    @property
    def _counts(self) -> tuple[int | None, ...]:
        return (self.last, self.daily, self.weekly, self.monthly)

    @property
    def counts(self) -> bool:
        """Does a count bound what is kept?"""
        return any(number is not None for number in self._counts)

    @property
    def bounded(self) -> bool:
        return self.counts or self.largest is not None


@dataclass(frozen=True)
class Copy:
    """One file of a successful run in one place, as the journal knows it. began: of the run, aware.

    order: of the run in the journal; it says what is newer, as a clock may have been anywhere.
    place: a folder's path or a remote destination's name. checked: it was read back there, or as good as. proven: the
    run's backup was restored and compared.
    """

    place: str
    name: str
    run_id: UUID
    order: int
    began: datetime
    size: int
    checked: bool
    proven: bool


class Why(StrEnum):
    """Why a copy stays or goes. The values are for the journal and `--json`."""

    NO_POLICY = "SEM_POLITICA"
    RUNS_FAIL = "BACKUPS_FALHANDO"
    NEWEST = "MAIS_NOVA"
    NOTHING_NEWER = "SEM_MAIS_NOVA_CONFERIDA"
    LAST_PROVEN = "ULTIMA_COMPROVADA"
    LAST = "ULTIMAS"
    DAILY = "DIARIA"
    WEEKLY = "SEMANAL"
    MONTHLY = "MENSAL"
    ROOM = "CABE"  # no count bounds it, and there is room
    STILL_TO_SEND = "A_ENVIAR"  # an upload begins from it
    OUT_OF_SIGHT = "LUGAR_INACESSIVEL"  # its place could not be looked at
    SUPERSEDED = "SUBSTITUIDA"
    TOO_MUCH = "ESPACO"

    @property
    def keeps(self) -> bool:
        return self not in (Why.SUPERSEDED, Why.TOO_MUCH)


@dataclass(frozen=True)
class Decision:
    """What becomes of one copy."""

    copy: Copy
    why: Why

    @property
    def goes(self) -> bool:
        return not self.why.keeps


def decide(copies: Iterable[Copy], policy: Policy, zone: ZoneInfo, *, runs_fail: bool) -> list[Decision]:
    """For every copy of *one database*, newest first, why it stays or goes.

    runs_fail: the last finished run of the database failed: then nothing goes. zone: where a day begins.
    """
    ordered = sorted(copies, key=lambda copy: (copy.place, copy.order, copy.name), reverse=True)
    if not policy.bounded or runs_fail:
        why = Why.NO_POLICY if not policy.bounded else Why.RUNS_FAIL
        return [Decision(copy, why) for copy in ordered]
    proven = max((copy.order for copy in ordered if copy.proven and copy.checked), default=None)
    dated = _dated(ordered, zone)
    decisions: list[Decision] = []
    for _, here in groupby(ordered, key=lambda copy: copy.place):
        decisions += _in_one_place(list(here), policy, dated, proven)
    return decisions


def _dated(copies: Iterable[Copy], zone: ZoneInfo) -> dict[Copy, datetime]:
    """When each began, in the zone; no later than any run after it began, as a clock that was ahead may say."""
    dated: dict[Copy, datetime] = {}
    earliest: datetime | None = None
    for copy in sorted(copies, key=lambda copy: copy.order, reverse=True):
        earliest = copy.began if earliest is None else min(earliest, copy.began)
        dated[copy] = earliest.astimezone(zone)
    return dated


def _in_one_place(
    copies: Sequence[Copy], policy: Policy, dated: Mapping[Copy, datetime], last_proven: int | None
) -> list[Decision]:
    """copies: newest first."""
    newest = next((copy for copy in copies if copy.checked), None)
    protected = {copy: _protection(copy, newest, last_proven) for copy in copies}
    wanted = _wanted([copy for copy in copies if copy.checked], policy, dated)
    left = policy.largest
    decisions: list[Decision] = []
    for copy in copies:
        why = protected[copy] or wanted.get(copy, Why.SUPERSEDED)
        if left is not None and why.keeps:
            left -= copy.size
            if left < 0 and protected[copy] is None:
                why, left = Why.TOO_MUCH, left + copy.size
        decisions.append(Decision(copy, why))
    return decisions


def _protection(copy: Copy, newest: Copy | None, last_proven: int | None) -> Why | None:
    """What no policy may take: what is not covered by a newer checked copy in the same place, and the last proof."""
    if newest is None or copy.order > newest.order:
        return Why.NOTHING_NEWER
    if copy is newest:
        return Why.NEWEST
    if copy.order == newest.order:
        return Why.NOTHING_NEWER
    # In each place that has it: one of them may be the disk that dies.
    return Why.LAST_PROVEN if last_proven is not None and copy.proven and copy.order >= last_proven else None


def _wanted(checked: Sequence[Copy], policy: Policy, dated: Mapping[Copy, datetime]) -> dict[Copy, Why]:
    """Which the counts keep. A copy that was never checked takes nobody's place, and is kept by none."""
    if not policy.counts:
        return dict.fromkeys(checked, Why.ROOM)
    wanted: dict[Copy, Why] = {}
    rules: tuple[tuple[int | None, Why, Callable[[Copy], object]], ...] = (
        (policy.last, Why.LAST, lambda copy: copy.run_id),
        (policy.daily, Why.DAILY, lambda copy: dated[copy].date()),
        (policy.weekly, Why.WEEKLY, lambda copy: dated[copy].isocalendar()[:2]),
        (policy.monthly, Why.MONTHLY, lambda copy: dated[copy].replace(day=1).date()),
    )
    for number, why, period in rules:
        seen: set[object] = set()
        for copy in checked:
            if len(seen) == (number or 0):
                break
            if (span := period(copy)) not in seen:
                seen.add(span)
                wanted.setdefault(copy, why)
    return wanted
