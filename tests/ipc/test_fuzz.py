"""10,000 random and hostile messages: the agent goes on, forgets nobody, and keeps nothing."""

import contextlib
import json
import random

from tests.ipc.conftest import Desk, eventually, open_handles
from topbackup.ipc.channel import Channel
from topbackup.ipc.messages import Request, request_line

MESSAGES = 10_000
NAMES = ("echo", "big", "busy", "wrong", "defect", "count", "nada", "", "status", "x" * 70, "écho")


def anything(dice: random.Random, depth: int = 0) -> object:
    kind = dice.randrange(9 if depth < 5 else 6)
    match kind:
        case 0:
            return None
        case 1:
            return dice.choice([True, False])
        case 2:
            return dice.choice([0, -1, 2**63, 2**2000, dice.randrange(10**9)])
        case 3:
            return dice.choice([0.5, -0.0, 1e308, float("nan"), float("inf")])
        case 4 | 5:
            return "".join(
                chr(dice.choice([0, 10, 34, 92, 65, 0xE3, 0xD800, 0x1F600])) for _ in range(dice.randrange(8))
            )
        case 6 | 7:
            return [anything(dice, depth + 1) for _ in range(dice.randrange(5))]
        case _:
            return {str(anything(dice, 9)): anything(dice, depth + 1) for _ in range(dice.randrange(5))}


def message(dice: random.Random) -> bytes:
    kind = dice.randrange(8)
    valid = request_line(Request(dice.choice(NAMES), {"size": dice.randrange(2000), "to": 3}, dice.randrange(2**40)))
    if kind == 0:
        return dice.randbytes(dice.randrange(400)) + b"\n"
    if kind == 1:
        return json.dumps(anything(dice)).encode() + b"\n"
    if kind == 2:
        return json.dumps({name: anything(dice) for name in ("v", "id", "pedido", "argumentos")}).encode() + b"\n"
    if kind == 3:
        place = dice.randrange(len(valid))
        return valid[:place] + dice.randbytes(3) + valid[place + 1 :]
    if kind == 4:
        return valid[: dice.randrange(len(valid))]  # half; what follows is glued to it
    if kind == 5:
        return b"\n" * dice.randrange(50)
    if kind == 6 and dice.randrange(50) == 0:
        return b"x" * 80_000
    return valid


def drained(channel: Channel) -> None:
    with contextlib.suppress(OSError):
        while channel.read(0.0):
            pass


def test_ten_thousand_hostile_messages(roomy: Desk) -> None:
    dice = random.Random(20261123)
    roomy.still_answers()
    before, sent, channel = open_handles(), 0, roomy.channel()
    while sent < MESSAGES:
        try:
            channel.write(message(dice), 0.5)
            drained(channel)
            gone = dice.randrange(60) == 0
        except OSError:
            gone = True
        sent += 1
        if gone:
            channel.close()
            channel = roomy.channel()
        if sent % 1000 == 0:
            roomy.still_answers()
    channel.close()
    eventually(lambda: len(roomy.server._channels) == 0, 20)
    roomy.still_answers()
    eventually(lambda: open_handles() <= before + 5)
