"""Once made EMPRESA_ESTADO anew by new rules; 0005 does it again, by newer ones, and once is enough."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0003_log_copias")]

    operations = []
