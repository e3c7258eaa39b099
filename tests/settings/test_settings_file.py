"""config.json: a file of 1.0.x loads as it is, unknown keys survive, each error names its field, no secret leaks."""

import json
import os
import sys
from pathlib import Path

import pytest

from topbackup import settings_file
from topbackup.errors import NotConfigured
from topcore.tables import NamingScheme

SECRET = "s3gr&do-nã0-vaza"
OF_1_0 = {
    "firebird": {"database_path": "C:\\ERP\\DADOS.FDB", "gbak_path": "C:\\Firebird\\bin\\gbak.exe", "user": "SYSDBA",
                 "password": SECRET, "charset": "WIN1252"},
    "mysql": {"host": "nuvem", "port": "3306", "database": "PROJETO_BACKUPS", "user": "u", "password": SECRET},
    "ftp": {"host": "", "port": 21, "user": "", "password": "", "remote_path": "/", "passive_mode": True},
    "app": {"first_run": False, "run_as_service": True, "start_minimized": "S", "auto_update": "N", "empresa_id": None,
            "empresa_cnpj": None},
    "backup": {"local_destino1": "D:\\BKP", "local_destino2": None, "backup_remoto": "N", "prefixo_backup": "S",
               "compactar_zip": True, "verificar_backup": "S"},
    "plugin_de_outro": {"chave": [1, 2, 3]},
}  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "config.json"
    path.write_text("\ufeff" + json.dumps(OF_1_0), encoding="utf-8")
    return path


def test_a_file_of_1_0_loads_as_it_is(path: Path) -> None:
    settings = settings_file.load(path)
    assert settings.firebird.database_path == "C:\\ERP\\DADOS.FDB"
    assert settings.mysql.port == 3306
    assert settings.app.start_minimized is True
    assert settings.app.auto_update is False
    assert settings.backup.prefixo_backup is NamingScheme.WEEKDAY
    assert settings.backup.local_destino2 == ""
    assert settings.firebird.password.get_secret_value() == SECRET


def test_unknown_keys_survive_a_save(path: Path) -> None:
    settings_file.save(settings_file.load(path), path)
    assert json.loads(path.read_text(encoding="utf-8"))["plugin_de_outro"] == {"chave": [1, 2, 3]}
    assert settings_file.load(path).firebird.password.get_secret_value() == SECRET
    assert list(path.parent.glob("*.part")) == []


def test_no_secret_shows(path: Path) -> None:
    settings = settings_file.load(path)
    assert SECRET not in repr(settings)
    assert SECRET not in str(settings)


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("{", "linha 1"),
        ("[1]", "config.json"),
        ('{"mysql": {"port": 99999}}', "mysql.port"),
        ('{"mysql": {"port": "abc"}}', "mysql.port"),
        ('{"firebird": "x"}', "firebird"),
        ('{"app": {"timezone": "Marte/Olimpo"}}', "app.timezone"),
        ('{"backup": {"prefixo_backup": "X"}}', "backup.prefixo_backup"),
        ('{"backup": {"timeout_seconds": -1}}', "backup.timeout_seconds"),
        (f'{{"firebird": {{"password": "{SECRET}"}}, "mysql": {{"port": "{SECRET}"}}}}', "mysql.port"),
    ],
)
def test_an_error_names_its_place_and_no_secret(tmp_path: Path, content: str, named: str) -> None:
    path = tmp_path / "config.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(NotConfigured) as error:
        settings_file.load(path)
    assert (error.value.code, error.value.exit_code) == ("TB-CONFIG-INVALIDA", 3)
    assert named in str(error.value)
    assert SECRET not in str(error.value)
    assert path.read_text(encoding="utf-8") == content


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(NotConfigured) as error:
        settings_file.load(tmp_path / "nada.json")
    assert error.value.code == "TB-CONFIG-AUSENTE"


def test_only_the_owner_may_read_a_file_with_secrets(path: Path) -> None:
    if sys.platform == "win32":
        settings_file.load(path)
        assert SECRET not in path.read_text(encoding="utf-8"), "DPAPI"
        return
    path.chmod(0o644)
    settings_file.load(path)
    assert path.stat().st_mode & 0o777 == 0o600
    old_mask = os.umask(0)
    settings_file.save(settings_file.load(path), path)
    os.umask(old_mask)
    assert path.stat().st_mode & 0o777 == 0o600
