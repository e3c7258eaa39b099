"""The triggers' text, their creation, and whether they are there."""

# ruff: noqa: S608 - SQL is put together from our own names only; values are parameters

from collections.abc import Callable, Iterable, Sequence

from django.db.backends.base.base import BaseDatabaseWrapper

from dashboard.monitoring.state.dialect import Dialect
from dashboard.monitoring.state.scope import OF_COMPANY, OF_DATABASE, Scope
from dashboard.monitoring.state.several import as_one, from_history, new_row, of_one
from dashboard.monitoring.state.steps import Step, arrival, departure
from topcore.tables import NO, YES, CloudTable, RunColumn

_COMPANY, _RUN, _STATE = CloudTable.COMPANY.value, CloudTable.RUN.value, CloudTable.COMPANY_STATE.value
_DATABASE = CloudTable.DATABASE_STATE.value
_WATCHED = ", ".join((
    "ID", RunColumn.COMPANY, RunColumn.STATUS, RunColumn.STARTED_AT, RunColumn.RECEIVED_AT, RunColumn.ERROR_CODE,
    RunColumn.PROVEN, RunColumn.PROVEN_AT, RunColumn.NEXT_DUE, RunColumn.SIZE_BYTES, RunColumn.SOURCE,
    RunColumn.SOURCE_NEXT_DUE,
))  # fmt: skip


def trigger_texts(dialect: Dialect) -> dict[str, str]:
    """CREATE TRIGGER by name."""
    arrive = _of_both(dialect, ("NEW",), lambda scope: arrival(scope.rules("NEW", dialect), scope))
    leave = _of_both(dialect, ("OLD",), lambda scope: departure(scope.rules("OLD", dialect), None, scope))
    change = _of_both(dialect, ("OLD", "NEW"), lambda scope: _changed_run(dialect, scope))
    received_late = "WHEN NEW.DATA_RECEBIDO IS NULL" if not dialect.mysql else ""
    received = "WHEN NEW.DATA_RECEBIDO IS NOT NULL" if not dialect.mysql else ""
    watched = "" if dialect.mysql else f"OF {_WATCHED} "
    texts = {
        "LOG_BACKUPS_ENTROU": _row_trigger(f"AFTER INSERT ON {_RUN}", received, arrive),
        "LOG_BACKUPS_MUDOU": _row_trigger(f"AFTER UPDATE {watched}ON {_RUN}", "", change),
        "LOG_BACKUPS_SAIU": _row_trigger(f"AFTER DELETE ON {_RUN}", "", leave),
        "EMPRESA_ENTROU": _row_trigger(f"AFTER INSERT ON {_COMPANY}", "", [_new_company(dialect)]),
        "EMPRESA_MUDOU": _row_trigger(f"AFTER UPDATE ON {_COMPANY}", "", [_changed_company(dialect)]),
        "EMPRESA_SAIU": _row_trigger(
            f"AFTER DELETE ON {_COMPANY}", "", [f"DELETE FROM {_STATE} WHERE ID_EMPRESA = OLD.ID;"]
        ),
        **_of_databases(dialect),
    }
    if dialect.mysql:
        stamp = f"IF NEW.DATA_RECEBIDO IS NULL THEN SET NEW.DATA_RECEBIDO = {dialect.now}; END IF;"
        texts["LOG_BACKUPS_RECEBIDO"] = _row_trigger(f"BEFORE INSERT ON {_RUN}", "", [stamp])
    else:
        # SQLite cannot change NEW. This update is seen by LOG_BACKUPS_MUDOU, which then lets the row arrive.
        stamp = f"UPDATE {_RUN} SET DATA_RECEBIDO = {dialect.now} WHERE ID = NEW.ID;"
        texts["LOG_BACKUPS_RECEBIDO"] = _row_trigger(f"AFTER INSERT ON {_RUN}", received_late, [stamp])
    return {name: f"CREATE TRIGGER {name} {text}" for name, text in texts.items()}


def _of_both(dialect: Dialect, rows: Sequence[str], steps: Callable[[Scope], Iterable[Step]]) -> list[str]:
    """The steps of the company's row; and, where its databases are known, those of theirs. rows: NEW, OLD, or both."""
    of_company, of_database = ([step.as_sql(dialect) for step in steps(scope)] for scope in (OF_COMPANY, OF_DATABASE))
    if not dialect.mysql:
        return of_company + of_database
    companies = ", ".join(f"{row}.ID_EMPRESA" for row in rows)
    known = f"EXISTS (SELECT 1 FROM {_DATABASE} B WHERE B.ID_EMPRESA IN ({companies}))"
    return [*of_company, f"IF {known} THEN", *of_database, "END IF;"]


def _changed_run(dialect: Dialect, scope: Scope) -> list[Step]:
    old, new = scope.rules("OLD", dialect), scope.rules("NEW", dialect)
    return [*departure(old, new, scope), *arrival(new, scope)]


def _of_databases(dialect: Dialect) -> dict[str, str]:
    """A database that is named, forgotten, or moved by a run, moves its company's row."""
    came, gone = (f"ID_EMPRESA = {row}.ID_EMPRESA" for row in ("NEW", "OLD"))
    if dialect.mysql:
        # MySQL lets no trigger change the table it is of, but for the row that is about to come.
        texts = {
            "EMPRESA_BANCO_CHEGA": _row_trigger(f"BEFORE INSERT ON {_DATABASE}", "", new_row(dialect)),
            "EMPRESA_BANCO_ENTROU": _row_trigger(
                f"AFTER INSERT ON {_DATABASE}", "", [*of_one(dialect, came), *as_one(came)]
            ),
        }
    else:
        own = f"{came} AND BANCO = NEW.BANCO"
        texts = {  # the update of the row is seen by EMPRESA_BANCO_MUDOU
            "EMPRESA_BANCO_ENTROU": _row_trigger(
                f"AFTER INSERT ON {_DATABASE}", "", [*from_history(dialect, OF_DATABASE, own), *of_one(dialect, came)]
            )
        }
    return texts | {
        "EMPRESA_BANCO_MUDOU": _row_trigger(f"AFTER UPDATE ON {_DATABASE}", "", as_one(came)),
        "EMPRESA_BANCO_SAIU": _row_trigger(f"AFTER DELETE ON {_DATABASE}", "", [*of_one(dialect, gone), *as_one(gone)]),
    }


def create_triggers(connection: BaseDatabaseWrapper) -> None:
    """Create them all anew. Raises the driver's error where the account may not (on MySQL: 1419, 1227, 1142)."""
    with connection.cursor() as cursor:
        for name, text in trigger_texts(Dialect.of(connection)).items():
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            cursor.execute(text)


def missing_triggers(connection: BaseDatabaseWrapper) -> list[str]:
    """By name."""
    if connection.vendor == "mysql":
        query = "SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()"
    else:
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(query)
        there = {name for (name,) in cursor.fetchall()}
    return sorted(trigger_texts(Dialect.of(connection)).keys() - there)


def active_text(dialect: Dialect, column: str) -> str:
    """ATIVO as the state row keeps it: S or N. Only a plain N takes a company from the panel; what nobody defined is
    shown, and an Ñ is no N, whatever a collation says.
    """
    plain = f"{dialect.letter(column, NO)} OR {dialect.letter(column, NO.lower())}"
    return f"CASE WHEN {plain} THEN '{NO}' ELSE '{YES}' END"


def _new_company(dialect: Dialect) -> str:
    contact = dialect.instant("NEW.DATA_ULTIMA_INTERACAO")
    values = f"NEW.ID, {active_text(dialect, 'NEW.ATIVO')}, {contact}"
    return f"INSERT INTO {_STATE} (ID_EMPRESA, ATIVO, ULTIMO_CONTATO) VALUES ({values});"


def _changed_company(dialect: Dialect) -> str:
    contact, active = dialect.instant("NEW.DATA_ULTIMA_INTERACAO"), active_text(dialect, "NEW.ATIVO")
    changed = f"NOT ({dialect.same('ULTIMO_CONTATO', f'({contact})')} AND ATIVO = {active})"
    return f"UPDATE {_STATE} SET ATIVO = {active}, ULTIMO_CONTATO = {contact} WHERE ID_EMPRESA = NEW.ID AND {changed};"


def _row_trigger(event: str, condition: str, statements: list[str]) -> str:
    body = "\n  ".join(statements)
    return f"{event} FOR EACH ROW {condition} BEGIN\n  {body}\nEND"
