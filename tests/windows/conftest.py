"""What only a Windows has, and is collected there alone: `make test-windows` runs these in a Windows Python."""

import json
import os
import sys
from pathlib import Path

import pytest

collect_ignore_glob = [] if sys.platform == "win32" else ["test_*.py"]

CNPJ = "11222333000181"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Settings for the real Firebird on the Linux side, with the gbak stand-in; one destination."""
    destination = tmp_path / "destino"
    destination.mkdir()
    path = tmp_path / "config" / "config.json"
    path.parent.mkdir()
    document = {
        "firebird": {
            "database_path": os.environ["LAB_FIREBIRD"],
            "user": os.environ["LAB_FIREBIRD_USER"],
            "password": os.environ["LAB_FIREBIRD_PASSWORD"],
            "gbak_path": os.environ["LAB_GBAK"],
            "charset": "WIN1252",
        },
        "app": {"empresa_cnpj": "11.222.333/0001-81"},
        "backup": {"verificar_backup": False, "local_destino1": str(destination), "prefixo_backup": "U"},
    }
    path.write_text(json.dumps(document), encoding="utf-8")
    return path
