"""Documents as the agent gives them, small and whole, for the pure modules."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from topbackup.gui.state import HistoryRead, Linked, StatusRead, View, fold
from topbackup.version import __version__

ZONE = ZoneInfo("America/Sao_Paulo")
NOW = datetime(2026, 11, 25, 15, 10, tzinfo=UTC)  # a Wednesday, 12:10 in São Paulo


def at(hours: float) -> str:
    """So many hours from now, as documents have it."""
    return (NOW + timedelta(hours=hours)).isoformat()


def run(**other: Any) -> dict[str, Any]:
    """A proven success of six minutes ago."""
    return {
        "uuid": "7c1d", "agenda": 1, "previsto": None, "cnpj": "11.222.333/0001-81", "banco_origem": "C:\\ERP\\DADOS.FDB",
        "status": "S", "parcial": False, "data_inicio": at(-0.2), "data_fim": at(-0.1), "nome_arquivo": "11222333000181.zip",
        "caminho_destino": "D:\\BACKUP", "caminho_destino2": "E:\\BACKUP", "tamanho_bytes": 6_921_000, "hash_sha256": "45a8",
        "tipo_backup": "U", "manual": False, "verificado": "S", "data_verificacao": at(-0.1), "proximo_previsto": at(10.8),
        "codigo_erro": None, "mensagem_erro": None,
        "copias": [
            {"caminho": "D:\\BACKUP\\11222333000181.zip", "codigo_erro": None, "mensagem_erro": None},
            {"caminho": "E:\\BACKUP\\11222333000181.zip", "codigo_erro": None, "mensagem_erro": None},
        ],
    } | other  # fmt: skip


def copy_away(hours: float) -> dict[str, Any]:
    """Owed since then, and not there."""
    return {
        "destino": "cofre",
        "desde": at(hours),
        "em": None,
        "codigo_erro": "TB-REMOTO-RECUSADA",
        "mensagem_erro": "x",
    }


def status(word: str = "OK", last: Mapping[str, Any] | None = None, **agent: Any) -> dict[str, Any]:
    """last: the last run; without one, as `run` gives it. agent: other than at rest."""
    told = {
        "estado": "RUNNING", "versao": __version__, "desde": at(-30), "empresa": {"fantasia": "Padaria", "cnpj": "1"},
        "problema": None, "pausado_ate": None, "pedidos": [], "proximos": [{"agenda": 1, "previsto": at(10.8)}],
    } | agent  # fmt: skip
    return {
        "status": word, "fuso": ZONE.key, "pendentes_nuvem": 0, "ultimo": run() if last is None else last,
        "horarios": [], "agente": told,
    }  # fmt: skip


def seen(document: Mapping[str, Any] | None = None, *runs: Mapping[str, Any]) -> View:
    """A window beside a service that just told this."""
    view = fold(View(), Linked(__version__, hosted=False))
    view = fold(view, StatusRead(document or status(), NOW))
    return fold(view, HistoryRead(runs or (run(),)))


THERE, GONE, FOLDER_AWAY, SILENT = "LA", "SUMIU", "PASTA_AUSENTE", "SEM_RESPOSTA"


def looked(*found: str, **other: Any) -> dict[str, Any]:
    """`copias_locais`: what the agent's look found of each file of `run`, in order. other: of the database."""
    files = [{"caminho": copy["caminho"], "situacao": each} for copy, each in zip(run()["copias"], found, strict=False)]
    row = {
        "banco_origem": "C:\\ERP\\DADOS.FDB",
        "uuid": "7c1d",
        "nome_arquivo": "11222333000181.zip",
        "arquivos": files,
    }
    return {"visto_em": at(-0.01), "bancos": [row | other]}
