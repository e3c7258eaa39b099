"""Once made EMPRESA_ESTADO anew by new rules; 0006 does it again, by newer ones, and once is enough."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0004_regras")]

    operations = []
