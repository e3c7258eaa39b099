"""AGENDA_BACKUP as customers have it: each spelling, each character set, each kind of nonsense."""

from collections.abc import Callable
from datetime import datetime, time
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from topbackup import problems
from topbackup.errors import OperationFailed
from topbackup.firebird.address import Credentials, DatabaseAddress
from topbackup.firebird.agenda_reader import AgendaReading, agenda_from_row, read_agendas
from topbackup.firebird.connection import connect
from topcore.agenda import Agenda, RejectedRow, Weekday
from topcore.tables import NamingScheme

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no defect
MakeDatabase = Callable[..., DatabaseAddress]
DAYS = ("DOM", "SEG", "TER", "QUA", "QUI", "SEX", "SAB")
GOOD: dict[str, object] = {
    "ID": 1,
    "HORARIO": "23:00",
    **dict.fromkeys(DAYS, "S"),
    "LOCAL_DESTINO1": "D:\\BACKUP",
    "LOCAL_DESTINO2": None,
    "BACKUP_REMOTO": "N",
    "PREFIXO_BACKUP": "V",
    "BANCO_ORIGEM": None,
}
WITH_OPTIONAL = (
    "LOCAL_DESTINO1 VARCHAR(255) CHARACTER SET {charset}, LOCAL_DESTINO2 CHAR(60) CHARACTER SET {charset}, "
    "BACKUP_REMOTO CHAR(3), PREFIXO_BACKUP CHAR(2), BANCO_ORIGEM VARCHAR(255) CHARACTER SET {charset}"
)


def table(time_type: str = "TIME", rest: str = WITH_OPTIONAL, charset: str = "WIN1252", key: str = "INTEGER") -> str:
    days = ", ".join(f"{day} CHAR(1)" for day in DAYS)
    return f"CREATE TABLE AGENDA_BACKUP (ID {key}, HORARIO {time_type}, {days}, {rest.format(charset=charset)})"


def row(days: str = "NSSSSSN", **columns: str) -> str:
    """An INSERT; values are SQL."""
    values = {"ID": "1", "HORARIO": "'23:00'", "LOCAL_DESTINO1": "'/backup'"} | columns
    values |= {day: f"'{flag}'" for day, flag in zip(DAYS, days, strict=True)}
    return f"INSERT INTO AGENDA_BACKUP ({', '.join(values)}) VALUES ({', '.join(values.values())})"


def read(address: DatabaseAddress, login: Credentials, charset: str = "WIN1252") -> AgendaReading:
    with connect(address, login, charset, 5.0) as connection:
        return read_agendas(connection)


def judged(**columns: object) -> Agenda | RejectedRow:
    return agenda_from_row(GOOD | columns)


def accepted(**columns: object) -> Agenda:
    agenda = judged(**columns)
    assert isinstance(agenda, Agenda), agenda
    return agenda


def reason(**columns: object) -> str:
    rejected = judged(**columns)
    assert isinstance(rejected, RejectedRow), rejected
    return rejected.reason


class TestRealTables:
    def test_a_whole_row(self, make_database: MakeDatabase, login: Credentials) -> None:
        whole = row(
            ID="7",
            HORARIO="'22:30:00'",
            LOCAL_DESTINO1="'D:\\Backup'",
            LOCAL_DESTINO2="'E:\\Cópia'",
            BACKUP_REMOTO="'S'",
            PREFIXO_BACKUP="'u'",
            BANCO_ORIGEM="'C:\\Dados\\Ação.fdb'",
        )
        reading = read(make_database(table(), whole), login)
        assert reading.rejected == ()
        assert reading.agendas == (
            Agenda(
                id=7,
                time=time(22, 30),
                days=frozenset(set(Weekday) - {Weekday.DOM, Weekday.SAB}),
                destination1="D:\\Backup",
                destination2="E:\\Cópia",
                remote=True,
                naming=NamingScheme.SINGLE,
                source="C:\\Dados\\Ação.fdb",
            ),
        )

    def test_without_the_optional_columns(self, make_database: MakeDatabase, login: Credentials) -> None:
        reading = read(make_database(table(rest="LOCAL_DESTINO1 VARCHAR(255)"), row()), login)
        [agenda] = reading.agendas
        assert (agenda.destination2, agenda.remote, agenda.source) == (None, False, None)
        assert agenda.naming is NamingScheme.VERSIONED

    @pytest.mark.parametrize("time_type", ["TIME", "TIMESTAMP", "VARCHAR(10)", "CHAR(20)", "BLOB SUB_TYPE TEXT"])
    def test_every_type_of_a_time(self, make_database: MakeDatabase, login: Credentials, time_type: str) -> None:
        stored = "'2026-01-01 07:30:00'" if time_type == "TIMESTAMP" else "'07:30:00'"
        reading = read(make_database(table(time_type), row(HORARIO=stored)), login)
        assert [agenda.time for agenda in reading.agendas] == [time(7, 30)]

    @pytest.mark.parametrize("connected_as", ["WIN1252", "UTF8", "NONE", "ISO8859_1"])
    @pytest.mark.parametrize("charset", ["WIN1252", "ISO8859_1", "UTF8", "NONE"])
    @pytest.mark.parametrize("kind", ["VARCHAR(255)", "CHAR(255)", "BLOB SUB_TYPE TEXT"])
    def test_accents_are_exact(
        self, make_database: MakeDatabase, login: Credentials, charset: str, connected_as: str, kind: str
    ) -> None:
        # Ý and ý are not on a Portuguese keyboard, but catch a wrong code page; € is not in ISO8859_1.
        path = "D:\\Cópia de Segurança\\Ação ÁÉÍÓÚ ãõ çÇ Ýý" + ("" if charset == "ISO8859_1" else " €")
        rest = f"LOCAL_DESTINO1 {kind} CHARACTER SET {charset}"
        address = make_database(table(rest=rest), row(LOCAL_DESTINO1=f"'{path}'"))
        assert [agenda.destination1 for agenda in read(address, login, connected_as).agendas] == [path]

    @pytest.mark.parametrize("codec", ["cp1252", "utf-8"])
    @pytest.mark.parametrize("kind", ["VARCHAR(255) CHARACTER SET NONE", "BLOB SUB_TYPE BINARY"])
    def test_none_holds_what_a_program_sent(
        self, make_database: MakeDatabase, login: Credentials, codec: str, kind: str
    ) -> None:
        sent = "D:\\Segurança Ação €".encode(codec).hex()
        address = make_database(table(rest=f"LOCAL_DESTINO1 {kind}"), row(LOCAL_DESTINO1=f"x'{sent}'"))
        assert [agenda.destination1 for agenda in read(address, login).agendas] == ["D:\\Segurança Ação €"]

    def test_bad_rows_are_rejected_by_their_id_and_the_others_go_on(
        self, make_database: MakeDatabase, login: Credentials
    ) -> None:
        address = make_database(
            table("VARCHAR(10)"),
            row(ID="1"),
            row(ID="2", HORARIO="'25:00'"),
            row(ID="3", HORARIO="NULL"),
            row(ID="4", days="XNNNNNN"),
            row(ID="5", LOCAL_DESTINO1="'   '"),
            row(ID="6", PREFIXO_BACKUP="'Z'"),
            row(ID="7", LOCAL_DESTINO1="'/a' || ASCII_CHAR(10) || 'b'"),
            row(ID="8"),
            row(ID="8", HORARIO="'12:00'"),
            row(ID="NULL"),
            row(ID="9", HORARIO="' 08:00 '"),
            row(ID="10", BACKUP_REMOTO="'SIM'"),
            row(ID="11", LOCAL_DESTINO1="'pasta/relativa'"),
        )
        reading = read(address, login)
        assert [agenda.id for agenda in reading.agendas] == [1, 9]
        assert sorted((bad.row, bad.reason.split(":")[0]) for bad in reading.rejected) == [
            ("10", "BACKUP_REMOTO"),
            ("11", "LOCAL_DESTINO1"),
            ("2", "HORARIO"),
            ("3", "HORARIO"),
            ("4", "DOM"),
            ("5", "LOCAL_DESTINO1"),
            ("6", "PREFIXO_BACKUP"),
            ("7", "LOCAL_DESTINO1"),
            ("8", "ID"),
            ("8", "ID"),
            ("sem ID", "ID"),
        ]

    def test_an_empty_table_is_an_empty_schedule(self, make_database: MakeDatabase, login: Credentials) -> None:
        assert read(make_database(table()), login) == AgendaReading((), ())

    def test_it_may_be_a_view(self, make_database: MakeDatabase, login: Credentials) -> None:
        days = ", ".join(f"'S' AS {day}" for day in DAYS)
        rest = f"CAST('23:00' AS TIME) AS HORARIO, {days}, '/x' AS LOCAL_DESTINO1"
        view = f"CREATE VIEW AGENDA_BACKUP AS SELECT 3 AS ID, {rest} FROM RDB$DATABASE"
        assert [agenda.id for agenda in read(make_database(view), login).agendas] == [3]

    def test_a_table_that_is_missing(self, make_database: MakeDatabase, login: Credentials) -> None:
        with pytest.raises(OperationFailed) as caught:
            read(make_database(), login)
        assert caught.value.problem is problems.AGENDA_UNREADABLE
        assert "AGENDA_BACKUP" in caught.value.detail

    def test_columns_that_are_missing_are_named(self, make_database: MakeDatabase, login: Credentials) -> None:
        with pytest.raises(OperationFailed) as caught:
            read(make_database("CREATE TABLE AGENDA_BACKUP (ID INTEGER, HORARIO TIME, DOM CHAR(1))"), login)
        assert caught.value.problem is problems.AGENDA_UNREADABLE
        assert "SEG" in caught.value.detail
        assert "LOCAL_DESTINO1" in caught.value.detail


class TestOneRow:
    @pytest.mark.parametrize(
        ("stored", "meant"),
        [
            ("07:30:00", time(7, 30)),
            (" 23:00 ", time(23)),
            ("7:05", time(7, 5)),
            ("00:00", time(0)),
            ("07:30:59.9999", time(7, 30)),
            (time(22, 15, 30), time(22, 15)),
            (datetime(1899, 12, 30, 6, 45), time(6, 45)),
        ],
    )
    def test_times(self, stored: object, meant: time) -> None:
        assert accepted(HORARIO=stored).time == meant

    @pytest.mark.parametrize(
        "stored",
        ["25:00", "abc", "", None, "23:60", "23:00:60", "7:5", "24:00", "2300", 2300, "-1:00", "２３:００", "23:00x"],
    )
    def test_no_times(self, stored: object) -> None:
        assert reason(HORARIO=stored).startswith("HORARIO:")

    @pytest.mark.parametrize(
        ("stored", "meant"),
        [("S", True), ("s", True), (" S ", True), (True, True), ("N", False), ("n", False), (None, False), ("", False)],
    )
    def test_flags(self, stored: object, meant: bool) -> None:
        assert accepted(BACKUP_REMOTO=stored).remote is meant
        assert (Weekday.QUA in accepted(QUA=stored).days) is meant

    @pytest.mark.parametrize("stored", ["X", "1", 1, 0, "SIM", "Y", "?"])
    def test_no_flags(self, stored: object) -> None:
        assert reason(QUA=stored).startswith("QUA:")
        assert reason(BACKUP_REMOTO=stored).startswith("BACKUP_REMOTO:")

    def test_each_day_is_its_own_column(self) -> None:
        off = dict.fromkeys(DAYS, "N")
        for day in DAYS:
            assert accepted(**off | {day: "S"}).days == {Weekday[day]}
        assert not accepted(**off).active

    @pytest.mark.parametrize(("stored", "meant"), [("V", "V"), ("s", "S"), ("U ", "U"), (None, "V"), ("", "V")])
    def test_namings(self, stored: object, meant: str) -> None:
        assert accepted(PREFIXO_BACKUP=stored).naming.value == meant

    @pytest.mark.parametrize("stored", ["Z", "VV", 0, "?"])
    def test_no_namings(self, stored: object) -> None:
        assert reason(PREFIXO_BACKUP=stored).startswith("PREFIXO_BACKUP:")

    @pytest.mark.parametrize(("stored", "meant"), [(5, 5), ("5", 5), (" 12 ", 12), (Decimal("3.00"), 3), (2.0, 2)])
    def test_ids(self, stored: object, meant: int) -> None:
        assert accepted(ID=stored).id == meant

    @pytest.mark.parametrize("stored", [None, "", "x", 1.5, "1;2"])
    def test_no_ids(self, stored: object) -> None:
        assert reason(ID=stored).startswith("ID:")

    @pytest.mark.parametrize("column", ["LOCAL_DESTINO1", "LOCAL_DESTINO2", "BANCO_ORIGEM"])
    @pytest.mark.parametrize("sign", ["\n", "\r", "\t", "\0", "\x1b", "\x7f", "\x85", "\u202e", "\u200e", "\u2028"])
    def test_no_invisible_sign_in_a_path(self, column: str, sign: str) -> None:
        wrong = reason(**{column: f"/a{sign}b"})
        assert wrong.startswith(f"{column}:")
        assert sign not in wrong

    @pytest.mark.parametrize("stored", ["server/99999:C:\\x.fdb", "loja/0:x", "inet://h:70000/x"])
    def test_no_address_of_a_database(self, stored: str) -> None:
        assert reason(BANCO_ORIGEM=stored).startswith("BANCO_ORIGEM:")

    def test_blanks_around_a_path_are_padding(self) -> None:
        agenda = accepted(LOCAL_DESTINO1="  /a b/c  ", LOCAL_DESTINO2="   ", BANCO_ORIGEM="")
        assert (agenda.destination1, agenda.destination2, agenda.source) == ("/a b/c", None, None)

    def test_a_long_wrong_value_is_cut(self) -> None:
        assert len(reason(HORARIO="9" * 10_000)) < 150


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.decimals(),
    st.text(),
    st.binary(),
    st.times(),
    st.datetimes(),
    st.dates(),
    st.sampled_from(["S", "N", "23:00", "V", "/backup", "99:99"]),
)


@UNHURRIED
@given(st.dictionaries(st.sampled_from([*GOOD, "OUTRA"]), VALUES), st.booleans())
def test_no_row_makes_it_raise(columns: dict[str, object], from_good: bool) -> None:
    result = agenda_from_row(GOOD | columns if from_good else columns)
    if isinstance(result, Agenda):
        assert result.destination1.strip() == result.destination1 != ""
        assert result.time.second == result.time.microsecond == 0
        assert result.time.tzinfo is None
    else:
        assert result.reason.split(":")[0] in GOOD
        assert result.row


@UNHURRIED
@given(st.times(), st.frozensets(st.sampled_from(list(Weekday))), st.sampled_from(NamingScheme))
def test_what_is_written_well_is_read_so(at: time, days: frozenset[Weekday], naming: NamingScheme) -> None:
    flags = {day.name: "S" if day in days else "N" for day in Weekday}
    agenda = accepted(HORARIO=f"{at:%H:%M}", PREFIXO_BACKUP=naming.value, **flags)
    assert (agenda.time, agenda.days, agenda.naming) == (at.replace(second=0, microsecond=0), days, naming)
