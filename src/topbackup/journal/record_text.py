"""A record as JSON text and back: how the journal keeps it."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from topcore.company import TaxId
from topcore.record import BackupRecord, Failure, RemoteCopy
from topcore.spread import Risk, Spread
from topcore.tables import NamingScheme, Proof, RunStatus


def to_text(record: BackupRecord) -> str:
    return json.dumps(
        {
            "run_id": str(record.run_id),
            "tax_id": record.tax_id.characters,
            "source": record.source,
            "naming": record.naming.value,
            "manual": record.manual,
            "started_at": record.started_at.isoformat(),
            "file_name": record.file_name,
            "destination1": record.destination1,
            "destination2": record.destination2,
            "status": record.status.value,
            "ended_at": _text(record.ended_at),
            "size": record.size,
            "sha256": record.sha256,
            "dump_size": record.dump_size,
            "failure": _failure_document(record.failure),
            "proof": record.proof.value,
            "proven_at": _text(record.proven_at),
            "remotes": [_remote_document(copy) for copy in record.remotes],
            "spread": None if record.spread is None else _spread_document(record.spread),
            "next_due": _text(record.next_due),
            "agenda_id": record.agenda_id,
            "slot": _text(record.slot),
            "source_next_due": _text(record.source_next_due),
        },
        ensure_ascii=False,
    )


def from_text(text: str) -> BackupRecord:
    fields: dict[str, Any] = json.loads(text)
    return BackupRecord(
        run_id=UUID(fields["run_id"]),
        tax_id=TaxId(fields["tax_id"]),
        source=fields["source"],
        naming=NamingScheme(fields["naming"]),
        manual=fields["manual"],
        started_at=datetime.fromisoformat(fields["started_at"]),
        file_name=fields["file_name"],
        destination1=fields["destination1"],
        destination2=fields["destination2"],
        status=RunStatus(fields["status"]),
        ended_at=_instant(fields["ended_at"]),
        size=fields["size"],
        sha256=fields["sha256"],
        dump_size=fields["dump_size"],
        failure=_failure(fields["failure"]),
        proof=Proof(fields["proof"]),
        proven_at=_instant(fields["proven_at"]),
        remotes=tuple(_remote(copy) for copy in fields.get("remotes", ())),  # from version 3 on, as the next
        spread=_spread(fields.get("spread")),
        next_due=_instant(fields["next_due"]),
        agenda_id=fields["agenda_id"],
        slot=_instant(fields.get("slot")),  # not in the records of a journal of version 1
        source_next_due=_instant(fields.get("source_next_due")),  # nor in those of the first of version 3
    )


def _failure_document(failure: Failure | None) -> list[str] | None:
    return None if failure is None else [failure.code, failure.message]


def _failure(document: list[str] | None) -> Failure | None:
    return None if document is None else Failure(*document)


def _remote_document(copy: RemoteCopy) -> dict[str, Any]:
    return {
        "destination": copy.destination,
        "since": copy.since.isoformat(),
        "placed_at": _text(copy.placed_at),
        "failure": _failure_document(copy.failure),
        "apart": copy.apart,
    }


def _remote(fields: dict[str, Any]) -> RemoteCopy:
    return RemoteCopy(
        fields["destination"],
        datetime.fromisoformat(fields["since"]),
        _instant(fields["placed_at"]),
        _failure(fields["failure"]),
        fields.get("apart", True),
    )


def _spread_document(found: Spread) -> dict[str, Any]:
    return {"copies": found.copies, "devices": found.devices, "away": found.away, "risks": list(found.risks)}


def _spread(fields: dict[str, Any] | None) -> Spread | None:
    if fields is None:
        return None
    return Spread(fields["copies"], fields["devices"], fields["away"], tuple(map(Risk, fields["risks"])))


def _text(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
