"""S3 and what speaks it. Imported only where such a destination is used: boto3 takes some 40 MB.

An object appears whole or not at all, so there is no temporary name: a file goes up in parts, each with its MD5, which
the server must compare before it takes the part; an older object of the name is replaced when all parts are there. The
object carries our SHA-256, so that an attempt that did not hear of its own success finds it.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from topbackup.destinations.contract import Checked, Entry, Outgoing, Placed, ProbeStep, Step, Transfer
from topbackup.destinations.fetching import fetch
from topbackup.destinations.pace import BLOCK, must_be_whole, paced
from topbackup.destinations.probing import PROBE_BYTES, Steps, probe_name
from topbackup.destinations.s3_failures import error_code, told
from topbackup.destinations.s3_parts import Multipart, end_uploads
from topbackup.errors import OperationFailed
from topbackup.problems import REMOTE_CHECK, REMOTE_MISSING, REMOTE_PATH, REMOTE_SIZE
from topbackup.settings_remote import S3Remote

if TYPE_CHECKING:
    from types_boto3_s3.client import S3Client

DIGEST = "topbackup-sha256"  # metadata of our objects


def s3_destination(remote: S3Remote) -> "S3":
    return S3(remote)


@dataclass(frozen=True)
class S3:
    """The Destination of contract.py."""

    remote: S3Remote

    @property
    def name(self) -> str:
        return self.remote.nome

    @property
    def where(self) -> str:
        server = self.remote.endpoint_url.rstrip("/") or "s3:/"
        return f"{server}/{self.remote.bucket}/{self._prefix}"

    def put(self, file: Outgoing, transfer: Transfer) -> Placed:
        must_be_whole(file)
        key = self._prefix + file.name
        with told(self.where):
            start = 0
            if not self._is_there(key, file):
                halves = [self._prefix + name for name in transfer.abandoned()]
                end_uploads(self._client, self.remote.bucket, self._prefix, halves)
                parts = Multipart(self._client, self.remote.bucket, key, file, transfer)
                start = parts.begin({DIGEST: file.sha256})
                parts.send()
                parts.complete()
            checked = self._check(key, file, transfer)
            transfer.remember(None)
        return Placed(checked, start)

    def get(self, name: str, to: Path, transfer: Transfer) -> None:
        key = self._prefix + name
        with told(self.where):
            size = self._size(key)
            if size is None:
                raise OperationFailed(REMOTE_MISSING, f"{self.where}{name}")
            fetch(lambda offset, length: self._read(key, offset, length), size, to, transfer)

    def files(self) -> Sequence[Entry]:
        with told(self.where):
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self.remote.bucket, Prefix=self._prefix, Delimiter="/"
            )
            found = [entry for page in pages for entry in page.get("Contents", [])]
        return [Entry(one["Key"].removeprefix(self._prefix), one["Size"], one["LastModified"]) for one in found]

    def remove(self, name: str) -> None:
        with told(self.where):
            self._client.delete_object(Bucket=self.remote.bucket, Key=self._prefix + name)

    def probe(self) -> Sequence[ProbeStep]:
        """There is no rename: that step says so by its absence."""
        key, content = self._prefix + probe_name(), b"TopBackup" * (PROBE_BYTES // 9)
        with Steps() as steps, told(self.where):
            steps.at(Step.CONNECT)
            client = self._client
            client.list_objects_v2(Bucket=self.remote.bucket, MaxKeys=1)
            steps.at(Step.LOGIN)
            steps.at(Step.WRITE)
            client.put_object(Bucket=self.remote.bucket, Key=key, Body=content)
            try:
                steps.at(Step.READ)
                if b"".join(self._read(key, 0, None)) != content:
                    raise OperationFailed(REMOTE_CHECK, self.where)
                steps.at(Step.DELETE)
            finally:
                client.delete_object(Bucket=self.remote.bucket, Key=key)
        return steps.told

    def _check(self, key: str, file: Outgoing, transfer: Transfer) -> Checked:
        """Each part was compared by its MD5 already; here the whole one."""
        size = self._size(key)
        if size != file.size:
            raise OperationFailed(REMOTE_SIZE, f"{key}: {size} ≠ {file.size}")
        if transfer.want is not Checked.READ_BACK:
            return Checked.HASH
        digest = hashlib.sha256()
        for block in paced(self._read(key, 0, None), transfer):
            digest.update(block)
        if digest.hexdigest() != file.sha256:
            raise OperationFailed(REMOTE_CHECK, key)
        return Checked.READ_BACK

    def _is_there(self, key: str, file: Outgoing) -> bool:
        head = self._head(key)
        return head is not None and head["ContentLength"] == file.size and head["Metadata"].get(DIGEST) == file.sha256

    def _size(self, key: str) -> int | None:
        head = self._head(key)
        return None if head is None else int(head["ContentLength"])

    def _head(self, key: str) -> Any:
        try:
            return self._client.head_object(Bucket=self.remote.bucket, Key=key)
        except ClientError as error:
            if error_code(error) not in ("404", "NoSuchKey", "NotFound"):
                raise
        with suppress(ClientError):
            self._client.head_bucket(Bucket=self.remote.bucket)
            return None
        raise OperationFailed(REMOTE_PATH, self.where)

    def _read(self, key: str, offset: int, length: int | None) -> Iterator[bytes]:
        end = "" if length is None else str(offset + length - 1)
        span = {"Range": f"bytes={offset}-{end}"} if offset or end else {}
        with told(self.where):
            if offset and offset >= (self._size(key) or 0):
                return  # a range behind the end is refused
            answer: Any = self._client.get_object(Bucket=self.remote.bucket, Key=key, **span)  # type: ignore[arg-type]  # a TypedDict cannot be spread
            with closing(answer["Body"]) as body:
                yield from body.iter_chunks(BLOCK)

    @property
    def _prefix(self) -> str:
        return f"{self.remote.prefixo.strip('/')}/" if self.remote.prefixo.strip("/") else ""

    @cached_property
    def _client(self) -> "S3Client":
        remote = self.remote
        client: S3Client = boto3.session.Session().client(
            "s3",
            endpoint_url=remote.endpoint_url or None,
            region_name=remote.regiao,
            aws_access_key_id=remote.chave_acesso,
            aws_secret_access_key=remote.senha.get_secret_value(),
            verify=remote.certificado_ca or None,
            config=_config(remote),
        )
        return client


def _config(remote: S3Remote) -> Config:
    return Config(
        connect_timeout=remote.tempo_segundos,
        read_timeout=remote.tempo_segundos,
        retries={"total_max_attempts": 1},  # the queue tries again, and part by part
        s3={"addressing_style": "path" if remote.estilo_caminho else "auto"},
        # Checksums in trailers are news to many servers other than Amazon's; Content-MD5 is known to all.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        max_pool_connections=1,
    )
