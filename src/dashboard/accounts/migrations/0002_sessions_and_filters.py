"""Sessions that know whose they are (whoever is logged in logs in once more), and the filters of the record."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="OpenSession",
            fields=[
                (
                    "session_key",
                    models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name="session key"),
                ),
                ("session_data", models.TextField(verbose_name="session data")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                ("user_id", models.BigIntegerField(db_column="ID_USUARIO", db_index=True, null=True)),
                ("began", models.DateTimeField(db_column="INICIO", null=True)),
                ("address", models.GenericIPAddressField(db_column="ENDERECO", null=True)),
                ("browser", models.CharField(db_column="NAVEGADOR", default="", max_length=300)),
            ],
            options={"db_table": "SESSAO"},
        ),
        migrations.AddIndex("auditentry", models.Index(fields=["who", "id"], name="AUDITORIA_QUEM")),
        migrations.AddIndex("auditentry", models.Index(fields=["action", "id"], name="AUDITORIA_ACAO")),
    ]
