"""For migrations after a change of the rules: triggers made anew, every row computed anew from the history."""

import sys

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone
from django.utils.translation import override

from dashboard.monitoring.state.permission import create_or_advise
from dashboard.monitoring.state.rebuild import rebuild


@override("pt-br")  # migrate runs without translations
def by_the_rules_of_today(_: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    # Triggers first: what is written while the history is read is then not missed.
    sys.stderr.write(create_or_advise(editor.connection))
    rebuild(editor.connection, timezone.now())
