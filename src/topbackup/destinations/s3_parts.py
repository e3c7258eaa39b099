"""An upload in parts: which of them are there already, the others, and the moment at which they become the object."""

import base64
import hashlib
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import IO, TYPE_CHECKING, Any, cast

from botocore.exceptions import BotoCoreError, ClientError

from topbackup.destinations.contract import Outgoing, Transfer
from topbackup.destinations.s3_failures import error_code
from topbackup.destinations.s3_reading import Part
from topbackup.errors import OperationFailed
from topbackup.problems import REMOTE_CHECK

if TYPE_CHECKING:
    from types_boto3_s3.client import S3Client
    from types_boto3_s3.type_defs import CompletedPartTypeDef

_PART = 8 << 20  # S3 takes no less than 5 MiB, but for the last
_MOST_PARTS = 10_000  # S3's limit
_UPLOAD = "s3:"  # remembered, with the upload's id
_HASH_BLOCK = 1 << 20
_NO_UPLOAD = ("NoSuchUpload", "404")
_logger = logging.getLogger(__name__)


class Multipart:
    """One file's upload. Begun anew where the one remembered is gone."""

    def __init__(self, client: "S3Client", bucket: str, key: str, file: Outgoing, transfer: Transfer) -> None:
        self._client, self._file, self._transfer = client, file, transfer
        self._at: Any = {"Bucket": bucket, "Key": key}
        self._size = max(_PART, -(-file.size // _MOST_PARTS))
        self._there: dict[int, str] = {}  # number → ETag: parts that are there and ours
        self._id = ""

    def begin(self, metadata: Mapping[str, str]) -> int:
        """Go on with the upload of an attempt before, or make one whose object will carry `metadata`.

        Gives how many bytes are there already. Others of ours under this key are ended.
        """
        remembered = self._transfer.recall() or ""
        self._id = remembered.removeprefix(_UPLOAD) if remembered.startswith(_UPLOAD) else ""
        if self._id:
            try:
                self._find_parts()
            except ClientError as error:
                if error_code(error) not in _NO_UPLOAD:
                    raise
                self._id = ""
        end_uploads(self._client, self._at["Bucket"], self._at["Key"], [self._at["Key"]], but=self._id)
        if not self._id:
            self._there = {}
            self._id = self._client.create_multipart_upload(**self._at, Metadata=metadata)["UploadId"]
            self._transfer.remember(_UPLOAD + self._id)
        return sum(length for number, _, length in self._parts() if number in self._there)

    def send(self) -> None:
        """The parts that are not there. Raises OperationFailed, boto3's errors."""
        for number, start, length in self._parts():
            if number not in self._there:
                self._there[number] = self._send(number, start, length)

    def complete(self) -> None:
        """They become the object; an older one is replaced now."""
        parts: list[CompletedPartTypeDef] = [
            {"PartNumber": number, "ETag": tag} for number, tag in sorted(self._there.items())
        ]
        self._client.complete_multipart_upload(**self._at, UploadId=self._id, MultipartUpload={"Parts": parts})

    def _find_parts(self) -> None:
        """Those that are there, of the right length, and with our MD5 where the server's tag is one."""
        there: dict[int, tuple[int, str]] = {}
        for page in self._client.get_paginator("list_parts").paginate(**self._at, UploadId=self._id):
            for part in page.get("Parts", []):
                there[part["PartNumber"]] = part["Size"], part["ETag"]
        for number, start, length in self._parts():
            if number not in there:
                continue
            size, tag = there[number]
            digest = self._md5(start, length)
            if size == length and (digest.hex() == tag.strip('"') or not _is_md5(tag)):
                self._there[number] = tag

    def _send(self, number: int, start: int, length: int) -> str:
        """Its tag. The server compares the MD5 before it takes the part, and tells what it has by the tag."""
        digest = self._md5(start, length)
        with closing(Part(self._file, start, length, self._transfer)) as body:
            before = "before-send.s3.UploadPart"
            self._client.meta.events.register(before, body.send_now)
            try:
                answer = self._client.upload_part(
                    **self._at,
                    UploadId=self._id,
                    PartNumber=number,
                    ContentLength=length,
                    ContentMD5=base64.b64encode(digest).decode("ascii"),
                    Body=cast("IO[bytes]", body),
                )
            except BotoCoreError:
                if body.failed is not None:
                    raise body.failed from None
                raise
            finally:
                self._client.meta.events.unregister(before, body.send_now)
        tag = answer["ETag"]
        if _is_md5(tag) and tag.strip('"') != digest.hex():
            raise OperationFailed(REMOTE_CHECK, f"{self._at['Key']}: {number}")
        return tag

    def _parts(self) -> Iterator[tuple[int, int, int]]:
        """Number, beginning, length; one at least, as an empty file has one."""
        starts = range(0, max(self._file.size, 1), self._size)
        for number, start in enumerate(starts, 1):
            yield number, start, min(self._size, self._file.size - start)

    def _md5(self, start: int, length: int) -> bytes:
        digest = hashlib.md5(usedforsecurity=False)
        with closing(Part(self._file, start, length, self._transfer)) as part:
            while block := part.read(_HASH_BLOCK):
                digest.update(block)
        return digest.digest()


def end_uploads(client: "S3Client", bucket: str, prefix: str, keys: Sequence[str], but: str = "") -> None:
    """Those of these keys, which begin with the prefix, that are half there; not the one whose id is `but`.

    They are paid for, and seen by nobody. A server that does not list them has none to end.
    """
    if not keys:
        return
    try:
        for page in client.get_paginator("list_multipart_uploads").paginate(Bucket=bucket, Prefix=prefix):
            for upload in page.get("Uploads", []):
                if upload["Key"] in keys and upload["UploadId"] != but:
                    client.abort_multipart_upload(Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"])
    except ClientError as error:
        _logger.warning("%s: %s", keys[0], error_code(error))


def _is_md5(tag: str) -> bool:
    """Where the server encrypts with keys of its own, or is not Amazon's, a tag may be anything."""
    return re.fullmatch(r'"?[0-9a-f]{32}"?', tag) is not None
