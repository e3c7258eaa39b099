"""A Brazilian shop's database, made inside the engine: accents, blobs, keys, and the two tables of design §4.1."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lab.firebird_server import FirebirdServer

CNPJ = "11.222.333/0001-81"
NAME = "Padaria São João"
TABLES = ("AGENDA_BACKUP", "CLIENTES", "EMPRESA", "FOTOS_PRODUTO", "PRODUTOS", "VENDAS", "VENDA_ITENS")
_SALES_OF_A_MEGABYTE = 880  # with their items, about a megabyte of .fdb


@dataclass(frozen=True)
class AgendaRow:
    """One row of AGENDA_BACKUP. days: the columns that hold S, such as `SEG TER`; all by default."""

    id: int
    time: str
    destination1: Path
    destination2: Path | None = None
    prefix: str = "V"
    days: str = "DOM SEG TER QUA QUI SEX SAB"
    source: Path | None = None


_SCHEMA = """
create table EMPRESA (CODIGO integer not null primary key, FANTASIA varchar(60), RAZAO varchar(80), CNPJ varchar(18),
  DATA_CADASTRO date);
create table AGENDA_BACKUP (ID integer not null primary key, HORARIO time, DOM char(1), SEG char(1), TER char(1),
  QUA char(1), QUI char(1), SEX char(1), SAB char(1), LOCAL_DESTINO1 varchar(250), LOCAL_DESTINO2 varchar(250),
  BACKUP_REMOTO char(1), PREFIXO_BACKUP char(1), BANCO_ORIGEM varchar(250));
create table CLIENTES (ID integer not null primary key, NOME varchar(60), CPF char(14), ENDERECO varchar(80),
  CIDADE varchar(40), OBSERVACAO blob sub_type text, CADASTRO timestamp);
create table PRODUTOS (ID integer not null primary key, DESCRICAO varchar(60), UNIDADE char(3), PRECO numeric(12, 2));
create table FOTOS_PRODUTO (ID integer not null primary key, PRODUTO integer not null, FOTO blob);
create table VENDAS (ID integer not null primary key, CLIENTE integer not null, EMISSAO timestamp,
  CHAVE char(44), TOTAL numeric(12, 2), STATUS char(1));
create table VENDA_ITENS (ID integer not null primary key, VENDA integer not null, PRODUTO integer not null,
  QUANTIDADE numeric(12, 3), PRECO numeric(12, 2), DESCRICAO varchar(60));
create sequence GEN_VENDAS;
commit;
"""

# Words are picked by arithmetic on the row's number: the same database each time, and as compressible as a real one.
_FILL = """
create procedure PALAVRA (N integer) returns (P varchar(20)) as begin
  P = trim(decode(mod(N, 16), 0, 'Pão', 1, 'Açúcar', 2, 'Café', 3, 'Feijão', 4, 'Maçã', 5, 'Limão', 6, 'Queijo', 7,
    'Leite',
      8, 'Água', 9, 'Suco', 10, 'Bolo', 11, 'Presunto', 12, 'Manteiga', 13, 'Óleo', 14, 'Sabão', 'Coxinha'));
end^
create procedure ENCHER (VENDAS_A_FAZER integer) as
declare I integer; declare J integer; declare P varchar(20); declare Q varchar(20); declare FOTO blob;
declare TEXTO varchar(2000); declare ITEM integer;
begin
  I = 1;
  while (I <= minvalue(2000, VENDAS_A_FAZER)) do begin
    execute procedure PALAVRA (I) returning_values P;
    execute procedure PALAVRA (I / 16) returning_values Q;
    insert into PRODUTOS values (:I, :P || ' ' || :Q || ' nº ' || :I, 'UN', 1 + mod(:I * 37, 9000) / 100.00);
    I = I + 1;
  end
  I = 1;
  while (I <= VENDAS_A_FAZER / 4 + 1) do begin
    execute procedure PALAVRA (I * 7) returning_values P;
    TEXTO = 'Cliente desde ' || (2001 + mod(I, 25)) || '. Prefere ' || P || '. Código ' || uuid_to_char(gen_uuid());
    insert into CLIENTES values (:I, 'João ' || :P || ' da Conceição ' || :I, mod(:I * 7919, 1000) || '.222.333-44',
      'Rua das Palmeiras, ' || mod(:I * 31, 4000), decode(mod(:I, 4), 0, 'São Paulo', 1, 'Goiânia', 2, 'Maceió',
        'Belém'),
      :TEXTO, timestamp '2020-01-01 08:00' + mod(:I, 2000));
    I = I + 1;
  end
  I = 1; ITEM = 0;
  while (I <= VENDAS_A_FAZER) do begin
    insert into VENDAS values (:I, 1 + mod(:I * 13, :VENDAS_A_FAZER / 4 + 1), timestamp '2024-01-01 08:00' + :I /
      300.0000,
      '3526' || lpad(:I, 20, '11222333000181') || lpad(mod(:I * 7919, 99999999), 20, '5'), mod(:I * 91, 40000) /
        100.00, 'F');
    J = 0;
    while (J < 7) do begin
      execute procedure PALAVRA (I + J) returning_values P;
      insert into VENDA_ITENS values (:ITEM, :I, 1 + mod(:I * 17 + :J * 5, minvalue(2000, :VENDAS_A_FAZER)), 1 +
        mod(:I, 9),
        mod(:I * 7 + :J * 131, 9000) / 100.00, :P || ' ' || mod(:I * 3 + :J, 2000));
      ITEM = ITEM + 1; J = J + 1;
    end
    I = I + 1;
  end
  I = 1;
  while (I <= VENDAS_A_FAZER / 40 + 1) do begin
    /* A photo is packed already: random bytes, as a JPEG's are to a packer. */
    TEXTO = ''; J = 0;
    while (J < 50) do begin TEXTO = TEXTO || uuid_to_char(gen_uuid()); J = J + 1; end
    FOTO = TEXTO || TEXTO || uuid_to_char(gen_uuid());
    insert into FOTOS_PRODUTO values (:I, 1 + mod(:I, minvalue(2000, :VENDAS_A_FAZER)), :FOTO);
    I = I + 1;
  end
end^
"""

_KEYS = """
create index CLIENTES_NOME on CLIENTES (NOME);
create index VENDAS_EMISSAO on VENDAS (EMISSAO);
create unique index VENDAS_CHAVE on VENDAS (CHAVE, ID);
alter table FOTOS_PRODUTO add constraint FK_FOTO_PRODUTO foreign key (PRODUTO) references PRODUTOS;
alter table VENDA_ITENS add constraint FK_ITEM_VENDA foreign key (VENDA) references VENDAS;
alter table VENDA_ITENS add constraint FK_ITEM_PRODUTO foreign key (PRODUTO) references PRODUTOS;
create view VENDAS_DO_DIA as select CLIENTES.NOME, VENDAS.TOTAL from VENDAS join CLIENTES on CLIENTES.ID =
  VENDAS.CLIENTE;
set term ^;
create trigger VENDAS_BI for VENDAS before insert as begin
  if (new.ID is null) then new.ID = next value for GEN_VENDAS;
end^
set term ;^
commit;
"""


def create_shop_database(
    server: FirebirdServer, path: Path, *, megabytes: float, agendas: Sequence[AgendaRow] = ()
) -> None:
    """A database of about this size (of the .fdb), charset WIN1252, with the server's own account as owner."""
    sales = max(int(megabytes * _SALES_OF_A_MEGABYTE), 50)
    login = f"user '{server.user}' password '{server.password}'"
    server.script(
        f"create database '{server.address(path)}' {login} page_size 8192 default character set WIN1252;\n"
        f"{_SCHEMA}set term ^;\n{_FILL}\nset term ;^\ncommit;\n"
    )
    server.run("gfix", "-write", "async", server.address(path))
    server.sql(f"execute procedure ENCHER ({sales});\ncommit;\n{_KEYS}", path)
    server.run("gfix", "-write", "sync", server.address(path))
    server.sql(
        f"insert into EMPRESA values (1, '{NAME}', '{NAME} Ltda', '{CNPJ}', date '2019-05-20');\ncommit;\n", path
    )
    set_agendas(server, path, agendas)


def set_agendas(server: FirebirdServer, path: Path, agendas: Sequence[AgendaRow]) -> None:
    """These rows in AGENDA_BACKUP and no others."""
    rows = "".join(_insert(row) for row in agendas)
    server.sql(f"delete from AGENDA_BACKUP;\n{rows}commit;\n", path)


def table_counts(server: FirebirdServer, path: Path) -> dict[str, int]:
    """The rows of each table, as the server counts them."""
    query = " union all ".join(f"select '{table}=' || count(*) from {table}" for table in TABLES)
    lines = server.sql(f"set heading off;\n{query};\n", path).split()
    return {table: int(count) for table, count in (line.split("=") for line in lines)}


def _insert(row: AgendaRow) -> str:
    days = ", ".join(
        "'S'" if day in row.days.split() else "'N'" for day in ["DOM", "SEG", "TER", "QUA", "QUI", "SEX", "SAB"]
    )
    second = "null" if row.destination2 is None else f"'{row.destination2}'"
    source = "null" if row.source is None else f"'{row.source}'"
    return (
        f"insert into AGENDA_BACKUP values ({row.id}, '{row.time}', {days}, '{row.destination1}', {second}, 'N',"
        f" '{row.prefix}', {source});\n"
    )
