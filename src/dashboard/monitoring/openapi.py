"""The endpoints of design §4.5 described for programs: OpenAPI 3.1, served at /api/openapi.json."""

from typing import Any

from dashboard.monitoring.copies import Copy
from dashboard.monitoring.parameters import LARGEST_PAGE, LONGEST_SEARCH, PAGE
from dashboard.monitoring.problem import CONTENT_TYPE
from dashboard.monitoring.sizes import LENGTH
from topcore.tables import CardStatus

type Schema = dict[str, Any]

_STATUSES = [status.value for status in CardStatus]
_TEXT: Schema = {"type": "string"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_INSTANT: Schema = {"type": "string", "format": "date-time", "description": "ISO 8601, with its offset"}


def document() -> Schema:
    """The whole of it."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "TopBackup Dashboard",
            "version": "1.0.0",
            "description": "Keys are the columns' names in lower case. Every time has its offset. Unknown parameters"
            " are refused. A login's session is needed; without one the answer is 401.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "security": [{"session": []}],
        "paths": {
            "/api/status/": _path("contadores", "How many active companies have each status", "Counters"),
            "/api/cards/": _path("cards", "Active companies, worst first", "Cards", _CARD_PARAMETERS),
            "/api/executando/": _path("executando", "Backups under way, the longest first", "Running"),
            "/api/openapi.json": _path("openapi", "This document", "Document", freshness=False),
        },
        "components": {
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": "topbackup_sessao"}},
            "responses": {name: _failure(text) for name, text in _FAILURES.items()},
            "schemas": _SCHEMAS,
        },
    }


def _path(
    name: str, summary: str, schema: str, parameters: list[Schema] | None = None, *, freshness: bool = True
) -> Schema:
    failures = ["400", "401", "403", "405", "500", *(["503"] if freshness else [])]
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "parameters": parameters or [],
            "responses": {
                "200": {"description": summary, "content": content},
                **{code: {"$ref": f"#/components/responses/{_NAMES[code]}"} for code in failures},
            },
        }
    }


def _failure(text: str) -> Schema:
    return {"description": text, "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}


def _object(properties: dict[str, Schema], optional: tuple[str, ...] = ()) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def _or_null(schema: Schema) -> Schema:
    return {**schema, "type": [schema["type"], "null"]}


def _parameter(name: str, text: str, schema: Schema, **more: Any) -> Schema:
    return {"name": name, "in": "query", "description": text, "schema": schema, **more}


_NAMES = {
    "400": "BadParameter", "401": "NoLogin", "403": "NoRight", "405": "OnlyRead", "500": "Defect", "503": "NotNow",
}  # fmt: skip
_FAILURES = {
    "BadParameter": "A parameter is unknown, repeated or not right; `campo` names it",
    "NoLogin": "No session, or one that has ended",
    "NoRight": "The login may not see this",
    "OnlyRead": "Any method but GET and HEAD",
    "Defect": "A defect of the site, which is in its log",
    "NotNow": "The database does not answer, or the state of the companies is not being updated",
}
_CARD_PARAMETERS = [
    _parameter(
        "status",
        "Only these; may be repeated",
        {"type": "array", "items": {"type": "string", "enum": _STATUSES}},
        style="form",
        explode=True,
    ),
    _parameter(
        "busca", "Part of a name, or of a CNPJ with or without punctuation", {**_TEXT, "maxLength": LONGEST_SEARCH}
    ),
    _parameter("depois", "`proxima` of the page before", _TEXT),
    _parameter(
        "limite", "Cards in one answer", {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE}
    ),
]
_COPY: Schema = {
    "type": "string",
    "enum": [copy.value for copy in Copy],
    "description": "S: there. F: asked for and missing. N: not asked for",
}
_COMPANY = {
    "id_empresa": {"type": "integer"},
    "fantasia": _TEXT,
    "cnpj": _TEXT,
}
_CARD = _object({
    **_COMPANY,
    "razao": _TEXT,
    "status": {"type": "string", "enum": _STATUSES},
    "motivo": {**_TEXT, "description": "Why it has this status, one sentence in Portuguese"},
    "desde": _or_null(_INSTANT),
    "codigo_erro": _or_null(_TEXT),
    "ultimo_sucesso": _or_null(_INSTANT),
    "proximo_previsto": _or_null(_INSTANT),
    "tamanho_bytes": _or_null(_COUNT),
    "tamanho_formatado": _or_null(_TEXT),
    "ultimos_tamanhos": {
        "type": "array",
        "items": _COUNT,
        "maxItems": LENGTH,
        "description": "Bytes of the last successes, the oldest first",
    },
    "copias": {**_or_null(_COUNT), "description": "Of the last success; null where there is none or a copy is missing"},
    "copias_por_destino": {
        "anyOf": [
            _object({"caminho_destino": _COPY, "caminho_destino2": _COPY, "enviado_ftp": _COPY}),
            {"type": "null"},
        ]
    },
    "copias_em_falta": {
        "type": "array",
        "items": _object({"destino": _TEXT, "desde": _or_null(_INSTANT), "codigo_erro": _or_null(_TEXT)}),
        "description": "Copies that are owed to a place away and are not there",
    },
    "versao_local": _or_null(_TEXT),
    "ultimo_contato": _or_null(_INSTANT),
    "ultima_prova": _or_null(_INSTANT),
    "bancos": {
        "type": "array",
        "items": _object({
            "banco_origem": _TEXT,
            "status": {"type": "string", "enum": _STATUSES},
            "ultimo_sucesso": _or_null(_INSTANT),
        }),
        "description": "Of a company of several databases, worst first; the card is then about the worst. Else empty",
    },
})  # fmt: skip
_RUNNING = _object({
    **_COMPANY,
    "executando_desde": _or_null(_INSTANT),
    "nome_arquivo": _or_null(_TEXT),
    "banco_origem": _or_null(_TEXT),
    "manual": {"type": ["string", "null"], "enum": ["S", "N", None]},
})  # fmt: skip
_SCHEMAS = {
    "Counters": _object({"agora": _INSTANT, "total": _COUNT, "status": _object(dict.fromkeys(_STATUSES, _COUNT))}),
    "Cards": _object({
        "agora": _INSTANT,
        "cards": {"type": "array", "maxItems": LARGEST_PAGE, "items": {"$ref": "#/components/schemas/Card"}},
        "proxima": {**_or_null(_TEXT), "description": "For `depois`; null at the end"},
    }),
    "Card": _CARD,
    "Running": _object({
        "agora": _INSTANT,
        "executando": {
            "type": "array", "maxItems": LARGEST_PAGE, "items": {"$ref": "#/components/schemas/RunningBackup"},
        },
    }),
    "RunningBackup": _RUNNING,
    "Document": {"type": "object"},
    "Problem": _object(
        {
            "type": _TEXT,
            "title": _TEXT,
            "status": {"type": "integer"},
            "detail": _TEXT,
            "erro": {**_TEXT, "description": "A stable word"},
            "mensagem": {**_TEXT, "description": "One sentence in Portuguese, the same as detail"},
            "campo": {**_TEXT, "description": "The parameter, where it is one"},
            "esperado": {**_TEXT, "description": "What the parameter should be, in English"},
        },
        optional=("campo", "esperado"),
    ),
}  # fmt: skip
