"""The sizes of each company's last good backups, for a whole page of cards in one query.

A branch of a UNION for each company walks the index on (ID_EMPRESA, STATUS, DATA_INICIO) backwards and stops after a
dozen rows: the cost is the same whether there are a hundred thousand runs or ten million.
"""

# ruff: noqa: S608 - SQL is put together from our own names only; values are parameters

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from topcore.tables import CloudTable, Proof, RunStatus

LENGTH = 12
# SQLite takes 500 branches at most.
MOST_COMPANIES = 400
_ONE = (
    f"SELECT ID_EMPRESA, DATA_INICIO, STATUS, VERIFICADO, TAMANHO_BYTES, BANCO_ORIGEM FROM {CloudTable.RUN.value}"
    f" WHERE ID_EMPRESA = %s AND STATUS = '{RunStatus.SUCCEEDED.value}' ORDER BY DATA_INICIO DESC LIMIT {LENGTH}"
)
# SQLite takes no brackets there; MySQL would make a table of each subquery.
_BRANCH = {"mysql": f"({_ONE})", "sqlite": f"SELECT * FROM ({_ONE})"}


def recent_sizes(companies: Sequence[int], sources: Mapping[int, str]) -> dict[int, tuple[int, ...]]:
    """Bytes, the oldest first, by company; without those that have none. At most MOST_COMPANIES.

    sources: of which database alone, by company, where there are several.
    """
    if len(companies) > MOST_COMPANIES:
        raise ValueError(f"{len(companies)} companies, {MOST_COMPANIES} at most")
    if not companies:
        return {}
    found: dict[int, list[tuple[str, int]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([_BRANCH[connection.vendor]] * len(companies)), list(companies))
        for company, started, letter, proof, size, source in cursor.fetchall():
            if _counts(letter, proof, size) and sources.get(company, source) == source:
                found.setdefault(company, []).append((str(started), size))
    # The order inside a UNION's branch is nothing to rely on.
    return {company: tuple(size for _, size in sorted(sizes)) for company, sizes in found.items()}


def _counts(letter: Any, proof: Any, size: Any) -> bool:
    """To MySQL an s is an S; SQLite holds anything anywhere; a refuted backup is no backup."""
    refuted = str(proof).upper() == Proof.REFUTED
    return letter == RunStatus.SUCCEEDED and not refuted and isinstance(size, int) and size >= 0
