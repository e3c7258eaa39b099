"""Whose evidence a state row holds: a company's as a whole (EMPRESA_ESTADO), or one of its databases' (EMPRESA_BANCO).

A company that several databases are known of has a row of EMPRESA_BANCO for each, and its row of EMPRESA_ESTADO is
made of those (several.py). Where one is known (BANCO_UNICO), the runs of it count, and those of agents that name none.
Where none is, all runs are of one database, whatever they call it.
"""

from dataclasses import dataclass

from dashboard.monitoring.state.dialect import Dialect
from dashboard.monitoring.state.row_rules import RowRules
from topcore.tables import NO, CloudTable


@dataclass(frozen=True)
class Scope:
    """newest: EMPRESA_ESTADO says beside the last success which one is the newest of any database."""

    table: str
    of_database: bool

    @property
    def newest(self) -> bool:
        return not self.of_database

    def rules(self, row: str, dialect: Dialect) -> RowRules:
        return RowRules(row, dialect, self.of_database)

    def own(self, row: RowRules) -> str:
        """Condition on this table: the state row that a row of LOG_BACKUPS moves."""
        company = f"ID_EMPRESA = {row.column('ID_EMPRESA')}"
        if self.of_database:
            return f"{company} AND BANCO = {row.source}"
        return f"{company} AND VARIOS_BANCOS = '{NO}' AND {_of_the_only_one('BANCO_UNICO', row.source)}"

    def same(self, old: RowRules, new: RowRules) -> str:
        """Condition: both rows move the same state row."""
        return f"{old.column('ID_EMPRESA')} = {new.column('ID_EMPRESA')} AND {old.source} = {new.source}"

    def runs_like(self, row: RowRules) -> str:
        """Condition on LOG_BACKUPS L: the runs that move the same state row as this one."""
        return self._runs(row.dialect, row.column("ID_EMPRESA"), row.source)

    def runs_of(self, row: str, dialect: Dialect) -> str:
        """Condition on LOG_BACKUPS L: the runs that move this state row. row: how SQL calls it."""
        return self._runs(dialect, f"{row}.ID_EMPRESA", f"{row}.BANCO")

    def _runs(self, dialect: Dialect, company: str, source: str) -> str:
        condition, own = f"L.ID_EMPRESA = {company}", self.rules("L", dialect).source
        if self.of_database:
            return f"{condition} AND {own} = {source}"
        return f"{condition} AND {_of_the_only_one(f'{self.table}.BANCO_UNICO', own)}"


def _of_the_only_one(known: str, source: str) -> str:
    return f"({known} IS NULL OR {source} IN ('', {known}))"


OF_COMPANY = Scope(CloudTable.COMPANY_STATE.value, of_database=False)
OF_DATABASE = Scope(CloudTable.DATABASE_STATE.value, of_database=True)
