"""EMPRESA_ESTADO by the rules of this version: what is no success (a file without a byte), no date (31 November, a
day of zero), and no reason to hide a company (an ATIVO that nobody defined).
"""

from django.db import migrations

from dashboard.monitoring.state.anew import by_the_rules_of_today


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("monitoring", "0004_regras")]

    operations = [migrations.RunPython(by_the_rules_of_today, migrations.RunPython.noop)]
