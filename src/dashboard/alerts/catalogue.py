"""What a code of the error catalogue means. The seam to the dashboard's catalogue of codes, which another room keeps.

Until it is joined nothing is known here, and a group says what its agents said.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Explanation:
    """In the user's language. act: `loja` or `suporte`."""

    sentence: str
    mend: str
    act: str


def explanation(_code: str) -> Explanation | None:
    """None for a code that the catalogue does not have."""
    return None
