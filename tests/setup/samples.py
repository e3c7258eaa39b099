"""Findings as the trials give them, for tests that need no server."""

from datetime import time
from pathlib import Path

from topbackup.errors import OperationFailed
from topbackup.firebird.agenda_reader import AgendaReading
from topbackup.firebird.discovery import Gbak
from topbackup.firebird.server import EngineVersion
from topbackup.problems import CLOUD_LOGIN, DESTINATION_READ_ONLY, FIREBIRD_LOGIN
from topbackup.setup.draft import Draft
from topbackup.setup.fields import CloudKind, Field
from topbackup.setup.findings import CloudFinding, CopiesFinding, FirebirdFinding, PlaceFinding
from topbackup.setup.wizard import Wizard
from topcore.agenda import EVERY_DAY, Agenda, RejectedRow, Weekday
from topcore.company import Company, TaxId

BAKERY = Company(1, "Padaria São João", "Padaria São João Ltda", TaxId.parse("11.222.333/0001-81"))
BRANCH = Company(2, "Filial", "Padaria São João Ltda", TaxId.parse("11.222.333/0002-62"))
NIGHT = Agenda(1, time(23, 0), EVERY_DAY, "/copias/a", "/copias/b")
NOON = Agenda(2, time(12, 0), frozenset({Weekday.SEG, Weekday.QUA}), "/copias/a")
ENGINE = EngineVersion(3, 0, 11)


def firebird(*companies: Company, agendas: tuple[Agenda, ...] = (NIGHT,), bad: str | None = None) -> FirebirdFinding:
    error = None if bad is None else OperationFailed(FIREBIRD_LOGIN, bad)
    rejected = (RejectedRow("9", "HORARIO: it is empty"),)
    return FirebirdFinding(
        "localhost/3050",
        error,
        ENGINE,
        "WIN1252",
        Path("/dados/loja.fdb"),
        1 << 20,
        Gbak(Path("/usr/bin/gbak"), ENGINE),
        companies or (BAKERY,),
        (),
        AgendaReading(agendas, rejected),
    )


REFUSED = FirebirdFinding("localhost/3050", OperationFailed(FIREBIRD_LOGIN))
CLOUD = CloudFinding("nuvem:3306/PROJETO_BACKUPS", None, "agente@10.0.0.7", "10.11.6-MariaDB")
NO_CLOUD = CloudFinding("nuvem:3306/PROJETO_BACKUPS", OperationFailed(CLOUD_LOGIN))
COPIES = CopiesFinding("root", False, (PlaceFinding("/copias/a", (1,), None, 5 << 30),))
NO_COPIES = CopiesFinding("root", False, (PlaceFinding("/copias/a", (1,), OperationFailed(DESTINATION_READ_ONLY)),))
FILLED = {
    Field.DATABASE: "C:\\ERP\\DADOS.FDB",
    Field.PASSWORD: " masterkey ",
    Field.CLOUD_KIND: CloudKind.MYSQL.value,
    Field.CLOUD_HOST: "nuvem",
    Field.CLOUD_USER: "agente",
    Field.DESTINATION1: "/copias/a",
}


def filled(**changes: str) -> Wizard:
    wizard = Wizard(Draft())
    for name, text in (FILLED | {Field[key]: text for key, text in changes.items()}).items():
        wizard = wizard.typed(name, text)
    return wizard


def at_review() -> Wizard:
    """Everything tried and proven, in order."""
    wizard = filled()
    for finding in (firebird(), CLOUD, COPIES):
        wizard = wizard.trying()
        wizard = wizard.tried(wizard.numbered, finding).next()
    return wizard
