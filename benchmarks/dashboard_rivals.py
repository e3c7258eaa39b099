"""The same answers the usual ways: Django's ORM as one writes it first, and a window function over the whole history.

Both find the last run and the last success of each company in LOG_BACKUPS itself, which is what there is without a row
of evidence per company. Neither knows as much as the panel does: no doubt about a clock, no proof, no pending run.
"""

from collections import Counter
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Max, OuterRef, Q, Subquery

from dashboard.monitoring.models import Company, Run
from dashboard.monitoring.wall_time import wall_text

_FRESH = timedelta(hours=25)


def naive_orm(now: datetime) -> list[int]:
    """Counters and the first page: an aggregate and a subquery for each company, sorted in Python."""
    last = Run.objects.filter(company=OuterRef("pk")).order_by("-started_at", "-id")
    companies = (
        Company.objects.filter(active="S")
        .annotate(good=Max("run__started_at", filter=Q(run__status="S")))
        .annotate(letter=Subquery(last.values("status")[:1]))
    )
    return _page([(company.pk, company.letter, company.good) for company in companies], now)


def row_number(now: datetime) -> list[int]:
    """The same by ROW_NUMBER: one pass over the history, numbered by company."""
    with connection.cursor() as cursor:
        cursor.execute(ROW_NUMBER, [wall_text(now)])
        return _page(list(cursor.fetchall()), now)


ROW_NUMBER = """
SELECT E.ID, L.STATUS, G.GOOD FROM EMPRESA E
LEFT JOIN (SELECT ID_EMPRESA, STATUS,
    ROW_NUMBER() OVER (PARTITION BY ID_EMPRESA ORDER BY DATA_INICIO DESC, ID DESC) AS N
  FROM LOG_BACKUPS WHERE DATA_INICIO <= %s) L ON L.ID_EMPRESA = E.ID AND L.N = 1
LEFT JOIN (SELECT ID_EMPRESA, MAX(DATA_INICIO) AS GOOD FROM LOG_BACKUPS WHERE STATUS = 'S' GROUP BY ID_EMPRESA) G
  ON G.ID_EMPRESA = E.ID
WHERE E.ATIVO = 'S'
"""


def _page(rows: list[tuple[int, str | None, datetime | None]], now: datetime) -> list[int]:
    limit = (now - _FRESH).replace(tzinfo=None)
    judged = [(_rank(letter, good, limit), identity) for identity, letter, good in rows]
    Counter(rank for rank, _ in judged)
    return [identity for _, identity in sorted(judged)[:60]]


def _rank(letter: str | None, good: datetime | None, limit: datetime) -> int:
    if letter == "F":
        return 0
    if good is None:
        return 2
    return 5 if good.replace(tzinfo=None) >= limit else 1
