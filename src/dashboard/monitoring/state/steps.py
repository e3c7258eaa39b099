"""The incremental rule: how one row that comes, changes or goes moves the company's row in EMPRESA_ESTADO.

A row that comes can only push a maximum up: it is compared with what is known. A row that goes matters only where it
was the one that counted, which the row of EMPRESA_ESTADO remembers by its ID: then, and only then, that company's next
best row is looked up through the index on (ID_EMPRESA, STATUS, DATA_INICIO).
"""

# ruff: noqa: S608 - SQL is put together from our own names only; values are parameters

from collections.abc import Iterator
from dataclasses import dataclass

from dashboard.monitoring.state.dialect import Dialect
from dashboard.monitoring.state.row_rules import RowRules
from topcore.tables import CloudTable

_STATE = CloudTable.COMPANY_STATE.value
_RUN = CloudTable.RUN.value


@dataclass(frozen=True)
class Step:
    """One UPDATE of the company's state row. when: on NEW and OLD alone, so that MySQL can skip the statement."""

    when: str
    company: str
    assignments: str
    where: str = ""

    def as_sql(self, dialect: Dialect) -> str:
        conditions = [f"ID_EMPRESA = {self.company}", *([self.where] if self.where else [])]
        if not dialect.mysql:
            conditions.insert(0, self.when)
        update = f"UPDATE {_STATE} SET {self.assignments} WHERE {' AND '.join(conditions)};"
        return f"IF {self.when} THEN {update} END IF;" if dialect.mysql else update


def arrival(row: RowRules) -> Iterator[Step]:
    """Fold this row into what is known, as health.evidence does."""
    company, identity = row.column("ID_EMPRESA"), row.column("ID")
    yield Step(
        row.succeeded,
        company,
        f"ULTIMO_SUCESSO = {row.began}, ID_ULTIMO_SUCESSO = {identity}, OK_ATE = {row.ok_until}, "
        f"ATENCAO_ATE = {row.attention_until}",
        _beats(row, "ULTIMO_SUCESSO", "ID_ULTIMO_SUCESSO"),
    )
    yield Step(
        row.failed,
        company,
        f"ULTIMA_FALHA = {row.began}, ID_ULTIMA_FALHA = {identity}",
        _beats(row, "ULTIMA_FALHA", "ID_ULTIMA_FALHA"),
    )
    for condition, value, column in _maxima(row):
        yield Step(condition, company, f"{column} = {value}", f"({column} IS NULL OR {column} < {value})")


def departure(old: RowRules, new: RowRules | None) -> Iterator[Step]:
    """Take back what the old row said, unless the new one still says the same. new: None for a deleted row."""
    company, identity = old.column("ID_EMPRESA"), old.column("ID")
    rules = ("began", "ok_until", "attention_until")
    yield Step(
        f"({old.succeeded} AND NOT {_unchanged(old, new, 'succeeded', rules)})",
        company,
        f"{forgotten_success()}, ID_ULTIMO_SUCESSO = {best_success(old.dialect, company)}",
        f"ID_ULTIMO_SUCESSO = {identity}",
    )
    yield Step(old.succeeded, company, success_by_id(old.dialect), success_to_read())
    yield Step(
        f"({old.failed} AND NOT {_unchanged(old, new, 'failed', ('began',))})",
        company,
        f"ULTIMA_FALHA = NULL, ID_ULTIMA_FALHA = {best_failure(old.dialect, company)}",
        f"ID_ULTIMA_FALHA = {identity}",
    )
    yield Step(old.failed, company, failure_by_id(old.dialect), failure_to_read())
    still = [] if new is None else list(_maxima(new))
    for number, (condition, value, column) in enumerate(_maxima(old)):
        same = "FALSE"
        if new is not None:
            same = f"({still[number][0]} AND {_same_company(old, new)} AND {old.dialect.same(value, still[number][1])})"
        yield Step(
            f"({condition} AND NOT {same})",
            company,
            f"{column} = {maximum(old.dialect, company, column)}",
            f"{column} = {value}",
        )


def _maxima(row: RowRules) -> Iterator[tuple[str, str, str]]:
    """Condition, value, column: where only the latest instant is kept."""
    yield row.running, row.began, "EXECUTANDO_DESDE"
    yield row.pending, row.began, "PENDENTE_DESDE"
    yield f"({row.proven_at} IS NOT NULL)", f"({row.proven_at})", "ULTIMA_PROVA"


def maximum(dialect: Dialect, company: str, column: str) -> str:
    """The latest instant among the company's rows, by the column of EMPRESA_ESTADO that holds it."""
    rows = RowRules("L", dialect)
    condition, value = {name: (condition, value) for condition, value, name in _maxima(rows)}[column]
    # The plain comparison is for the index; the condition is the exact one.
    letter = {"EXECUTANDO_DESDE": "E", "PENDENTE_DESDE": "P", "ULTIMA_PROVA": "S"}[column]
    where = f"L.ID_EMPRESA = {company} AND L.STATUS = '{letter}' AND {condition}"
    return f"(SELECT MAX({value}) FROM {_RUN} L WHERE {where})"


def best_success(dialect: Dialect, company: str) -> str:
    """The ID of the success that began last; of two in the same instant, the later row."""
    rows = RowRules("L", dialect)
    where = f"L.ID_EMPRESA = {company} AND L.STATUS = 'S' AND {rows.succeeded}"
    return f"(SELECT L.ID FROM {_RUN} L WHERE {where} ORDER BY {rows.began} DESC, L.ID DESC LIMIT 1)"


def best_failure(dialect: Dialect, company: str) -> str:
    """The ID of the failed or refuted run that began last."""
    rows = RowRules("L", dialect)
    where = f"L.ID_EMPRESA = {company} AND L.STATUS IN ('S', 'F') AND {rows.failed}"
    return f"(SELECT L.ID FROM {_RUN} L WHERE {where} ORDER BY {rows.began} DESC, L.ID DESC LIMIT 1)"


def forgotten_success() -> str:
    """Assignments; ID_ULTIMO_SUCESSO is set beside them, and the rest read from that row by the next statement."""
    return "ULTIMO_SUCESSO = NULL, OK_ATE = NULL, ATENCAO_ATE = NULL"


def success_by_id(dialect: Dialect) -> str:
    """Assignments from the row that ID_ULTIMO_SUCESSO names."""
    rows = RowRules("L", dialect)
    values = {"ULTIMO_SUCESSO": rows.began, "OK_ATE": rows.ok_until, "ATENCAO_ATE": rows.attention_until}
    return ", ".join(
        f"{column} = (SELECT {value} FROM {_RUN} L WHERE L.ID = ID_ULTIMO_SUCESSO)" for column, value in values.items()
    )


def success_to_read() -> str:
    """Condition: a success has been named and not yet read."""
    return "ULTIMO_SUCESSO IS NULL AND ID_ULTIMO_SUCESSO IS NOT NULL"


def failure_by_id(dialect: Dialect) -> str:
    """Assignments from the row that ID_ULTIMA_FALHA names."""
    began = RowRules("L", dialect).began
    return f"ULTIMA_FALHA = (SELECT {began} FROM {_RUN} L WHERE L.ID = ID_ULTIMA_FALHA)"


def failure_to_read() -> str:
    """Condition: a failure has been named and not yet read."""
    return "ULTIMA_FALHA IS NULL AND ID_ULTIMA_FALHA IS NOT NULL"


def _beats(row: RowRules, column: str, identity: str) -> str:
    tie = f"({column} = {row.began} AND {identity} <= {row.column('ID')})"
    return f"({column} IS NULL OR {column} < {row.began} OR {tie})"


def _unchanged(old: RowRules, new: RowRules | None, condition: str, values: tuple[str, ...]) -> str:
    if new is None:
        return "FALSE"
    same = [old.dialect.same(f"({getattr(old, name)})", f"({getattr(new, name)})") for name in values]
    return f"({getattr(new, condition)} AND {' AND '.join([_same_company(old, new), *same])})"


def _same_company(old: RowRules, new: RowRules) -> str:
    return f"{old.column('ID_EMPRESA')} = {new.column('ID_EMPRESA')} AND {old.column('ID')} = {new.column('ID')}"
