"""SFTP's own matters: the server's key, ours, names as bytes, a server that does not replace."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.remote_peers import PASSWORD, ProftpdSftp, Sshd
from tests.destinations.places import Place, fails_with, folder_place, outgoing, sftp_of
from topbackup.destinations.contract import Checked
from topbackup.destinations.opening import HOSTS_NAME

NAME = "11222333000181.zip"


@pytest.fixture
def sshd() -> Iterator[Sshd]:
    with Sshd() as server:
        yield server


def place_of(server: Sshd, data: Path, **fields: object) -> Place:
    return folder_place(sftp_of(server, data, **fields), server.files, server.cut)


def test_the_key_of_the_first_time_is_the_only_one(sshd: Sshd, tmp_path: Path) -> None:
    place = place_of(sshd, tmp_path)
    older = outgoing(tmp_path, 1000)
    place.destination.put(older, place.transfer())
    hosts = tmp_path / HOSTS_NAME
    known = hosts.read_text()
    assert known.startswith(f"[127.0.0.1]:{sshd.port} ssh-ed25519 ")
    assert hosts.stat().st_mode & 0o777 == 0o600
    for kind in ("ed25519", "rsa"):  # another key of the type, then none of it any more
        sshd._process.stop()
        sshd.new_host_key(kind)
        sshd.again()
        with fails_with("TB-REMOTO-CHAVE-SERVIDOR") as failures:
            place.destination.put(outgoing(tmp_path, 2000, seed=1), place.transfer())
        assert not failures[0].retry
        assert hosts.read_text() == known
        assert place.read(NAME) == older.path.read_bytes()
        assert place.destination.probe()[-1].code == "TB-REMOTO-CHAVE-SERVIDOR"
    hosts.write_text("")
    place.destination.put(outgoing(tmp_path, 2000, seed=1), place.transfer())
    assert " ssh-rsa " in hosts.read_text()


def test_a_changed_key_is_found_before_the_password_is_told(tmp_path: Path) -> None:
    with ProftpdSftp() as server:
        login = {"usuario": "agente", "senha": PASSWORD, "caminho": "/"}
        (tmp_path / HOSTS_NAME).write_text(f"[127.0.0.1]:{server.port} ssh-rsa AAAA\n")
        with fails_with("TB-REMOTO-CHAVE-SERVIDOR"):
            sftp_of(server, tmp_path, **login).files()
        (tmp_path / HOSTS_NAME).unlink()
        destination = sftp_of(server, tmp_path, **login)
        place = folder_place(destination, server.files, server.cut)
        assert destination.put(outgoing(tmp_path, 1000), place.transfer()).checked is Checked.HASH, "check-file"
        with fails_with("TB-REMOTO-SENHA"):
            sftp_of(server, tmp_path, **{**login, "senha": "errada"}).files()


def test_our_key_with_a_passphrase(sshd: Sshd, tmp_path: Path) -> None:
    key = tmp_path / "chave"
    subprocess.run(["ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-N", PASSWORD, "-f", key], check=True)
    with fails_with("TB-REMOTO-SENHA"):
        sftp_of(sshd, tmp_path, chave_privada=str(key), senha_chave=PASSWORD).files()
    (sshd.root / "authorized").write_text(key.with_suffix(".pub").read_text())
    assert list(sftp_of(sshd, tmp_path, chave_privada=str(key), senha_chave=PASSWORD).files()) == []
    for fields in ({"senha_chave": "errada"}, {"senha_chave": ""}, {"chave_privada": str(tmp_path / "nada")}):
        with fails_with("TB-REMOTO-CHAVE-PRIVADA"):
            sftp_of(sshd, tmp_path, **{"chave_privada": str(key), "senha_chave": PASSWORD, **fields}).files()
    with fails_with("TB-REMOTO-CONFIGURACAO"):
        sftp_of(sshd, tmp_path, chave_privada="").files()


@pytest.mark.parametrize("charset", ["utf-8", "latin-1"])
def test_a_portuguese_path(sshd: Sshd, tmp_path: Path, charset: str) -> None:
    there = sshd.files / "São João".encode(charset).decode("utf-8", "surrogateescape")
    there.mkdir()
    (there / "ação.txt".encode(charset).decode("utf-8", "surrogateescape")).write_bytes(b"de outro")
    place = folder_place(sftp_of(sshd, tmp_path, caminho=f"{sshd.files}/São João"), there, sshd.cut)
    file = outgoing(tmp_path, 1000)
    place.destination.put(file, place.transfer())
    assert (there / NAME).read_bytes() == file.path.read_bytes()
    assert [entry.name for entry in place.destination.files()] == [NAME, "ação.txt"]


def test_a_server_that_does_not_replace(tmp_path: Path) -> None:
    with Sshd(sftp_options="-P posix-rename") as server:
        place = place_of(server, tmp_path)
        for seed in range(2):
            file = outgoing(tmp_path, 1000 + seed, seed=seed)
            place.destination.put(file, place.transfer())
        assert place.read(NAME) == file.path.read_bytes()
        assert place.names() == [NAME]


def test_ipv6_and_what_is_not_there(sshd: Sshd, tmp_path: Path) -> None:
    place = place_of(sshd, tmp_path, host="::1")
    place.destination.put(outgoing(tmp_path, 1000), place.transfer())
    for fields, code in (
        ({"caminho": "/não/há"}, "TB-REMOTO-CAMINHO"),
        ({"host": "nada.invalid"}, "TB-REMOTO-NOME"),
        ({"porta": 1}, "TB-REMOTO-RECUSADA"),
        ({"usuario": "ninguem"}, "TB-REMOTO-SENHA"),
    ):
        with fails_with(code):
            sftp_of(sshd, tmp_path, **fields).files()
