"""What the team writes about a company."""

from enum import StrEnum

from django.db import models

from dashboard.monitoring.models import Company
from dashboard.monitoring.wall_time import WallTimeField


class NoteKind(StrEnum):
    """ANOTACAO.TIPO. The reasons of an activation stand among the notes, where they are looked for."""

    NOTE = "N"
    ACTIVATED = "A"
    DEACTIVATED = "D"


class Note(models.Model):
    """Never changed and never deleted; struck out at most. author: the login as it was named then."""

    id = models.BigAutoField(primary_key=True, db_column="ID")
    company = models.ForeignKey(Company, models.CASCADE, db_column="ID_EMPRESA")
    kind = models.CharField(max_length=1, db_default=NoteKind.NOTE, db_column="TIPO")
    at = WallTimeField(db_column="QUANDO")
    author = models.CharField(max_length=150, db_column="QUEM")
    author_id = models.BigIntegerField(null=True, db_column="ID_AUTOR")
    text = models.TextField(db_column="TEXTO")
    struck_at = WallTimeField(null=True, db_column="RISCADA_EM")
    struck_by = models.CharField(max_length=150, null=True, db_column="RISCADA_POR")

    class Meta:
        db_table = "ANOTACAO"

    def __str__(self) -> str:
        return f"{self.at} {self.author}"
