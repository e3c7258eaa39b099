"""The settings: what config.json may hold, with the names of 1.0.x (design §4.6).

A 1.0.x file loads as it is. Unknown keys are kept, so that a file shared with a newer version loses nothing.
"""

from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, field_validator

from topbackup.settings_forms import Flag, Port, Section, Text
from topbackup.settings_remote import FTP_NAME, Delivery, Fingerprint, FtpRemote, Remote, TlsMode
from topcore.agenda import DEFAULT_ZONE
from topcore.retention import Policy
from topcore.tables import NamingScheme


class RouteChoice(StrEnum):
    """backup.rota: which way the dump takes; `auto` picks the quickest that works here."""

    AUTO = "auto"
    SERVICE_PIPE = "servico-pipe"
    EMBEDDED = "embutido"
    SERVICE_FILE = "servico-arquivo"
    CLIENT_TCP = "cliente-tcp"


class FirebirdSettings(Section):
    database_path: Text = ""
    gbak_path: Text = ""
    user: Text = "SYSDBA"
    password: SecretStr = SecretStr("")
    charset: Text = "WIN1252"


class CloudSettings(Section):
    """The section `mysql`. sqlite_path: a local file in MySQL's place, for the demo and for a single shop.

    spread_seconds: each contact waits a random time up to so much, so that a fleet whose slots fall into one second, or
    whose power comes back in one, does not meet at the server, which admits some 150 connections (facts.md).
    """

    host: Text = ""
    port: Port = 3306
    database: Text = "PROJETO_BACKUPS"
    user: Text = ""
    password: SecretStr = SecretStr("")
    sqlite_path: Text = ""
    spread_seconds: Annotated[float, Field(ge=0, le=600)] = 20

    @property
    def configured(self) -> bool:
        return bool(self.host or self.sqlite_path)


class FtpSettings(Delivery):
    """The section `ftp` of 1.0.x: the destination named `ftp`. tls, certificado_sha256: as in FtpRemote."""

    host: Text = ""
    port: Port = 21
    user: Text = ""
    password: SecretStr = SecretStr("")
    remote_path: Text = "/"
    passive_mode: Flag = True
    tls: TlsMode = TlsMode.NONE
    certificado_sha256: Fingerprint = ""

    @property
    def remote(self) -> FtpRemote:
        """As an entry of `remotos` would have it."""
        return FtpRemote(
            **{name: getattr(self, name) for name in Delivery.model_fields},
            nome=FTP_NAME,
            tipo="ftp",
            host=self.host,
            porta=self.port,
            usuario=self.user,
            senha=self.password,
            caminho=self.remote_path,
            modo_passivo=self.passive_mode,
            tls=self.tls,
            certificado_sha256=self.certificado_sha256,
        )


class AppSettings(Section):
    """ipc_group: on Linux, the group whose members may look and start a backup; without one only the agent's account
    and root may. On Windows every local user may."""

    first_run: Flag = True
    run_as_service: Flag = False
    start_minimized: Flag = False
    auto_update: Flag = True
    empresa_id: int | None = None
    empresa_cnpj: Text = ""
    ipc_group: Text = ""
    timezone: Text = DEFAULT_ZONE

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ValueError, OSError, KeyError) as unknown:
            raise ValueError(f"unknown time zone {name!r}") from unknown
        return name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


Kept = Annotated[int | None, Field(ge=1)]


class BackupSettings(Section):
    """Destinations here serve a backup without an agenda; an agenda's own win.

    verificar_backup: restore each backup to a scratch database and compare, before it is published.
    timeout_seconds: the whole dump (BACKUP_TIMEOUT). stall_seconds: without one byte.
    catch_up_hours: how late a slot may still run that the computer slept through, or that found no database.
    retencao_*: how many V files stay in each place (topcore.retention); none said: all, for ever.
    jitter_seconds: a scheduled run begins up to so much after its slot, each shop at its own moment (topcore.duty).
    """

    local_destino1: Text = ""
    local_destino2: Text = ""
    backup_remoto: Flag = False
    prefixo_backup: NamingScheme = NamingScheme.VERSIONED
    compactar_zip: Flag = True
    verificar_backup: Flag = True
    timeout_seconds: Annotated[float, Field(gt=0)] = 3600
    stall_seconds: Annotated[float, Field(gt=0)] = 600
    rota: RouteChoice = RouteChoice.AUTO
    catch_up_hours: Annotated[float, Field(ge=0, le=24 * 7)] = 24
    retencao_ultimos: Kept = None
    retencao_diarios: Kept = None
    retencao_semanais: Kept = None
    retencao_mensais: Kept = None
    retencao_max_gb: Annotated[float | None, Field(gt=0)] = None
    jitter_seconds: Annotated[int, Field(ge=0, le=1800)] = 0

    @property
    def retention(self) -> Policy:
        gigabytes = self.retencao_max_gb
        return Policy(
            self.retencao_ultimos,
            self.retencao_diarios,
            self.retencao_semanais,
            self.retencao_mensais,
            None if gigabytes is None else max(1, int(gigabytes * 2**30)),
        )


class Settings(Section):
    firebird: FirebirdSettings = FirebirdSettings()
    mysql: CloudSettings = CloudSettings()
    ftp: FtpSettings = FtpSettings()
    remotos: tuple[Remote, ...] = ()
    app: AppSettings = AppSettings()
    backup: BackupSettings = BackupSettings()

    @field_validator("remotos")
    @classmethod
    def _one_name_each(cls, remotes: tuple[Remote, ...]) -> tuple[Remote, ...]:
        names = [remote.nome.casefold() for remote in remotes]
        if FTP_NAME in names or len(set(names)) < len(names):
            raise ValueError("each of `remotos` needs a name of its own; `ftp` is the section's")
        return remotes

    @property
    def remotes(self) -> tuple[Remote, ...]:
        """All remote destinations: the section `ftp`, where it names a host, and those of `remotos`."""
        return ((self.ftp.remote,) if self.ftp.host else ()) + self.remotos

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every password in here that is not empty: what may stand in no log."""
        holders = (self.firebird, self.mysql, self.ftp)
        passwords = [holder.password for holder in holders]
        passwords += [secret for remote in self.remotos for secret in remote.secrets]
        return tuple(filter(None, (password.get_secret_value() for password in passwords)))
