"""The agent's line to a real MariaDB: company, agendas and heartbeat; the breaker opens, half-opens and closes."""

import json
import threading
import time
from collections.abc import Callable

from lab.mariadb_server import MariaDBServer
from tests.integration.cloud_server import in_order, rows, runs
from tests.integration.running_agent import SETTABLE, RunningAgent, eventually, minute, running, set_rows, slept
from tests.integration.shop import CNPJ, SINGLE, Shop


def breaker(agent: RunningAgent) -> str | None:
    found: str | None = agent.status["nuvem"]["disjuntor"]
    return found


def test_the_company_its_agendas_and_its_heartbeat(told_shop: Shop, cloud: MariaDBServer) -> None:
    set_rows(told_shop, [(4, "23:15", "U")])
    with running(told_shop) as agent:
        agent.until("RUNNING")
        agent.ask("sync")
        query = "SELECT FANTASIA, VERSAO_LOCAL, AGENDAS, DATA_ULTIMA_INTERACAO FROM EMPRESA"
        ((name, version, agendas, contact),) = rows(cloud, query)
        assert (name, version) == ("Padaria São João", agent.status["versao"])
        published = json.loads(agendas)
        assert [(row["id"], row["horario"]) for row in published["agendas"]] == [(4, "23:15")]
        assert published["rejeitadas"] == []
        # The database goes away, the agent does not: its heart goes on beating, and what it knew stays.
        told_shop.server.stop()
        agent.ask("reload")
        time.sleep(1)
        result = agent.ask("sync")
        assert result["codigo_erro"] == "TB-FB-INACESSIVEL"
        ((_, _, still, later),) = rows(cloud, query)
        assert still == agendas
        assert later > contact
        told_shop.server.start()


def test_a_good_backup_of_one_database_hides_no_failure_of_another(told_shop: Shop, cloud: MariaDBServer) -> None:
    """In the agent's own words and in the cloud's evidence; and a database that is on no agenda any more is let go."""
    set_rows(told_shop, [(1, "00:10", "U"), (2, "00:20", "V")])
    missing = str(told_shop.home / "filial.fdb")
    of_another = f"update AGENDA_BACKUP set BANCO_ORIGEM = '{missing}' where ID = 2;\ncommit;\n"
    told_shop.server.sql(of_another, told_shop.database)
    evidence = "SELECT VARIOS_BANCOS, FALHOU, ULTIMO_SUCESSO IS NULL FROM EMPRESA_ESTADO"
    databases = "SELECT BANCO, ULTIMO_SUCESSO IS NULL, ULTIMA_FALHA IS NULL FROM EMPRESA_BANCO ORDER BY BANCO"
    with running(told_shop) as agent:
        agent.until("RUNNING")
        for number, count in ((2, 1), (1, 2)):
            agent.ask("backup", agenda=number)
            eventually(lambda count=count: finished(told_shop) == count, 30, agent.said)  # type: ignore[misc]
        good, failed = told_shop.history()
        assert (good.status.value, failed.status.value, failed.source) == ("S", "F", missing)
        found = agent.ask("status")
        assert (found["status"], found["ultimo"]["status"]) == ("FALHA", "S")
        assert [(row["banco_origem"], row["status"]) for row in found["bancos"]] == [
            (missing, "FALHA"),
            (good.source, "OK"),
        ]
        agent.ask("sync")
        assert rows(cloud, evidence) == (("S", "S", 1),)
        assert rows(cloud, databases) == tuple(sorted([(missing, 1, 0), (good.source, 0, 1)]))
        told_shop.server.sql("delete from AGENDA_BACKUP where ID = 2;\ncommit;\n", told_shop.database)
        agent.ask("reload")
        eventually(lambda: agent.ask("status")["bancos"] == [], 30, agent.said)
        assert agent.ask("status")["status"] == "OK"
        agent.ask("sync")
        assert rows(cloud, databases) == ((good.source, 0, 1),)
        assert rows(cloud, evidence) == (("N", "N", 0),)


def test_what_becomes_of_the_files_turns_the_card(told_shop: Shop, cloud: MariaDBServer) -> None:
    """One gone: yellow. Put back: green. Both spoiled, and nothing else left: red, until there is a new backup."""
    archive = told_shop.d1 / f"{CNPJ}.zip"
    latest = "FROM EMPRESA_ESTADO, LOG_BACKUPS ORDER BY LOG_BACKUPS.ID DESC LIMIT 1"
    evidence = f"SELECT FALHOU, OK_ATE IS NULL, CODIGO_ERRO {latest}"
    with running(told_shop, (*SETTABLE, str(told_shop.config))) as agent:
        agent.until("RUNNING")
        agent.ask("backup", agenda=SINGLE)
        eventually(lambda: rows(cloud, evidence) == (("N", 0, None),), 30, agent.said)
        moved = archive.rename(archive.with_name("em outro lugar"))
        until_told(agent, cloud, evidence, ("N", 1, "TB-COPIA-PERDIDA"))
        moved.rename(archive)
        until_told(agent, cloud, evidence, ("N", 0, None))
        archive.write_bytes(bytes(archive.stat().st_size))
        until_told(agent, cloud, evidence, ("N", 1, "TB-COPIA-PERDIDA"))
        (told_shop.d2 / archive.name).write_bytes(b"encrypted")
        until_told(agent, cloud, evidence, ("S", 1, "TB-SEM-COPIA-BOA"))
        agent.ask("backup", agenda=SINGLE)
        until_told(agent, cloud, evidence, ("N", 0, None))


def until_told(agent: RunningAgent, cloud: MariaDBServer, query: str, expected: tuple[object, ...]) -> None:
    def told() -> bool:
        agent.ask("look at copies")
        return rows(cloud, query) == (expected,)

    eventually(told, 30, lambda: f"{rows(cloud, query)}\n{agent.said()}")


def test_a_run_is_in_the_cloud_soon_without_being_asked(told_shop: Shop, cloud: MariaDBServer) -> None:
    with running(told_shop) as agent:
        agent.until("RUNNING")
        agent.ask("backup", agenda=SINGLE)
        eventually(lambda: [status for _, status in runs(cloud)] == ["S"], 30, agent.said)
    assert runs(cloud) == in_order(told_shop)


def test_the_breaker_opens_half_opens_and_closes(told_shop: Shop, cloud: MariaDBServer) -> None:
    """Seen in `status`; meanwhile backups go on, and nothing is lost."""
    cloud.stop()
    with running(told_shop) as agent:
        agent.until("RUNNING")
        codes = []
        while breaker(agent) != "open":
            codes.append(agent.ask("sync")["codigo_erro"])
        assert set(codes) <= {"TB-NUVEM-INACESSIVEL", "TB-NUVEM-DISJUNTOR"}
        assert len(codes) <= 5, "its own contacts count, too"
        assert agent.ask("sync")["codigo_erro"] == "TB-NUVEM-DISJUNTOR"
        assert agent.status["nuvem"]["falhas"] >= 5
        agent.ask("backup", agenda=SINGLE)
        eventually(lambda: told_shop.history() and told_shop.history()[0].status.value == "S", 30, agent.said)
        cloud.start()
        cloud.suspend()  # it accepts the connection and is silent: the trial call hangs, and can be seen
        seen: set[str | None] = set()

        def ask() -> None:
            while "closed" not in seen:
                agent.ask("sync")

        asking = threading.Thread(target=ask)
        asking.start()
        look(lambda: breaker(agent), seen, "half-open", 90)
        cloud.resume()
        look(lambda: breaker(agent), seen, "closed", 120)
        asking.join(60)
        assert seen == {"open", "half-open", "closed"}
        eventually(lambda: agent.ask("status")["pendentes_nuvem"] == 0, 60, agent.said)
        assert agent.status["nuvem"]["codigo_erro"] is None
    assert runs(cloud) == in_order(told_shop)


def finished(shop: Shop) -> int:
    return sum(run.status.finished for run in shop.history())


def look(at: Callable[[], str | None], seen: set[str | None], until: str, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while until not in seen:
        seen.add(at())
        assert time.monotonic() < deadline, seen
        time.sleep(0.05)


def test_a_due_slot_that_could_not_begin_is_told_to_the_cloud(told_shop: Shop, cloud: MariaDBServer) -> None:
    """The card turns although the customer's server is down: the agent knows whose backup it is."""
    set_rows(told_shop, [(1, minute(-10), "U")])
    with running(told_shop) as agent:
        agent.until("RUNNING")
    slept(told_shop, 1)
    told_shop.server.stop()
    with running(told_shop) as agent:
        eventually(lambda: runs(cloud), 30, agent.said)
        assert rows(cloud, "SELECT STATUS, CODIGO_ERRO, MANUAL FROM LOG_BACKUPS") == (("F", "TB-FB-INACESSIVEL", "N"),)
        told_shop.server.start()
        eventually(lambda: [status for _, status in runs(cloud)] == ["F", "S"], 60, agent.said)
