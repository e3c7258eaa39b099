"""How a status is named on the page. Beside the name stands a sign of its own shape: colour alone tells nothing."""

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from topcore.tables import CardStatus

LABELS = {
    CardStatus.FAILED: _("Failure"),
    CardStatus.CHECK: _("Check"),
    CardStatus.NO_DATA: _("No data"),
    CardStatus.ATTENTION: _("Attention"),
    CardStatus.RUNNING: _("Running"),
    CardStatus.OK: _("OK"),
}


def size_text(number: int | None) -> str | None:
    """Bytes in the reader's language: `47,7 MB`, `47.7 MB`. TAMANHO_FORMATADO is Portuguese, as it is stored."""
    return None if number is None else filesizeformat(number)
