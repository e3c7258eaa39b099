"""The real servers, once a session each; a place of each kind for each test, empty."""

import logging
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from lab.certificates import Authority
from lab.cutting_proxy import CuttingProxy
from lab.faulty_ftp_server import FaultyFtpServer
from lab.remote_peers import PASSWORD, USER, Peer, Proftpd, ProftpdSftp, PureFtpd, Sshd, Vsftpd
from lab.s3_server import BUCKET, KEY, S3Server
from tests.destinations.places import Place, folder_of, folder_place, ftp_of, sftp_of
from topbackup.destinations.opening import open_destination
from topbackup.settings_remote import S3Remote


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    """Trusted as the system's are, for the session."""
    made = Authority(tmp_path_factory.mktemp("certificados"))
    before = os.environ.get("SSL_CERT_FILE")
    os.environ["SSL_CERT_FILE"] = str(made.pem)
    yield made
    if before is None:
        del os.environ["SSL_CERT_FILE"]
    else:
        os.environ["SSL_CERT_FILE"] = before


class Servers:
    """Each is started when the first test asks for it."""

    def __init__(self, authority: Authority) -> None:
        self._authority = authority
        self._running: dict[str, Peer] = {}
        self.stack = ExitStack()

    def get(self, name: str) -> Peer:
        if name not in self._running:
            pem, _ = self._authority.certificate()
            make: dict[str, Callable[[], Peer]] = {
                "vsftpd": Vsftpd,
                "vsftpd-tls": lambda: Vsftpd(pem),
                "vsftpd-implicit": lambda: Vsftpd(pem, implicit=True),
                "proftpd": Proftpd,
                "proftpd-tls": lambda: Proftpd(pem),
                "pure-ftpd": PureFtpd,
                "pure-ftpd-tls": lambda: PureFtpd(pem),
                "sshd": Sshd,
                "proftpd-sftp": ProftpdSftp,
            }
            self._running[name] = self.stack.enter_context(make[name]())
        return self._running[name]


@pytest.fixture(scope="session")
def servers(authority: Authority) -> Iterator[Servers]:
    made = Servers(authority)
    with made.stack:
        yield made


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    with S3Server() as server:
        yield server


FTP_KINDS: dict[str, dict[str, Any]] = {
    "vsftpd": {},
    "vsftpd-ipv6": {"host": "::1"},
    "vsftpd-active": {"modo_passivo": False},
    "vsftpd-tls": {"tls": "explicito"},
    "vsftpd-implicit": {"tls": "implicito"},
    "proftpd": {},
    "proftpd-tls": {"tls": "explicito"},
    "pure-ftpd": {},
    "pure-ftpd-tls": {"tls": "explicito"},
}
KINDS = [*FTP_KINDS, "pyftpdlib", "sshd", "proftpd-sftp", "s3", "pasta"]
CUT_KINDS = [kind for kind in KINDS if kind != "pasta"]  # nobody is there to lose a connection to


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, servers: Servers, tmp_path: Path) -> Iterator[Place]:
    """Every kind, one after the other."""
    kind: str = request.param
    with ExitStack() as stack:
        yield make_place(kind, servers, request, tmp_path, stack)


@pytest.fixture(params=CUT_KINDS)
def far_place(request: pytest.FixtureRequest, servers: Servers, tmp_path: Path) -> Iterator[Place]:
    """Every kind behind a connection."""
    with ExitStack() as stack:
        yield make_place(request.param, servers, request, tmp_path, stack)


@pytest.fixture(autouse=True)
def no_password_in_the_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.INFO)
    yield
    assert PASSWORD not in caplog.text
    assert PASSWORD.encode().decode("latin-1") not in caplog.text


def make_place(kind: str, servers: Servers, request: pytest.FixtureRequest, tmp_path: Path, stack: ExitStack) -> Place:
    if kind in FTP_KINDS:
        server = servers.get(kind.removesuffix("-ipv6").removesuffix("-active"))
        empty(server)
        return folder_place(ftp_of(server, **FTP_KINDS[kind]), server.files, server.cut)
    if kind == "pyftpdlib":
        faulty = stack.enter_context(FaultyFtpServer())
        made = folder_place(ftp_of(faulty), faulty.files, faulty.cut)
        made.heal = lambda: setattr(faulty.faults, "cut_after", None)
        return made
    if kind == "sshd":
        server = servers.get("sshd")
        empty(server)
        return folder_place(sftp_of(server, tmp_path), server.files, server.cut)
    if kind == "proftpd-sftp":
        server = servers.get(kind)
        empty(server)
        login = {"usuario": USER, "senha": PASSWORD, "chave_privada": "", "caminho": "/"}
        return folder_place(sftp_of(server, tmp_path, **login), server.files, server.cut)
    if kind == "s3":
        return s3_place(request.getfixturevalue("s3_server"), stack)
    (tmp_path / "nas").mkdir()
    return folder_place(folder_of(tmp_path / "nas"), tmp_path / "nas", lambda: None)


def s3_place(server: S3Server, stack: ExitStack) -> Place:
    for found in server.client.list_objects_v2(Bucket=BUCKET).get("Contents", []):
        server.client.delete_object(Bucket=BUCKET, Key=found["Key"])
    proxy = stack.enter_context(CuttingProxy(server.port))
    remote = S3Remote.model_validate(
        {"nome": "x", "tipo": "s3", "endpoint_url": f"http://127.0.0.1:{proxy.port}", "bucket": BUCKET}
        | {"prefixo": "loja/1", "chave_acesso": KEY, "senha": PASSWORD, "tempo_segundos": 3}
    )

    def read(name: str) -> bytes | None:
        if f"loja/1/{name}" not in names(prefix=""):
            return None
        return server.client.get_object(Bucket=BUCKET, Key=f"loja/1/{name}")["Body"].read()

    def names(prefix: str = "loja/1/") -> list[str]:
        found = server.client.list_objects_v2(Bucket=BUCKET).get("Contents", [])
        return sorted(one["Key"].removeprefix(prefix) for one in found)

    def halves() -> list[str]:
        return [one["Key"] for one in server.client.list_multipart_uploads(Bucket=BUCKET).get("Uploads", [])]

    for upload in server.client.list_multipart_uploads(Bucket=BUCKET).get("Uploads", []):
        server.client.abort_multipart_upload(Bucket=BUCKET, Key=upload["Key"], UploadId=upload["UploadId"])
    return Place(
        open_destination(remote, Path()),
        read,
        names,
        halves,
        lambda: setattr(proxy, "cut_after", 0),
        lambda: setattr(proxy, "cut_after", None),
    )


def empty(server: Peer) -> None:
    for path in server.files.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
