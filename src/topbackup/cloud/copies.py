"""LOG_BACKUPS.COPIAS: where a run's copies are, which are missing and since when, on how many devices.

{"remotas": [{"destino": "ftp", "desde": …, "em": …, "codigo_erro": …, "mensagem_erro": …}], "copias": 3,
 "dispositivos": 2, "fora": 1, "riscos": ["NO_DISCO_DO_BANCO"]}; `em` is null while the copy is missing.
"""

import json

from topcore.record import BackupRecord


def copies_text(record: BackupRecord) -> str | None:
    """In ASCII, so that any character set takes it; None where nothing is known yet. Instants in ISO 8601, UTC."""
    if record.spread is None:
        return None
    return json.dumps(
        {
            "remotas": [
                {
                    "destino": copy.destination,
                    "desde": copy.since.isoformat(),
                    "em": None if copy.placed_at is None else copy.placed_at.isoformat(),
                    "codigo_erro": None if copy.failure is None else copy.failure.code,
                    "mensagem_erro": None if copy.failure is None else copy.failure.message,
                }
                for copy in record.remotes
            ],
            "copias": record.spread.copies,
            "dispositivos": record.spread.devices,
            "fora": record.spread.away,
            "riscos": [risk.value for risk in record.spread.risks],
        }
    )
