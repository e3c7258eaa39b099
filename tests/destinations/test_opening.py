"""From the settings to destinations; and what an idle agent does not load."""

import subprocess
import sys
from datetime import time
from pathlib import Path

import pytest

from topbackup.destinations.contract import Checked
from topbackup.destinations.opening import remote_place
from topbackup.errors import OperationFailed
from topbackup.settings import Settings

ALL = {
    "ftp": {"host": "ftp.exemplo", "user": "loja", "password": "x1y2", "remote_path": "/loja", "limite_kbps": 800},
    "remotos": [
        {"nome": "fora", "tipo": "sftp", "host": "2001:db8::1", "usuario": "loja", "senha": "x1y2", "caminho": "loja"},
        {"nome": "balde", "tipo": "s3", "bucket": "copias", "chave_acesso": "A", "senha": "x1y2", "prefixo": "/1/"}
        | {"verificacao": "lido-de-volta", "horario_inicio": "22:00", "horario_fim": "06:00"},
        {"nome": "nas", "tipo": "pasta", "caminho": "/mnt/nas"},
        {"nome": "ftps", "tipo": "ftp", "host": "h", "usuario": "u", "tls": "implicito", "verificacao": "hash"},
    ],
}


def test_every_kind(tmp_path: Path) -> None:
    settings = Settings.model_validate(ALL)
    places = [remote_place(settings, remote.nome, tmp_path) for remote in settings.remotes]
    assert [(place.name, place.destination.where) for place in places] == [
        ("ftp", "ftp://ftp.exemplo:21/loja"),
        ("fora", "sftp://[2001:db8::1]:22/loja"),
        ("balde", "s3://copias/1/"),
        ("nas", "/mnt/nas"),
        ("ftps", "ftps://h:990/"),
    ]
    assert [place.want for place in places] == [
        Checked.SIZE,
        Checked.SIZE,
        Checked.READ_BACK,
        Checked.READ_BACK,
        Checked.HASH,
    ]
    assert [place.rate for place in places] == [100_000, None, None, None, None]
    assert [place.hours for place in places] == [None, None, (time(22), time(6)), None, None]


def test_none_without_settings(tmp_path: Path) -> None:
    with pytest.raises(OperationFailed) as unknown:
        remote_place(Settings(), "ftp", tmp_path)
    assert unknown.value.code == "TB-REMOTO-SEM-CONFIG"


@pytest.mark.parametrize(
    ("entry", "missing"),
    [
        ({"tipo": "ftp", "usuario": "u"}, "host"),
        ({"tipo": "sftp", "host": "h"}, "usuario"),
        ({"tipo": "s3"}, "bucket, chave_acesso"),
        ({"tipo": "pasta"}, "caminho"),
        ({"tipo": "ftp", "host": "ftp..loja.com.br", "usuario": "u"}, "host"),
        ({"tipo": "ftp", "host": "u:s3gredo@ftp.loja.com.br", "usuario": "u"}, "host"),
        ({"tipo": "sftp", "host": f"{'x' * 64}.com.br", "usuario": "u"}, "host"),
        ({"tipo": "ftp", "host": "h", "usuario": "u\r\nDELE x", "senha": "a\nb"}, "senha, usuario"),
        ({"tipo": "s3", "bucket": "b", "chave_acesso": "A", "endpoint_url": "http://joao:s3gredo@h"}, "endpoint_url"),
    ],
)
def test_a_field_that_cannot_serve(tmp_path: Path, entry: dict[str, str], missing: str) -> None:
    with pytest.raises(OperationFailed) as failure:
        remote_place(Settings.model_validate({"remotos": [{"nome": "x", **entry}]}), "x", tmp_path)
    assert failure.value.code == "TB-REMOTO-CONFIGURACAO"
    assert failure.value.detail == f"x: {missing}"


def test_an_idle_agent_does_not_load_what_it_does_not_use(tmp_path: Path) -> None:
    program = (
        "import sys, topbackup.agent.host, topbackup.destinations.opening as o, topbackup.settings as s\n"
        "from pathlib import Path\n"
        "o.remote_place(s.Settings.model_validate({'ftp': {'host': 'h', 'user': 'u'},"
        " 'remotos': [{'nome': 'n', 'tipo': 'pasta', 'caminho': '/x'}]}), 'n', Path('.'))\n"
        "print([name for name in ('paramiko', 'boto3', 'botocore') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
