"""The cloud as the agent writes it: a company by its tax number, a run by its UUID.

The same statements on MySQL, MariaDB and SQLite. Every call is one transaction; when it returns, the row is committed.
"""

import json
import logging
import sqlite3
import struct
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time
from typing import Any, Self

from sqlalchemy import Connection, Engine, Table, case, delete, event, func, insert, select, update
from sqlalchemy.exc import SQLAlchemyError
from stamina import RetryingCaller

from topbackup.cloud.driver import DriverError
from topbackup.cloud.failures import is_bad_text, is_denied, is_lock_conflict, told
from topbackup.cloud.schema import CloudSchema, Plain, inspect_schema
from topbackup.cloud.statements import knows_as_much, run_row, upsert, with_tax_id
from topbackup.cloud.tables import CLOUD_ZONE, companies, databases, runs
from topbackup.errors import OperationFailed
from topbackup.problems import CLOUD_REFUSED
from topcore.company import Company, TaxId
from topcore.record import BackupRecord
from topcore.tables import YES, CompanyColumn, DatabaseColumn, RunColumn

_log = logging.getLogger(__name__)
LOCK_ATTEMPTS = 8  # of one transaction, over deadlocks and held rows

# What a driver or a peer that is no database server may raise. Anything else is a defect of ours and stays visible.
_CLOUD_TROUBLE = (SQLAlchemyError, DriverError, sqlite3.Error, OSError, RuntimeError, ValueError, ArithmeticError,
                  struct.error, IndexError)  # fmt: skip
_INSERTED_ONCE = frozenset({CompanyColumn.TAX_ID.value, CompanyColumn.REGISTERED_AT.value, CompanyColumn.ACTIVE.value})


class CloudStore:
    """Made by `open_cloud`. Connects at the first call, and again when the connection was lost.

    Every method raises OperationFailed: CLOUD_UNREACHABLE (try again), CLOUD_LOGIN, CLOUD_REFUSED (tables that were not
    migrated, missing rights), or RecordRefused where only this row is not taken. No error is chained to the driver's,
    whose frames hold the password.
    """

    def __init__(self, engine: Engine, where: str) -> None:
        self._engine = engine
        self._where = where
        self._schema: CloudSchema | None = None
        # Random waits, so that two writers that met in a deadlock do not meet again.
        self._retrying = RetryingCaller(
            attempts=LOCK_ATTEMPTS, timeout=60.0, wait_initial=0.02, wait_max=1.0, wait_jitter=0.2
        )
        event.listen(engine, "connect", self._look_again)

    def check(self) -> None:
        """Is the cloud there, does it let us in, and was it migrated? Raises as `save_run` would."""
        self._run(self._upgraded_schema)

    def introduced(self) -> tuple[str, str]:
        """Whom the server takes us for, and its version, in its own words. Raises as `check` does."""
        return self._run(_introduced)

    def save_company(
        self,
        company: Company,
        agent_version: str,
        now: datetime,
        agendas: Mapping[str, Any] | None = None,
        *,
        sources: Sequence[str] = (),
        told_before: Sequence[str] | None = None,
    ) -> None:
        """Insert or update the row of EMPRESA with this tax number. now: aware. agendas: a JSON-able document of them.
        sources: the databases that are looked after, as their runs call them; each is judged by itself. told_before:
        those that this agent told the last time, of which the others are taken away: another agent of the company has
        its own. None: it knows of none, and every other name goes.

        ATIVO is set only at the insert: support switches a company off, and the agent does not switch it on again.
        DATA_CADASTRO is the customer's own date, or else that of the insert.
        """
        registered = company.registered_on
        registered_at = now if registered is None else datetime.combine(registered, time(), CLOUD_ZONE)
        row = {
            CompanyColumn.CUSTOMER_CODE.value: company.code,
            CompanyColumn.TRADE_NAME.value: company.trade_name,
            CompanyColumn.LEGAL_NAME.value: company.legal_name,
            CompanyColumn.TAX_ID.value: company.tax_id.formatted,
            CompanyColumn.LAST_CONTACT.value: now,
            CompanyColumn.AGENT_VERSION.value: agent_version,
            CompanyColumn.REGISTERED_AT.value: registered_at,
            CompanyColumn.ACTIVE.value: YES,
        }
        if agendas is not None:
            row[CompanyColumn.AGENDAS.value] = json.dumps(agendas)  # in ASCII, so that any character set takes it
        updated = row.keys() - _INSERTED_ONCE
        if registered is not None:
            updated |= {CompanyColumn.REGISTERED_AT.value}

        def put(connection: Connection, plain: Plain) -> None:
            self._put_company(connection, row, updated, plain)
            self._if_allowed(
                connection,
                databases,
                lambda: self._put_databases(connection, company.tax_id, sources, told_before, plain),
            )

        self._run_with_text(put)

    def touch(self, tax_id: TaxId, now: datetime) -> bool:
        """The heartbeat: DATA_ULTIMA_INTERACAO = now (aware). False when the cloud does not know the company yet."""
        statement = update(companies).where(with_tax_id(tax_id)).values({CompanyColumn.LAST_CONTACT.value: now})
        return self._run(lambda connection: connection.execute(statement).rowcount > 0)

    def save_run(self, record: BackupRecord) -> None:
        """Insert or update the row of LOG_BACKUPS with this UUID; sending a record again changes nothing.

        A record never takes the place of one that knows more: P, then E, then S or F; then a proof, then an upload. The
        statement itself decides, so that a late replay cannot pass between a look and a write. A company that is not
        there yet gets a row with its tax number for a name, until `save_company` completes it: no record is lost.
        """
        self._run_with_text(lambda connection, plain: self._put_run(connection, record, plain))

    def close(self) -> None:
        """Let go of the connection. The store may be used again."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _put_company(self, connection: Connection, row: Mapping[str, Any], updated: set[str], plain: Plain) -> None:
        schema = self._known_schema(connection)
        _refuse_without(schema.lacks(companies.name), self._where)
        values = schema.fit(companies.name, row, plain=plain)
        upsert(
            connection,
            companies,
            CompanyColumn.TAX_ID.value,
            values,
            lambda incoming: {name: incoming(name) for name in values if name in updated},
        )

    def _put_databases(
        self,
        connection: Connection,
        tax_id: TaxId,
        sources: Sequence[str],
        told_before: Sequence[str] | None,
        plain: Plain,
    ) -> None:
        """A row that is there stays as it is: its evidence is the dashboard's."""
        schema = self._known_schema(connection)
        if databases.name in schema.absent_tables:
            return
        company = connection.scalars(select(companies.c[CompanyColumn.ID.value]).where(with_tax_id(tax_id))).one()
        own, source = databases.c[DatabaseColumn.COMPANY.value] == company, databases.c[DatabaseColumn.SOURCE.value]
        # Fitted as the runs' own column is, so that the two are the same name.
        column = RunColumn.SOURCE.value
        named, before = (
            {str(schema.fit(runs.name, {column: name}, plain=plain)[column]) for name in names}
            for names in (sources, told_before or ())
        )
        there = set(connection.scalars(select(source).where(own)))
        gone = (there if told_before is None else there & before) - named
        if gone:
            connection.execute(delete(databases).where(own, source.in_(sorted(gone))))
        for name in sorted(named - there):
            row = {DatabaseColumn.COMPANY.value: company, DatabaseColumn.SOURCE.value: name}
            connection.execute(insert(databases).values(row))

    def _if_allowed(self, connection: Connection, table: Table, work: Callable[[], None]) -> None:
        """An account that was let into the tables of 1.0.x alone still tells its runs."""
        try:
            work()  # a denied statement undoes itself alone; a savepoint's own loss would hide a deadlock
        except SQLAlchemyError as error:
            if not is_denied(error):
                raise
            _log.warning("%s: this account may not write %s; all runs count as of one database", self._where, table)

    def _put_run(self, connection: Connection, record: BackupRecord, plain: Plain) -> None:
        schema = self._upgraded_schema(connection)
        row = run_row(record) | {RunColumn.COMPANY.value: self._company_id(connection, record, schema)}
        values = schema.fit(runs.name, row, plain=plain)
        fixed = {RunColumn.UUID.value, RunColumn.COMPANY.value}
        upsert(
            connection,
            runs,
            RunColumn.UUID.value,
            values,
            lambda incoming: {
                name: case((knows_as_much(incoming), incoming(name)), else_=runs.c[name])
                for name in values
                if name not in fixed
            },
        )

    def _company_id(self, connection: Connection, record: BackupRecord, schema: CloudSchema) -> int:
        wanted = select(companies.c[CompanyColumn.ID.value]).where(with_tax_id(record.tax_id))
        known = connection.scalar(wanted)
        if known is None:
            minimal = {
                CompanyColumn.TRADE_NAME.value: record.tax_id.formatted,
                CompanyColumn.LEGAL_NAME.value: record.tax_id.formatted,
                CompanyColumn.TAX_ID.value: record.tax_id.formatted,
                CompanyColumn.LAST_CONTACT.value: record.ended_at or record.started_at,
                CompanyColumn.REGISTERED_AT.value: record.started_at,
                CompanyColumn.ACTIVE.value: YES,
            }
            key = CompanyColumn.TAX_ID.value
            # An update that changes nothing: another agent of the company may have come first, with the real names.
            unchanged = {key: companies.c[key]}
            upsert(connection, companies, key, schema.fit(companies.name, minimal), lambda _: unchanged)
            # A locking read: a plain one would show the moment before that other agent's insert.
            known = connection.scalars(wanted.with_for_update(read=True)).one()
        return int(known)

    def _known_schema(self, connection: Connection) -> CloudSchema:
        if self._schema is None:
            self._schema = inspect_schema(connection)
        return self._schema

    def _upgraded_schema(self, connection: Connection) -> CloudSchema:
        """Fails with CLOUD_REFUSED on a cloud that was not migrated: a run without its UUID could come twice."""
        schema = self._known_schema(connection)
        _refuse_without(", ".join(schema.missing), self._where)
        return schema

    def _look_again(self, *_: object) -> None:
        """A new connection may be to a cloud that was migrated since."""
        self._schema = None

    def _run_with_text(self, work: Callable[[Connection, Plain], None]) -> None:
        """Once as it is; where a column's old character set has no such character, in Latin-1: the names of databases
        last, which one table tells another by."""

        def way(plain: Plain) -> Callable[[Connection], None]:
            return lambda connection: work(connection, plain)

        self._run(*map(way, Plain))

    def _run[T](self, *ways: Callable[[Connection], T]) -> T:
        """The first of these ways whose text the columns can hold."""
        try:
            for way in ways[:-1]:
                try:
                    return self._retrying(is_lock_conflict, self._once, way)
                except SQLAlchemyError as error:
                    if not is_bad_text(error):
                        raise
            return self._retrying(is_lock_conflict, self._once, ways[-1])
        except OperationFailed:
            self._schema = None  # what is missing may have been mended by the next call
            raise
        except _CLOUD_TROUBLE as error:
            failed = told(error, self._where)
        # Outside of the except clause, so that it is chained to nothing: not even to what `from None` only hides.
        raise failed

    def _once[T](self, work: Callable[[Connection], T]) -> T:
        with self._engine.begin() as connection:
            return work(connection)


def _introduced(connection: Connection) -> tuple[str, str]:
    if connection.dialect.name == "sqlite":
        return "", f"SQLite {sqlite3.sqlite_version}"
    account, version = connection.execute(select(func.current_user(), func.version())).one()
    return str(account), str(version)


def _refuse_without(missing: str, where: str) -> None:
    if missing:
        raise OperationFailed(CLOUD_REFUSED, f"{where}: {missing}")
