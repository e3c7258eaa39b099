"""The triggers made anew, or what to say of an account that may not create them."""

from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext_lazy as _

from dashboard.monitoring.state.triggers import create_triggers

# MySQL with its binary log on wants SUPER, or the server's word that triggers are trusted (1419). 1227, 1142: no right.
_REFUSALS = (1419, 1227, 1142)

MAY_NOT_CREATE = _(
    "The database account may not create triggers, so EMPRESA_ESTADO is not kept up to date by itself. Ask the"
    " server's administrator for SET GLOBAL log_bin_trust_function_creators = 1 and the right TRIGGER on this schema,"
    " then run `topbackup-dashboard reconstruir_estado`, which creates them. Until then keep `topbackup-dashboard"
    " reconstruir_estado --a-cada 60` running: without it the site shows no cards rather than old ones."
)


def create_or_advise(connection: BaseDatabaseWrapper) -> str:
    """Empty where they were created; otherwise who must do what. Raises what is not about rights."""
    try:
        create_triggers(connection)
    except DatabaseError as error:
        if not may_not_create(error):
            raise
        return f"\n{MAY_NOT_CREATE}\n"
    return ""


def may_not_create(error: DatabaseError) -> bool:
    """Is it the account, and not the statement?"""
    return bool(error.args) and error.args[0] in _REFUSALS
