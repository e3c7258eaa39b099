"""Logins: roles, the last administrator, passwords, sessions, lockout, and the record of who changed what."""

import re
import threading
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client, RequestFactory, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard.accounts import people
from dashboard.accounts.addresses import client_address
from dashboard.accounts.audit import LABELS, Action, record
from dashboard.accounts.models import AuditEntry, OpenSession
from dashboard.accounts.roles import Role, granted
from dashboard.accounts.templatetags.accounts import browser
from tests.dashboard.visitors import PASSWORD, log_in, person

NEW = "outra-senha-bem-longa-9"
pytestmark = pytest.mark.usefixtures("database")


def visitor() -> Client:
    return Client(SERVER_NAME="localhost")


@pytest.fixture
def admin() -> Client:
    """Logged in as `chefe`, with PASSWORD."""
    client = visitor()
    person(Role.ADMIN, "chefe", PASSWORD)
    assert enter(client, "chefe").status_code == 302
    return client


def enter(client: Client, username: str, password: str = PASSWORD) -> Any:
    return client.post("/entrar/", {"username": username, "password": password})


def inside(client: Client) -> bool:
    return client.get("/conta/").status_code == 200


def records() -> list[tuple[str, str, str]]:
    return list(AuditEntry.objects.order_by("id").values_list("who", "action", "target"))


def do(client: Client, user: User, deed: str, **values: str) -> Any:
    return client.post(f"/usuarios/{user.pk}/", {"acao": deed, **values})


def test_an_administrator_creates_a_login_that_works(admin: Client) -> None:
    filled = {"usuario": "bia", "papel": "suporte", "senha": NEW, "senha_repetida": NEW}
    assert admin.post("/usuarios/novo/", filled).status_code == 302
    client = visitor()
    assert enter(client, "bia", NEW).status_code == 302
    assert inside(client)
    assert granted(User.objects.get(username="bia")) is Role.SUPPORT
    assert client.get("/usuarios/").status_code == 403
    assert records() == [("chefe", "LOGIN_CRIADO", "bia")]
    assert "bia" in admin.get("/usuarios/").content.decode()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"usuario": ""}, "usuario"),
        ({"usuario": "CHEFE"}, "usuario"),  # one login, as MySQL sees it
        ({"usuario": "a b"}, "usuario"),
        ({"usuario": "<b>"}, "usuario"),
        ({"usuario": "x" * 151}, "usuario"),
        ({"usuario": "a\0b"}, "usuario"),
        ({"usuario": "🚀"}, "usuario"),
        ({"papel": "dono"}, "papel"),
        ({"senha": "curta", "senha_repetida": "curta"}, "senha"),
        ({"senha": "12345678901234", "senha_repetida": "12345678901234"}, "senha"),
        ({"senha": "beatriz-beatriz", "senha_repetida": "beatriz-beatriz"}, "senha"),
        ({"senha_repetida": "x"}, "senha_repetida"),
        ({"senha": "x" * 1001, "senha_repetida": "x" * 1001}, "senha"),
    ],
)
def test_what_no_login_is_made_of(admin: Client, changed: dict[str, str], field: str) -> None:
    filled = {"usuario": "beatriz-beatriz", "papel": "suporte", "senha": NEW, "senha_repetida": NEW} | changed
    answer = admin.post("/usuarios/novo/", filled)
    assert answer.status_code == 400
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert NEW not in answer.content.decode()
    assert User.objects.count() == 1
    assert records() == []


def test_a_new_role_is_there_with_the_next_request(admin: Client) -> None:
    client = visitor()
    log_in(client, Role.ADMIN, "bia")
    bia = User.objects.get(username="bia")
    assert client.get("/usuarios/").status_code == 200
    assert do(admin, bia, "papel", papel="leitor").status_code == 302
    assert client.get("/usuarios/").status_code == 403
    assert do(admin, bia, "papel", papel="rei").status_code == 400
    assert do(admin, bia, "voar").status_code == 400
    assert [(who, what) for who, what, _whom in records()] == [("chefe", "LOGIN_ALTERADO")]
    assert AuditEntry.objects.get().detail == "administrador → leitor"


def test_deactivated_is_out_at_once_and_reactivated_may_come_back(admin: Client) -> None:
    client = visitor()
    bia = person(Role.VIEWER, "bia", PASSWORD)
    enter(client, "bia")
    assert inside(client)
    do(admin, bia, "desativar")
    assert not inside(client)
    assert not OpenSession.objects.filter(user_id=bia.pk).exists()
    enter(client, "bia")
    assert not inside(client)
    do(admin, bia, "reativar")
    enter(client, "bia")
    assert inside(client)
    assert [what for _who, what, _whom in records()] == ["LOGIN_DESATIVADO", "LOGIN_ATIVADO"]


def test_the_last_administrator_stays(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    chief = User.objects.get(username="chefe")
    person(Role.SUPPORT, "bia")
    away = person(Role.ADMIN, "caio")
    do(admin, away, "desativar")
    before = records()
    for deed, values in (("desativar", {}), ("papel", {"papel": "suporte"})):
        answer = admin.post(f"/usuarios/{chief.pk}/", {"acao": deed, **values}, follow=True)
        assert "é o último administrador ativo" in answer.content.decode()
        chief.refresh_from_db()
        assert chief.is_active
        assert granted(chief) is Role.ADMIN
    monkeypatch.setenv("TOPBACKUP_DASHBOARD_PASSWORD", NEW)
    with pytest.raises(CommandError, match="último administrador"):
        call_command("criar_acesso", username="chefe", papel="leitor")
    assert records() == before
    do(admin, away, "reativar")
    assert do(admin, chief, "papel", papel="suporte").status_code == 302
    assert admin.get("/usuarios/").status_code == 403


def test_two_administrators_cannot_deactivate_each_other_at_the_same_moment(database: str) -> None:
    pair = [person(Role.ADMIN, name) for name in ("ana", "bia")]
    at_once, outcomes = threading.Barrier(2), []

    def deactivate(by: User, other: User) -> None:
        at_once.wait(10)
        try:
            people.deactivate(by, other)
            outcomes.append("done")
        except people.LastAdministrator:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=deactivate, args=(pair[n], pair[1 - n])) for n in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["done", "refused"], database
    assert people.administrators().count() == 1


def test_a_change_and_its_record_are_one(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    bia = person(Role.VIEWER, "bia")

    def fails(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(people, "record", fails)
    for deed in (people.deactivate, people.unlock):
        with pytest.raises(RuntimeError):
            deed(None, bia)
    with pytest.raises(RuntimeError):
        people.change_role(None, bia, Role.ADMIN)
    with pytest.raises(RuntimeError):
        people.create(None, "caio", Role.VIEWER, NEW)
    with pytest.raises(RuntimeError):
        people.give_password(None, bia, NEW)
    bia = User.objects.get(pk=bia.pk)
    assert bia.is_active
    assert granted(bia) is Role.VIEWER
    assert not bia.check_password(NEW)
    assert not User.objects.filter(username="caio").exists()


def test_a_given_password_ends_the_sessions_of_the_old_one(admin: Client) -> None:
    client = visitor()
    bia = person(Role.VIEWER, "bia", PASSWORD)
    enter(client, "bia")
    assert do(admin, bia, "senha", senha="x", senha_repetida="x").status_code == 400
    assert inside(client)
    assert do(admin, bia, "senha", senha=NEW, senha_repetida=NEW).status_code == 302
    assert not inside(client)
    assert enter(client, "bia", NEW).status_code == 302
    assert records() == [("chefe", "SENHA_ALTERADA", "bia")]
    assert NEW not in AuditEntry.objects.get().detail


def test_ones_own_new_password_ends_ones_other_sessions(admin: Client) -> None:
    other = visitor()
    enter(other, "chefe")
    filled = {"senha_atual": PASSWORD, "senha": NEW, "senha_repetida": NEW}
    for changed, field in (
        ({"senha_atual": "errada"}, "senha_atual"),
        ({"senha": "12345678901", "senha_repetida": "12345678901"}, "senha"),
        ({"senha_repetida": "não"}, "senha_repetida"),
    ):
        answer = admin.post("/conta/senha/", filled | changed)
        assert answer.status_code == 400
        assert f'id="id_{field}_error"' in answer.content.decode()
    assert inside(other)
    assert admin.post("/conta/senha/", filled).status_code == 302
    assert inside(admin)
    assert not inside(other)
    assert enter(other, "chefe").status_code == 200
    assert enter(other, "chefe", NEW).status_code == 302
    assert records() == [("chefe", "SENHA_ALTERADA", "chefe")]


def test_the_current_password_cannot_be_guessed_from_an_open_session(admin: Client) -> None:
    for _ in range(4):
        admin.post("/conta/senha/", {"senha_atual": "palpite", "senha": NEW, "senha_repetida": NEW})
    answer = admin.post("/conta/senha/", {"senha_atual": "palpite", "senha": NEW, "senha_repetida": NEW})
    assert answer.status_code == 429
    kept = "".join(AccessAttempt.objects.values_list("post_data", flat=True))
    assert "palpite" not in kept
    assert NEW not in kept
    assert (
        admin.post("/conta/senha/", {"senha_atual": PASSWORD, "senha": NEW, "senha_repetida": NEW}).status_code == 429
    )
    assert User.objects.get(username="chefe").check_password(PASSWORD)


def test_sessions_are_seen_and_ended(admin: Client) -> None:
    firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
    other = Client(SERVER_NAME="localhost", headers={"User-Agent": firefox}, REMOTE_ADDR="10.1.2.3")
    enter(other, "chefe")
    stranger = visitor()
    log_in(stranger, Role.VIEWER, "bia")
    page = admin.get("/conta/").content.decode()
    assert "Firefox, Windows" in page
    assert "10.1.2.3" in page
    assert page.count('class="sessions"') == 1
    assert admin.post("/conta/sessoes/encerrar/").status_code == 302
    assert (inside(admin), inside(other), inside(stranger)) == (True, False, True)
    assert "em nenhum outro lugar" in admin.get("/conta/").content.decode()
    assert [(what, detail) for what, detail in AuditEntry.objects.values_list("action", "detail")] == [
        ("SESSOES_ENCERRADAS", "1")
    ]


def test_a_session_ends_after_twelve_hours_and_its_row_goes(admin: Client) -> None:
    row = OpenSession.objects.get()
    assert abs(row.expire_date - timezone.now() - timedelta(hours=12)) < timedelta(minutes=1)
    OpenSession.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert not inside(admin)
    enter(admin, "chefe")
    assert OpenSession.objects.filter(pk=row.pk).count() == 0
    cookie = admin.cookies["topbackup_sessao"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 12 * 3600)


def test_a_lock_says_when_it_ends_and_does(admin: Client) -> None:
    client = visitor()
    person(Role.VIEWER, "bia", PASSWORD)
    for _ in range(5):
        answer = enter(client, "bia", "errada")
    assert answer.status_code == 429
    ends = timezone.localtime(timezone.now() + timedelta(minutes=15))
    assert re.search(r"bloqueado até (\d\d:\d\d)", answer.content.decode())
    assert 880 <= int(answer.headers["Retry-After"]) <= 900
    assert f"{ends:%H:}" in answer.content.decode()
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=14))
    for _ in range(3):  # a lock is not made longer by knocking
        assert 50 <= int(enter(client, "bia").headers["Retry-After"]) <= 60
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=15, seconds=1))
    assert enter(client, "bia").status_code == 302


def test_an_administrator_sees_a_lock_and_takes_it_away(admin: Client) -> None:
    client = visitor()
    bia = person(Role.VIEWER, "bia", PASSWORD)
    for _ in range(5):
        enter(client, "bia", "errada")
    assert "Bloqueado até" in admin.get("/usuarios/").content.decode()
    assert "bloqueado até" in admin.get(f"/usuarios/{bia.pk}/").content.decode()
    do(admin, bia, "desbloquear")
    assert "Bloqueado até" not in admin.get("/usuarios/").content.decode()
    assert enter(client, "bia").status_code == 302
    assert records() == [("chefe", "LOGIN_DESBLOQUEADO", "bia")]


def test_the_list_takes_the_same_queries_however_long_it_is(admin: Client) -> None:
    for number in range(3):
        person(Role.VIEWER, f"u{number:03}")
    with CaptureQueriesContext(connection) as few:
        admin.get("/usuarios/")
    with transaction.atomic():
        for number in range(3, 120):
            person(Role.VIEWER, f"u{number:03}")
    with CaptureQueriesContext(connection) as many:
        first = admin.get("/usuarios/").content.decode()
    assert len(few) == len(many)
    names = re.findall(r">(u\d{3})</a>", first)
    (after,) = re.findall(r"\?depois=(\w+)", first)
    names += re.findall(r">(u\d{3})</a>", admin.get(f"/usuarios/?depois={after}").content.decode())
    assert names == [f"u{number:03}" for number in range(120)]
    assert admin.get("/usuarios/?depois=" + "x" * 151).status_code == 400
    assert admin.get("/usuarios/?depois=%00").status_code == 400


def test_the_record_is_filtered_and_paged(admin: Client) -> None:
    with transaction.atomic():
        for number in range(120):
            record(
                None if number % 3 else User(username="<b>bia</b>"),
                Action.NOTE_WRITTEN,
                f"alvo {number} 🚀",
                "x" * 5000,
            )
        record(User(username="caio"), Action.VERSION_PUBLISHED, "1.2.3")
    AuditEntry.objects.create(at=timezone.now(), who="z", action="DE_AMANHA", target="novo", detail="")
    seen, query = [], ""
    while True:
        page = admin.get(f"/auditoria/{query}").content.decode()
        seen += re.findall(r'<td class="text">alvo (\d+) ', page)
        following = re.findall(r'href="(\?[^"]*antes=\d+)"', page)
        if not following:
            break
        query = following[0].replace("&amp;", "&")
    assert [int(number) for number in seen] == list(reversed(range(120)))
    first = admin.get("/auditoria/").content.decode()
    assert "DE_AMANHA" in first
    assert "<b>bia" not in first
    of_one = admin.get("/auditoria/?quem=caio").content.decode()
    assert "1.2.3" in of_one
    assert "alvo" not in of_one
    of_kind = admin.get("/auditoria/?acao=ANOTACAO_CRIADA&quem=%3Cb%3Ebia%3C/b%3E").content.decode()
    assert of_kind.count('<td class="text">alvo') == 40
    assert "versão publicada" in of_one


@pytest.mark.parametrize(
    "query",
    [
        *("acao=VOAR", "antes=x", "antes=-1", "antes=²", "antes=99999999999999999999", "antes=9999999999999999999"),
        *("quem=%00", "quem=" + "x" * 151),
    ],
)
def test_a_bad_filter_is_named(admin: Client, query: str) -> None:
    answer = admin.get(f"/auditoria/?{query}")
    assert answer.status_code == 400
    assert f"“{query.partition('=')[0]}”" in answer.content.decode()


def test_every_action_has_words() -> None:
    assert set(LABELS) == set(Action)


def test_the_first_login_is_explained_until_it_is_there() -> None:
    page = visitor().get("/entrar/").content.decode()
    assert "Ainda não existe nenhum usuário" in page
    assert "topbackup-dashboard criar_acesso --username" in page
    person(Role.VIEWER)
    assert "criar_acesso" not in visitor().get("/entrar/").content.decode()


def test_the_command_ends_sessions_and_locks(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    other = visitor()
    for _ in range(5):
        enter(other, "chefe", "errada")
    monkeypatch.setenv("TOPBACKUP_DASHBOARD_PASSWORD", NEW)
    call_command("criar_acesso", username="chefe", stdout=StringIO())
    assert not inside(admin)
    assert enter(other, "chefe", NEW).status_code == 302


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "6.6.6.6", "10.0.0.9"),
        (1, "6.6.6.6, 9.9.9.9", "9.9.9.9"),
        (2, "6.6.6.6, 9.9.9.9, 10.0.0.1", "9.9.9.9"),
        (2, "9.9.9.9", "10.0.0.9"),
        (1, "<script>", "10.0.0.9"),
        (1, "", "10.0.0.9"),
        (1, "::1", "::1"),
    ],
)
def test_the_address_is_the_one_that_our_own_proxy_saw(proxies: int, forwarded: str, expected: str) -> None:
    request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR="10.0.0.9")
    with override_settings(PROXIES=proxies):
        assert client_address(request) == expected


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36",
            "Chrome, Linux",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18 Safari/604",
            "Safari, iPhone",
        ),
        ("curl/8.9", "curl/8.9"),
        ("", "navegador desconhecido"),
    ],
)
def test_a_browser_is_named(agent: str, expected: str) -> None:
    assert browser(agent) == expected
