"""A software house's morning, for pictures: two dozen shops and how their backups went. Nothing of it is real."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboard.monitoring.models import Company, DatabaseState, Run
from dashboard.monitoring.wall_time import CLOUD_ZONE
from topcore.agenda import Weekday
from topcore.record import size_text

_MEGABYTE = 1_048_576
_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_MAIN, _BRANCH = "C:\\ERP\\DADOS.FDB", "C:\\ERP\\FILIAL2.FDB"


@dataclass(frozen=True)
class Shop:
    """fate: what its last night was like. megabytes: of its ZIP. remote: does its agenda ask for a remote copy?

    branch: may it have a second database, whose last backup failed?
    """

    name: str
    legal_name: str
    tax_id: str
    fate: str = "ok"
    megabytes: float = 48
    remote: bool = False
    version: str = "2.0.0"
    branch: bool = False


SHOPS = (
    Shop("Padaria Pão & Cia", "João Conceição Panificadora ME", "12.ABC.345/01DE-35", "disk full", 48.3),
    Shop("Farmácia São Bento", "Farmácia São Bento Ltda", "08.716.204/0001-91", "silent", 212),
    Shop("Mercado Boa Vista", "Supermercado Boa Vista Ltda", "27.104.883/0001-40", "partial", 918, remote=True),
    Shop("Auto Peças Três Irmãos", "Três Irmãos Comércio de Peças Ltda", "31.550.902/0002-07", "ok", 356, branch=True),
    Shop("Ótica Visão Clara", "Ótica Visão Clara Eireli", "19.487.336/0001-66", "new", 0),
    Shop("Açougue do Gaúcho", "R. M. Teixeira Carnes ME", "40.228.519/0001-12", "running", 61.5),
    Shop("Posto Ipiranga Km 42", "Auto Posto Km 42 Ltda", "05.913.772/0001-83", "late", 127),
    Shop("Papelaria Criativa", "Criativa Papéis e Presentes Ltda", "33.640.158/0001-29", "ok", 22.4),
    Shop("Clínica Vet Amigo Fiel", "Amigo Fiel Serviços Veterinários Ltda", "29.871.045/0001-58", "refuted", 84),
    Shop("Restaurante Sabor da Serra", "Sabor da Serra Alimentos Ltda", "17.302.664/0001-05", "ok", 73),
    Shop("Distribuidora União de Alimentos e Bebidas do Vale do Paraíba", "União do Vale Distribuidora S.A.",
         "02.558.157/0001-62", "running", 2210, remote=True),
    Shop("Moda Íntima Flor de Lis", "Flor de Lis Confecções Ltda", "36.119.470/0001-34", "ok", 39),
    Shop("Materiais Construbem", "Construbem Materiais para Construção Ltda", "11.894.027/0001-77", "no route", 640),
    Shop("Pet Shop Patas & Focinhos", "Patas e Focinhos Ltda", "44.075.391/0001-20", "ok", 18.7),
    Shop("Hotel Pousada do Sol", "Pousada do Sol Hotelaria Ltda", "09.263.815/0001-49", "ok", 155),
    Shop("Livraria Página Um", "Página Um Livros Ltda", "23.708.146/0001-98", "interrupted", 97, version="1.0.8"),
    Shop("Borracharia Rodamil", "Rodamil Pneus Ltda", "38.417.220/0001-11", "ok", 12.1),
    Shop("Laboratório Análises Vida", "Vida Análises Clínicas Ltda", "14.990.563/0001-86", "ok", 1430, remote=True),
    Shop("Sorveteria Polo Norte", "Polo Norte Sorvetes ME", "41.336.708/0001-53", "ok", 9.8),
    Shop("Escola Pequeno Príncipe", "Centro Educacional Pequeno Príncipe Ltda", "07.125.934/0001-70", "late", 204),
    Shop("Floricultura Jardim Secreto", "Jardim Secreto Flores Ltda", "35.802.619/0001-44", "ok", 15.3),
    Shop("Oficina Mecânica Precisão", "Precisão Mecânica Automotiva Ltda", "26.470.381/0001-37", "ok", 88),
    Shop("Joalheria Aurora", "Aurora Joias Ltda", "20.581.497/0001-02", "ok", 31),
    Shop("Transportadora Rota Sul", "Rota Sul Transportes Ltda", "13.647.058/0001-15", "ok", 507, remote=True),
)  # fmt: skip
_FAILED = {
    "disk full": ("TB-DESTINO-CHEIO", "Não há espaço livre suficiente no destino: D:\\BACKUP"),
    "no route": ("TB-FB-SENHA", "O Firebird recusou o usuário ou a senha."),
}


def fill(now: datetime, *, several: bool = False) -> None:
    """Into an empty, migrated database. now: aware. several: one of the shops has a second database, which failed."""
    chance = random.Random(42)
    for number, shop in enumerate(SHOPS, 1):
        silent = shop.fate == "silent"
        start = (now - timedelta(hours=9, minutes=chance.randint(0, 170))).replace(second=6, microsecond=0)
        asks = {
            "id": 1, "horario": f"{start.astimezone(CLOUD_ZONE):%H:%M}", "dias": [day.name for day in Weekday],
            "local_destino1": "D:\\BACKUP", "local_destino2": "E:\\COPIA", "backup_remoto": shop.remote,
            "prefixo_backup": "V",
        }  # fmt: skip
        published = {"fuso": CLOUD_ZONE.key, "lida_em": (now - 31 * _DAY).isoformat(), "agendas": [asks]}
        company = Company.objects.create(
            id=number,
            trade_name=shop.name,
            legal_name=shop.legal_name,
            tax_id=shop.tax_id,
            agent_version=shop.version,
            registered_at=now - 90 * _DAY if shop.fate != "new" else now - 3 * _HOUR,
            last_contact=now - (4 * _DAY if silent else timedelta(minutes=chance.randint(1, 29))),
            active="S",
            agendas=json.dumps(published),
        )
        Run.objects.bulk_create(_runs(shop, company, start, now, chance))
        if several and shop.branch:
            DatabaseState.objects.bulk_create(DatabaseState(company=company, source=name) for name in (_MAIN, _BRANCH))
            for night in range(5, -1, -1):
                run = _run(shop, company, start - night * _DAY - _HOUR, 62_000_000, last=False)
                run.source = _BRANCH
                if night == 0:
                    run.status, run.proven, run.proven_at, run.size_bytes = "F", "N", None, None
                    run.error_code = "TB-FB-BANCO-AUSENTE"
                    run.error_message = f"O arquivo do banco não foi encontrado. ({_BRANCH})"
                run.save()


def _runs(shop: Shop, company: Company, start: datetime, now: datetime, chance: random.Random) -> Iterator[Run]:
    if shop.fate == "new":
        return
    nights = range(30, 3, -1) if shop.fate == "silent" else range(30, -1, -1)
    for night in nights:
        began = start - night * _DAY
        if shop.fate == "late" and night == 0:
            continue
        size = int(shop.megabytes * _MEGABYTE * (1 - 0.004 * night + chance.uniform(-0.006, 0.006)))
        yield _run(shop, company, began, size, last=night == 0)
    if shop.fate == "running":
        began = now - timedelta(minutes=chance.randint(3, 14))
        yield Run(
            company=company, started_at=began, received_at=began, status="E", source=_MAIN,
            file_name=f"{shop.tax_id[:2]}_{began:%Y%m%d_%H%M%S}.zip", manual="S" if shop.megabytes < 100 else "N",
            destination_1="D:\\BACKUP", naming="V",
        )  # fmt: skip


def _run(shop: Shop, company: Company, began: datetime, size: int, *, last: bool) -> Run:
    run = Run(
        company=company,
        started_at=began,
        ended_at=began + timedelta(seconds=40 + size / 4e6),
        received_at=began + timedelta(seconds=41 + size / 4e6),
        file_name=f"backup_{began:%Y%m%d_%H%M%S}.zip",
        destination_1="D:\\BACKUP",
        destination_2="E:\\COPIA" if shop.megabytes > 20 else None,
        size_bytes=size,
        size_text=size_text(size),
        status="S",
        naming="V",
        manual="N",
        source=_MAIN,
        uploaded="S" if shop.remote else "N",
        proven="S",
        proven_at=began + timedelta(minutes=4),
        next_due=began.replace(second=0) + _DAY,
    )
    if last and shop.fate in _FAILED:
        run.status, (run.error_code, run.error_message) = "F", _FAILED[shop.fate]
        run.size_bytes = run.size_text = run.proven_at = None
        run.proven = "N"
    elif last and shop.fate == "partial":
        run.error_code, run.error_message = "TB-DESTINO-AUSENTE", "A pasta de destino não foi encontrada: E:\\COPIA"
    elif last and shop.fate == "refuted":
        run.proven, run.error_code = "F", "TB-RESTAURO-PROVA"
    elif last and shop.fate == "interrupted":
        run.status, run.size_bytes, run.proven, run.proven_at = "E", None, "N", None
    return run
