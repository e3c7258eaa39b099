"""The triggers' row is topcore.health.evidence of the rows, whatever was done to them and in which order."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings

from dashboard.monitoring.models import CompanyState
from dashboard.monitoring.state.rebuild import rebuild
from tests.dashboard import histories
from tests.dashboard.databases import execute

COMPANIES = (1, 2)


def _follows(deeds: Sequence[Any]) -> None:
    history = histories.History()
    with transaction.atomic():
        execute("DELETE FROM LOG_BACKUPS", "DELETE FROM EMPRESA")
        for company in COMPANIES:
            execute(f"INSERT INTO EMPRESA (ID, FANTASIA, RAZAO, CNPJ) VALUES ({company}, 'A', 'A', '{company}')")
        for deed in deeds:
            history.do(deed)
    for company in COMPANIES:
        state = CompanyState.objects.get(pk=company)
        assert histories.stored(company) == history.evidence(company)
        assert state.last_proof == history.last_proof(company)
    incremental = list(CompanyState.objects.order_by("pk").values())
    rebuild(connection, histories.START)
    assert list(CompanyState.objects.order_by("pk").values()) == incremental


@pytest.mark.usefixtures("sqlite")
@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=histories.any_history)
def test_triggers_follow_any_history_on_sqlite(deeds: list[Any]) -> None:
    _follows(deeds)


@pytest.mark.usefixtures("mariadb")
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=histories.any_history)
def test_triggers_follow_any_history_on_mariadb(deeds: list[Any]) -> None:
    _follows(deeds)
