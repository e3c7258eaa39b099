"""What FTP servers do, and what they cannot: the file is there whole in the end, or the code says why."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lab.certificates import Authority
from lab.faulty_ftp_server import FaultyFtpServer
from lab.remote_peers import PASSWORD, Proftpd, Vsftpd
from lab.server_process import free_port
from tests.destinations.places import Place, attempt, fails_with, folder_place, ftp_of, outgoing
from topbackup.destinations.contract import Checked, Outgoing
from topbackup.destinations.temporary_names import aside_name, part_name

NAME = "11222333000181.zip"
MB = 1 << 20


@contextmanager
def faulty(encoding: str = "utf-8", **faults: Any) -> Iterator[tuple[FaultyFtpServer, Place]]:
    with FaultyFtpServer(encoding, **faults) as server:
        yield server, folder_place(ftp_of(server), server.files, server.cut)


def with_an_older(place: Place, folder: Path) -> tuple[Outgoing, Outgoing]:
    """An older file that is there, and the newer one that is to come."""
    older, file = outgoing(folder, 1000, seed=1), outgoing(folder, 3 * MB, seed=2)
    place.destination.put(older, place.transfer())
    return older, file


@pytest.mark.parametrize(
    "missing",
    [{"REST"}, {"MLSD", "MLST"}, {"SIZE"}, {"MDTM"}, {"FEAT"}, {"REST", "APPE"}, {"REST", "MLSD", "MLST", "SIZE"}],
    ids=lambda commands: "+".join(sorted(commands)),
)
def test_a_server_that_lacks_commands(tmp_path: Path, missing: set[str]) -> None:
    with faulty(missing=missing) as (server, place):
        _, file = with_an_older(place, tmp_path)
        server.faults.cut_after = MB
        assert attempt(place, file) is not None
        server.faults.cut_after = None
        placed = place.destination.put(file, place.transfer())
        assert (placed.resumed_at > 0) == ("REST" not in missing)
        assert place.read(NAME) == file.path.read_bytes()
        assert place.names() == [NAME]
        assert [(entry.name, entry.size) for entry in place.destination.files()] == [(NAME, file.size)]
        assert all(step.code is None for step in place.destination.probe())


def test_a_listing_of_an_unknown_form(tmp_path: Path) -> None:
    with faulty(missing={"MLSD", "MLST"}, own_listing=True) as (server, place):
        (server.files / "pasta").mkdir()
        _, file = with_an_older(place, tmp_path)
        place.destination.put(file, place.transfer())
        assert [(entry.name, entry.size) for entry in place.destination.files()] == [(NAME, file.size)]


def test_without_any_way_to_learn_a_size_the_file_is_read_back(tmp_path: Path) -> None:
    with faulty(missing={"SIZE", "MLSD", "MLST"}, own_listing=True) as (_, place):
        for seed in range(2):
            file = outgoing(tmp_path, MB, seed=seed)
            assert place.destination.put(file, place.transfer()).checked is Checked.READ_BACK
            assert place.read(NAME) == file.path.read_bytes()
        with fails_with("TB-REMOTO-RECURSO"):
            place.destination.files()


def test_a_server_that_goes_on_only_by_appe(tmp_path: Path) -> None:
    with faulty(only_appe=True, cut_after=MB) as (server, place):
        file = outgoing(tmp_path, 3 * MB)
        assert attempt(place, file) is not None
        server.faults.cut_after = None
        assert place.destination.put(file, place.transfer()).resumed_at >= MB
        assert place.read(NAME) == file.path.read_bytes()


def test_a_server_that_goes_on_by_nothing(tmp_path: Path) -> None:
    with Proftpd(settings="AllowStoreRestart off") as server:
        place = folder_place(ftp_of(server), server.files, server.cut)
        file = outgoing(tmp_path, 16 * MB)
        assert attempt(place, file, lambda sent: server.cut() if sent > 8 * MB else None) is not None
        assert place.destination.put(file, place.transfer()).resumed_at == 0
        assert place.read(NAME) == file.path.read_bytes()


@pytest.mark.parametrize("by", [-1, 1])
def test_a_wrong_size_keeps_the_older_file(tmp_path: Path, by: int) -> None:
    with faulty() as (server, place):
        older, file = with_an_older(place, tmp_path)
        server.faults.wrong_size = by
        with fails_with("TB-REMOTO-TAMANHO"):
            place.destination.put(file, place.transfer())
        assert place.read(NAME) == older.path.read_bytes()
        server.faults.wrong_size = 0
        place.destination.put(file, place.transfer())
        assert place.read(NAME) == file.path.read_bytes()


def test_a_server_that_never_replaces(tmp_path: Path) -> None:
    with faulty(keeps_existing=True) as (_, place):
        _, file = with_an_older(place, tmp_path)
        place.destination.put(file, place.transfer())
        assert place.read(NAME) == file.path.read_bytes()
        assert place.names() == [NAME]


def test_an_end_between_the_two_renames_loses_nothing(tmp_path: Path) -> None:
    with faulty(keeps_existing=True) as (server, place):
        older, file = with_an_older(place, tmp_path)
        (server.files / NAME).rename(server.files / aside_name(NAME))
        (server.files / part_name(file)).write_bytes(file.path.read_bytes())
        assert [(entry.name, entry.size) for entry in place.destination.files()] == [(NAME, older.size)]
        place.destination.get(NAME, tmp_path / "volta.zip", place.transfer())
        assert (tmp_path / "volta.zip").read_bytes() == older.path.read_bytes()
        sent: list[int] = []
        place.destination.put(file, place.transfer(told=sent.append))
        assert sent == []
        assert place.read(NAME) == file.path.read_bytes()
        assert place.names() == [NAME]


def test_another_file_of_the_same_size_is_not_taken_for_ours(tmp_path: Path) -> None:
    """It ends as ours does, and ours was about to be renamed: only the digest tells."""
    with Proftpd() as server:
        place = folder_place(ftp_of(server), server.files, server.cut)
        file = outgoing(tmp_path, MB)
        (server.files / NAME).write_bytes(b"outro" + file.path.read_bytes()[5:])
        server.give(server.files / NAME)
        place.memory["it"] = f"renomear:{file.sha256}"
        place.destination.put(file, place.transfer())
        assert place.read(NAME) == file.path.read_bytes()


def test_a_server_that_renames_nothing(tmp_path: Path) -> None:
    with faulty() as (server, place):
        older, file = with_an_older(place, tmp_path)
        server.faults.no_rename = True
        with fails_with("TB-REMOTO-RENOMEAR"):
            place.destination.put(file, place.transfer())
        assert place.read(NAME) == older.path.read_bytes()
        assert place.destination.probe()[-1].code == "TB-REMOTO-RENOMEAR"
        assert place.names() == [part_name(file), NAME] or place.names() == [NAME, part_name(file)]
        server.faults.no_rename = False
        sent: list[int] = []
        place.destination.put(file, place.transfer(told=sent.append))
        assert sent == [], "it was there whole"
        assert place.names() == [NAME]


def test_blocked_passive_ports(tmp_path: Path) -> None:
    with faulty(blocked=True) as (_, place):
        with fails_with("TB-REMOTO-PORTA-DADOS"):
            place.destination.put(outgoing(tmp_path, 1000), place.transfer())
        assert place.names() == []
        told = place.destination.probe()
        assert [(step.step, step.code) for step in told][-1] == ("gravar", "TB-REMOTO-PORTA-DADOS")


def test_a_quota(tmp_path: Path) -> None:
    with faulty() as (server, place):
        older, file = with_an_older(place, tmp_path)[0], outgoing(tmp_path, 24 * MB, seed=3)
        server.faults.quota = MB
        with fails_with("TB-REMOTO-CHEIO"):
            place.destination.put(file, place.transfer())
        assert place.read(NAME) == older.path.read_bytes()


@pytest.mark.parametrize("fault", ["loses_control", "silent"])
def test_a_control_channel_that_died_during_a_long_transfer(tmp_path: Path, fault: str) -> None:
    """A firewall forgot it, or the server found it idle: the data is all there, and a new connection says so."""
    with faulty() as (server, place):
        setattr(server.faults, fault, True)
        file = outgoing(tmp_path, 3 * MB)
        assert place.destination.put(file, place.transfer()).resumed_at == 0
        assert place.read(NAME) == file.path.read_bytes()
        assert place.names() == [NAME]


@pytest.mark.parametrize("charset", ["utf-8", "latin-1"])
@pytest.mark.parametrize("kind", ["vsftpd", "proftpd", "pyftpdlib"])
def test_a_portuguese_path(tmp_path: Path, kind: str, charset: str) -> None:
    folder = "São João/Cópias"
    with {"vsftpd": Vsftpd, "proftpd": Proftpd, "pyftpdlib": FaultyFtpServer}[kind]() as server:
        if kind == "pyftpdlib" and charset == "latin-1":
            return  # its names are those of Python: the other two have both
        there = Path(str(server.files)).joinpath(
            *(part.encode(charset).decode("utf-8", "surrogateescape") for part in folder.split("/"))
        )
        there.mkdir(parents=True)
        if not isinstance(server, FaultyFtpServer):
            server.give(there)
        (there / "ação.txt".encode(charset).decode("utf-8", "surrogateescape")).write_bytes(b"de outro")
        place = folder_place(ftp_of(server, caminho=folder), there, lambda: None)
        file = outgoing(tmp_path, 1000)
        place.destination.put(file, place.transfer())
        assert (there / NAME).read_bytes() == file.path.read_bytes()
        assert [entry.name for entry in place.destination.files()] == [NAME, "ação.txt"]


@pytest.mark.parametrize(
    ("change", "code", "step"),
    [
        ({"senha": "errada"}, "TB-REMOTO-SENHA", "entrar"),
        ({"usuario": "ninguém"}, "TB-REMOTO-SENHA", "entrar"),
        ({"caminho": "/não/há"}, "TB-REMOTO-CAMINHO", "entrar"),
        ({"host": "nada.invalid"}, "TB-REMOTO-NOME", "conectar"),
        ({"porta": 1}, "TB-REMOTO-RECUSADA", "conectar"),
        ({"tls": "explicito"}, "TB-REMOTO-TLS", "conectar"),
        ({"tls": "implicito"}, "TB-REMOTO-TLS", "conectar"),
    ],
)
@pytest.mark.parametrize("kind", ["vsftpd", "proftpd"])
def test_wrong_settings(servers: Any, tmp_path: Path, kind: str, change: dict[str, Any], code: str, step: str) -> None:
    destination = ftp_of(servers.get(kind), **{"tempo_segundos": 5, **change})
    place = Place(destination, lambda _: None, list, list, lambda: None)
    with fails_with(code):
        destination.put(outgoing(tmp_path, 10), place.transfer())
    last = destination.probe()[-1]
    assert last.step == step
    assert last.code is not None


def test_a_folder_without_the_right_to_write(tmp_path: Path) -> None:
    for make in (Vsftpd, Proftpd):
        with make() as server:
            server.files.chmod(0o555)
            place = folder_place(ftp_of(server), server.files, server.cut)
            with fails_with("TB-REMOTO-PERMISSAO"):
                place.destination.put(outgoing(tmp_path, 10), place.transfer())


@pytest.mark.parametrize("kind", ["vsftpd-tls", "proftpd-tls", "pure-ftpd-tls"])
def test_a_server_that_demands_tls(servers: Any, tmp_path: Path, kind: str) -> None:
    with fails_with("TB-REMOTO-TLS-EXIGIDO"):
        ftp_of(servers.get(kind), tempo_segundos=5).files()


@pytest.mark.parametrize(
    ("host", "flaws", "code"),
    [
        ("localhost", {"expired": True}, "TB-REMOTO-CERT-VENCIDO"),
        ("localhost", {"self_signed": True}, "TB-REMOTO-CERTIFICADO"),
        ("outro.exemplo", {}, "TB-REMOTO-CERT-NOME"),
    ],
)
@pytest.mark.parametrize("implicit", [False, True])
def test_a_wrong_certificate_is_refused_unless_pinned(
    authority: Authority, tmp_path: Path, host: str, flaws: dict[str, bool], code: str, implicit: bool
) -> None:
    pem, fingerprint = authority.certificate(host, **flaws)
    tls = {"tls": "implicito" if implicit else "explicito"}
    file = outgoing(tmp_path, 1000)
    with Vsftpd(pem, implicit=implicit) as server:
        place = folder_place(ftp_of(server, **tls), server.files, server.cut)
        with fails_with(code) as failures:
            place.destination.put(file, place.transfer())
        if code != "TB-REMOTO-CERT-VENCIDO":
            assert fingerprint in failures[0].detail, "for a technician to compare"
        pinned = replace(place, destination=ftp_of(server, certificado_sha256=fingerprint.upper(), **tls))
        assert pinned.destination.put(file, pinned.transfer()).checked is Checked.SIZE
        assert place.read(NAME) == file.path.read_bytes()
        with fails_with("TB-REMOTO-CERT-FIXADO"):
            ftp_of(server, certificado_sha256="0" * 64, **tls).files()


def test_a_server_that_repeats_the_password(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with faulty(repeats=True) as (_, place), fails_with("TB-REMOTO-SENHA") as failures:
        place.destination.put(outgoing(tmp_path, 10), place.transfer())
    assert "•••" in failures[0].detail
    assert PASSWORD not in caplog.text


def test_nobody_there(tmp_path: Path) -> None:
    class Nobody:
        files, host, port = tmp_path, "localhost", free_port()

    assert ftp_of(Nobody()).probe()[0].code == "TB-REMOTO-RECUSADA"
