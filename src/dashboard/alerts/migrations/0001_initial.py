"""Acknowledged alerts and anomalies. On MySQL in utf8mb4 and compared byte by byte, whatever the schema's default is:
an old schema's latin1 would refuse a comment with an emoji, and two codes that differ in a capital are two.
"""

from typing import Any

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from dashboard.monitoring.wall_time import WallTimeField

TABLES = ("ALERTA_CIENCIA", "ANOMALIA", "ANALISE")


def compare_by_byte(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "mysql":
        for table in TABLES:
            editor.execute(f"ALTER TABLE {table} CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")
        # What people say about an alert is put down there too.
        editor.execute("ALTER TABLE AUDITORIA CONVERT TO CHARACTER SET utf8mb4")


COMPANY: dict[str, Any] = {
    "db_column": "ID_EMPRESA",
    "db_constraint": False,
    "on_delete": django.db.models.deletion.CASCADE,
    "to": "monitoring.company",
}


class Migration(migrations.Migration):
    initial = True
    dependencies = [("monitoring", "0002_empresa_agendas"), ("accounts", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Acknowledgement",
            fields=[
                ("id", models.BigAutoField(db_column="ID", primary_key=True, serialize=False)),
                ("cause", models.CharField(db_column="CAUSA", max_length=64)),
                ("episode", models.CharField(db_column="EPISODIO", max_length=64)),
                ("episode_since", WallTimeField(db_column="EPISODIO_DESDE", null=True)),
                ("who", models.CharField(db_column="QUEM", max_length=150)),
                ("at", WallTimeField(db_column="QUANDO")),
                ("silent_until", WallTimeField(db_column="SILENCIO_ATE", null=True)),
                ("comment", models.CharField(db_column="COMENTARIO", max_length=500)),
                ("company", models.ForeignKey(db_index=False, **COMPANY)),
            ],
            options={"db_table": "ALERTA_CIENCIA"},
        ),
        migrations.CreateModel(
            name="FoundAnomaly",
            fields=[
                ("id", models.BigAutoField(db_column="ID", primary_key=True, serialize=False)),
                ("kind", models.CharField(db_column="TIPO", max_length=30)),
                ("since", WallTimeField(db_column="DESDE", null=True)),
                ("run_id", models.BigIntegerField(db_column="ID_EXECUCAO")),
                ("usual", models.BigIntegerField(db_column="COSTUME", null=True)),
                ("found", models.BigIntegerField(db_column="ENCONTRADO", null=True)),
                ("place", models.CharField(db_column="LOCAL", max_length=500)),
                ("company", models.ForeignKey(db_index=False, **COMPANY)),
            ],
            options={"db_table": "ANOMALIA"},
        ),
        migrations.CreateModel(
            name="Analysis",
            fields=[
                ("company", models.OneToOneField(primary_key=True, serialize=False, **COMPANY)),
                ("last_success_id", models.BigIntegerField(db_column="ID_ULTIMO_SUCESSO")),
                ("at", WallTimeField(db_column="QUANDO")),
            ],
            options={"db_table": "ANALISE"},
        ),
        migrations.AddConstraint(
            model_name="acknowledgement",
            constraint=models.UniqueConstraint(fields=("company", "cause"), name="ALERTA_CIENCIA_CAUSA"),
        ),
        migrations.AddConstraint(
            model_name="foundanomaly",
            constraint=models.UniqueConstraint(fields=("company", "kind"), name="ANOMALIA_TIPO"),
        ),
        migrations.RunPython(compare_by_byte, migrations.RunPython.noop, atomic=False),
    ]
