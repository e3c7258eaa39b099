"""LOG_BACKUPS.COPIAS: where a run's copies are. Nullable, so that agents of 1.0.x go on as before."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from dashboard.monitoring.schema.adoption import bring_up


def add(_: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Where 0001 ran with the column already known, nothing is left to do."""
    bring_up(editor.connection)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("monitoring", "0002_empresa_agendas")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(add, migrations.RunPython.noop)],
            state_operations=[
                migrations.AddField("run", "copies", models.TextField(db_column="COPIAS", null=True)),
            ],
        )
    ]
