"""What a code of the error catalogue means. A seam: dashboard.monitoring.catalogue has the same names.

Until the two are joined nothing is known here, and a group says what its agents said.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """In the user's language. act: `loja` or `suporte`."""

    sentence: str
    mend: str
    act: str


def entry(_code: str) -> Entry | None:
    """None for a code that the catalogue does not have."""
    return None
