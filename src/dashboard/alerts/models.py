"""What this room keeps: which alerts people know of, and what is odd about companies.

The references to EMPRESA are without a constraint in the database: an adopted schema may have int(11) as the type of
EMPRESA.ID, which a foreign key would have to repeat. Rows of a company that is gone are taken away by `analisar` and,
until then, met by no query, for all of them start from the companies.
"""

from django.db import models

from dashboard.monitoring.models import Company
from dashboard.monitoring.wall_time import WallTimeField

LONGEST_CAUSE = 64
LONGEST_COMMENT = 500


class Acknowledgement(models.Model):
    """Somebody knows of one cause at one company. episode: a mark of what they know of; with another it ends.

    silent_until: then it is as if it had never been given.
    """

    id = models.BigAutoField(primary_key=True, db_column="ID")
    company = models.ForeignKey(Company, models.CASCADE, db_column="ID_EMPRESA", db_constraint=False, db_index=False)
    cause = models.CharField(max_length=LONGEST_CAUSE, db_column="CAUSA")
    episode = models.CharField(max_length=64, db_column="EPISODIO")
    episode_since = WallTimeField(null=True, db_column="EPISODIO_DESDE")
    who = models.CharField(max_length=150, db_column="QUEM")
    at = WallTimeField(db_column="QUANDO")
    silent_until = WallTimeField(null=True, db_column="SILENCIO_ATE")
    comment = models.CharField(max_length=LONGEST_COMMENT, db_column="COMENTARIO")

    class Meta:
        db_table = "ALERTA_CIENCIA"
        constraints = (models.UniqueConstraint(fields=["company", "cause"], name="ALERTA_CIENCIA_CAUSA"),)

    def __str__(self) -> str:
        return f"{self.company_id} {self.cause} ({self.who})"


class FoundAnomaly(models.Model):
    """A finding of topcore.anomalies that still holds. A new row (a new ID) where it went away and came back."""

    id = models.BigAutoField(primary_key=True, db_column="ID")
    company = models.ForeignKey(Company, models.CASCADE, db_column="ID_EMPRESA", db_constraint=False, db_index=False)
    kind = models.CharField(max_length=30, db_column="TIPO")
    since = WallTimeField(null=True, db_column="DESDE")
    run_id = models.BigIntegerField(db_column="ID_EXECUCAO")
    usual = models.BigIntegerField(null=True, db_column="COSTUME")
    found = models.BigIntegerField(null=True, db_column="ENCONTRADO")
    place = models.CharField(max_length=500, db_column="LOCAL")

    class Meta:
        db_table = "ANOMALIA"
        constraints = (models.UniqueConstraint(fields=["company", "kind"], name="ANOMALIA_TIPO"),)

    def __str__(self) -> str:
        return f"{self.company_id} {self.kind}"


class Analysis(models.Model):
    """Up to which success a company was analysed."""

    company = models.OneToOneField(
        Company, models.CASCADE, primary_key=True, db_column="ID_EMPRESA", db_constraint=False
    )
    last_success_id = models.BigIntegerField(db_column="ID_ULTIMO_SUCESSO")
    at = WallTimeField(db_column="QUANDO")

    class Meta:
        db_table = "ANALISE"

    def __str__(self) -> str:
        return f"{self.company_id}"
