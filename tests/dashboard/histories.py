"""Random histories of one company: what is done to LOG_BACKUPS, and what topcore makes of the rows that are left."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.db import connection
from hypothesis import strategies as st

from dashboard.monitoring.evidence import evidence_of
from dashboard.monitoring.models import CompanyState, Run
from dashboard.monitoring.wall_time import CLOUD_ZONE, wall_text
from topcore.health import Evidence, RunFact, evidence, weakest
from topcore.tables import Proof, RunStatus

START = datetime(2026, 11, 20, 12, tzinfo=CLOUD_ZONE)
# Few instants, so that ties are common; with and without a fraction; far away too, as a wrong clock has them.
_OFFSETS = [timedelta(hours=hours, microseconds=fraction) for hours in (0, 1, 2, 30) for fraction in (0, 1, 999_999)]
_OFFSETS += [timedelta(days=-400), timedelta(days=3000), timedelta(minutes=10), timedelta(hours=1, minutes=1)]
instants = st.sampled_from([START + offset for offset in _OFFSETS])
# Instants at which a rule begins or ends to hold for a run that began, or is due, at one of the instants above.
_EDGES = [timedelta(minutes=15), timedelta(minutes=75), timedelta(minutes=-15)]
_EDGES += [timedelta(hours=hours) for hours in (0, 1, 24, 25, 48)]
moments = st.one_of(
    st.tuples(instants, st.sampled_from(_EDGES)).map(lambda pair: pair[0] + pair[1]),
    st.tuples(instants, st.sampled_from(_EDGES)).map(lambda pair: pair[0] + pair[1]),
    st.timedeltas(timedelta(hours=-2), timedelta(days=12)).map(lambda offset: START + offset),
)
_slots = st.one_of(
    st.none(),
    instants,
    st.sampled_from([START + timedelta(days=days) for days in (1, 7, 8, 9)]),
    # Eight days after an instant, to the microsecond: the edge of what is believed.
    st.sampled_from([START + offset + timedelta(days=8) for offset in _OFFSETS]),
)
_sizes = st.sampled_from([None, 48_000_000, 48_000_000, 48_000_000, 1, 0, -1])
# Names that MySQL's collations hold for equal are two databases.
NAMES = ("D:\\loja.fdb", "D:\\LOJA.FDB", "D:\\lojá.fdb")
SOURCES = st.sampled_from([*NAMES[:2] * 3, NAMES[2], "", None])
_PAIR = frozenset(NAMES[:2])
_KNOWN = st.sampled_from([_PAIR, _PAIR, frozenset(NAMES[:1]), frozenset(NAMES), frozenset()])


@dataclass(frozen=True)
class Databases:
    """The agent says which databases it looks after."""

    company: int
    names: frozenset[str]


@dataclass(frozen=True)
class Row:
    """What the status hangs on, as the table holds it. status, proof: letters, also ones that nobody defined."""

    company: int
    status: str | None
    started_at: datetime | None
    received_at: datetime | None
    error_code: str | None = None
    proof: str | None = Proof.NOT_TRIED
    proven_at: datetime | None = None
    next_due: datetime | None = None
    size: int | None = None
    source: str | None = None
    source_next_due: datetime | None = None

    def values(self) -> list[str | int | None]:
        instants = (self.started_at, self.received_at, self.proven_at, self.next_due, self.source_next_due)
        started, received, proven, due, own_due = (wall_text(at) if at else None for at in instants)
        code, source = self.error_code, self.source
        return [self.company, self.status, started, received, code, self.proof, proven, due, self.size, source, own_due]

    def fact(self, *, of_database: bool = False) -> RunFact | None:
        """None for what says nothing: an unknown letter, no date at all, or a success without its start."""
        if self.status not in [status.value for status in RunStatus]:
            return None
        proof = Proof(self.proof) if self.proof in [proof.value for proof in Proof] else Proof.NOT_TRIED
        started, received = self.started_at or self.received_at, self.received_at or self.started_at
        if started is None or received is None:
            return None
        run = RunFact(
            started,
            received,
            RunStatus(self.status),
            self.error_code is not None,
            proof,
            (self.source_next_due or self.next_due) if of_database else self.next_due,
            self.size,
        )
        return None if run.succeeded and self.started_at is None else run


rows = st.builds(
    Row,
    company=st.sampled_from([1, 2]),
    status=st.sampled_from(["P", "E", "S", "S", "S", "F", "X", "s", None]),
    started_at=st.one_of(instants, instants, instants, st.none()),
    received_at=st.one_of(instants, instants, instants, st.none()),
    error_code=st.sampled_from([None, None, "TB-D-02"]),
    proof=st.sampled_from(["N", "N", "S", "F", None, "?"]),
    proven_at=st.one_of(st.none(), instants),
    next_due=_slots,
    size=_sizes,
    source=SOURCES,
    source_next_due=_slots,
)
_changes = st.fixed_dictionaries({}, optional={
    "status": st.sampled_from(["P", "E", "S", "F", "X"]),
    "started_at": st.one_of(st.none(), instants),
    "received_at": st.one_of(instants, instants, st.none()),
    "error_code": st.sampled_from([None, "TB-D-02"]),
    "proof": st.sampled_from(["N", "S", "F"]),
    "proven_at": st.one_of(st.none(), instants),
    "next_due": _slots,
    "size": _sizes,
    "company": st.sampled_from([1, 2]),
    "source": SOURCES,
    "source_next_due": _slots,
})  # fmt: skip
# What the agent looks after; an insert; an update of the n-th row that is left; a delete of it.
deeds = st.one_of(
    st.builds(
        Databases,
        st.sampled_from([1, 2]),
        st.sampled_from([_PAIR, _PAIR, frozenset(NAMES[:1]), frozenset(NAMES), frozenset()]),
    ),
    rows,
    rows,
    st.tuples(st.integers(0, 20), _changes),
    st.tuples(st.integers(0, 20), _changes),
    st.integers(0, 20),
)


@st.composite
def _of_two_databases(draw: st.DrawFn) -> list[object]:
    """Mostly good runs of both, their naming at any moment among them, and anything afterwards."""
    row = st.builds(
        Row,
        company=st.just(1),
        status=st.sampled_from("SSSSSFEP"),
        started_at=instants,
        received_at=st.one_of(instants, st.none()),
        error_code=st.sampled_from([None, None, None, "TB-D-02"]),
        proof=st.sampled_from("NNSF"),
        proven_at=st.one_of(st.none(), instants),
        next_due=_slots,
        source=st.sampled_from(NAMES[:2]),
        source_next_due=_slots,
    )
    found: list[object] = draw(st.lists(row, min_size=2, max_size=6))
    found.insert(draw(st.integers(0, len(found))), Databases(1, _PAIR))
    return found + draw(st.lists(deeds, max_size=5))


any_history = st.one_of(st.lists(deeds, max_size=14), _of_two_databases())
COLUMNS = (
    "ID_EMPRESA", "STATUS", "DATA_INICIO", "DATA_RECEBIDO", "CODIGO_ERRO", "VERIFICADO", "DATA_VERIFICACAO",
    "PROXIMO_PREVISTO", "TAMANHO_BYTES", "BANCO_ORIGEM", "PROXIMO_DO_BANCO",
)  # fmt: skip


@dataclass
class History:
    """The table as it should be, beside the one in the database."""

    left: dict[int, Row] = field(default_factory=dict)
    used: int = 0
    databases: dict[int, frozenset[str]] = field(default_factory=dict)

    def do(self, deed: Databases | Row | tuple[int, dict[str, object]] | int) -> None:
        with connection.cursor() as cursor:
            if isinstance(deed, Databases):
                known = self.databases.get(deed.company, frozenset())
                for statement, names in (
                    ("DELETE FROM EMPRESA_BANCO WHERE ID_EMPRESA = %s AND BANCO = %s", known - deed.names),
                    ("INSERT INTO EMPRESA_BANCO (ID_EMPRESA, BANCO) VALUES (%s, %s)", deed.names - known),
                ):
                    for name in sorted(names):
                        cursor.execute(statement, [deed.company, name])
                self.databases[deed.company] = deed.names
                return
            if isinstance(deed, Row):
                self.used += 1
                self.left[self.used] = deed
                marks = ", ".join(["%s"] * (len(COLUMNS) + 1))
                cursor.execute(
                    f"INSERT INTO LOG_BACKUPS (ID, {', '.join(COLUMNS)}) VALUES ({marks})", [self.used, *deed.values()]
                )
                self.left[self.used] = replace(deed, received_at=self._received(self.used))
                return
            if not self.left:
                return
            number = deed[0] if isinstance(deed, tuple) else deed
            identity = sorted(self.left)[number % len(self.left)]
            if isinstance(deed, int):
                del self.left[identity]
                cursor.execute("DELETE FROM LOG_BACKUPS WHERE ID = %s", [identity])
                return
            changed = replace(self.left[identity], **deed[1])  # type: ignore[arg-type]
            self.left[identity] = changed
            marks = ", ".join(f"{column} = %s" for column in COLUMNS)
            cursor.execute(f"UPDATE LOG_BACKUPS SET {marks} WHERE ID = %s", [*changed.values(), identity])

    def _received(self, identity: int) -> datetime:
        """The server's stamp, where the row came without one."""
        received = Run.objects.get(pk=identity).received_at
        assert isinstance(received, datetime)
        return received

    def evidence(self, company: int) -> Evidence:
        names = self.databases.get(company, frozenset())
        if len(names) < 2:
            return self._evidence([row.fact() for row in self._rows_of_one(company, names)])
        return weakest(
            [
                self._evidence([row.fact(of_database=True) for row in self._rows(company) if row.source == name])
                for name in sorted(names)
            ]
        )

    def _evidence(self, facts: list[RunFact | None]) -> Evidence:
        return evidence(fact for fact in facts if fact is not None)

    def _rows_of_one(self, company: int, names: frozenset[str]) -> list[Row]:
        """Where one database is known, a run of another is no news of it; one that names none may be its own."""
        return [row for row in self._rows(company) if not names or (row.source or "") in {"", *names}]

    def _rows(self, company: int) -> list[Row]:
        return [row for _, row in sorted(self.left.items()) if row.company == company]

    def last_proof(self, company: int) -> datetime | None:
        names = self.databases.get(company, frozenset())
        if len(names) < 2:
            return self._last_proof(self._rows_of_one(company, names))
        each = [self._last_proof([row for row in self._rows(company) if row.source == name]) for name in names]
        return None if None in each else min(filter(None, each))

    def _last_proof(self, rows: list[Row]) -> datetime | None:
        proven = [row.proven_at for row in rows if row.status == "S" and row.proof == "S" and row.proven_at]
        return max(proven, default=None)


def stored(company: int) -> Evidence:
    """EMPRESA_ESTADO's row as topcore's type."""
    return evidence_of(CompanyState.objects.get(pk=company))
