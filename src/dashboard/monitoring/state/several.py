"""A company of several databases: its row of EMPRESA_ESTADO is made of its rows of EMPRESA_BANCO.

topcore.health.weakest in SQL. NULL comes first in the order of both kinds of database, so that what is missing in one
of the rows is missing in the whole: a success, a deadline, a proof.
"""

# ruff: noqa: S608 - SQL is put together from our own names only; values are parameters

from dashboard.monitoring.state.dialect import Dialect
from dashboard.monitoring.state.scope import OF_COMPANY, OF_DATABASE, Scope
from dashboard.monitoring.state.steps import (
    MAXIMA,
    best_failure,
    best_success,
    failure_by_id,
    failure_to_read,
    failure_value,
    forgotten_success,
    maximum,
    success_by_id,
    success_to_read,
    success_values,
)
from topcore.tables import NO, YES

_STATE, _DATABASE = OF_COMPANY.table, OF_DATABASE.table


def from_history(dialect: Dialect, scope: Scope, own: str) -> list[str]:
    """Statements: these state rows computed anew from LOG_BACKUPS. own: a condition on the scope's table."""
    runs = scope.runs_of(scope.table, dialect)
    maxima = ", ".join(f"{column} = {maximum(dialect, runs, column)}" for column in MAXIMA)
    return [
        f"UPDATE {scope.table} SET {maxima}, {forgotten_success(scope)},"
        f" ID_ULTIMO_SUCESSO = {best_success(dialect, runs)}, ULTIMA_FALHA = NULL,"
        f" ID_ULTIMA_FALHA = {best_failure(dialect, runs)} WHERE {own};",
        f"UPDATE {scope.table} SET {success_by_id(dialect, scope)} WHERE {own} AND {success_to_read()};",
        f"UPDATE {scope.table} SET {failure_by_id(dialect)} WHERE {own} AND {failure_to_read()};",
    ]


def new_row(dialect: Dialect) -> list[str]:
    """Statements of MySQL's BEFORE INSERT: the row of a database that has just been named, from its history."""
    runs = OF_DATABASE.runs_of("NEW", dialect)
    values = {column: maximum(dialect, runs, column) for column in MAXIMA}
    values |= {"ID_ULTIMO_SUCESSO": best_success(dialect, runs), "ID_ULTIMA_FALHA": best_failure(dialect, runs)}
    values |= success_values(dialect, OF_DATABASE, "NEW.ID_ULTIMO_SUCESSO")
    values |= {"ULTIMA_FALHA": failure_value(dialect, "NEW.ID_ULTIMA_FALHA")}
    return [f"SET NEW.{column} = {value};" for column, value in values.items()]


def as_one(own: str) -> list[str]:
    """Statements: the row of EMPRESA_ESTADO from its databases, where there are several. own: a condition on it."""
    together = ", ".join(f"{column} = {value}" for column, value in _combined().items())
    several = f"{together}, VARIOS_BANCOS = '{YES}', BANCO_UNICO = NULL"
    return [f"UPDATE {_STATE} SET {several} WHERE {own} AND {_how_many()} > 1;"]


def of_one(dialect: Dialect, own: str) -> list[str]:
    """Statements: the row of EMPRESA_ESTADO from the history, where there is one database, or none is known."""
    alone = f"{own} AND {_how_many()} < 2"
    name = f"(SELECT MIN(B.BANCO) FROM {_DATABASE} B WHERE {_OF_STATE})"
    return [
        f"UPDATE {_STATE} SET VARIOS_BANCOS = '{NO}', BANCO_UNICO = {name} WHERE {alone};",
        *from_history(dialect, OF_COMPANY, alone),
    ]


def _combined() -> dict[str, str]:
    def first(column: str, order: str, where: str = "") -> str:
        return f"(SELECT B.{column} FROM {_DATABASE} B WHERE {_OF_STATE}{where} ORDER BY {order} LIMIT 1)"

    def standing(column: str) -> str:
        """No success of the same database has followed."""
        return f" AND B.{column} IS NOT NULL AND (B.ULTIMO_SUCESSO IS NULL OR B.{column} >= B.ULTIMO_SUCESSO)"

    oldest, newest = "B.ULTIMO_SUCESSO, B.BANCO", "B.ULTIMO_SUCESSO DESC, B.BANCO"
    failure, fails = "B.ULTIMA_FALHA DESC, B.BANCO", standing("ULTIMA_FALHA")
    return {
        "ULTIMO_SUCESSO": first("ULTIMO_SUCESSO", oldest),
        "ID_ULTIMO_SUCESSO": first("ID_ULTIMO_SUCESSO", oldest),
        "SUCESSO_MAIS_NOVO": first("ULTIMO_SUCESSO", newest),
        "ID_SUCESSO_MAIS_NOVO": first("ID_ULTIMO_SUCESSO", newest),
        "ULTIMA_FALHA": first("ULTIMA_FALHA", failure, fails),
        "ID_ULTIMA_FALHA": first("ID_ULTIMA_FALHA", failure, fails),
        "EXECUTANDO_DESDE": first("EXECUTANDO_DESDE", "B.EXECUTANDO_DESDE DESC", standing("EXECUTANDO_DESDE")),
        "PENDENTE_DESDE": first("PENDENTE_DESDE", "B.PENDENTE_DESDE", standing("PENDENTE_DESDE")),
        "ULTIMA_PROVA": first("ULTIMA_PROVA", "B.ULTIMA_PROVA"),
        # Of a partial success OK_ATE is NULL: the whole is then not green either.
        "OK_ATE": first("OK_ATE", "B.OK_ATE"),
        "ATENCAO_ATE": first("ATENCAO_ATE", "B.ATENCAO_ATE"),
    }


_OF_STATE = f"B.ID_EMPRESA = {_STATE}.ID_EMPRESA"


def _how_many() -> str:
    return f"(SELECT COUNT(*) FROM {_DATABASE} B WHERE {_OF_STATE})"
