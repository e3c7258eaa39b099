"""NAME.zip.json beside NAME.zip: what is in it and how it was proven (design §4.2).

Read by support and by `verify` and `restore`, maybe years later: keys are Portuguese and do not change their meaning.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from topbackup.errors import OperationFailed
from topbackup.problems import FILE_INVALID
from topbackup.system_words import system_words
from topcore.naming import MANIFEST_SUFFIX
from topcore.spread import Location

FORMAT = 1


@dataclass(frozen=True)
class Manifest:
    """rows: by table, in gbak's snapshot. inactive_indices: those of the source, None where they could not be read.

    proven_at: aware UTC, None for a backup that was not restored and compared. Sizes are bytes. places: where this
    run's copies are to be, the ones away by their destinations' names; database_device: the volume of the database.
    """

    run_id: UUID
    company: str
    source: str
    file_name: str
    size: int
    sha256: str
    dump_size: int
    dump_sha256: str
    engine: str | None
    gbak: str
    route: str
    rows: Mapping[str, int]
    inactive_indices: tuple[str, ...] | None
    started_at: datetime
    proven_at: datetime | None
    places: tuple[Location, ...] = ()
    database_device: str | None = None

    def to_json(self) -> bytes:
        document = {
            "formato": FORMAT,
            "uuid": str(self.run_id),
            "cnpj": self.company,
            "banco_origem": self.source,
            "nome_arquivo": self.file_name,
            "tamanho_bytes": self.size,
            "hash_sha256": self.sha256,
            "fbk_tamanho_bytes": self.dump_size,
            "fbk_hash_sha256": self.dump_sha256,
            "versao_servidor": self.engine,
            "versao_gbak": self.gbak,
            "rota": self.route,
            "data_inicio": self.started_at.isoformat(),
            "data_verificacao": None if self.proven_at is None else self.proven_at.isoformat(),
            "indices_inativos": None if self.inactive_indices is None else list(self.inactive_indices),
            "dispositivo_banco": self.database_device,
            "lugares": [{"lugar": each.place, "dispositivo": each.device, "fora": each.away} for each in self.places],
            "tabelas": dict(sorted(self.rows.items())),
        }
        return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def manifest_name(zip_file_name: str) -> str:
    return zip_file_name + MANIFEST_SUFFIX


def read_manifest(archive: Path) -> Manifest | None:
    """The manifest of this ZIP; None where it has none (made by 1.0.x, or moved without it).

    Raises OperationFailed with FILE_INVALID for one that cannot be read.
    """
    path = archive.with_name(manifest_name(archive.name))
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise OperationFailed(FILE_INVALID, f"{path}: {system_words(error)}") from error
    manifest = parse_manifest(content)
    if manifest is None:
        raise OperationFailed(FILE_INVALID, str(path))
    return manifest


def parse_manifest(content: bytes) -> Manifest | None:
    """A manifest from its bytes; None for what is not one."""
    try:
        return _parse(content)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _parse(content: bytes) -> Manifest:
    document = json.loads(content)
    proven, inactive = document["data_verificacao"], document["indices_inativos"]
    return Manifest(
        run_id=UUID(document["uuid"]),
        company=document["cnpj"],
        source=document["banco_origem"],
        file_name=document["nome_arquivo"],
        size=int(document["tamanho_bytes"]),
        sha256=document["hash_sha256"],
        dump_size=int(document["fbk_tamanho_bytes"]),
        dump_sha256=document["fbk_hash_sha256"],
        engine=document["versao_servidor"],
        gbak=document["versao_gbak"],
        route=document["rota"],
        rows={table: int(count) for table, count in document["tabelas"].items()},
        inactive_indices=None if inactive is None else tuple(inactive),
        started_at=datetime.fromisoformat(document["data_inicio"]),
        proven_at=None if proven is None else datetime.fromisoformat(proven),
        places=tuple(
            Location(each["lugar"], each["dispositivo"], each["fora"] is True) for each in document.get("lugares", ())
        ),
        database_device=document.get("dispositivo_banco"),  # as the places: not in the manifests of earlier versions
    )
