"""EMPRESA_ESTADO by the rules of this version: triggers made anew, every row computed anew from the history.

A success of a file without a size, a date that no calendar has, a company whose ATIVO nobody defined.
"""

import sys

from django.apps.registry import Apps
from django.db import DatabaseError, migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone
from django.utils.translation import override

from dashboard.monitoring.state.permission import MAY_NOT_CREATE, may_not_create
from dashboard.monitoring.state.rebuild import rebuild
from dashboard.monitoring.state.triggers import create_triggers


@override("pt-br")  # migrate runs without translations
def by_the_rules_of_today(_: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    try:
        create_triggers(editor.connection)
    except DatabaseError as error:
        if not may_not_create(error):
            raise
        sys.stderr.write(f"\n{MAY_NOT_CREATE}\n")
    rebuild(editor.connection, timezone.now())


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("monitoring", "0003_log_copias")]

    operations = [migrations.RunPython(by_the_rules_of_today, migrations.RunPython.noop)]
