"""The record of who changed what."""

from django.db import models


class AuditEntry(models.Model):
    """Written by audit.record and never changed. who: the login as it was named then; empty for a command."""

    id = models.BigAutoField(primary_key=True, db_column="ID")
    at = models.DateTimeField(db_column="QUANDO")
    who = models.CharField(max_length=150, db_column="QUEM")
    action = models.CharField(max_length=40, db_column="ACAO")
    target = models.CharField(max_length=200, db_column="ALVO")
    detail = models.TextField(db_column="DETALHE")

    class Meta:
        db_table = "AUDITORIA"
        indexes = (models.Index(fields=["-at"], name="AUDITORIA_QUANDO"),)

    def __str__(self) -> str:
        return f"{self.at} {self.who} {self.action} {self.target}"
