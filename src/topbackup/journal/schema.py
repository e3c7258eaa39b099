"""The journal's tables.

WAL with synchronous FULL: a transaction that returned survives a power cut. One row of SAIDA (the outbox) is written in
the same transaction as the state of the run that it tells of.
"""

SCHEMA_VERSION = 1

PRAGMAS = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON")

STATEMENTS = (
    """CREATE TABLE EXECUCAO (
        SEQUENCIA INTEGER PRIMARY KEY AUTOINCREMENT,
        UUID TEXT NOT NULL UNIQUE,
        BANCO TEXT NOT NULL,
        STATUS TEXT NOT NULL CHECK (STATUS IN ('P', 'E', 'S', 'F')),
        INICIO TEXT NOT NULL,
        REGISTRO TEXT NOT NULL,
        ARQUIVOS TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX EXECUCAO_BANCO ON EXECUCAO (BANCO, STATUS, SEQUENCIA)",
    "CREATE INDEX EXECUCAO_STATUS ON EXECUCAO (STATUS, SEQUENCIA)",
    """CREATE TABLE COPIA (
        UUID TEXT NOT NULL REFERENCES EXECUCAO (UUID),
        NUMERO INTEGER NOT NULL,
        CAMINHO TEXT NOT NULL,
        CODIGO_ERRO TEXT,
        MENSAGEM_ERRO TEXT,
        PRIMARY KEY (UUID, NUMERO)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE SAIDA (
        SEQUENCIA INTEGER PRIMARY KEY AUTOINCREMENT,
        UUID TEXT NOT NULL,
        REGISTRO TEXT NOT NULL
    ) STRICT""",
    f"PRAGMA user_version={SCHEMA_VERSION}",
)
