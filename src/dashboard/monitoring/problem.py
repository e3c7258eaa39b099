"""Errors for programs: problem documents (RFC 9457), in all endpoints the same."""

from http import HTTPStatus

import orjson
from django.http import HttpResponse

CONTENT_TYPE = "application/problem+json"


def problem(status: int, error: str, message: str, **members: str) -> HttpResponse:
    """error: a stable word for programs. message: a sentence for people. members: more, as `campo`."""
    said = HTTPStatus(status)
    document = {
        "type": "about:blank",
        "title": said.phrase,
        "status": status,
        "detail": message,
        "erro": error,
        "mensagem": message,
    }
    return HttpResponse(orjson.dumps(document | members), status=status, content_type=CONTENT_TYPE)
