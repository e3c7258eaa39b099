"""A shop with a quarter of a year behind it, as real agents would have reported it."""

import json
import random
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.db import connection

from dashboard.monitoring.models import Company, Run
from dashboard.monitoring.wall_time import CLOUD_ZONE, wall_text
from topbackup.agent.documents import agenda_document
from topcore.agenda import EVERY_DAY, Agenda, Weekday, next_due_of_all, slots_between
from topcore.company import Company as Owner
from topcore.company import TaxId
from topcore.record import size_text

NIGHT = Agenda(1, time(23, 0), EVERY_DAY - {Weekday.DOM}, "D:\\BACKUP", "\\\\SERVIDOR\\BACKUP$\\ERP", remote=True)
NOON = Agenda(2, time(12, 30), EVERY_DAY - {Weekday.DOM, Weekday.SAB}, "D:\\BACKUP")
TAX_ID = "12.ABC.345/01DE-35"


def insert(table: str, **values: Any) -> None:
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(values))
        cursor.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", list(values.values()))


def company(identity: int, name: str = "Padaria Pão & Cia", tax_id: str = "", **more: Any) -> None:
    values = {"RAZAO": f"{name} Ltda", "CNPJ": tax_id or f"10.000.{identity:03d}/0001-00", "ATIVO": "S", **more}
    insert("EMPRESA", ID=identity, FANTASIA=name, **values)


def run(owner: int, status: str | None, began: datetime | None, **more: Any) -> None:
    """began: aware. Told at once, unless DATA_RECEBIDO says otherwise."""
    values: dict[str, Any] = {"ID_EMPRESA": owner, "STATUS": status}
    values["DATA_INICIO"] = values["DATA_RECEBIDO"] = wall_text(began) if began else None
    insert("LOG_BACKUPS", **(values | more))


def document(agendas: Sequence[Agenda], read_at: datetime, **more: Any) -> str:
    """EMPRESA.AGENDAS, as agent/cloud_link.py puts it together."""
    owner = Owner(7, "Padaria", "Padaria Ltda", TaxId.parse(TAX_ID))
    told = {"fuso": CLOUD_ZONE.key, "lida_em": read_at.isoformat()}
    return json.dumps(told | agenda_document(owner, agendas, (), read_at, CLOUD_ZONE) | more)


def quarter(identity: int, now: datetime, agendas: Sequence[Agenda] = (NIGHT, NOON), days: int = 100) -> None:
    """Runs for nearly every slot: some late, some failed, some missed, a Sunday's by hand; the size grows and falls."""
    dice = random.Random(identity)
    slots = sorted({at for row in agendas for at in slots_between(row, now - timedelta(days=days), now, CLOUD_ZONE)})
    rows, size = [], 310_000_000
    for number, slot in enumerate(slots):
        fate = dice.random()
        if fate < 0.03 and number < len(slots) - 3:
            continue
        began = slot + timedelta(seconds=dice.randrange(90))
        if fate < 0.06:
            began += timedelta(hours=2, minutes=dice.randrange(40))
        failed = 0.06 <= fate < 0.10 and number < len(slots) - 2
        size = int(size * (1 + dice.uniform(-0.002, 0.006)))
        if number == len(slots) * 2 // 3:
            size = int(size * 0.42)
        length = timedelta(seconds=int(size / 9_000_000) + dice.randrange(12))
        rows.append(_row(identity, agendas, began, length, size, failed=failed, partial=0.10 <= fate < 0.12, dice=dice))
    Run.objects.bulk_create(sorted(rows, key=lambda row: row.started_at))


def _row(
    identity: int,
    agendas: Sequence[Agenda],
    began: datetime,
    length: timedelta,
    size: int,
    *,
    failed: bool,
    partial: bool,
    dice: random.Random,
) -> Run:
    done = Run(
        company=Company(pk=identity),
        started_at=began,
        ended_at=began + length,
        file_name=f"12ABC34501DE35_{began.astimezone(CLOUD_ZONE):%Y%m%d_%H%M%S}.zip",
        destination_1="D:\\BACKUP",
        destination_2="\\\\SERVIDOR\\BACKUP$\\ERP",
        size_bytes=size,
        size_text=size_text(size),
        status="S",
        naming="V",
        uploaded="S",
        source="C:\\ERP\\DADOS.FDB",
        proven="S",
        proven_at=began + length,
        next_due=next_due_of_all(agendas, began, CLOUD_ZONE),
        received_at=began,
        manual="N",
    )
    if failed:
        done.status, done.size_bytes, done.size_text, done.proven, done.proven_at, done.uploaded = (
            "F",
            None,
            None,
            "N",
            None,
            "N",
        )
        done.error_code, done.error_message = dice.choice([
            ("TB-DESTINO-CHEIO", "Não há espaço livre suficiente no destino. (D:\\BACKUP: faltam 214,3 MB)"),
            ("TB-FB-INACESSIVEL", "O servidor Firebird não responde. (localhost/3050)"),
        ])  # fmt: skip
    elif partial:
        done.error_code, done.error_message = (
            "TB-DESTINO-AUSENTE",
            "A pasta de destino não foi encontrada. (\\\\SERVIDOR\\BACKUP$\\ERP)",
        )
        done.uploaded = "N"
    return done
