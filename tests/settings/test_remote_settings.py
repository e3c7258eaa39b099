"""`remotos` and the section `ftp`: secrets kept, unknown keys kept, each error with its place."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from topbackup import settings_file
from topbackup.errors import NotConfigured

SECRETS = ("s3nha-do-ftp", "s3nha-do-sftp", "s3nha-da-chave", "s3nha-do-s3", "s3nha-do-nas")
DOCUMENT: dict[str, Any] = {
    "ftp": {"host": "h", "user": "u", "password": SECRETS[0], "de_outro": "?1"},
    "remotos": [
        {"nome": "a", "tipo": "sftp", "host": "h", "senha": SECRETS[1], "senha_chave": SECRETS[2], "novo": "s3gredo"},
        {"nome": "b", "tipo": "s3", "bucket": "b", "chave_acesso": "AKIA", "senha": SECRETS[3]},
        {"nome": "c", "tipo": "pasta", "caminho": "\\\\nas\\copias", "usuario": "u", "senha": SECRETS[4]},
        {"nome": "d", "tipo": "ftp", "host": "h", "horario_inicio": "22:00", "horario_fim": None, "porta": None},
    ],
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "config.json"
    path.write_text(json.dumps(DOCUMENT), encoding="utf-8")
    return path


def test_all_secrets_are_known_and_none_shows(path: Path) -> None:
    settings = settings_file.load(path)
    assert set(settings.secrets) == set(SECRETS)
    shown = settings_file.without_secrets(settings)
    for text in (repr(settings), json.dumps(shown, ensure_ascii=False)):
        for secret in SECRETS:
            assert secret not in text
    assert shown["remotos"][0]["senha"] == "•••"
    assert shown["remotos"][0]["novo"] == "?"
    assert shown["remotos"][3]["senha"] == ""
    assert "s3gredo" not in json.dumps(shown)


def test_a_save_keeps_everything(path: Path) -> None:
    first = settings_file.load(path)
    settings_file.save(first, path)
    assert settings_file.load(path) == first
    stored = json.loads(path.read_text(encoding="utf-8"))
    assert stored["remotos"][0]["novo"] == "s3gredo"
    assert stored["ftp"]["de_outro"] == "?1"
    if sys.platform == "win32":
        assert not any(secret in path.read_text(encoding="utf-8") for secret in SECRETS)
    else:
        assert stored["remotos"][0]["senha_chave"] == SECRETS[2]


def test_secrets_in_the_list_are_protected_at_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows, whose DPAPI tests/windows has; here another protection in its place."""
    monkeypatch.setattr("topbackup.secret_store.protect", lambda secret: f"p:{secret[::-1]}" if secret else "")
    monkeypatch.setattr("topbackup.secret_store.reveal", lambda text: text[2:][::-1] if text[:2] == "p:" else text)
    settings_file.save(settings_file.load(path), path)
    text = path.read_text(encoding="utf-8")
    assert not any(secret in text for secret in SECRETS)
    assert set(settings_file.load(path).secrets) == set(SECRETS)


@pytest.mark.parametrize(
    ("entries", "named"),
    [
        ({"nome": "a"}, "remotos"),
        ([1], "remotos.0"),
        ([{"nome": "a"}], "remotos.0"),
        ([{"nome": "a", "tipo": "gopher"}], "remotos.0: `tipo`"),
        ([{"tipo": "ftp"}], "remotos.0.ftp.nome"),
        ([{"nome": "à toa", "tipo": "ftp"}], "remotos.0.ftp.nome"),
        ([{"nome": "ftp", "tipo": "pasta"}], "remotos"),
        ([{"nome": "a", "tipo": "pasta"}, {"nome": "A", "tipo": "pasta"}], "remotos"),
        ([{"nome": "a", "tipo": "ftp", "tls": "sim"}], "remotos.0.ftp.tls"),
        ([{"nome": "a", "tipo": "ftp", "certificado_sha256": "12"}], "remotos.0.ftp.certificado_sha256"),
        ([{"nome": "a", "tipo": "ftp", "horario_inicio": "25h"}], "remotos.0.ftp.horario_inicio"),
        ([{"nome": "a", "tipo": "sftp", "porta": 0, "senha": SECRETS[1]}], "remotos.0.sftp.porta"),
    ],
)
def test_an_error_names_its_place(path: Path, entries: Any, named: str) -> None:
    path.write_text(json.dumps({"remotos": entries}), encoding="utf-8")
    with pytest.raises(NotConfigured) as error:
        settings_file.load(path)
    assert error.value.code == "TB-CONFIG-INVALIDA"
    assert named in str(error.value)
    assert not any(secret in str(error.value) for secret in SECRETS)
