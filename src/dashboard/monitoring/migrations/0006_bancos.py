"""EMPRESA_BANCO: the evidence of each database of a company that has several. And every state row by today's rules."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from dashboard.monitoring.schema.adoption import bring_up, drop_index
from dashboard.monitoring.state.anew import by_the_rules_of_today
from dashboard.monitoring.wall_time import WallTimeField


def bring_up_anew(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    bring_up(editor.connection)
    drop_index(editor.connection, "EMPRESA_ESTADO", "EMPRESA_ESTADO_SUCESSO")
    by_the_rules_of_today(apps, editor)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("monitoring", "0005_datas_sem_dia")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(bring_up_anew, migrations.RunPython.noop)],
            state_operations=[
                migrations.AddField("run", "source_next_due", WallTimeField(db_column="PROXIMO_DO_BANCO", null=True)),
                migrations.AddField(
                    "companystate",
                    "several",
                    models.CharField(db_column="VARIOS_BANCOS", db_default="N", max_length=1),
                ),
                migrations.AddField(
                    "companystate", "only_source", models.CharField(db_column="BANCO_UNICO", max_length=500, null=True)
                ),
                migrations.AddField(
                    "companystate", "newest_success", WallTimeField(db_column="SUCESSO_MAIS_NOVO", null=True)
                ),
                migrations.AddField(
                    "companystate",
                    "newest_success_id",
                    models.BigIntegerField(db_column="ID_SUCESSO_MAIS_NOVO", null=True),
                ),
                migrations.CreateModel(
                    name="DatabaseState",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "company_id", "source", blank=True, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "company",
                            models.ForeignKey(
                                db_column="ID_EMPRESA",
                                on_delete=django.db.models.deletion.CASCADE,
                                to="monitoring.company",
                            ),
                        ),
                        ("source", models.CharField(db_column="BANCO", max_length=500)),
                        ("last_success", WallTimeField(db_column="ULTIMO_SUCESSO", null=True)),
                        ("last_success_id", models.BigIntegerField(db_column="ID_ULTIMO_SUCESSO", null=True)),
                        ("last_failure", WallTimeField(db_column="ULTIMA_FALHA", null=True)),
                        ("last_failure_id", models.BigIntegerField(db_column="ID_ULTIMA_FALHA", null=True)),
                        ("running_since", WallTimeField(db_column="EXECUTANDO_DESDE", null=True)),
                        ("pending_since", WallTimeField(db_column="PENDENTE_DESDE", null=True)),
                        ("last_proof", WallTimeField(db_column="ULTIMA_PROVA", null=True)),
                        ("ok_until", WallTimeField(db_column="OK_ATE", null=True)),
                        ("attention_until", WallTimeField(db_column="ATENCAO_ATE", null=True)),
                    ],
                    options={"db_table": "EMPRESA_BANCO"},
                ),
            ],
        )
    ]
