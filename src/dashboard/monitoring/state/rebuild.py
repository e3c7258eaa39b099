"""EMPRESA_ESTADO computed anew from the whole history: for an adopted database, and where triggers may not be."""

# ruff: noqa: S608 - SQL is put together from our own names only; values are parameters

import random
import time
from datetime import datetime

from django.db import OperationalError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from dashboard.monitoring.state.dialect import Dialect
from dashboard.monitoring.state.scope import OF_DATABASE
from dashboard.monitoring.state.several import as_one, from_history, of_one
from dashboard.monitoring.state.triggers import active_text
from dashboard.monitoring.wall_time import wall_text
from topcore.tables import CloudTable

_COMPANY, _STATE = CloudTable.COMPANY.value, CloudTable.COMPANY_STATE.value
_CHUNK = 500  # companies in one transaction: writers wait for no more than that
_ATTEMPTS = 8
_LOCK_CONFLICTS = (1205, 1213)


def rebuild(connection: BaseDatabaseWrapper, now: datetime) -> int:
    """Compute the row of every company, while agents go on writing. Returns how many; notes `now` (aware)."""
    identities = _identities(connection)
    for start in range(0, len(identities), _CHUNK):
        chunk = identities[start : start + _CHUNK]
        _with_patience(connection, chunk[0], chunk[-1])
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("DELETE FROM ESTADO_RECONSTRUCAO WHERE ID = 1")
        cursor.execute("INSERT INTO ESTADO_RECONSTRUCAO (ID, RECONSTRUIDO_EM) VALUES (1, %s)", [wall_text(now)])
    return len(identities)


def _identities(connection: BaseDatabaseWrapper) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ID FROM {_COMPANY} ORDER BY ID")
        return [identity for (identity,) in cursor.fetchall()]


def _with_patience(connection: BaseDatabaseWrapper, first: int, last: int) -> None:
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with transaction.atomic(using=connection.alias):
                _rebuild_range(connection, first, last)
        except OperationalError as error:
            if attempt == _ATTEMPTS or error.args[0] not in _LOCK_CONFLICTS:
                raise
            # A random wait, growing, so that two that met do not meet again.
            time.sleep(random.uniform(0.01, 0.05) * 2**attempt)  # noqa: S311 - no secret
        else:
            return


def _rebuild_range(connection: BaseDatabaseWrapper, first: int, last: int) -> None:
    dialect = Dialect.of(connection)
    companies, states = "C.ID BETWEEN %s AND %s", "ID_EMPRESA BETWEEN %s AND %s"
    own = f"FROM {_COMPANY} C WHERE C.ID = {_STATE}.ID_EMPRESA"
    contact = dialect.instant("C.DATA_ULTIMA_INTERACAO")
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_STATE} (ID_EMPRESA, ATIVO) SELECT C.ID, {active_text(dialect, 'C.ATIVO')} FROM {_COMPANY} C"
            f" WHERE {companies} AND NOT EXISTS (SELECT 1 FROM {_STATE} T WHERE T.ID_EMPRESA = C.ID)",
            [first, last],
        )
        if dialect.mysql:
            # Whoever writes now waits at these rows; whoever wrote before is seen by the next statement's snapshot.
            cursor.execute(f"SELECT ID_EMPRESA FROM {_STATE} WHERE {states} FOR UPDATE", [first, last])
        cursor.execute(
            f"UPDATE {_STATE} SET ATIVO = (SELECT {active_text(dialect, 'C.ATIVO')} {own}),"
            f" ULTIMO_CONTATO = (SELECT {contact} {own}) WHERE {states}",
            [first, last],
        )
        for statement in (
            *from_history(dialect, OF_DATABASE, states),
            *of_one(dialect, states),
            *as_one(states),
        ):
            cursor.execute(statement, [first, last])
