"""LOG_BACKUPS.COPIAS: where a run's copies are. Nullable, so that agents of 1.0.x go on as before."""

from django.db import migrations, models

from dashboard.monitoring.schema.adoption import add_what_is_missing


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("monitoring", "0002_empresa_agendas")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(add_what_is_missing, migrations.RunPython.noop)],
            state_operations=[
                migrations.AddField("run", "copies", models.TextField(db_column="COPIAS", null=True)),
            ],
        )
    ]
