"""What one row of LOG_BACKUPS says, in SQL: topcore.health.RunFact and topcore.health.deadlines."""

from dataclasses import dataclass
from datetime import timedelta

from dashboard.monitoring.state.dialect import Dialect
from topcore.health import DEFAULT_LIMITS
from topcore.tables import Proof, RunColumn, RunStatus


@dataclass(frozen=True)
class RowRules:
    """row: how SQL calls the row: NEW, OLD, or a table's alias. of_database: by the next slot of the run's database,
    where it was told, and not by that of the company.
    """

    row: str
    dialect: Dialect
    of_database: bool = False

    def column(self, name: str) -> str:
        return f"{self.row}.{name}"

    @property
    def began(self) -> str:
        """A run cannot have begun after it was reported. NULL where neither date is usable: such a row counts not."""
        started = self.dialect.instant(self.column(RunColumn.STARTED_AT))
        return self.dialect.least(started, self.dialect.instant(self.column(RunColumn.RECEIVED_AT)))

    @property
    def succeeded(self) -> str:
        """A success without its own start, or of a file that has no size, proves nothing."""
        started, size = self.dialect.instant(self.column(RunColumn.STARTED_AT)), self.column(RunColumn.SIZE_BYTES)
        sound = f"{started} IS NOT NULL AND ({size} IS NULL OR {self.dialect.whole_number(size)} AND {size} > 0)"
        return f"({self._is(RunStatus.SUCCEEDED)} AND NOT {self._refuted} AND {sound})"

    @property
    def source(self) -> str:
        return self.dialect.database(self.column(RunColumn.SOURCE))

    @property
    def failed(self) -> str:
        finished_badly = f"({self._is(RunStatus.FAILED)} OR ({self._is(RunStatus.SUCCEEDED)} AND {self._refuted}))"
        return f"({finished_badly} AND {self.began} IS NOT NULL)"

    @property
    def running(self) -> str:
        return f"({self._is(RunStatus.RUNNING)} AND {self.began} IS NOT NULL)"

    @property
    def pending(self) -> str:
        return f"({self._is(RunStatus.PENDING)} AND {self.began} IS NOT NULL)"

    @property
    def proven_at(self) -> str:
        """When a restore proved the row's backup; NULL where none did."""
        proven = (
            f"{self._is(RunStatus.SUCCEEDED)} AND {self.dialect.letter(self.column(RunColumn.PROVEN), Proof.PROVEN)}"
        )
        return f"CASE WHEN {proven} THEN {self.dialect.instant(self.column(RunColumn.PROVEN_AT))} END"

    @property
    def ok_until(self) -> str:
        """health.deadlines(): NULL for a partial success, which is never green."""
        by_slot = self._after(self._next_due, _seconds(DEFAULT_LIMITS.slot_allowance))
        plain = self._after(self.began, _seconds(DEFAULT_LIMITS.without_agenda))
        whole = f"{self.column(RunColumn.ERROR_CODE)} IS NULL"
        return f"CASE WHEN {whole} THEN CASE WHEN {self._slot_believed} THEN {by_slot} ELSE {plain} END END"

    @property
    def attention_until(self) -> str:
        attention = _seconds(DEFAULT_LIMITS.attention)
        by_slot = self._after(self._next_due, _seconds(DEFAULT_LIMITS.slot_allowance) + attention)
        plain = self._after(self.began, _seconds(DEFAULT_LIMITS.without_agenda) + attention)
        return f"CASE WHEN {self._slot_believed} THEN {by_slot} ELSE {plain} END"

    @property
    def _slot_believed(self) -> str:
        farthest = self._after(self.began, _seconds(DEFAULT_LIMITS.longest_gap))
        started = self.dialect.instant(self.column(RunColumn.STARTED_AT))
        received = self.dialect.instant(self.column(RunColumn.RECEIVED_AT))
        clock_holds = f"COALESCE({started} <= {self._after(received, _seconds(DEFAULT_LIMITS.clock_skew))}, TRUE)"
        return f"({clock_holds} AND {self._next_due} > {self.began} AND {self._next_due} <= {farthest})"

    @property
    def _next_due(self) -> str:
        of_company = self.dialect.instant(self.column(RunColumn.NEXT_DUE))
        if not self.of_database:
            return of_company
        return f"COALESCE({self.dialect.instant(self.column(RunColumn.SOURCE_NEXT_DUE))}, {of_company})"

    @property
    def _refuted(self) -> str:
        # In either case of the letter: when in doubt, not green.
        return f"(COALESCE(UPPER({self.column(RunColumn.PROVEN)}), 'N') = '{Proof.REFUTED}')"

    def _is(self, status: RunStatus) -> str:
        return f"(COALESCE({self.dialect.letter(self.column(RunColumn.STATUS), status)}, FALSE))"

    def _after(self, moment: str, seconds: int) -> str:
        return self.dialect.plus(f"({moment})", seconds)


def _seconds(duration: timedelta) -> int:
    return int(duration.total_seconds())
