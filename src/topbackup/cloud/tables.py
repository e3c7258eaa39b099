"""EMPRESA and LOG_BACKUPS as the agent writes them. The dashboard's migrations own the schema."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, Column, DateTime, Dialect, Integer, MetaData, String, Table
from sqlalchemy.dialects import mysql
from sqlalchemy.types import TypeDecorator, TypeEngine

from topcore.tables import CloudTable, CompanyColumn, DatabaseColumn, RunColumn

CLOUD_ZONE = ZoneInfo("America/Sao_Paulo")  # of the cloud's columns, by contract; not the zone of a shop's agenda


class WallTime(TypeDecorator[datetime]):
    """Aware UTC inside the program, naive wall time of America/Sao_Paulo in the column: the one place that converts.

    Raises ValueError for a naive time. In an hour that a DST change repeats, what is read back is the first of the two.
    """

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String())
        return dialect.type_descriptor(mysql.DATETIME(fsp=6))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        wall = value.astimezone(CLOUD_ZONE).replace(tzinfo=None)
        # SQLite compares dates as text, so ours must be spelled as Django spells its own: no fraction where it is zero.
        return wall.isoformat(sep=" ") if dialect.name == "sqlite" else wall

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        wall = datetime.fromisoformat(value) if isinstance(value, str) else value
        return wall.replace(tzinfo=CLOUD_ZONE).astimezone(UTC)


metadata = MetaData()

companies = Table(
    CloudTable.COMPANY.value,
    metadata,
    Column(CompanyColumn.ID.value, BigInteger, primary_key=True),
    Column(CompanyColumn.CUSTOMER_CODE.value, Integer),
    Column(CompanyColumn.TRADE_NAME.value, String),
    Column(CompanyColumn.LEGAL_NAME.value, String),
    Column(CompanyColumn.TAX_ID.value, String),
    Column(CompanyColumn.LAST_CONTACT.value, WallTime),
    Column(CompanyColumn.AGENT_VERSION.value, String),
    Column(CompanyColumn.REGISTERED_AT.value, WallTime),
    Column(CompanyColumn.ACTIVE.value, String),
    Column(CompanyColumn.AGENDAS.value, String),
)

# DATA_RECEBIDO is not among them: it is the server's clock, and the agent's word for it would be worth nothing.
runs = Table(
    CloudTable.RUN.value,
    metadata,
    Column(RunColumn.ID.value, BigInteger, primary_key=True),
    Column(RunColumn.COMPANY.value, BigInteger),
    Column(RunColumn.STARTED_AT.value, WallTime),
    Column(RunColumn.ENDED_AT.value, WallTime),
    Column(RunColumn.FILE_NAME.value, String),
    Column(RunColumn.DESTINATION_1.value, String),
    Column(RunColumn.DESTINATION_2.value, String),
    Column(RunColumn.SIZE_BYTES.value, BigInteger),
    Column(RunColumn.SIZE_TEXT.value, String),
    Column(RunColumn.STATUS.value, String),
    Column(RunColumn.ERROR_MESSAGE.value, String),
    Column(RunColumn.NAMING.value, String),
    Column(RunColumn.UPLOADED.value, String),
    Column(RunColumn.UPLOADED_AT.value, WallTime),
    Column(RunColumn.MANUAL.value, String),
    Column(RunColumn.UUID.value, String),
    Column(RunColumn.SHA256.value, String),
    Column(RunColumn.SOURCE.value, String),
    Column(RunColumn.ERROR_CODE.value, String),
    Column(RunColumn.PROVEN.value, String),
    Column(RunColumn.PROVEN_AT.value, WallTime),
    Column(RunColumn.NEXT_DUE.value, WallTime),
    Column(RunColumn.COPIES.value, String),
    Column(RunColumn.SOURCE_NEXT_DUE.value, WallTime),
)

# The databases that the agent looks after. What is known of each is kept by the dashboard's triggers.
databases = Table(
    CloudTable.DATABASE_STATE.value,
    metadata,
    Column(DatabaseColumn.COMPANY.value, BigInteger, primary_key=True),
    Column(DatabaseColumn.SOURCE.value, String, primary_key=True),
)

OPTIONAL = frozenset(
    {
        (companies.name, CompanyColumn.AGENDAS.value),
        (runs.name, RunColumn.COPIES.value),
        (runs.name, RunColumn.SOURCE_NEXT_DUE.value),
    }
)
"""Columns that a cloud may lack: what would be in them is then not told, and everything else is."""
