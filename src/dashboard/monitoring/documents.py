"""JSON that an agent wrote into a column. Whatever stands there, a page made of it can be sent."""

import json
from typing import Any

_HALF = "\\ud"  # as JSON spells half of a character: a name that was no UTF-8 comes as such from some programs


def content_of(document: Any, longest: int) -> Any:
    """What the text holds; None where it is no JSON, or longer than `longest` characters.

    Halves of characters become question marks: no answer can be encoded with one, and one row would take the panel
    from all companies.
    """
    try:
        if len(document) > longest:
            return None
        content = json.loads(document)
        if isinstance(document, str) and _HALF in document.lower():
            content = json.loads(json.dumps(content, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, TypeError, RecursionError):
        return None
    return content
