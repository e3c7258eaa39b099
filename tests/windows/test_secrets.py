"""Secrets at rest: DPAPI, on the first load, and readable by the service's account too (bound to the machine)."""

import json
from pathlib import Path

from topbackup import settings_file
from topbackup.secret_store import is_protected, protect, reveal


def test_there_and_back_and_never_plain() -> None:
    for secret in ("uma-só", "masterkey", "São João €", "a" * 500):
        stored = protect(secret)
        assert is_protected(stored)
        assert secret not in stored
        assert reveal(stored) == secret
        assert protect(stored) == stored, "not twice"
    assert protect("") == ""


def test_a_file_in_the_clear_is_protected_on_its_first_load(config: Path) -> None:
    document = json.loads(config.read_text(encoding="utf-8"))
    document["mysql"] = {"host": "n", "password": "S3nha-nuvem", "chave_desconhecida": 1}
    config.write_text(json.dumps(document), encoding="utf-8")
    settings = settings_file.load(config)
    assert settings.mysql.password.get_secret_value() == "S3nha-nuvem"
    stored = config.read_text(encoding="utf-8")
    assert "S3nha-nuvem" not in stored
    assert document["firebird"]["password"] not in stored
    assert json.loads(stored)["mysql"]["chave_desconhecida"] == 1
    again = settings_file.load(config)
    assert again.firebird.password.get_secret_value() == document["firebird"]["password"]
    assert config.read_text(encoding="utf-8") == stored, "nothing to do the second time"
