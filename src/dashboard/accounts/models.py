"""The record of who changed what, and the sessions that are open."""

from typing import Any

from django.contrib.sessions.base_session import AbstractBaseSession
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
        indexes = (
            models.Index(fields=["-at"], name="AUDITORIA_QUANDO"),
            # The pages of one login, and of one action, are walks along these.
            models.Index(fields=["who", "id"], name="AUDITORIA_QUEM"),
            models.Index(fields=["action", "id"], name="AUDITORIA_ACAO"),
        )

    def __str__(self) -> str:
        return f"{self.at} {self.who} {self.action} {self.target}"


class OpenSession(AbstractBaseSession):
    """A session of the site, with whose it is: only so can a person see and end their other ones.

    user_id: None before the login. began, address, browser: of the login. No foreign key: a session ends by itself.
    """

    user_id = models.BigIntegerField(null=True, db_index=True, db_column="ID_USUARIO")
    began = models.DateTimeField(null=True, db_column="INICIO")
    address = models.GenericIPAddressField(null=True, db_column="ENDERECO")
    browser = models.CharField(max_length=300, default="", db_column="NAVEGADOR")

    class Meta:
        db_table = "SESSAO"

    @classmethod
    def get_session_store_class(cls) -> Any:
        from dashboard.accounts.sessions import SessionStore  # noqa: PLC0415 - the two name each other

        return SessionStore
