"""Make the schema what it should be, whatever is there: nothing, tables made by hand, or half of an earlier try.

What exists is looked at and left as it is; only what is missing is added. No row is touched but those of
EMPRESA_ESTADO. MySQL commits every DDL statement at once, so that all of it may be run again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.apps.registry import Apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from dashboard.monitoring.schema.duplicates import refuse_duplicates
from dashboard.monitoring.schema.tables import COMPANY, RECEIVED, RUN, TABLES, Column, Table
from dashboard.monitoring.state.dialect import Dialect

_NEW_ID = "bigint"


@dataclass(frozen=True)
class Found:
    """A table as it is: the name it goes by, its columns' types, and the columns of its indexes and unique keys."""

    name: str
    columns: dict[str, str]
    indexed: frozenset[tuple[str, ...]]
    unique: frozenset[tuple[str, ...]]


def bring_up(connection: BaseDatabaseWrapper) -> None:
    """Raises AdoptionRefused, before anything was changed, where rows stand in the way of a unique key."""
    if connection.vendor == "mysql":
        _let_new_tables_hold_any_text(connection)
    complete(connection, TABLES)
    if connection.vendor == "mysql":
        # In a step of its own: given with the column, it would stamp the rows that are there already.
        now = Dialect.of(connection).now
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {RUN} ALTER COLUMN {RECEIVED} SET DEFAULT {now}")


def _let_new_tables_hold_any_text(connection: BaseDatabaseWrapper) -> None:
    """Django's own tables take the schema's character set, and in latin1 a login typed with an emoji is an error."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT SCHEMA_NAME, DEFAULT_CHARACTER_SET_NAME FROM information_schema.SCHEMATA"
            " WHERE SCHEMA_NAME = DATABASE()"
        )
        ((name, characters),) = cursor.fetchall()
        if characters != "utf8mb4":
            cursor.execute(f"ALTER DATABASE {connection.ops.quote_name(name)} CHARACTER SET utf8mb4")


def drop_index(connection: BaseDatabaseWrapper, table: str, index: str) -> None:
    """Where it is there: one that a later version needs no more."""
    with connection.cursor() as cursor:
        if index in connection.introspection.get_constraints(cursor, table):
            cursor.execute(f"DROP INDEX {index} ON {table}" if connection.vendor == "mysql" else f"DROP INDEX {index}")


def add_what_is_missing(_: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """For a migration that brings a column: where an earlier one knew it already, nothing is left to do."""
    bring_up(editor.connection)


def complete(connection: BaseDatabaseWrapper, tables: Sequence[Table]) -> None:
    """These tables and what they lack; a room's own too, whose keys are of the type of this site's EMPRESA.ID.

    Raises AdoptionRefused as `bring_up` does.
    """
    found = {table.name: _look(connection, table.name) for table in tables}
    for table in tables:
        there = found[table.name]
        for _, columns in table.unique:
            if there is not None and columns not in there.unique and columns[0] in there.columns:
                refuse_duplicates(connection, table.name, columns[0])
    company = found[COMPANY] if COMPANY in found else _look(connection, COMPANY)
    id_kind = company.columns["ID"] if company is not None else _NEW_ID
    with connection.cursor() as cursor:
        for table in tables:
            there = found[table.name]
            for statement in (
                _create(connection, table, id_kind) if there is None else _complete(connection, table, there)
            ):
                cursor.execute(statement)


def _look(connection: BaseDatabaseWrapper, name: str) -> Found | None:
    with connection.cursor() as cursor:
        # MySQL on Windows keeps the names of tables in lower case.
        names = {found.lower(): found for found in connection.introspection.table_names(cursor)}
        there = names.get(name.lower())
        if there is None:
            return None
        if connection.vendor == "mysql":
            cursor.execute(
                "SELECT COLUMN_NAME, COLUMN_TYPE FROM information_schema.COLUMNS"
                " WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = %s",
                [there],
            )
            columns = {column.upper(): kind for column, kind in cursor.fetchall()}
        else:
            cursor.execute("SELECT name, type FROM pragma_table_xinfo(%s)", [there])
            columns = {column.upper(): kind for column, kind in cursor.fetchall()}
        constraints = connection.introspection.get_constraints(cursor, there).values()
    # An index on an expression has no column there.
    keys = [(tuple((column or "").upper() for column in key["columns"]), key) for key in constraints]
    return Found(
        there,
        columns,
        frozenset(columns for columns, key in keys if key["index"] or key["unique"]),
        frozenset(columns for columns, key in keys if key["unique"]),
    )


def _create(connection: BaseDatabaseWrapper, table: Table, id_kind: str) -> list[str]:
    mysql = connection.vendor == "mysql"
    lines = [_declared(column, table, id_kind, mysql) for column in table.columns]
    if mysql or not table.generates:
        lines.append(f"PRIMARY KEY ({table.primary})")
    lines += [
        f"CONSTRAINT {table.name}_{column} FOREIGN KEY ({column}) REFERENCES {target} (ID) {rule}"
        for column, target, rule in table.references
    ]
    options = " ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4" if mysql else ""
    return [f"CREATE TABLE {table.name} ({', '.join(lines)}){options}", *_indexes(table, None)]


def _complete(connection: BaseDatabaseWrapper, table: Table, there: Found) -> list[str]:
    mysql = connection.vendor == "mysql"
    additions = [
        f"ALTER TABLE {there.name} ADD COLUMN {_added(column, there, mysql)}"
        for column in table.columns
        if column.name not in there.columns
    ]
    return [*additions, *_indexes(table, there)]


def _declared(column: Column, table: Table, id_kind: str, mysql: bool) -> str:
    name = _quoted(column.name, mysql)
    if table.generates and column.name == table.primary:
        return f"{name} {_NEW_ID} NOT NULL AUTO_INCREMENT" if mysql else f"{name} integer PRIMARY KEY AUTOINCREMENT"
    return f"{name} {_kind(column, id_kind, mysql)} {column.rest}"


def _added(column: Column, there: Found, mysql: bool) -> str:
    # Nullable whatever it would be in a new table: an agent of 1.0.x does not know the column.
    rest = column.rest.replace("NOT NULL", "")
    own_text = " CHARACTER SET utf8mb4" if mysql and "char" in column.kind and "CHARACTER" not in column.kind else ""
    id_kind = there.columns.get("ID", _NEW_ID)
    return f"{_quoted(column.name, mysql)} {_kind(column, id_kind, mysql)}{own_text} {rest}"


def _quoted(name: str, mysql: bool) -> str:
    """MANUAL, a column of 1.0.x, is a reserved word from MySQL 8.4 (its manual, "Keywords and Reserved Words")."""
    return f"`{name}`" if mysql else f'"{name}"'


def _kind(column: Column, id_kind: str, mysql: bool) -> str:
    kind = column.kind.format(id=id_kind)
    if mysql:
        return kind
    exact = " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
    return kind.replace("datetime(6)", "datetime").replace("longtext", "text").replace(exact, "")


def _indexes(table: Table, there: Found | None) -> list[str]:
    name = table.name if there is None else there.name
    unique = frozenset() if there is None else there.unique
    indexed = frozenset() if there is None else there.indexed
    # An index that begins with these columns serves as well; a unique key has to be on exactly these.
    return [
        *(f"CREATE UNIQUE INDEX {key} ON {name} ({', '.join(on)})" for key, on in table.unique if on not in unique),
        *(
            f"CREATE INDEX {key} ON {name} ({', '.join(on)})"
            for key, on in table.indexed
            if not any(other[: len(on)] == on for other in indexed)
        ),
    ]
