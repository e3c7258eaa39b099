"""A private S3 server: moto's, in this process, with one bucket."""

import logging
from types import TracebackType
from typing import TYPE_CHECKING, Self

import boto3
from moto.server import ThreadedMotoServer

from lab.server_process import free_port

if TYPE_CHECKING:
    from types_boto3_s3.client import S3Client

BUCKET = "copias"
KEY = "AKIALABLABLABLABLAB0"


class S3Server:
    """As a block. client: to look at what is there without the code under test."""

    def __init__(self) -> None:
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self.port = free_port()
        self._server = ThreadedMotoServer("127.0.0.1", self.port, verbose=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._server.start()
        self.client: S3Client = boto3.client(
            "s3", endpoint_url=self.url, region_name="us-east-1", aws_access_key_id=KEY, aws_secret_access_key="x"
        )
        self.client.create_bucket(Bucket=BUCKET)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.stop()
