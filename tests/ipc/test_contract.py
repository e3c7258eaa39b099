"""One contract for both transports: what a client may rely on, and what a hostile one cannot do to the others."""

import contextlib
import json
import threading
import time
from pathlib import Path

import pytest

from tests.ipc.conftest import LIMITS, Desk, eventually, open_handles
from topbackup.errors import AgentNotRunning, BadUsage, Busy, OperationFailed, TopBackupError
from topbackup.ipc.channel import Channel, LineReader, LineTooLong
from topbackup.ipc.client import Client
from topbackup.ipc.messages import LONGEST_ANSWER, LONGEST_REQUEST, Request, request_line
from topbackup.ipc.transport import connect, listen


def line(channel: Channel, timeout: float = 5.0) -> dict[str, object]:
    """The next answer, raw."""
    reader = LineReader(channel, LONGEST_ANSWER)
    while (found := reader.take()) is None:
        assert reader.fill(timeout), "the agent let go"
    document: dict[str, object] = json.loads(found)
    return document


def ended(channel: Channel, timeout: float = 5.0) -> bool:
    """Was the connection let go by the other end?"""
    try:
        while channel.read(timeout):
            pass
    except TimeoutError:
        return False
    except OSError:
        return True
    return True


def test_asked_and_answered_in_order(desk: Desk) -> None:
    with desk.client() as client:
        for number in range(50):
            asked = {"n": number, "texto": "São João € 😀", "nada": None, "lista": [1, 2.5, {"a": True}]}
            assert client.ask("echo", asked) == asked


def test_many_requests_in_one_write_are_all_answered(desk: Desk) -> None:
    channel = desk.channel()
    lines = [request_line(Request("echo", {"n": number}, number)) for number in range(20)]
    channel.write(b"".join(lines), 5)
    reader = LineReader(channel, LONGEST_ANSWER)
    found: list[int] = []
    while len(found) < 20:
        answer = reader.take()
        if answer is None:
            assert reader.fill(5)
        else:
            found.append(json.loads(answer)["id"])
    assert found == list(range(20))
    channel.close()


def test_a_message_in_single_bytes_is_one_message(desk: Desk) -> None:
    channel = desk.channel()
    for byte in request_line(Request("echo", {"a": "ç"}, 3)):
        channel.write(bytes([byte]), 5)
    assert line(channel) == {"v": 1, "id": 3, "ok": True, "resposta": {"a": "ç"}}
    channel.close()


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 1 << 20, 3 << 20])
def test_an_answer_of_any_size_comes_whole(desk: Desk, size: int) -> None:
    with desk.client() as client:
        assert client.ask("big", {"size": size}) == "ã" * size


@pytest.mark.parametrize(
    ("request_name", "kind", "code", "detail"),
    [
        ("busy", Busy, "TB-OCUPADO", "C:/São João.fdb"),
        ("wrong", BadUsage, "TB-USO", "limite"),
        ("refused", OperationFailed, "TB-FB-SENHA", ""),
        ("nada", BadUsage, "TB-USO", "nada"),
    ],
)
def test_errors_come_as_they_were_raised(
    desk: Desk, request_name: str, kind: type[TopBackupError], code: str, detail: str
) -> None:
    with desk.client() as client:
        with pytest.raises(kind) as raised:
            client.ask(request_name)
        assert (raised.value.code, raised.value.detail) == (code, detail)
        assert client.ask("echo", {"depois": 1}) == {"depois": 1}, "the connection goes on"


def test_a_defect_tells_no_words_of_its_own(desk: Desk) -> None:
    with desk.client() as client:
        with pytest.raises(OperationFailed) as raised:
            client.ask("defect")
        assert raised.value.code == "TB-INTERNO"
        assert "secret" not in str(raised.value)
    desk.still_answers()


def test_events_come_in_order_and_the_connection_goes_on(desk: Desk) -> None:
    with desk.client() as client:
        client.ask("count", {"to": 500})
        found = [event["n"] for _, event in zip(range(500), client.events(5), strict=False)]
        assert found == list(range(500))
        assert client.ask("echo", {"depois": 1}) == {"depois": 1}


def test_nobody_there_is_exit_code_4(tmp_path: Path) -> None:
    with pytest.raises(AgentNotRunning) as raised:
        Client.of(tmp_path)
    assert raised.value.exit_code == 4


def test_an_agent_that_goes_is_told_as_not_running(desk: Desk) -> None:
    with desk.client() as client:
        client.ask("echo", {})
        threading.Timer(0.3, desk.server.close).start()
        with pytest.raises(AgentNotRunning):
            client.ask("wait", patience=10)


def test_a_slow_answer_is_given_up_and_harms_nobody(desk: Desk) -> None:
    with desk.client() as client, pytest.raises(OperationFailed) as raised:
        client.ask("wait", patience=0.2)
    assert raised.value.code == "TB-AGENTE-SEM-RESPOSTA"
    desk.still_answers()


@pytest.mark.parametrize(
    "content",
    [
        b"\n\n\r\n {}\n",
        b"nada\n",
        b"\xff\xfe\xfd\n",
        b"[]\n",
        b'"echo"\n',
        b"null\n",
        b'{"v": 2, "id": 1, "pedido": "echo"}\n',
        b'{"v": true, "id": 1, "pedido": "echo"}\n',
        b'{"v": 1, "id": "x", "pedido": "echo"}\n',
        b'{"v": 1, "id": 1, "pedido": ""}\n',
        b'{"v": 1, "id": 1, "pedido": "' + b"a" * 65 + b'"}\n',
        b'{"v": 1, "id": 1, "pedido": 7}\n',
        b'{"v": 1, "id": 1, "pedido": "echo", "argumentos": []}\n',
        b'{"v": 1, "id": 1, "pedido": "echo", "argumentos": {"x": NaN}}\n',
        b'{"v": 1, "id": 1, "pedido": "echo", "argumentos": {"x": 1e999}}\n',
        b'{"v": 1, "id": 1, "pedido": "echo", "argumentos": ' + b'{"a":' * 40 + b"1" + b"}" * 40 + b"}\n",
        b"[" * 50_000 + b"\n",
        b'{"v": 1, "id": 1' + b"0" * 5000 + b', "pedido": "echo"}\n',
    ],
)
def test_a_garbled_message_is_told_to_its_sender_who_may_go_on(desk: Desk, content: bytes) -> None:
    channel = desk.channel()
    channel.write(content, 5)
    answer = line(channel)
    assert answer["ok"] is False
    assert isinstance(answer["erro"], dict)
    assert (answer["erro"]["codigo"], answer["erro"]["saida"]) == ("TB-MENSAGEM-INVALIDA", 2)
    channel.write(request_line(Request("echo", {"n": 1}, 9)), 5)
    assert line(channel)["id"] == 9
    channel.close()


def test_a_line_is_never_held_beyond_its_limit(desk: Desk) -> None:
    """Whole or not: the reader gives it up, before it has taken more than one reading over the limit."""
    channel = desk.channel()
    channel.write(request_line(Request("big", {"size": 50_000})), 5)
    reader = LineReader(channel, 1000)
    assert reader.fill(5)
    with pytest.raises(LineTooLong):
        reader.take()
    channel.close()


def test_a_huge_message_ends_its_connection_alone(desk: Desk) -> None:
    channel = desk.channel()
    with contextlib.suppress(OSError):
        for _ in range(40):
            channel.write(b"x" * (LONGEST_REQUEST // 8), 1)
    assert ended(channel)
    channel.close()
    desk.still_answers()


def test_the_largest_message_that_may_be_is_answered(desk: Desk) -> None:
    with desk.client() as client:
        text = "x" * (LONGEST_REQUEST - 100)
        assert client.ask("echo", {"t": text}) == {"t": text}


def test_half_a_message_and_gone(desk: Desk) -> None:
    for _ in range(20):
        channel = desk.channel()
        channel.write(b'{"v": 1, "pedido": "ec', 5)
        channel.close()
    desk.still_answers()


def test_a_message_that_trickles_in_is_cut_off(desk: Desk) -> None:
    channel, began = desk.channel(), time.monotonic()
    with contextlib.suppress(OSError):
        for byte in request_line(Request("echo", {"a": "x" * 500})):
            channel.write(bytes([byte]), 1)
            time.sleep(0.05)
            if time.monotonic() - began > LIMITS.message * 4:
                break
    assert ended(channel, 1)
    assert time.monotonic() - began < LIMITS.message * 4, "cut off by the clock, not at its end"
    channel.close()
    desk.still_answers()


def test_a_silent_connection_is_let_go(desk: Desk) -> None:
    channel, began = desk.channel(), time.monotonic()
    assert ended(channel, LIMITS.silence * 3)
    assert LIMITS.silence * 0.8 < time.monotonic() - began < LIMITS.silence * 3
    channel.close()


def test_who_does_not_read_is_let_go(desk: Desk) -> None:
    """It asks for endless events and never takes one: the server's writing limit ends it, the others are served."""
    channel = desk.channel()
    channel.write(request_line(Request("endless")), 5)
    for _ in range(20):
        desk.still_answers()
        time.sleep(0.1)
    eventually(lambda: len(desk.server._channels) == 0)
    channel.close()


def test_more_clients_than_there_is_room_for_are_told(desk: Desk) -> None:
    channels = [desk.channel() for _ in range(LIMITS.clients)]
    eventually(lambda: len(desk.server._channels) == LIMITS.clients)
    late = desk.channel()
    answer = line(late)
    assert isinstance(answer["erro"], dict)
    assert answer["erro"]["codigo"] == "TB-AGENTE-OCUPADO"
    late.close()
    for channel in channels:
        channel.close()
    eventually(lambda: len(desk.server._channels) == 0)
    desk.still_answers()


def test_fifty_clients_at_once(roomy: Desk) -> None:
    failed: list[BaseException] = []
    began = threading.Barrier(50)

    def talk(number: int) -> None:
        try:
            began.wait(30)
            with roomy.client() as client:
                for turn in range(20):
                    assert client.ask("echo", {"n": number, "t": turn}) == {"n": number, "t": turn}
        except BaseException as error:  # noqa: BLE001 - told in the test's own thread
            failed.append(error)

    threads = [threading.Thread(target=talk, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    roomy.still_answers()


def test_the_agent_is_told_who_asks(desk: Desk) -> None:
    desk.still_answers()
    assert desk.peers[-1].administrator, "the account that runs both"
    assert desk.peers[-1].name not in {"", "?"}


def test_closed_twice_and_a_new_one_in_its_place(tmp_path: Path) -> None:
    for _ in range(3):
        desk = Desk(tmp_path, LIMITS)
        desk.still_answers()
        desk.close()
        desk.close()
        with pytest.raises(OSError, match=r"."):
            connect(tmp_path, 0.5)


def test_no_handle_is_left_behind(roomy: Desk) -> None:
    def visits(count: int) -> None:
        for number in range(count):
            with roomy.client() as client:
                client.ask("echo", {"n": number})
            broken = roomy.channel()
            broken.write(b"{", 5)
            broken.close()
        eventually(lambda: len(roomy.server._channels) == 0)

    visits(20)
    before = open_handles()
    visits(200)
    eventually(lambda: open_handles() <= before + 5)


def test_an_agent_whose_home_has_a_long_name(tmp_path: Path) -> None:
    home = tmp_path / ("uma pasta com nome comprido e acentuação " * 2).strip() / ("x" * 60)
    home.mkdir(parents=True)
    desk = Desk(home, LIMITS)
    desk.still_answers()
    desk.close()


def test_listening_says_where(tmp_path: Path) -> None:
    listener = listen(tmp_path)
    assert "topbackup" in listener.where
    listener.close()
    assert listener.accept() is None
