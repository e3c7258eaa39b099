"""What a database said no to, as a sentence for who set the site up. It names the variable, and never the password."""

from django.conf import settings
from django.db import Error
from django.utils.translation import gettext as _
from pymysql.constants import CR, ER

from dashboard.environment import DATABASE_URL

_SILENT = (
    CR.CR_CONNECTION_ERROR,
    CR.CR_CONN_HOST_ERROR,
    CR.CR_UNKNOWN_HOST,
    CR.CR_SERVER_GONE_ERROR,
    CR.CR_SERVER_LOST,
)
_NOT_LET_IN = (ER.ACCESS_DENIED_ERROR, 1698)  # the second: without a password, which PyMySQL has no name for
_NOT_ALLOWED = (ER.DBACCESS_DENIED_ERROR, ER.TABLEACCESS_DENIED_ERROR, ER.COLUMNACCESS_DENIED_ERROR)
_NOT_MIGRATED = (ER.NO_SUCH_TABLE, ER.BAD_FIELD_ERROR)
_NOT_MIGRATED_SQLITE = ("no such table", "no such column")


def sentence(error: Error) -> str:
    """error: as Django raised it, of the database that the settings name."""
    code = next((part for part in error.args if isinstance(part, int)), 0)
    said = next((part for part in reversed(error.args) if isinstance(part, str)), type(error).__name__)
    chosen = settings.DATABASES["default"]
    words = {
        "variable": DATABASE_URL,
        "said": said,
        "user": chosen.get("USER", ""),
        "schema": chosen["NAME"],
        "place": f"{chosen['HOST']}:{chosen['PORT']}" if chosen.get("HOST") else chosen["NAME"],
    }
    return _text(code, said) % words


def migrations_are_missing() -> str:
    """For a schema that is there, and is not this program's."""
    return _(
        "The database of %(variable)s lacks this program's migrations. Run: topbackup-dashboard migrate"
    ) % {"variable": DATABASE_URL}  # fmt: skip


def _text(code: int, said: str) -> str:
    if code in _SILENT:
        return _(
            "The database does not answer at %(place)s (%(said)s). See whether the server runs, "
            "and the host and the port in %(variable)s."
        )
    if code in _NOT_LET_IN:
        return _("The database at %(place)s refuses the user %(user)s or the password. See both in %(variable)s.")
    if code == ER.BAD_DB_ERROR:
        return _("There is no database %(schema)s at %(place)s. Create it, or see its name in %(variable)s.")
    if code in _NOT_ALLOWED:
        return _(
            "The user %(user)s lacks a right in the database %(schema)s (%(said)s). "
            "Give it the rights that docs/dashboard.md names, or see the user in %(variable)s."
        )
    if code in _NOT_MIGRATED or said.startswith(_NOT_MIGRATED_SQLITE):
        return _(
            "The database of %(variable)s lacks this program's migrations (%(said)s). Run: topbackup-dashboard migrate"
        )
    return _("The database at %(place)s cannot be used (%(said)s). See %(variable)s.")
