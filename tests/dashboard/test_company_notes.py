"""What the team does on a company's page: notes, and whether the company is on the panel."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from dashboard.accounts.roles import Role
from dashboard.companies.models import Note
from dashboard.companies.notes import LONGEST
from dashboard.monitoring import freshness
from tests.dashboard import databases
from tests.dashboard.databases import execute, one, rows
from tests.dashboard.hand_made import create_by_hand, fill_by_hand
from tests.dashboard.shops import TAX_ID, company, run
from tests.dashboard.test_with_the_agent import cloud_of_this_test
from tests.dashboard.visitors import log_in
from topcore.company import Company, TaxId

SHOP = Company(7, "Padaria", "Padaria Ltda", TaxId.parse(TAX_ID))


@pytest.fixture
def support(database: str) -> Iterator[Client]:
    freshness.forget_looks()
    execute("DELETE FROM AUDITORIA")
    company(1, tax_id=TAX_ID)
    yield person(Role.SUPPORT, "sara")
    execute("DELETE FROM SESSAO", "DELETE FROM AUDITORIA")


def person(role: Role, name: str) -> Client:
    client = Client(SERVER_NAME="localhost", raise_request_exception=False)
    log_in(client, role, name)
    return client


def write(client: Client, text: str) -> int:
    return client.post("/empresa/1/anotacoes/", {"texto": text}).status_code


def strike(client: Client, note: Note | None) -> int:
    assert note is not None
    return client.post(f"/empresa/1/anotacoes/{note.pk}/riscar/").status_code


def audited() -> list[tuple[str, ...]]:
    return rows("SELECT QUEM, ACAO, ALVO, DETALHE FROM AUDITORIA ORDER BY ID")


def test_a_note_is_kept_with_who_and_when(support: Client) -> None:
    text = "<script>alert(1)</script>\r\n🚀 Liguei às 9 h"
    assert write(support, text) == 302
    note = Note.objects.get()
    assert (note.author, note.text, note.kind) == ("sara", text.replace("\r\n", "\n"), "N")
    assert abs(note.at - timezone.now()) < timedelta(minutes=1)
    page = person(Role.VIEWER, "vera").get("/empresa/1/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>🚀 Liguei às 9 h" in page
    assert "Guardar anotação" not in page
    assert "Desativar" not in page
    assert audited() == [("sara", "ANOTACAO_CRIADA", TAX_ID, "")]


def test_a_text_that_is_not_taken_comes_back(support: Client) -> None:
    for text in ("", "  \n", "x" * (LONGEST + 1)):
        answer = support.post("/empresa/1/anotacoes/", {"texto": text})
        assert answer.status_code == 400
        assert (text.strip() or "Escreva algo primeiro.") in answer.content.decode()
    assert write(support, "x" * LONGEST) == 302
    assert Note.objects.count() == 1


def test_who_may(support: Client) -> None:
    viewer, other, admin = person(Role.VIEWER, "vera"), person(Role.SUPPORT, "olga"), person(Role.ADMIN, "adao")
    assert write(viewer, "x") == 403
    assert write(support, "x") == 302
    note = Note.objects.get()
    assert strike(viewer, note) == 403
    assert strike(other, note) == 403
    assert Note.objects.get().struck_at is None
    assert strike(support, note) == 302
    assert write(support, "y") == 302
    assert strike(admin, Note.objects.order_by("pk").last()) == 302
    assert [each.struck_by for each in Note.objects.order_by("pk")] == ["sara", "adao"]
    page = support.get("/empresa/1/").content.decode()
    assert '<del class="note__text">x</del>' in page
    for path in ("/empresa/1/situacao/",):
        assert viewer.get(path).status_code == 403
        assert viewer.post(path, {"ativo": "N", "motivo": "x"}).status_code == 403
    assert support.get("/empresa/1/anotacoes/").status_code == 405


def test_a_note_is_struck_once_and_only_in_its_own_company(support: Client) -> None:
    company(2)
    assert write(support, "x") == 302
    note = Note.objects.get()
    assert support.post(f"/empresa/2/anotacoes/{note.pk}/riscar/").status_code == 404
    assert support.post("/empresa/1/anotacoes/99/riscar/").status_code == 404
    assert strike(support, note) == 302
    first = Note.objects.get().struck_at
    assert strike(person(Role.ADMIN, "adao"), note) == 302
    again = Note.objects.get()
    assert (again.struck_at, again.struck_by) == (first, "sara")
    assert [action for _, action, _, _ in audited()] == ["ANOTACAO_CRIADA", "ANOTACAO_RISCADA"]


def test_deactivated_with_a_reason_and_so_it_stays_after_the_agents_next_contact(support: Client) -> None:
    run(1, "F", timezone.now() - timedelta(hours=1))
    assert support.post("/empresa/1/situacao/", {"ativo": "N", "motivo": " "}).status_code == 400
    assert support.post("/empresa/1/situacao/", {"ativo": "X", "motivo": "x"}).status_code == 400
    assert one("SELECT ATIVO FROM EMPRESA") == "S"
    assert "Desativar Padaria" in support.get("/empresa/1/situacao/").content.decode()
    assert support.post("/empresa/1/situacao/", {"ativo": "N", "motivo": "Fechou as portas"}).status_code == 302
    assert support.get("/api/cards/").json()["cards"] == []
    with cloud_of_this_test() as cloud:
        cloud.save_company(SHOP, "2.0.0", timezone.now(), {"agendas": []})
        cloud.touch(SHOP.tax_id, timezone.now())
    assert one("SELECT ATIVO FROM EMPRESA") == "N"
    assert support.get("/api/cards/").json()["cards"] == []
    page = support.get("/empresa/1/").content.decode()
    for words in ("Esta empresa está inativa", "desativou a empresa", "Fechou as portas", "Ativar esta empresa"):
        assert words in page
    note = Note.objects.get()
    assert strike(support, note) == 403  # it is part of the record
    # Whoever comes second changes nothing, and nothing is put down twice.
    assert support.post("/empresa/1/situacao/", {"ativo": "N", "motivo": "De novo"}).status_code == 302
    assert support.post("/empresa/1/situacao/", {"ativo": "S", "motivo": "Reabriu"}).status_code == 302
    assert [card["id_empresa"] for card in support.get("/api/cards/").json()["cards"]] == [1]
    assert audited() == [
        ("sara", "EMPRESA_DESATIVADA", TAX_ID, "Fechou as portas"),
        ("sara", "EMPRESA_ATIVADA", TAX_ID, "Reabriu"),
    ]
    assert [each.kind for each in Note.objects.order_by("pk")] == ["D", "A"]


@pytest.mark.parametrize(
    ("empty_database", "id_type"),
    [("sqlite", "int(11)"), *(("mariadb", kind) for kind in ("int(11)", "int(10) unsigned", "bigint(20)"))],
    indirect=["empty_database"],
)
def test_notes_beside_tables_made_by_hand(empty_database: str, id_type: str) -> None:
    """The key to EMPRESA is of its ID's own type; a company that goes takes its notes along."""
    create_by_hand(empty_database, id_type)
    fill_by_hand()
    databases.migrate_cloud()
    with connection.schema_editor(atomic=False) as editor:
        from importlib import import_module

        import_module("dashboard.companies.migrations.0001_initial").add(None, editor)
        import_module("dashboard.companies.migrations.0001_initial").add(None, editor)  # interrupted, and again
    Note.objects.create(company_id=3, at=timezone.now(), author="ana", text="🚀 " + "x" * 5000)
    assert Note.objects.get().kind == "N"
    with connection.cursor() as cursor:
        keys = connection.introspection.get_constraints(cursor, "LOG_BACKUPS").values()
    assert ["ID_EMPRESA", "DATA_INICIO"] in [[column.upper() for column in key["columns"] if column] for key in keys]
    execute("DELETE FROM EMPRESA WHERE ID = 3")
    assert Note.objects.count() == 0
