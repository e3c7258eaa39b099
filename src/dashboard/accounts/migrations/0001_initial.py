"""The record of changes; and every login of before there were roles keeps what it had: the whole site."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

ROLES = ("leitor", "suporte", "administrador")


def create_roles(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    groups = {name: apps.get_model("auth", "Group").objects.get_or_create(name=name)[0] for name in ROLES}
    for user in apps.get_model("auth", "User").objects.filter(groups__isnull=True):
        user.groups.add(groups["administrador"])


class Migration(migrations.Migration):
    initial = True
    dependencies = [("auth", "0012_alter_user_first_name_max_length")]
    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(db_column="ID", primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_column="QUANDO")),
                ("who", models.CharField(db_column="QUEM", max_length=150)),
                ("action", models.CharField(db_column="ACAO", max_length=40)),
                ("target", models.CharField(db_column="ALVO", max_length=200)),
                ("detail", models.TextField(db_column="DETALHE")),
            ],
            options={
                "db_table": "AUDITORIA",
                "indexes": [models.Index(fields=["-at"], name="AUDITORIA_QUANDO")],
            },
        ),
        migrations.RunPython(create_roles, migrations.RunPython.noop),
    ]
