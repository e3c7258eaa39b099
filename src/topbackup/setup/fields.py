"""What a person types or chooses in the four steps, each field named as config.json has it: section.key."""

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from types import MappingProxyType

from topcore.tables import NO, YES, NamingScheme


class Step(IntEnum):
    """The four, in their order."""

    FIREBIRD = 1
    CLOUD = 2
    COPIES = 3
    REVIEW = 4


class Field(StrEnum):
    """section.key of config.json; those of `assistente` are the wizard's own and are never stored."""

    DATABASE = "firebird.database_path"
    USER = "firebird.user"
    PASSWORD = "firebird.password"  # noqa: S105 - the name of a key
    CHARSET = "firebird.charset"
    GBAK = "firebird.gbak_path"
    COMPANY_ID = "app.empresa_id"
    COMPANY_TAX_ID = "app.empresa_cnpj"
    CLOUD_KIND = "assistente.nuvem"
    CLOUD_HOST = "mysql.host"
    CLOUD_PORT = "mysql.port"
    CLOUD_DATABASE = "mysql.database"
    CLOUD_USER = "mysql.user"
    CLOUD_PASSWORD = "mysql.password"  # noqa: S105 - see above
    CLOUD_FILE = "mysql.sqlite_path"
    DESTINATION1 = "backup.local_destino1"
    DESTINATION2 = "backup.local_destino2"
    NAMING = "backup.prefixo_backup"
    PROVE = "backup.verificar_backup"
    REMOTE = "backup.backup_remoto"
    FTP_HOST = "ftp.host"
    FTP_PORT = "ftp.port"
    FTP_USER = "ftp.user"
    FTP_PASSWORD = "ftp.password"  # noqa: S105 - see above
    FTP_PATH = "ftp.remote_path"
    FTP_PASSIVE = "ftp.passive_mode"
    SERVICE = "app.run_as_service"
    FIRST_BACKUP = "assistente.primeiro_backup"

    @property
    def section(self) -> str:
        return self.value.partition(".")[0]

    @property
    def key(self) -> str:
        return self.value.partition(".")[2]

    @property
    def stored(self) -> bool:
        return self.section != "assistente"


class CloudKind(StrEnum):
    """UNSAID: nobody has chosen yet, so that going on without a cloud is said by a person."""

    UNSAID = ""
    MYSQL = "mysql"
    FILE = "arquivo"
    NONE = "nenhuma"


SECRETS = frozenset({Field.PASSWORD, Field.CLOUD_PASSWORD, Field.FTP_PASSWORD})
FLAGS = frozenset({Field.PROVE, Field.REMOTE, Field.FTP_PASSIVE, Field.SERVICE, Field.FIRST_BACKUP})
NUMBERS = frozenset({Field.CLOUD_PORT, Field.FTP_PORT, Field.COMPANY_ID})

_FTP = (Field.FTP_HOST, Field.FTP_PORT, Field.FTP_USER, Field.FTP_PASSWORD, Field.FTP_PATH, Field.FTP_PASSIVE)
_MYSQL = (Field.CLOUD_HOST, Field.CLOUD_PORT, Field.CLOUD_DATABASE, Field.CLOUD_USER, Field.CLOUD_PASSWORD)
FIELDS: Mapping[Step, tuple[Field, ...]] = MappingProxyType({
    Step.FIREBIRD: (Field.DATABASE, Field.USER, Field.PASSWORD, Field.CHARSET, Field.GBAK, Field.COMPANY_ID,
                    Field.COMPANY_TAX_ID),
    Step.CLOUD: (Field.CLOUD_KIND, *_MYSQL, Field.CLOUD_FILE),
    Step.COPIES: (Field.DESTINATION1, Field.DESTINATION2, Field.NAMING, Field.PROVE, Field.REMOTE, *_FTP),
    Step.REVIEW: (Field.SERVICE, Field.FIRST_BACKUP),
})  # fmt: skip
# A trial's result does not depend on these: a company is chosen from the result, a file name tries no folder.
UNTRIED = frozenset({Field.COMPANY_ID, Field.COMPANY_TAX_ID, Field.NAMING, Field.PROVE})

DEFAULTS: Mapping[Field, str] = MappingProxyType({
    Field.USER: "SYSDBA",
    Field.CLOUD_PORT: "3306",
    Field.CLOUD_DATABASE: "PROJETO_BACKUPS",
    Field.NAMING: NamingScheme.VERSIONED.value,
    Field.PROVE: YES,
    Field.REMOTE: NO,
    Field.FTP_PORT: "21",
    Field.FTP_PATH: "/",
    Field.FTP_PASSIVE: YES,
    Field.SERVICE: YES,
    Field.FIRST_BACKUP: YES,
})  # fmt: skip
