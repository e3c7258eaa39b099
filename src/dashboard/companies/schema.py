"""This room's own table, declared as those of the contract are."""

from dashboard.monitoring.schema.tables import COMPANY, Column, Table

NOTE_TABLE = Table(
    "ANOTACAO",
    (
        Column("ID", "{id}", "NOT NULL"),
        Column("ID_EMPRESA", "{id}", "NOT NULL"),
        Column("TIPO", "char(1)", "NOT NULL DEFAULT 'N'"),
        Column("QUANDO", "datetime(6)", "NOT NULL"),
        Column("QUEM", "varchar(150)", "NOT NULL"),
        Column("ID_AUTOR", "bigint"),
        Column("TEXTO", "longtext", "NOT NULL"),
        Column("RISCADA_EM", "datetime(6)"),
        Column("RISCADA_POR", "varchar(150)"),
    ),
    references=(("ID_EMPRESA", COMPANY, "ON DELETE CASCADE"),),
    indexed=(("ANOTACAO_EMPRESA", ("ID_EMPRESA", "ID")),),
)
