"""ANOTACAO, and the index by which a company's history is read."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from dashboard.companies.schema import NOTE_TABLE
from dashboard.monitoring.schema.adoption import bring_up, complete
from dashboard.monitoring.wall_time import WallTimeField


def add(_: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """The index is new where monitoring's migrations ran before it was known."""
    bring_up(editor.connection)
    complete(editor.connection, [NOTE_TABLE])


class Migration(migrations.Migration):
    atomic = False  # MySQL commits each statement; what was done is not done again

    initial = True
    dependencies = [("monitoring", "0002_empresa_agendas")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(add, migrations.RunPython.noop)],
            state_operations=[
                migrations.CreateModel(
                    name="Note",
                    fields=[
                        ("id", models.BigAutoField(db_column="ID", primary_key=True, serialize=False)),
                        ("kind", models.CharField(db_column="TIPO", db_default="N", max_length=1)),
                        ("at", WallTimeField(db_column="QUANDO")),
                        ("author", models.CharField(db_column="QUEM", max_length=150)),
                        ("author_id", models.BigIntegerField(db_column="ID_AUTOR", null=True)),
                        ("text", models.TextField(db_column="TEXTO")),
                        ("struck_at", WallTimeField(db_column="RISCADA_EM", null=True)),
                        ("struck_by", models.CharField(db_column="RISCADA_POR", max_length=150, null=True)),
                        (
                            "company",
                            models.ForeignKey(
                                db_column="ID_EMPRESA",
                                on_delete=django.db.models.deletion.CASCADE,
                                to="monitoring.company",
                            ),
                        ),
                    ],
                    options={"db_table": "ANOTACAO"},
                ),
            ],
        )
    ]
