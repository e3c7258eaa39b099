"""TOTP: on, at the door, used once, throttled, lost, off."""

import re
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from dashboard.accounts import entrance, second_factor
from dashboard.accounts.models import AuditEntry
from dashboard.accounts.roles import Role
from tests.dashboard.authenticator import code
from tests.dashboard.visitors import PASSWORD, person

pytestmark = pytest.mark.usefixtures("database")


def visitor() -> Client:
    return Client(SERVER_NAME="localhost")


def with_password(username: str = "ana") -> tuple[Client, Any]:
    client = visitor()
    return client, client.post("/entrar/?next=/auditoria/", {"username": username, "password": PASSWORD})


def inside(client: Client) -> bool:
    return client.get("/conta/").status_code == 200


def key_of(client: Client) -> str:
    """As the page shows it."""
    (key,) = re.findall(r'id="key">([^<]+)<', client.get("/conta/segundo-fator/").content.decode())
    return str(key)


def switch_on(client: Client) -> tuple[str, list[str]]:
    """The key, and the recovery codes."""
    assert client.post("/conta/segundo-fator/novo/").status_code == 302
    key = key_of(client)
    answer = client.post("/conta/segundo-fator/", {"codigo": code(key, -1)})
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    return key, re.findall(r"<code>([^<]+)</code>", answer.content.decode())


def no_pause() -> None:
    for model in (TOTPDevice, StaticDevice):
        model.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)


@pytest.fixture
def ana() -> User:
    return person(Role.ADMIN, "ana", PASSWORD)


@pytest.fixture
def client(ana: User) -> Client:
    """Logged in by password."""
    client, answer = with_password(ana.username)
    assert answer.headers["Location"] == "/auditoria/"
    return client


def test_nobody_is_in_before_the_code(client: Client) -> None:
    key, codes = switch_on(client)
    assert len(set(codes)) == 10
    other, answer = with_password()
    assert answer.headers["Location"] == "/entrar/codigo/"
    assert "_auth_user_id" not in other.session
    for address in ("/", "/conta/", "/api/status/", "/auditoria/"):
        assert other.get(address).status_code in (302, 401)
    wrong = other.post("/entrar/codigo/", {"codigo": "000000"})
    assert wrong.status_code == 400
    assert not inside(other)
    no_pause()
    right = other.post("/entrar/codigo/", {"codigo": f" {code(key)[:3]} {code(key)[3:]} "})
    assert right.headers["Location"] == "/auditoria/"
    assert inside(other)


def test_a_code_is_right_once(client: Client) -> None:
    key, codes = switch_on(client)
    for given in (code(key), codes[0].upper()):
        first, second = with_password()[0], with_password()[0]
        assert first.post("/entrar/codigo/", {"codigo": given}).status_code == 302
        assert second.post("/entrar/codigo/", {"codigo": given}).status_code == 400
        no_pause()
    third, _answer = with_password()
    assert third.post("/entrar/codigo/", {"codigo": codes[1].replace("-", "")}).status_code == 302
    assert "Restam 8 códigos" in third.get("/conta/").content.decode()


def test_recovery_codes_are_not_kept_as_they_are(client: Client) -> None:
    _key, codes = switch_on(client)
    kept = set(StaticToken.objects.values_list("token", flat=True))
    assert len(kept) == 10
    assert not kept & {code.replace("-", "") for code in codes}
    thief, _answer = with_password()
    assert thief.post("/entrar/codigo/", {"codigo": kept.pop()}).status_code == 400


def test_wrong_codes_are_waited_for_and_lock_the_login(client: Client) -> None:
    key, _codes = switch_on(client)
    other, _answer = with_password()
    assert "não está certo" in other.post("/entrar/codigo/", {"codigo": "000000"}).content.decode()
    hasty = other.post("/entrar/codigo/", {"codigo": code(key)})  # right, but too soon
    assert "há uma pausa" in hasty.content.decode()
    for _ in range(4):
        no_pause()
        answer = other.post("/entrar/codigo/", {"codigo": "zz"})
    assert answer.status_code == 429
    no_pause()
    assert other.post("/entrar/codigo/", {"codigo": code(key)}).status_code == 429
    assert with_password()[1].status_code == 429
    assert not inside(other)


@pytest.mark.parametrize("given", ["", "x" * 41, "١٢٣٤٥٦", "-00001", "1_2_34", "9" * 40, "\0", "🚀🚀🚀🚀🚀🚀", "<b>"])
def test_nonsense_is_no_code(client: Client, given: str) -> None:
    switch_on(client)
    other, _answer = with_password()
    assert other.post("/entrar/codigo/", {"codigo": given}).status_code == 400
    assert not inside(other)


def test_the_second_step_is_over_after_a_while_and_with_a_new_password(
    client: Client, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, _codes = switch_on(client)
    late, changed, gone = (with_password()[0] for _ in range(3))
    monkeypatch.setattr(entrance, "_PATIENCE", -1)
    assert late.post("/entrar/codigo/", {"codigo": code(key)}).headers["Location"] == "/entrar/"
    monkeypatch.undo()
    User.objects.update(is_active=False)
    assert gone.post("/entrar/codigo/", {"codigo": code(key)}).headers["Location"] == "/entrar/"
    User.objects.update(is_active=True)
    ana.set_password("uma-senha-de-depois")
    ana.save()
    assert changed.post("/entrar/codigo/", {"codigo": code(key)}).headers["Location"] == "/entrar/"
    assert visitor().get("/entrar/codigo/").headers["Location"] == "/entrar/"
    assert not any(inside(one) for one in (late, changed, gone))


def test_it_is_on_only_after_the_first_right_code(client: Client) -> None:
    client.post("/conta/segundo-fator/novo/")
    assert client.post("/conta/segundo-fator/", {"codigo": "000000"}).status_code == 400
    assert with_password()[1].headers["Location"] == "/auditoria/"
    picture = client.get("/conta/segundo-fator/qr.svg")
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert "no-store" in picture.headers["Cache-Control"]
    assert b"<svg" in picture.content
    assert b"style=" not in picture.content
    no_pause()
    key = key_of(client)
    assert client.post("/conta/segundo-fator/", {"codigo": code(key)}).status_code == 200
    assert client.get("/conta/segundo-fator/qr.svg").status_code == 404
    assert client.get("/conta/segundo-fator/").headers["Location"] == "/conta/"
    client.post("/conta/segundo-fator/novo/")  # does not take away the one that is on
    assert TOTPDevice.objects.filter(confirmed=True).count() == 1
    assert client.get("/conta/segundo-fator/qr.svg").status_code == 404


def test_on_ends_the_sessions_that_came_in_without_a_code(client: Client) -> None:
    other, _answer = with_password()
    switch_on(client)
    assert inside(client)
    assert not inside(other)


@pytest.mark.parametrize("proof", ["password", "code", "recovery code"])
def test_off_only_with_the_password_or_a_code(client: Client, proof: str) -> None:
    key, codes = switch_on(client)
    for wrong in ("", "errada", "000000"):
        assert client.post("/conta/segundo-fator/desligar/", {"prova": wrong}).status_code == 400
    assert TOTPDevice.objects.count() == 1
    no_pause()
    given = {"password": PASSWORD, "code": code(key), "recovery code": codes[3]}[proof]
    assert client.post("/conta/segundo-fator/desligar/", {"prova": given}).status_code == 302
    assert TOTPDevice.objects.count() == StaticDevice.objects.count() == 0
    assert with_password()[1].headers["Location"] == "/auditoria/"
    assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True)) == [
        "SEGUNDO_FATOR_LIGADO", "SEGUNDO_FATOR_DESLIGADO",
    ]  # fmt: skip


def test_new_recovery_codes_take_the_place_of_the_old(client: Client) -> None:
    _key, codes = switch_on(client)
    assert client.post("/conta/segundo-fator/codigos/", {"prova": "errada"}).status_code == 400
    answer = client.post("/conta/segundo-fator/codigos/", {"prova": PASSWORD})
    fresh = re.findall(r"<code>([^<]+)</code>", answer.content.decode())
    assert len(fresh) == 10
    assert not set(fresh) & set(codes)
    other, _answer = with_password()
    assert other.post("/entrar/codigo/", {"codigo": codes[0]}).status_code == 400
    no_pause()
    assert other.post("/entrar/codigo/", {"codigo": fresh[0]}).status_code == 302


def test_an_administrator_and_the_command_help_whoever_lost_the_telephone(
    client: Client, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    bia = person(Role.VIEWER, "bia", PASSWORD)
    telephone = with_password("bia")[0]
    switch_on(telephone)
    client.post(f"/usuarios/{bia.pk}/", {"acao": "desligar-segundo-fator"})
    assert second_factor.device_of(bia) is None
    switch_on(client)
    monkeypatch.setenv("TOPBACKUP_DASHBOARD_PASSWORD", PASSWORD)
    call_command("criar_acesso", username="ana", stdout=StringIO())
    assert second_factor.device_of(ana) is not None
    call_command("criar_acesso", username="ana", sem_segundo_fator=True, stdout=StringIO())
    assert second_factor.device_of(ana) is None
    assert AuditEntry.objects.filter(who="chefe").count() == 0
    assert AuditEntry.objects.filter(who="ana", action="SEGUNDO_FATOR_DESLIGADO", target="bia").count() == 1
