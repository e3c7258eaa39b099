"""`/healthz`: may this site be sent visitors? Open to all, and without any detail."""

from collections.abc import Callable
from enum import StrEnum
from functools import cache

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.monitoring.freshness import StaleEvidence, require_current_evidence


class Finding(StrEnum):
    """unknown: an earlier check failed that this one builds on."""

    WELL = "ok"
    FAILED = "falha"
    UNKNOWN = "desconhecido"


@login_not_required
@never_cache
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """200: the database answers, its schema is this program's, and the state of the companies is kept. Else 503."""
    findings = dict.fromkeys(_CHECKS, Finding.UNKNOWN)
    for name, check in _CHECKS.items():
        findings[name] = Finding.WELL if check() else Finding.FAILED
        if findings[name] is Finding.FAILED:
            break
    well = all(finding is Finding.WELL for finding in findings.values())
    return JsonResponse({"situacao": "ok" if well else "falha", **findings}, status=200 if well else 503)


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone() == (1,))
    except DatabaseError:
        return False


def migrated() -> bool:
    try:
        return schema_is_this_programs()
    except DatabaseError:
        return False


def schema_is_this_programs() -> bool:
    """Has every migration that this program has been applied? Raises DatabaseError where nobody can say."""
    return _last_migrations() <= MigrationRecorder(connection).applied_migrations().keys()


def evidence_is_current() -> bool:
    try:
        require_current_evidence(timezone.now())
    except (StaleEvidence, DatabaseError):
        return False
    return True


@cache
def _last_migrations() -> frozenset[tuple[str, str]]:
    """Of each app; they do not change while the program runs."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


_CHECKS: dict[str, Callable[[], bool]] = {
    "banco": database_answers,
    "migracoes": migrated,
    "evidencia": evidence_is_current,
}
