"""`doctor --bundle`: all that support asks for, in one ZIP, and no secret in it."""

import json
import platform
import sys
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from topbackup import settings_file
from topbackup.agent.documents import Document, history_document, status_document
from topbackup.agent.parts import Parts
from topbackup.errors import BadUsage, OperationFailed, TopBackupError
from topbackup.firebird.discovery import find_gbak
from topbackup.i18n import _
from topbackup.journal import Journal
from topbackup.logs import NAME
from topbackup.problems import BUNDLE_PLACE
from topbackup.redaction import redacted
from topbackup.system_words import system_words
from topbackup.version import __version__

_RUNS = 500
_LATEST = 5 << 20  # bytes of each log file


def check_place(path: Path) -> None:
    """Can a file be there? Asked before all that takes time. Raises BadUsage."""
    if path.is_dir() or not path.name:
        raise BadUsage(BUNDLE_PLACE, f"{path}: {_('it is a folder')}")
    if not path.absolute().parent.is_dir():
        raise BadUsage(BUNDLE_PLACE, f"{path}: {_('no such file or folder')}")


def write_bundle(parts: Parts, findings: Sequence[Document], path: Path) -> None:
    """Everything goes through `redacted`: what the settings hold as a secret stands nowhere in it.

    Raises OperationFailed where the file cannot be written; then nothing half is left. BadUsage as `check_place`.
    """
    check_place(path)
    documents: dict[str, Any] = {
        "maquina.json": _machine(parts),
        "exames.json": list(findings),
        "config.json": settings_file.without_secrets(parts.settings),
        **_from_the_journal(parts),
    }
    part = path.with_name(path.name + ".part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as bundle:
            for name, document in documents.items():
                text = json.dumps(document, ensure_ascii=False, indent=2, default=str)
                bundle.writestr(name, redacted(text))
            for log in sorted(parts.places.logs.glob(f"{NAME}*")):
                bundle.writestr(f"logs/{log.name}", redacted(_end_of(log)))
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise OperationFailed(BUNDLE_PLACE, f"{path}: {system_words(error)}") from error


def _machine(parts: Parts) -> Document:
    configured = parts.settings.firebird.gbak_path
    try:
        found = find_gbak(Path(configured) if configured else None, None)
        gbak = f"{found.path} {found.version}"
    except TopBackupError as error:
        gbak = error.code
    return {
        "versao": __version__,
        "sistema": platform.platform(),
        "python": sys.version,
        "gbak": gbak,
        "agora": parts.clock.now().isoformat(),
        "pasta": str(parts.places.home),
    }


def _from_the_journal(parts: Parts) -> Document:
    try:
        with Journal.open(parts.places.journal) as journal:
            slots = journal.rows(
                "SELECT AGENDA, HORARIO, RESULTADO, UUID FROM PREVISTO ORDER BY HORARIO DESC LIMIT 500"
            )
            return {
                "estado.json": status_document(journal, parts.clock.now(), parts.settings.app.zone),
                "historico.json": history_document(journal, _RUNS),
                "horarios.json": slots,
            }
    except TopBackupError as error:
        return {"diario-com-erro.json": {"codigo": error.code, "mensagem": error.sentence}}


def _end_of(log: Path) -> str:
    try:
        with log.open("rb") as file:
            file.seek(max(0, file.seek(0, 2) - _LATEST))
            return file.read().decode("utf-8", errors="replace")
    except OSError as error:
        return f"{log}: {system_words(error)}"
