"""The journal's tables, and the steps from each version to the next.

WAL with synchronous FULL: a transaction that returned survives a power cut. One row of SAIDA (the outbox) is written in
the same transaction as the state of the run that it tells of; one row of PREVISTO, a settled slot, in that of its run.
"""

PRAGMAS = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON")

_RUNS = (
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
)

# AGENDA_VISTA: each row of AGENDA_BACKUP as it was last read. PREVISTO: what became of each due slot; instants in
# ISO 8601, UTC, of one length, so that they sort as text. MEMORIA: what the agent must know again after a restart.
_SLOTS = (
    """CREATE TABLE AGENDA_VISTA (
        ID INTEGER PRIMARY KEY,
        AGENDA TEXT NOT NULL,
        FUSO TEXT NOT NULL,
        DESDE TEXT NOT NULL,
        LIDA TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE PREVISTO (
        AGENDA INTEGER NOT NULL,
        HORARIO TEXT NOT NULL,
        RESULTADO TEXT NOT NULL CHECK (RESULTADO IN ('EXECUTADO', 'COALESCIDO', 'TARDE', 'ALTERADO')),
        UUID TEXT,
        PRIMARY KEY (AGENDA, HORARIO),
        CHECK ((RESULTADO = 'EXECUTADO') = (UUID IS NOT NULL))
    ) STRICT, WITHOUT ROWID""",
    "CREATE TABLE MEMORIA (CHAVE TEXT PRIMARY KEY, VALOR TEXT NOT NULL) STRICT, WITHOUT ROWID",
)

# ENVIO: the copies that are owed to places away. PROXIMA: when to try; NOTA: what the next attempt gets back. APAGADA:
# when retention took the copy away; until then it is ours, and there as far as is known.
_UPLOADS = (
    """CREATE TABLE ENVIO (
        UUID TEXT NOT NULL REFERENCES EXECUCAO (UUID),
        DESTINO TEXT NOT NULL,
        ARQUIVO TEXT NOT NULL,
        ESTADO TEXT NOT NULL CHECK (ESTADO IN ('ESPERA', 'FEITO', 'SUPERADO')),
        TENTATIVAS INTEGER NOT NULL,
        PROXIMA TEXT NOT NULL,
        NOTA TEXT,
        CONFERIDO TEXT,
        APAGADA TEXT,
        PRIMARY KEY (UUID, DESTINO),
        CHECK ((ESTADO = 'FEITO') = (CONFERIDO IS NOT NULL))
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX ENVIO_ESPERA ON ENVIO (ESTADO, PROXIMA)",
    "ALTER TABLE COPIA ADD COLUMN APAGADA TEXT",
)

STEPS = (_RUNS, _SLOTS, _UPLOADS)
"""STEPS[n] leads from version n to n + 1."""

SCHEMA_VERSION = len(STEPS)
