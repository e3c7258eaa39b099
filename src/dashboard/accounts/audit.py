"""Putting down who changed what, in the transaction of the change itself."""

from enum import StrEnum
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dashboard.accounts.models import AuditEntry

_LONGEST_TARGET, _LONGEST_DETAIL = 200, 4000


class Action(StrEnum):
    """Stored codes, in Portuguese as all of them."""

    LOGIN_CREATED = "LOGIN_CRIADO"
    LOGIN_CHANGED = "LOGIN_ALTERADO"
    LOGIN_DISABLED = "LOGIN_DESATIVADO"
    LOGIN_ENABLED = "LOGIN_ATIVADO"
    LOGIN_UNLOCKED = "LOGIN_DESBLOQUEADO"
    PASSWORD_CHANGED = "SENHA_ALTERADA"  # noqa: S105 - an action's name
    SECOND_FACTOR_ON = "SEGUNDO_FATOR_LIGADO"
    SECOND_FACTOR_OFF = "SEGUNDO_FATOR_DESLIGADO"
    RECOVERY_CODES_MADE = "CODIGOS_RECUPERACAO"
    SESSIONS_ENDED = "SESSOES_ENCERRADAS"
    COMPANY_ENABLED = "EMPRESA_ATIVADA"
    COMPANY_DISABLED = "EMPRESA_DESATIVADA"
    NOTE_WRITTEN = "ANOTACAO_CRIADA"
    NOTE_STRUCK = "ANOTACAO_RISCADA"
    ALERT_ACKNOWLEDGED = "ALERTA_CIENTE"
    ALERT_REOPENED = "ALERTA_REABERTO"
    VERSION_PUBLISHED = "VERSAO_PUBLICADA"
    VERSION_CHANGED = "VERSAO_ALTERADA"


LABELS = {
    Action.LOGIN_CREATED: _("login created"),
    Action.LOGIN_CHANGED: _("login changed"),
    Action.LOGIN_DISABLED: _("login disabled"),
    Action.LOGIN_ENABLED: _("login enabled"),
    Action.LOGIN_UNLOCKED: _("login unlocked"),
    Action.PASSWORD_CHANGED: _("password changed"),
    Action.SECOND_FACTOR_ON: _("second factor switched on"),
    Action.SECOND_FACTOR_OFF: _("second factor switched off"),
    Action.RECOVERY_CODES_MADE: _("new recovery codes"),
    Action.SESSIONS_ENDED: _("sessions ended"),
    Action.COMPANY_ENABLED: _("company activated"),
    Action.COMPANY_DISABLED: _("company deactivated"),
    Action.NOTE_WRITTEN: _("note written"),
    Action.NOTE_STRUCK: _("note struck out"),
    Action.ALERT_ACKNOWLEDGED: _("alert acknowledged"),
    Action.ALERT_REOPENED: _("alert reopened"),
    Action.VERSION_PUBLISHED: _("version published"),
    Action.VERSION_CHANGED: _("version changed"),
}


def record(user: Any, action: Action, target: str, detail: str = "") -> None:
    """user: who is logged in, or None for a command on the server. detail: never a secret."""
    who = "" if user is None else user.get_username()
    AuditEntry.objects.create(
        at=timezone.now(),
        who=who[:150],
        action=action.value,
        target=target[:_LONGEST_TARGET],
        detail=detail[:_LONGEST_DETAIL],
    )
