"""The messages: one JSON object a line, UTF-8, with the version `v`. A wrong one is told to its sender alone.

→ {"v": 1, "id": 7, "pedido": "status", "argumentos": {}}
← {"v": 1, "id": 7, "ok": true, "resposta": {…}}
← {"v": 1, "id": 7, "ok": false, "erro": {"codigo": "TB-…", "mensagem": …, "saida": 75, …}}
← {"v": 1, "id": 7, "evento": {"evento": "progresso", …}}          after the request `subscribe`
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from topbackup.errors import BadUsage
from topbackup.problems import MESSAGE_INVALID

VERSION = 1
LONGEST_REQUEST = 64 << 10  # bytes; a request names things, it does not carry them
LONGEST_ANSWER = 8 << 20
_DEEPEST = 16
_LONGEST_NAME = 64


@dataclass(frozen=True)
class Request:
    """number: the sender's own, given back with each answer."""

    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    number: int = 0


def request_line(request: Request) -> bytes:
    return _line({"v": VERSION, "id": request.number, "pedido": request.name, "argumentos": dict(request.arguments)})


def answer_line(number: int, answer: Any) -> bytes:
    return _line({"v": VERSION, "id": number, "ok": True, "resposta": answer})


def error_line(number: int, error: Mapping[str, Any]) -> bytes:
    return _line({"v": VERSION, "id": number, "ok": False, "erro": dict(error)})


def event_line(number: int, event: Mapping[str, Any]) -> bytes:
    return _line({"v": VERSION, "id": number, "evento": dict(event)})


def parse_request(line: bytes) -> Request:
    """Raises BadUsage with MESSAGE_INVALID and what is wrong, never what it holds."""
    document = parse_object(line)
    if document.get("v") != VERSION or isinstance(document.get("v"), bool):
        raise _invalid(f"v ≠ {VERSION}")
    name, number, arguments = document.get("pedido"), document.get("id", 0), document.get("argumentos", {})
    if not isinstance(name, str) or not 0 < len(name) <= _LONGEST_NAME:
        raise _invalid("pedido")
    if not isinstance(number, int) or isinstance(number, bool) or abs(number) > 2**53:
        raise _invalid("id")
    if not isinstance(arguments, dict):
        raise _invalid("argumentos")
    return Request(name, arguments, number)


def parse_object(line: bytes) -> dict[str, Any]:
    """One JSON object of a sensible depth, without the numbers that JSON does not have. Raises as `parse_request`."""
    try:
        document = json.loads(line.decode("utf-8"), parse_constant=_refuse_constant, parse_float=_finite)
    except (ValueError, RecursionError):
        raise _invalid("JSON") from None
    if not isinstance(document, dict):
        raise _invalid("{…}")
    if _deeper_than(document, _DEEPEST):
        raise _invalid(f"> {_DEEPEST} {{{{…}}}}")
    return document


def _line(document: Mapping[str, Any]) -> bytes:
    # Half a surrogate pair (a file name of Windows) has no UTF-8; escaped, it goes through.
    text = json.dumps(document, ensure_ascii=False, default=str)
    try:
        return text.encode("utf-8") + b"\n"
    except UnicodeEncodeError:
        return json.dumps(document, default=str).encode("ascii") + b"\n"


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _deeper_than(value: Any, levels: int) -> bool:
    if levels < 0:
        return True
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(_deeper_than(child, levels - 1) for child in children)


def _invalid(what: str) -> BadUsage:
    return BadUsage(MESSAGE_INVALID, what)
