"""The statements: a record as a row, the upsert in both dialects, and which of two records knows more."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, case
from sqlalchemy.dialects import mysql, sqlite

from topbackup.cloud.copies import copies_text
from topbackup.cloud.tables import companies, runs
from topcore.company import TaxId
from topcore.record import BackupRecord, size_text
from topcore.tables import YES, CompanyColumn, Proof, RunColumn, RunStatus, yes_no

type Incoming = Callable[[str], ColumnElement[Any]]
"""By a column's name, the value that the refused insert would have put there."""


def run_row(record: BackupRecord) -> dict[str, Any]:
    """The row of LOG_BACKUPS without ID_EMPRESA."""
    failure = record.failure
    return {
        RunColumn.UUID.value: str(record.run_id),
        RunColumn.STARTED_AT.value: record.started_at,
        RunColumn.ENDED_AT.value: record.ended_at,
        RunColumn.FILE_NAME.value: record.file_name,
        RunColumn.DESTINATION_1.value: record.destination1,
        RunColumn.DESTINATION_2.value: record.destination2,
        RunColumn.SIZE_BYTES.value: record.size,
        RunColumn.SIZE_TEXT.value: size_text(record.size),
        RunColumn.STATUS.value: record.status.value,
        RunColumn.ERROR_MESSAGE.value: failure.message if failure else None,
        RunColumn.ERROR_CODE.value: failure.code if failure else None,
        RunColumn.NAMING.value: record.naming.value,
        RunColumn.UPLOADED.value: yes_no(record.uploaded_at is not None),
        RunColumn.UPLOADED_AT.value: record.uploaded_at,
        RunColumn.MANUAL.value: yes_no(record.manual),
        RunColumn.SHA256.value: record.sha256,
        RunColumn.SOURCE.value: record.source,
        RunColumn.PROVEN.value: record.proof.value,
        RunColumn.PROVEN_AT.value: record.proven_at,
        RunColumn.NEXT_DUE.value: record.next_due,
        RunColumn.SOURCE_NEXT_DUE.value: record.source_next_due,
        RunColumn.COPIES.value: copies_text(record),
    }


def with_tax_id(tax_id: TaxId) -> ColumnElement[bool]:
    """The row of EMPRESA: the condition."""
    return companies.c[CompanyColumn.TAX_ID.value] == tax_id.formatted


def knows_as_much(incoming: Incoming) -> ColumnElement[bool]:
    """Does the incoming record know at least as much as the row, in each of the three things that only grow?

    In each, not in the sum of them: MySQL assigns column after column and lets the next expression see it. What was
    taken over already compares as equal, so the answer is the same for all columns.
    """

    def status(column: ColumnElement[Any]) -> ColumnElement[int]:
        finished = [RunStatus.SUCCEEDED.value, RunStatus.FAILED.value]
        return case((column.in_(finished), 2), (column == RunStatus.RUNNING.value, 1), else_=0)

    def proof(column: ColumnElement[Any]) -> ColumnElement[int]:
        return case((column.in_([Proof.PROVEN.value, Proof.REFUTED.value]), 1), else_=0)

    def upload(column: ColumnElement[Any]) -> ColumnElement[int]:
        return case((column == YES, 1), else_=0)

    ranks = ((status, RunColumn.STATUS.value), (proof, RunColumn.PROVEN.value), (upload, RunColumn.UPLOADED.value))
    first, second, third = (rank(incoming(name)) >= rank(runs.c[name]) for rank, name in ranks)
    return first & second & third


def upsert(
    connection: Connection,
    table: Table,
    key: str,
    values: Mapping[str, Any],
    changes: Callable[[Incoming], Mapping[str, ColumnElement[Any]]],
) -> None:
    """Insert; where the key is there already, make these changes instead. One statement, atomic."""
    if connection.dialect.name == "sqlite":
        on_sqlite = sqlite.insert(table).values(values)
        excluded = on_sqlite.excluded
        connection.execute(on_sqlite.on_conflict_do_update([key], set_=changes(lambda name: excluded[name])))
        return
    on_mysql = mysql.insert(table).values(values)
    inserted = on_mysql.inserted
    connection.execute(on_mysql.on_duplicate_key_update(dict(changes(lambda name: inserted[name]))))
