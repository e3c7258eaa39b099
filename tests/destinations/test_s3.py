"""S3's own matters: parts that are there already, uploads left behind, what is refused."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from lab.s3_server import BUCKET, KEY, S3Server
from tests.destinations.conftest import s3_place
from tests.destinations.places import Place, attempt, fails_with, outgoing
from topbackup.destinations.contract import Checked
from topbackup.destinations.opening import open_destination
from topbackup.destinations.s3 import S3
from topbackup.destinations.s3_failures import told
from topbackup.settings_remote import S3Remote

NAME = "11222333000181.zip"
MB = 1 << 20


@pytest.fixture
def place(s3_server: S3Server) -> Iterator[Place]:
    with ExitStack() as stack:
        yield s3_place(s3_server, stack)


def uploads(server: S3Server) -> int:
    return len(server.client.list_multipart_uploads(Bucket=BUCKET).get("Uploads", []))


def test_parts_that_are_there_are_not_sent_again(place: Place, s3_server: S3Server, tmp_path: Path) -> None:
    file = outgoing(tmp_path, 30 * MB)
    assert attempt(place, file, lambda sent: place.cut() if sent > 20 * MB else None) is not None
    place.heal()
    assert (place.memory["it"] or "").startswith("s3:")
    assert place.names() == []
    sent: list[int] = []
    placed = place.destination.put(file, place.transfer(told=sent.append))
    assert placed.resumed_at == 16 * MB
    assert placed.checked is Checked.HASH
    assert min(sent) > 16 * MB
    assert place.read(NAME) == file.path.read_bytes()
    assert uploads(s3_server) == 0


def test_a_part_that_was_changed_is_sent_again(place: Place, s3_server: S3Server, tmp_path: Path) -> None:
    file = outgoing(tmp_path, 20 * MB)
    assert attempt(place, file, lambda sent: place.cut() if sent > 17 * MB else None) is not None
    place.heal()
    upload = (place.memory["it"] or "").removeprefix("s3:")
    s3_server.client.upload_part(
        Bucket=BUCKET, Key=f"loja/1/{NAME}", UploadId=upload, PartNumber=1, Body=b"x" * (8 * MB)
    )
    assert place.destination.put(file, place.transfer()).resumed_at == 8 * MB
    assert place.read(NAME) == file.path.read_bytes()


def test_uploads_left_behind_are_ended_and_those_of_others_are_not(
    place: Place, s3_server: S3Server, tmp_path: Path
) -> None:
    others = s3_server.client.create_multipart_upload(Bucket=BUCKET, Key=f"loja/1/{NAME}.de-outro")
    s3_server.client.create_multipart_upload(Bucket=BUCKET, Key=f"loja/1/{NAME}")
    place.destination.put(outgoing(tmp_path, MB), place.transfer())
    assert uploads(s3_server) == 1
    s3_server.client.abort_multipart_upload(Bucket=BUCKET, Key=f"loja/1/{NAME}.de-outro", UploadId=others["UploadId"])


def test_an_upload_that_the_server_has_forgotten_is_begun_anew(place: Place, tmp_path: Path) -> None:
    place.memory["it"] = "s3:nada"
    file = outgoing(tmp_path, MB)
    try:
        place.destination.put(file, place.transfer())
    except Exception as error:  # noqa: BLE001 - moto answers 500 to what S3 answers NoSuchUpload
        assert "500" in str(error)  # noqa: PT017 - see above
        place.memory["it"] = None
        place.destination.put(file, place.transfer())
    assert place.read(NAME) == file.path.read_bytes()


def test_what_is_missing(place: Place, tmp_path: Path) -> None:
    assert isinstance(place.destination, S3)
    remote = place.destination.remote
    for change, code in (
        ({"bucket": "nao-ha"}, "TB-REMOTO-CAMINHO"),
        ({"endpoint_url": "http://127.0.0.1:1"}, "TB-REMOTO-RECUSADA"),
        ({"endpoint_url": "http://nada.invalid"}, "TB-REMOTO-NOME"),
        ({"endpoint_url": "isto não é"}, "TB-REMOTO-CONFIGURACAO"),
        ({"endpoint_url": remote.endpoint_url.replace("http:", "https:")}, "TB-REMOTO-TLS"),
    ):
        destination = replace(place.destination, remote=remote.model_copy(update=change))
        with fails_with(code):
            destination.put(outgoing(tmp_path, 10), place.transfer())
        assert destination.probe()[-1].code == code
    with fails_with("TB-REMOTO-CONFIGURACAO"):
        open_destination(S3Remote(nome="x", tipo="s3", bucket="", chave_acesso=KEY), tmp_path)


@pytest.mark.parametrize(
    ("answer", "code", "retry"),
    [
        ("InvalidAccessKeyId", "TB-REMOTO-SENHA", False),
        ("SignatureDoesNotMatch", "TB-REMOTO-SENHA", False),
        ("AccessDenied", "TB-REMOTO-PERMISSAO", False),
        ("NoSuchBucket", "TB-REMOTO-CAMINHO", False),
        ("BadDigest", "TB-REMOTO-CONFERENCIA", True),
        ("SlowDown", "TB-REMOTO-OCUPADO", True),
        ("XMinioStorageFull", "TB-REMOTO-CHEIO", True),
        ("RequestTimeTooSkewed", "TB-REMOTO-RELOGIO", True),
        ("Novidade", "TB-REMOTO-ERRO", True),
    ],
)
def test_refusals(answer: str, code: str, retry: bool) -> None:
    """moto checks no keys and is never full."""
    response: Any = {"Error": {"Code": answer, "Message": "x"}, "ResponseMetadata": {"HTTPStatusCode": 400}}
    with fails_with(code) as failures, told("s3://x"):
        raise ClientError(response, "UploadPart")
    assert failures[0].retry is retry


def test_no_line(tmp_path: Path) -> None:
    with fails_with("TB-REMOTO-NOME"), told("s3://x"):
        raise EndpointConnectionError(endpoint_url="x", error="Name or service not known")
