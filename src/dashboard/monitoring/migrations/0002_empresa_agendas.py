"""EMPRESA.AGENDAS: the agendas as the agent last read them. Nullable, so that agents of 1.0.x go on as before."""

from django.db import migrations, models

from dashboard.monitoring.schema.adoption import add_what_is_missing


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("monitoring", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(add_what_is_missing, migrations.RunPython.noop)],
            state_operations=[
                migrations.AddField("company", "agendas", models.TextField(db_column="AGENDAS", null=True)),
            ],
        )
    ]
