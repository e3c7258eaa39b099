"""Every column and index of the contract, as MySQL and SQLite declare them."""

from dataclasses import dataclass

from topcore.tables import CloudTable

COMPANY, RUN, VERSION, STATE = (
    table.value for table in (CloudTable.COMPANY, CloudTable.RUN, CloudTable.APP_VERSION, CloudTable.COMPANY_STATE)
)
DATABASE = CloudTable.DATABASE_STATE.value
REBUILD = "ESTADO_RECONSTRUCAO"
RECEIVED = "DATA_RECEBIDO"


@dataclass(frozen=True)
class Column:
    """kind: in MySQL's words, {id} for the type of a company's ID. rest: what follows it."""

    name: str
    kind: str
    rest: str = ""


@dataclass(frozen=True)
class Table:
    """references: table that each foreign key's column points to. unique, indexed: by the index's name."""

    name: str
    columns: tuple[Column, ...]
    primary: str = "ID"
    generates: bool = True
    references: tuple[tuple[str, str, str], ...] = ()
    unique: tuple[tuple[str, tuple[str, ...]], ...] = ()
    indexed: tuple[tuple[str, tuple[str, ...]], ...] = ()


_INSTANT = "datetime(6)"
# Two files may differ by an accent or a capital alone.
EXACT_NAME = "varchar(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"


COMPANY_TABLE = Table(
    COMPANY,
    (
        Column("ID", "{id}", "NOT NULL"),
        Column("ID_AUX", "int"),
        Column("FANTASIA", "varchar(150)"),
        Column("RAZAO", "varchar(150)"),
        Column("CNPJ", "varchar(18)", "NOT NULL"),
        Column("DATA_ULTIMA_INTERACAO", _INSTANT),
        Column("VERSAO_LOCAL", "varchar(20)"),
        Column("DATA_CADASTRO", _INSTANT),
        Column("ATIVO", "char(1)", "DEFAULT 'S'"),
        Column("AGENDAS", "longtext"),
    ),
    unique=(("EMPRESA_CNPJ", ("CNPJ",)),),
)
RUN_TABLE = Table(
    RUN,
    (
        Column("ID", "{id}", "NOT NULL"),
        Column("ID_EMPRESA", "{id}", "NOT NULL"),
        Column("DATA_INICIO", _INSTANT),
        Column("DATA_FIM", _INSTANT),
        Column("NOME_ARQUIVO", "varchar(255)"),
        Column("CAMINHO_DESTINO", "varchar(500)"),
        Column("CAMINHO_DESTINO2", "varchar(500)"),
        Column("TAMANHO_BYTES", "bigint"),
        Column("TAMANHO_FORMATADO", "varchar(20)"),
        Column("STATUS", "char(1)", "DEFAULT 'P'"),
        Column("MENSAGEM_ERRO", "longtext"),
        Column("TIPO_BACKUP", "char(1)"),
        Column("ENVIADO_FTP", "char(1)", "DEFAULT 'N'"),
        Column("DATA_ENVIO_FTP", _INSTANT),
        Column("MANUAL", "char(1)", "DEFAULT 'N'"),
        Column("UUID", "char(36)"),
        Column("HASH_SHA256", "char(64)"),
        Column("BANCO_ORIGEM", "varchar(500)"),
        Column("CODIGO_ERRO", "varchar(40)"),
        Column("VERIFICADO", "char(1)", "DEFAULT 'N'"),
        Column("DATA_VERIFICACAO", _INSTANT),
        Column("PROXIMO_PREVISTO", _INSTANT),
        Column("COPIAS", "longtext"),
        Column("PROXIMO_DO_BANCO", _INSTANT),
        Column(RECEIVED, _INSTANT),
    ),
    references=(("ID_EMPRESA", COMPANY, "ON DELETE RESTRICT"),),
    unique=(("LOG_BACKUPS_UUID", ("UUID",)),),
    indexed=(
        ("LOG_BACKUPS_EMPRESA_STATUS", ("ID_EMPRESA", "STATUS", "DATA_INICIO")),
        ("LOG_BACKUPS_EMPRESA_INICIO", ("ID_EMPRESA", "DATA_INICIO")),  # a company's history, and any period of it
    ),
)
VERSION_TABLE = Table(
    VERSION,
    (
        Column("ID", "{id}", "NOT NULL"),
        Column("VERSAO", "varchar(20)", "NOT NULL"),
        Column("DATA_LANCAMENTO", _INSTANT),
        Column("URL_DOWNLOAD", "varchar(500)"),
        Column("HASH_SHA256", "char(64)"),
        Column("CHANGELOG", "longtext"),
        Column("OBRIGATORIA", "char(1)", "DEFAULT 'N'"),
        Column("ASSINATURA", "varchar(255)"),
    ),
    unique=(("VERSAO_APP_VERSAO", ("VERSAO",)),),
)
_EVIDENCE = (
    Column("ULTIMO_SUCESSO", _INSTANT),
    Column("ID_ULTIMO_SUCESSO", "bigint"),
    Column("ULTIMA_FALHA", _INSTANT),
    Column("ID_ULTIMA_FALHA", "bigint"),
    Column("EXECUTANDO_DESDE", _INSTANT),
    Column("PENDENTE_DESDE", _INSTANT),
    Column("ULTIMA_PROVA", _INSTANT),
    Column("OK_ATE", _INSTANT),
    Column("ATENCAO_ATE", _INSTANT),
)
STATE_TABLE = Table(
    STATE,
    (
        Column("ID_EMPRESA", "{id}", "NOT NULL"),
        Column("ATIVO", "char(1)", "NOT NULL DEFAULT 'N'"),
        *_EVIDENCE,
        Column("ULTIMO_CONTATO", _INSTANT),
        # Of a company of several databases this row is made of those of EMPRESA_BANCO, and the last success is the one
        # that lies longest back; the newest is what an anomaly shows in, and a wrong clock.
        Column("VARIOS_BANCOS", "char(1)", "NOT NULL DEFAULT 'N'"),
        Column("BANCO_UNICO", EXACT_NAME),
        Column("SUCESSO_MAIS_NOVO", _INSTANT),
        Column("ID_SUCESSO_MAIS_NOVO", "bigint"),
        # health.has_failed, as far as it does not depend on now.
        Column(
            "FALHOU",
            "char(1)",
            "GENERATED ALWAYS AS (CASE WHEN ULTIMA_FALHA IS NOT NULL"
            " AND (ULTIMO_SUCESSO IS NULL OR ULTIMA_FALHA >= ULTIMO_SUCESSO) THEN 'S' ELSE 'N' END) STORED",
        ),
        Column(
            "ABERTO",
            "char(1)",
            "GENERATED ALWAYS AS (CASE WHEN EXECUTANDO_DESDE IS NULL AND PENDENTE_DESDE IS NULL"
            " THEN 'N' ELSE 'S' END) STORED",
        ),
    ),
    primary="ID_EMPRESA",
    generates=False,
    references=(("ID_EMPRESA", COMPANY, "ON DELETE CASCADE"),),
    # The counters are counts over ranges of these, and a page of cards is a walk along the second.
    indexed=(
        ("EMPRESA_ESTADO_OK", ("ATIVO", "ABERTO", "FALHOU", "OK_ATE")),
        ("EMPRESA_ESTADO_ATENCAO", ("ATIVO", "ABERTO", "FALHOU", "ATENCAO_ATE", "ID_EMPRESA")),
        ("EMPRESA_ESTADO_NOVO", ("ATIVO", "ABERTO", "FALHOU", "SUCESSO_MAIS_NOVO", "ATENCAO_ATE", "OK_ATE")),
    ),
)
# The databases of a company that has several: named by its agent, the rest kept by triggers.
DATABASE_TABLE = Table(
    DATABASE,
    (
        Column("ID_EMPRESA", "{id}", "NOT NULL"),
        Column("BANCO", EXACT_NAME, "NOT NULL"),
        *_EVIDENCE,
    ),
    primary="ID_EMPRESA, BANCO",
    generates=False,
    references=(("ID_EMPRESA", COMPANY, "ON DELETE CASCADE"),),
)
REBUILD_TABLE = Table(
    REBUILD,
    (Column("ID", "smallint", "NOT NULL"), Column("RECONSTRUIDO_EM", _INSTANT, "NOT NULL")),
    generates=False,
)

TABLES = (COMPANY_TABLE, RUN_TABLE, VERSION_TABLE, STATE_TABLE, DATABASE_TABLE, REBUILD_TABLE)
