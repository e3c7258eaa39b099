"""The settings of remote destinations: the list `remotos`, one form per kind."""

from datetime import time
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, SecretStr

from topbackup.settings_forms import Flag, Port, Section, Text

FTP_NAME = "ftp"  # of the destination that the section `ftp` is
_FTP_PORT, _FTPS_PORT = 21, 990  # 990: implicit TLS, IANA's ftps


class TlsMode(StrEnum):
    NONE = "nenhum"
    EXPLICIT = "explicito"  # AUTH TLS, RFC 4217
    IMPLICIT = "implicito"


class Verification(StrEnum):
    """verificacao: the least that a copy there is compared by. What is stronger and costs nothing is always done."""

    SIZE = "tamanho"
    HASH = "hash"
    READ_BACK = "lido-de-volta"


def _hexadecimal(value: Any) -> Any:
    return value.replace(":", "").replace(" ", "").lower() if isinstance(value, str) else value


def _no_time(value: Any) -> Any:
    return None if value == "" else value


Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")]
Fingerprint = Annotated[str, BeforeValidator(_hexadecimal), Field(pattern=r"^([0-9a-f]{64})?$")]
Hour = Annotated[time | None, BeforeValidator(_no_time)]


class Delivery(Section):
    """What all kinds have in common.

    limite_kbps: kilobits a second at the most, 0 for no limit. horario_inicio, horario_fim: uploads begin and go on
    only between them, in app.timezone; an end before the beginning is on the next day. tempo_segundos: the longest wait
    for one answer.
    """

    verificacao: Verification = Verification.SIZE
    limite_kbps: Annotated[int, Field(ge=0)] = 0
    horario_inicio: Hour = None
    horario_fim: Hour = None
    tempo_segundos: Annotated[float, Field(ge=1, le=600)] = 60

    @property
    def rate(self) -> int | None:
        """Bytes a second."""
        return self.limite_kbps * 125 or None

    @property
    def hours(self) -> tuple[time, time] | None:
        """The allowed hours; None for the whole day."""
        if self.horario_inicio is None and self.horario_fim is None:
            return None
        return self.horario_inicio or time(0), self.horario_fim or time(0)


class _Entry(Delivery):
    nome: Name
    senha: SecretStr = SecretStr("")

    @property
    def secrets(self) -> tuple[SecretStr, ...]:
        return (self.senha,)


class FtpRemote(_Entry):
    """certificado_sha256: of the server's certificate, for one that no authority signed; it alone counts then."""

    tipo: Literal["ftp"]
    host: Text = ""
    porta: Port | None = None
    usuario: Text = ""
    caminho: Text = "/"
    modo_passivo: Flag = True
    tls: TlsMode = TlsMode.NONE
    certificado_sha256: Fingerprint = ""

    @property
    def port(self) -> int:
        return self.porta or (_FTPS_PORT if self.tls is TlsMode.IMPLICIT else _FTP_PORT)


class SftpRemote(_Entry):
    """chave_privada: the file of a private key, in the place of a password or beside it; senha_chave opens it."""

    tipo: Literal["sftp"]
    host: Text = ""
    porta: Port = 22
    usuario: Text = ""
    caminho: Text = "."
    chave_privada: Text = ""
    senha_chave: SecretStr = SecretStr("")

    @property
    def secrets(self) -> tuple[SecretStr, ...]:
        return (self.senha, self.senha_chave)


class S3Remote(_Entry):
    """endpoint_url: empty for Amazon. senha: the secret key of chave_acesso. certificado_ca: a PEM file, where the
    server's certificate is of an authority of its own. estilo_caminho: http://server/bucket, as most servers other than
    Amazon's have it."""

    tipo: Literal["s3"]
    endpoint_url: Text = ""
    bucket: Text = ""
    prefixo: Text = ""
    regiao: Text = "us-east-1"
    chave_acesso: Text = ""
    estilo_caminho: Flag = True
    certificado_ca: Text = ""


class FolderRemote(_Entry):
    r"""A folder of a NAS: \\server\share\folder, with credentials of its own on Windows; elsewhere a mounted one."""

    tipo: Literal["pasta"]
    caminho: Text = ""
    usuario: Text = ""


Remote = Annotated[FtpRemote | SftpRemote | S3Remote | FolderRemote, Field(discriminator="tipo")]
REMOTE_SECRETS = ("senha", "senha_chave")
