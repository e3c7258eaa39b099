"""The three tables as 1.0.x sites made them by hand, with rows, and the statements that agents of 1.0.x run."""

from tests.dashboard.databases import execute, rows

_TYPES = {"sqlite": "INTEGER PRIMARY KEY AUTOINCREMENT", "mariadb": "{id} NOT NULL AUTO_INCREMENT PRIMARY KEY"}
COMPANY_COLUMNS = "ID, ID_AUX, FANTASIA, RAZAO, CNPJ, DATA_ULTIMA_INTERACAO, VERSAO_LOCAL, DATA_CADASTRO, ATIVO"
RUN_COLUMNS = (
    "ID, ID_EMPRESA, DATA_INICIO, DATA_FIM, NOME_ARQUIVO, CAMINHO_DESTINO, CAMINHO_DESTINO2, TAMANHO_BYTES, "
    "TAMANHO_FORMATADO, STATUS, MENSAGEM_ERRO, TIPO_BACKUP, ENVIADO_FTP, DATA_ENVIO_FTP, MANUAL"
)
ORIGINAL_ROWS = (
    ("EMPRESA", COMPANY_COLUMNS),
    ("LOG_BACKUPS", RUN_COLUMNS),
    ("VERSAO_APP", "ID, VERSAO, DATA_LANCAMENTO, URL_DOWNLOAD, HASH_SHA256, CHANGELOG, OBRIGATORIA"),
)


def create_by_hand(kind: str, id_type: str = "int(11)", unique: str = "UNIQUE") -> None:
    """id_type: MySQL's, as the site chose it. unique: on CNPJ; empty where nobody thought of it."""
    key = _TYPES[kind].format(id=id_type)
    company = id_type if kind == "mariadb" else "INTEGER"
    options = "ENGINE = InnoDB DEFAULT CHARSET = latin1" if kind == "mariadb" else ""
    execute(
        f"""CREATE TABLE EMPRESA (ID {key}, ID_AUX INT, FANTASIA VARCHAR(100), RAZAO VARCHAR(100),
            CNPJ VARCHAR(18) NOT NULL {unique}, DATA_ULTIMA_INTERACAO DATETIME, VERSAO_LOCAL VARCHAR(20),
            DATA_CADASTRO DATETIME, ATIVO CHAR(1) DEFAULT 'S') {options}""",
        f"""CREATE TABLE LOG_BACKUPS (ID {key}, ID_EMPRESA {company} NOT NULL, DATA_INICIO DATETIME,
            DATA_FIM DATETIME, NOME_ARQUIVO VARCHAR(255), CAMINHO_DESTINO VARCHAR(500), CAMINHO_DESTINO2 VARCHAR(500),
            TAMANHO_BYTES BIGINT, TAMANHO_FORMATADO VARCHAR(20), STATUS CHAR(1) DEFAULT 'P',
            MENSAGEM_ERRO TEXT, TIPO_BACKUP CHAR(1),
            ENVIADO_FTP CHAR(1) DEFAULT 'N', DATA_ENVIO_FTP DATETIME, MANUAL CHAR(1) DEFAULT 'N',
            FOREIGN KEY (ID_EMPRESA) REFERENCES EMPRESA (ID)) {options}""",
        f"""CREATE TABLE VERSAO_APP (ID {key}, VERSAO VARCHAR(20) NOT NULL UNIQUE, DATA_LANCAMENTO DATETIME,
            URL_DOWNLOAD VARCHAR(500), HASH_SHA256 VARCHAR(64), CHANGELOG TEXT,
            OBRIGATORIA CHAR(1) DEFAULT 'N') {options}""",
    )


def fill_by_hand() -> None:
    """Company 1 is fine, 2 has failed, 3 was never heard of, 4 was left in the middle of a run."""
    for identity, name in enumerate(("Padaria São João", "Açougue Boi", "Ótica", "Posto"), 1):
        execute(
            f"INSERT INTO EMPRESA ({COMPANY_COLUMNS}) VALUES ({identity}, 7, '{name}', '{name} Ltda',"
            f" 'cnpj {identity}', '2026-11-23 08:00:00', '1.0.8', '2024-01-02 03:04:05', 'S')"
        )
    insert_run(1, "S", "2026-11-22 23:00:00")
    insert_run(2, "S", "2026-11-21 23:00:00")
    insert_run(2, "F", "2026-11-22 23:00:00")
    insert_run(4, "S", "2026-11-21 23:00:00")
    insert_run(4, "E", "2026-11-22 23:00:00")
    execute("INSERT INTO VERSAO_APP (VERSAO, OBRIGATORIA) VALUES ('1.0.8', 'S')")


def insert_run(company: int, status: str, started_at: str) -> None:
    """As 1.0.x does: without the columns that it does not know."""
    execute(
        "INSERT INTO LOG_BACKUPS (ID_EMPRESA, DATA_INICIO, NOME_ARQUIVO, CAMINHO_DESTINO, STATUS, TIPO_BACKUP, MANUAL)"
        f" VALUES ({company}, '{started_at}', 'x.zip', 'C:/BACKUP', '{status}', 'V', 'N')"
    )


def finish_run(company: int, status: str) -> None:
    """As 1.0.x does: the company's newest row, by ID."""
    ((identity,),) = rows("SELECT MAX(ID) FROM LOG_BACKUPS WHERE ID_EMPRESA = %s", [company])
    execute(f"UPDATE LOG_BACKUPS SET STATUS = '{status}', TAMANHO_BYTES = 12345 WHERE ID = {identity}")


def original() -> list[list[tuple[object, ...]]]:
    """All that the three tables held before the migration."""
    return [rows(f"SELECT {columns} FROM {table} ORDER BY ID") for table, columns in ORIGINAL_ROWS]
