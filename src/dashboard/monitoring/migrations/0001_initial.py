"""The whole schema: created, or adopted where the three tables of 1.0.x are there already."""

import sys

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone
from django.utils.translation import override

from dashboard.monitoring.schema.adoption import bring_up
from dashboard.monitoring.state.permission import create_or_advise
from dashboard.monitoring.state.rebuild import rebuild
from dashboard.monitoring.wall_time import WallTimeField


@override("pt-br")  # migrate runs without translations
def adopt(_: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    connection = editor.connection
    bring_up(connection)
    # Triggers first: what is written while the history is read is then not missed.
    sys.stderr.write(create_or_advise(connection))
    rebuild(connection, timezone.now())


MODELS = [
    migrations.CreateModel(
        name="AppVersion",
        fields=[
            ("id", models.BigAutoField(db_column="ID", primary_key=True, serialize=False)),
            ("version", models.CharField(db_column="VERSAO", max_length=20, unique=True)),
            ("released_at", WallTimeField(db_column="DATA_LANCAMENTO", null=True)),
            ("download_url", models.CharField(db_column="URL_DOWNLOAD", max_length=500, null=True)),
            ("sha256", models.CharField(db_column="HASH_SHA256", max_length=64, null=True)),
            ("changelog", models.TextField(db_column="CHANGELOG", null=True)),
            ("mandatory", models.CharField(db_column="OBRIGATORIA", db_default="N", max_length=1, null=True)),
            ("signature", models.CharField(db_column="ASSINATURA", max_length=255, null=True)),
        ],
        options={
            "db_table": "VERSAO_APP",
        },
    ),
    migrations.CreateModel(
        name="Company",
        fields=[
            ("id", models.BigAutoField(db_column="ID", primary_key=True, serialize=False)),
            ("customer_code", models.IntegerField(db_column="ID_AUX", null=True)),
            ("trade_name", models.CharField(db_column="FANTASIA", max_length=150, null=True)),
            ("legal_name", models.CharField(db_column="RAZAO", max_length=150, null=True)),
            ("tax_id", models.CharField(db_column="CNPJ", max_length=18, unique=True)),
            ("last_contact", WallTimeField(db_column="DATA_ULTIMA_INTERACAO", null=True)),
            ("agent_version", models.CharField(db_column="VERSAO_LOCAL", max_length=20, null=True)),
            ("registered_at", WallTimeField(db_column="DATA_CADASTRO", null=True)),
            ("active", models.CharField(db_column="ATIVO", db_default="S", max_length=1, null=True)),
        ],
        options={
            "db_table": "EMPRESA",
        },
    ),
    migrations.CreateModel(
        name="StateRebuild",
        fields=[
            ("id", models.SmallIntegerField(db_column="ID", primary_key=True, serialize=False)),
            ("rebuilt_at", WallTimeField(db_column="RECONSTRUIDO_EM")),
        ],
        options={
            "db_table": "ESTADO_RECONSTRUCAO",
        },
    ),
    migrations.CreateModel(
        name="CompanyState",
        fields=[
            (
                "company",
                models.OneToOneField(
                    db_column="ID_EMPRESA",
                    on_delete=models.CASCADE,
                    primary_key=True,
                    serialize=False,
                    to="monitoring.company",
                ),
            ),
            ("active", models.CharField(db_column="ATIVO", max_length=1)),
            ("last_success", WallTimeField(db_column="ULTIMO_SUCESSO", null=True)),
            ("last_success_id", models.BigIntegerField(db_column="ID_ULTIMO_SUCESSO", null=True)),
            ("last_failure", WallTimeField(db_column="ULTIMA_FALHA", null=True)),
            ("last_failure_id", models.BigIntegerField(db_column="ID_ULTIMA_FALHA", null=True)),
            ("running_since", WallTimeField(db_column="EXECUTANDO_DESDE", null=True)),
            ("pending_since", WallTimeField(db_column="PENDENTE_DESDE", null=True)),
            ("last_contact", WallTimeField(db_column="ULTIMO_CONTATO", null=True)),
            ("last_proof", WallTimeField(db_column="ULTIMA_PROVA", null=True)),
            ("ok_until", WallTimeField(db_column="OK_ATE", null=True)),
            ("attention_until", WallTimeField(db_column="ATENCAO_ATE", null=True)),
            ("failed", models.CharField(db_column="FALHOU", editable=False, max_length=1)),
            ("open", models.CharField(db_column="ABERTO", editable=False, max_length=1)),
        ],
        options={
            "db_table": "EMPRESA_ESTADO",
        },
    ),
    migrations.CreateModel(
        name="Run",
        fields=[
            ("id", models.BigAutoField(db_column="ID", primary_key=True, serialize=False)),
            ("started_at", WallTimeField(db_column="DATA_INICIO", null=True)),
            ("ended_at", WallTimeField(db_column="DATA_FIM", null=True)),
            ("file_name", models.CharField(db_column="NOME_ARQUIVO", max_length=255, null=True)),
            ("destination_1", models.CharField(db_column="CAMINHO_DESTINO", max_length=500, null=True)),
            ("destination_2", models.CharField(db_column="CAMINHO_DESTINO2", max_length=500, null=True)),
            ("size_bytes", models.BigIntegerField(db_column="TAMANHO_BYTES", null=True)),
            ("size_text", models.CharField(db_column="TAMANHO_FORMATADO", max_length=20, null=True)),
            ("status", models.CharField(db_column="STATUS", db_default="P", max_length=1, null=True)),
            ("error_message", models.TextField(db_column="MENSAGEM_ERRO", null=True)),
            ("naming", models.CharField(db_column="TIPO_BACKUP", max_length=1, null=True)),
            ("uploaded", models.CharField(db_column="ENVIADO_FTP", db_default="N", max_length=1, null=True)),
            ("uploaded_at", WallTimeField(db_column="DATA_ENVIO_FTP", null=True)),
            ("manual", models.CharField(db_column="MANUAL", db_default="N", max_length=1, null=True)),
            ("uuid", models.CharField(db_column="UUID", max_length=36, null=True, unique=True)),
            ("sha256", models.CharField(db_column="HASH_SHA256", max_length=64, null=True)),
            ("source", models.CharField(db_column="BANCO_ORIGEM", max_length=500, null=True)),
            ("error_code", models.CharField(db_column="CODIGO_ERRO", max_length=40, null=True)),
            ("proven", models.CharField(db_column="VERIFICADO", db_default="N", max_length=1, null=True)),
            ("proven_at", WallTimeField(db_column="DATA_VERIFICACAO", null=True)),
            ("next_due", WallTimeField(db_column="PROXIMO_PREVISTO", null=True)),
            ("received_at", WallTimeField(db_column="DATA_RECEBIDO", null=True)),
            ("company", models.ForeignKey(db_column="ID_EMPRESA", on_delete=models.CASCADE, to="monitoring.company")),
        ],
        options={
            "db_table": "LOG_BACKUPS",
        },
    ),
]


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    # Before Django's own: a database that is refused is left as it was.
    run_before = [("contenttypes", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(adopt, migrations.RunPython.noop)],
            state_operations=MODELS,
        )
    ]
