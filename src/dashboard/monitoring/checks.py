"""What `topbackup-dashboard check --database default` and every `migrate` say about the database."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Warning  # noqa: A004 - Django's name for it
from django.db import DatabaseError, connections
from django.utils.translation import gettext as _

from dashboard.monitoring.state.permission import MAY_NOT_CREATE
from dashboard.monitoring.state.triggers import missing_triggers
from topcore.tables import CloudTable


def triggers_are_there(databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """Warns where EMPRESA_ESTADO would not follow LOG_BACKUPS by itself."""
    messages: list[CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        try:
            if CloudTable.COMPANY_STATE.value not in connection.introspection.table_names():
                continue  # not migrated yet
            missing = missing_triggers(connection)
        except DatabaseError:
            continue  # the connection's trouble is not this check's
        if missing:
            messages.append(
                Warning(
                    _("Triggers are missing: %(names)s.") % {"names": ", ".join(missing)},
                    hint=str(MAY_NOT_CREATE),
                    id="monitoring.W001",
                )
            )
    return messages
