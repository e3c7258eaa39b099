"""Names and codes stored outside this program, in Portuguese, as the contract of design §4.3 fixes them.

Members are English; values are what the tables hold and may not change.
"""

from enum import StrEnum


class CloudTable(StrEnum):
    """Tables of the schema PROJETO_BACKUPS."""

    COMPANY = "EMPRESA"
    RUN = "LOG_BACKUPS"
    APP_VERSION = "VERSAO_APP"
    COMPANY_STATE = "EMPRESA_ESTADO"
    DATABASE_STATE = "EMPRESA_BANCO"  # new: the databases of a company that has several, as its agent names them


class CompanyColumn(StrEnum):
    """Columns of EMPRESA in the cloud."""

    ID = "ID"
    CUSTOMER_CODE = "ID_AUX"
    TRADE_NAME = "FANTASIA"
    LEGAL_NAME = "RAZAO"
    TAX_ID = "CNPJ"
    LAST_CONTACT = "DATA_ULTIMA_INTERACAO"
    AGENT_VERSION = "VERSAO_LOCAL"
    REGISTERED_AT = "DATA_CADASTRO"
    ACTIVE = "ATIVO"
    AGENDAS = "AGENDAS"  # new: AGENDA_BACKUP as last read, a JSON document


class RunColumn(StrEnum):
    """Columns of LOG_BACKUPS in the cloud."""

    ID = "ID"
    COMPANY = "ID_EMPRESA"
    STARTED_AT = "DATA_INICIO"
    ENDED_AT = "DATA_FIM"
    FILE_NAME = "NOME_ARQUIVO"
    DESTINATION_1 = "CAMINHO_DESTINO"
    DESTINATION_2 = "CAMINHO_DESTINO2"
    SIZE_BYTES = "TAMANHO_BYTES"
    SIZE_TEXT = "TAMANHO_FORMATADO"
    STATUS = "STATUS"
    ERROR_MESSAGE = "MENSAGEM_ERRO"
    NAMING = "TIPO_BACKUP"
    UPLOADED = "ENVIADO_FTP"
    UPLOADED_AT = "DATA_ENVIO_FTP"
    MANUAL = "MANUAL"
    UUID = "UUID"
    SHA256 = "HASH_SHA256"
    SOURCE = "BANCO_ORIGEM"
    ERROR_CODE = "CODIGO_ERRO"
    PROVEN = "VERIFICADO"
    PROVEN_AT = "DATA_VERIFICACAO"
    NEXT_DUE = "PROXIMO_PREVISTO"
    RECEIVED_AT = "DATA_RECEBIDO"
    COPIES = "COPIAS"  # new: where the copies are and which are missing, a JSON document
    SOURCE_NEXT_DUE = "PROXIMO_DO_BANCO"  # new: the next due slot of BANCO_ORIGEM; NEXT_DUE is that of the company


class DatabaseColumn(StrEnum):
    """The columns of EMPRESA_BANCO that an agent writes; the others are kept by triggers."""

    COMPANY = "ID_EMPRESA"
    SOURCE = "BANCO"


class RunStatus(StrEnum):
    """LOG_BACKUPS.STATUS."""

    PENDING = "P"
    RUNNING = "E"
    SUCCEEDED = "S"
    FAILED = "F"

    @property
    def finished(self) -> bool:
        return self in (RunStatus.SUCCEEDED, RunStatus.FAILED)


class Proof(StrEnum):
    """LOG_BACKUPS.VERIFICADO: was the backup restored and compared?"""

    NOT_TRIED = "N"
    PROVEN = "S"
    REFUTED = "F"


class NamingScheme(StrEnum):
    """AGENDA_BACKUP.PREFIXO_BACKUP and LOG_BACKUPS.TIPO_BACKUP: how the ZIP is named."""

    VERSIONED = "V"
    WEEKDAY = "S"
    SINGLE = "U"


class CardStatus(StrEnum):
    """What a card shows (design §4.4); the order of the members is the order of the cards, worst first."""

    FAILED = "FALHA"
    CHECK = "VERIFICAR"
    NO_DATA = "SEM_DADOS"
    ATTENTION = "ATENCAO"
    RUNNING = "EXECUTANDO"
    OK = "OK"


YES = "S"
NO = "N"


def yes_no(flag: bool) -> str:
    """The stored form of a flag: S or N."""
    return YES if flag else NO
