"""The incremental rule: how one row that comes, changes or goes moves the row of its company, or of its database.

A row that comes can only push a maximum up: it is compared with what is known. A row that goes matters only where it
was the one that counted, which the state row remembers by its ID: then, and only then, the next best row is looked up
through the index on (ID_EMPRESA, STATUS, DATA_INICIO).
"""

# ruff: noqa: S608 - SQL is put together from our own names only; values are parameters

from collections.abc import Iterator
from dataclasses import dataclass

from dashboard.monitoring.state.dialect import Dialect
from dashboard.monitoring.state.row_rules import RowRules
from dashboard.monitoring.state.scope import Scope
from topcore.tables import CloudTable

MAXIMA = ("EXECUTANDO_DESDE", "PENDENTE_DESDE", "ULTIMA_PROVA")
_RUN = CloudTable.RUN.value


@dataclass(frozen=True)
class Step:
    """One UPDATE of a state row. when: on NEW and OLD alone, so that MySQL can skip the statement."""

    when: str
    table: str
    own: str
    assignments: str
    where: str = ""

    def as_sql(self, dialect: Dialect) -> str:
        conditions = [self.own, *([self.where] if self.where else [])]
        if not dialect.mysql:
            conditions.insert(0, self.when)
        update = f"UPDATE {self.table} SET {self.assignments} WHERE {' AND '.join(conditions)};"
        return f"IF {self.when} THEN {update} END IF;" if dialect.mysql else update


def arrival(row: RowRules, scope: Scope) -> Iterator[Step]:
    """Fold this row into what is known, as health.evidence does."""
    identity, table, own = row.column("ID"), scope.table, scope.own(row)
    newest = f"SUCESSO_MAIS_NOVO = {row.began}, ID_SUCESSO_MAIS_NOVO = {identity}, " if scope.newest else ""
    yield Step(
        row.succeeded,
        table,
        own,
        f"ULTIMO_SUCESSO = {row.began}, ID_ULTIMO_SUCESSO = {identity}, {newest}OK_ATE = {row.ok_until}, "
        f"ATENCAO_ATE = {row.attention_until}",
        _beats(row, "ULTIMO_SUCESSO", "ID_ULTIMO_SUCESSO"),
    )
    yield Step(
        row.failed,
        table,
        own,
        f"ULTIMA_FALHA = {row.began}, ID_ULTIMA_FALHA = {identity}",
        _beats(row, "ULTIMA_FALHA", "ID_ULTIMA_FALHA"),
    )
    for condition, value, column in _maxima(row):
        yield Step(condition, table, own, f"{column} = {value}", f"({column} IS NULL OR {column} < {value})")


def departure(old: RowRules, new: RowRules | None, scope: Scope) -> Iterator[Step]:
    """Take back what the old row said, unless the new one still says the same. new: None for a deleted row."""
    identity, table, own, runs = old.column("ID"), scope.table, scope.own(old), scope.runs_like(old)
    rules = ("began", "ok_until", "attention_until")
    yield Step(
        f"({old.succeeded} AND NOT {_unchanged(old, new, scope, 'succeeded', rules)})",
        table,
        own,
        f"{forgotten_success(scope)}, ID_ULTIMO_SUCESSO = {best_success(old.dialect, runs)}",
        f"ID_ULTIMO_SUCESSO = {identity}",
    )
    yield Step(old.succeeded, table, own, success_by_id(old.dialect, scope), success_to_read())
    yield Step(
        f"({old.failed} AND NOT {_unchanged(old, new, scope, 'failed', ('began',))})",
        table,
        own,
        f"ULTIMA_FALHA = NULL, ID_ULTIMA_FALHA = {best_failure(old.dialect, runs)}",
        f"ID_ULTIMA_FALHA = {identity}",
    )
    yield Step(old.failed, table, own, failure_by_id(old.dialect), failure_to_read())
    still = [] if new is None else list(_maxima(new))
    for number, (condition, value, column) in enumerate(_maxima(old)):
        same = "FALSE"
        if new is not None:
            unmoved = old.dialect.same(value, still[number][1])
            same = f"({still[number][0]} AND {_same_row(old, new, scope)} AND {unmoved})"
        yield Step(
            f"({condition} AND NOT {same})",
            table,
            own,
            f"{column} = {maximum(old.dialect, runs, column)}",
            f"{column} = {value}",
        )


def _maxima(row: RowRules) -> Iterator[tuple[str, str, str]]:
    """Condition, value, column: where only the latest instant is kept."""
    yield row.running, row.began, "EXECUTANDO_DESDE"
    yield row.pending, row.began, "PENDENTE_DESDE"
    yield f"({row.proven_at} IS NOT NULL)", f"({row.proven_at})", "ULTIMA_PROVA"


def maximum(dialect: Dialect, runs: str, column: str) -> str:
    """The latest instant among these runs, by the column of the state row that holds it. runs: a condition on L."""
    rows = RowRules("L", dialect)
    condition, value = {name: (condition, value) for condition, value, name in _maxima(rows)}[column]
    # The plain comparison is for the index; the condition is the exact one.
    letter = dict(zip(MAXIMA, "EPS", strict=True))[column]
    where = f"{runs} AND L.STATUS = '{letter}' AND {condition}"
    return f"(SELECT MAX({value}) FROM {_RUN} L WHERE {where})"


def best_success(dialect: Dialect, runs: str) -> str:
    """The ID of the success that began last; of two in the same instant, the later row."""
    rows = RowRules("L", dialect)
    where = f"{runs} AND L.STATUS = 'S' AND {rows.succeeded}"
    return f"(SELECT L.ID FROM {_RUN} L WHERE {where} ORDER BY {rows.began} DESC, L.ID DESC LIMIT 1)"


def best_failure(dialect: Dialect, runs: str) -> str:
    """The ID of the failed or refuted run that began last."""
    rows = RowRules("L", dialect)
    where = f"{runs} AND L.STATUS IN ('S', 'F') AND {rows.failed}"
    return f"(SELECT L.ID FROM {_RUN} L WHERE {where} ORDER BY {rows.began} DESC, L.ID DESC LIMIT 1)"


def forgotten_success(scope: Scope) -> str:
    """Assignments; ID_ULTIMO_SUCESSO is set beside them, and the rest read from that row by the next statement."""
    newest = ", SUCESSO_MAIS_NOVO = NULL, ID_SUCESSO_MAIS_NOVO = NULL" if scope.newest else ""
    return f"ULTIMO_SUCESSO = NULL, OK_ATE = NULL, ATENCAO_ATE = NULL{newest}"


def success_by_id(dialect: Dialect, scope: Scope) -> str:
    """Assignments from the row that ID_ULTIMO_SUCESSO names."""
    values = success_values(dialect, scope, "ID_ULTIMO_SUCESSO")
    if scope.newest:
        values |= {"SUCESSO_MAIS_NOVO": values["ULTIMO_SUCESSO"], "ID_SUCESSO_MAIS_NOVO": "ID_ULTIMO_SUCESSO"}
    return ", ".join(f"{column} = {value}" for column, value in values.items())


def success_values(dialect: Dialect, scope: Scope, identity: str) -> dict[str, str]:
    """By column, what the success of this ID says."""
    rows = scope.rules("L", dialect)
    values = {"ULTIMO_SUCESSO": rows.began, "OK_ATE": rows.ok_until, "ATENCAO_ATE": rows.attention_until}
    return {column: f"(SELECT {value} FROM {_RUN} L WHERE L.ID = {identity})" for column, value in values.items()}


def success_to_read() -> str:
    """Condition: a success has been named and not yet read."""
    return "ULTIMO_SUCESSO IS NULL AND ID_ULTIMO_SUCESSO IS NOT NULL"


def failure_by_id(dialect: Dialect) -> str:
    """Assignments from the row that ID_ULTIMA_FALHA names."""
    return f"ULTIMA_FALHA = {failure_value(dialect, 'ID_ULTIMA_FALHA')}"


def failure_value(dialect: Dialect, identity: str) -> str:
    """When the failed run of this ID began."""
    return f"(SELECT {RowRules('L', dialect).began} FROM {_RUN} L WHERE L.ID = {identity})"


def failure_to_read() -> str:
    """Condition: a failure has been named and not yet read."""
    return "ULTIMA_FALHA IS NULL AND ID_ULTIMA_FALHA IS NOT NULL"


def _beats(row: RowRules, column: str, identity: str) -> str:
    tie = f"({column} = {row.began} AND {identity} <= {row.column('ID')})"
    return f"({column} IS NULL OR {column} < {row.began} OR {tie})"


def _unchanged(old: RowRules, new: RowRules | None, scope: Scope, condition: str, values: tuple[str, ...]) -> str:
    if new is None:
        return "FALSE"
    same = [old.dialect.same(f"({getattr(old, name)})", f"({getattr(new, name)})") for name in values]
    return f"({getattr(new, condition)} AND {' AND '.join([_same_row(old, new, scope), *same])})"


def _same_row(old: RowRules, new: RowRules, scope: Scope) -> str:
    return f"{scope.same(old, new)} AND {old.column('ID')} = {new.column('ID')}"
