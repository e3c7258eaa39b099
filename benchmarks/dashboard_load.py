"""A private MariaDB with ten thousand companies and as many runs as are asked for, realistic and quickly made.

The rows come by INSERT … SELECT from MariaDB's sequence tables, oldest first, without the triggers, which ten million
times over would take most of an hour; then the product's own rebuild computes EMPRESA_ESTADO and its own code creates
the triggers again.
"""

import sys
import time
from datetime import datetime

from django.db import connection

from dashboard.monitoring.models import Company, CompanyState, Run
from dashboard.monitoring.state.dialect import Dialect
from dashboard.monitoring.state.rebuild import rebuild
from dashboard.monitoring.state.triggers import create_triggers, trigger_texts
from dashboard.monitoring.wall_time import wall_text

_ROWS_IN_ONE_STATEMENT = 200_000
_SILENT = "C.seq % 200 = 4"  # never heard of: SEM_DADOS
_WORDS = (
    "'Padaria', 'Mercado', 'Farmácia', 'Auto Peças', 'Ótica', 'Açougue', 'Posto', 'Papelaria', 'Pet Shop', 'Clínica'"
)
_PLACES = "'São João', 'Central', 'do Vale', 'Boa Vista', 'Ipiranga', 'União', 'Nova Era', 'da Serra', 'Três Irmãos'"


def load(rows: int, companies: int, now: datetime) -> None:
    """Into the migrated, empty database that Django speaks to. now: aware; the newest runs are of the last day."""
    began = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION unique_checks = 0, foreign_key_checks = 0, sql_mode = ''")
        for name in trigger_texts(Dialect.of(connection)):
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        cursor.execute(_COMPANIES.format(last=companies, now=wall_text(now)))
        reporting = companies - companies // 200
        each = -(-rows // reporting)
        block = max(1, _ROWS_IN_ONE_STATEMENT // companies)
        for oldest in range(each - 1, -1, -block):
            newest = max(0, oldest - block + 1)
            cursor.execute(
                _RUNS.format(newest=newest, oldest=oldest, last=companies, now=wall_text(now)),
            )
            _say(f"{(each - newest) * reporting:,} rows, {time.monotonic() - began:.0f} s")
        cursor.execute("SET SESSION unique_checks = 1, foreign_key_checks = 1")
        create_triggers(connection)
        rebuild(connection, now)
        _say(f"rebuilt, {time.monotonic() - began:.0f} s\n")
        for model in (Company, Run, CompanyState):
            cursor.execute(f"ANALYZE TABLE {model._meta.db_table}")
            cursor.fetchall()


def _say(text: str) -> None:
    print(f"\r  load: {text}", end="", file=sys.stderr, flush=True)


_COMPANIES = f"""
INSERT INTO EMPRESA (ID, ID_AUX, FANTASIA, RAZAO, CNPJ, DATA_ULTIMA_INTERACAO, VERSAO_LOCAL, DATA_CADASTRO, ATIVO)
SELECT C.seq, C.seq,
  CONCAT(ELT(1 + C.seq % 10, {_WORDS}), ' ', ELT(1 + C.seq DIV 10 % 9, {_PLACES}), ' ', C.seq),
  CONCAT('Comércio ', ELT(1 + C.seq DIV 10 % 9, {_PLACES}), ' ', C.seq, ' Ltda'),
  CONCAT(LPAD(C.seq % 97, 2, '0'), '.', LPAD(C.seq DIV 1000, 3, '0'), '.', LPAD(C.seq % 1000, 3, '0'), '/0001-',
    LPAD(C.seq % 89, 2, '0')),
  TIMESTAMP('{{now}}') - INTERVAL C.seq % 600 SECOND, ELT(1 + C.seq % 3, '2.0.0', '2.0.1', '1.0.8'),
  '2024-01-02 03:04:05', 'S'
FROM seq_1_to_{{last}} C
"""
# By the company's number: 2 % failed, 2 % silent for days, 0.5 % without data, 1 % partial, 2 % late, 1 % running.
_BEGAN = """(TIMESTAMP('{now}') - INTERVAL (3600 + C.seq * 7 % 40000) SECOND - INTERVAL R.seq DAY
  - INTERVAL (CASE WHEN C.seq % 100 IN (2, 3) THEN 120 WHEN C.seq % 100 IN (6, 7) THEN 26 ELSE 0 END) HOUR
  + INTERVAL (CASE WHEN R.seq = 0 AND C.seq % 100 = 8 THEN 2600 + C.seq * 7 % 40000 ELSE 0 END) SECOND)"""
_STATUS = """(CASE WHEN R.seq = 0 AND C.seq % 100 IN (0, 1) THEN 'F' WHEN R.seq = 0 AND C.seq % 100 = 8 THEN 'E'
  WHEN R.seq > 0 AND (C.seq + R.seq * 13) % 37 = 0 THEN 'F' ELSE 'S' END)"""
_SIZE = "(40000000 + C.seq * 104729 % 900000000 - R.seq * 15013)"
_RUNS = f"""
INSERT INTO LOG_BACKUPS (ID_EMPRESA, DATA_INICIO, DATA_FIM, NOME_ARQUIVO, CAMINHO_DESTINO, CAMINHO_DESTINO2,
  TAMANHO_BYTES, TAMANHO_FORMATADO, STATUS, MENSAGEM_ERRO, TIPO_BACKUP, MANUAL, UUID, HASH_SHA256, BANCO_ORIGEM,
  CODIGO_ERRO, VERIFICADO, DATA_VERIFICACAO, PROXIMO_PREVISTO, DATA_RECEBIDO)
SELECT company, began, began + INTERVAL 240 SECOND, CONCAT(company, DATE_FORMAT(began, '_%Y%m%d_%H%i%s.zip')),
  'D:\\\\BACKUP', IF(company % 3, 'E:\\\\COPIA', NULL), IF(letter = 'S', size, NULL),
  IF(letter = 'S', CONCAT(ROUND(size / 1048576, 1), ' MB'), NULL), letter,
  IF(letter = 'F', 'Não há espaço livre suficiente no destino.', NULL), 'V', 'N', UUID(),
  SHA2(CONCAT(company, began), 256),
  'C:\\\\ERP\\\\DADOS.FDB',
  CASE WHEN letter = 'F' THEN 'TB-DESTINO-CHEIO'
    WHEN letter = 'S' AND run = 0 AND company % 100 = 5 THEN 'TB-DESTINO-AUSENTE' END,
  IF(letter = 'S' AND company % 2, 'S', 'N'), IF(letter = 'S' AND company % 2, began + INTERVAL 200 SECOND, NULL),
  began + INTERVAL 1 DAY, began + INTERVAL 240 SECOND
FROM (SELECT C.seq AS company, R.seq AS run, {_BEGAN} AS began, {_STATUS} AS letter, {_SIZE} AS size
  FROM seq_{{oldest}}_to_{{newest}} R STRAIGHT_JOIN seq_1_to_{{last}} C WHERE NOT {_SILENT}) AS made
"""
