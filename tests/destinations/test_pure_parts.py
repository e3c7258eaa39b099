"""Listings, replies, names, and the pace: tables, without a server."""

from datetime import UTC, datetime

import pytest

from tests.destinations.places import Stop
from topbackup.destinations.contract import Entry
from topbackup.destinations.ftp_listing import is_readable, of_list, of_mlsd
from topbackup.destinations.ftp_replies import Phase, problem_of, readable
from topbackup.destinations.pace import BLOCK, Pace
from topbackup.destinations.temporary_names import is_part_of, whole
from topbackup.problems import RUN_CANCELLED

NAME = "11222333000181.zip"


@pytest.mark.parametrize(
    ("line", "size"),
    [
        (f"-rw-r--r--    1 ftp      ftp      41943040 Nov 25 01:14 {NAME}", 41943040),
        (f"-rw-r--r--   1 agente   (?)           512 Feb 11  2025 {NAME}", 512),
        (f"-rw-rw-rw-   1 user     group     6442450944 Mar  1 09:00 {NAME}", 6442450944),
        (f"-rwx------+  1 1000 1000 7 Jan 1 10:00 {NAME}", 7),
        (f"-rw-r--r--   1 agente   7 Jan  1 10:00 {NAME}", 7),
        (f"11-25-26  01:14AM             41943040 {NAME}", 41943040),
        (f"2026-11-25  13:14               77 {NAME}", None),
        (f"11-25-2026  13:14               77 {NAME}", 77),
        (f"11-25-26  01:14AM       <DIR>          {NAME}", None),
        (f"drwxr-xr-x    2 ftp      ftp          4096 Nov 25 01:14 {NAME}", None),
        (f"lrwxrwxrwx    1 ftp      ftp             4 Nov 25 01:14 {NAME} -> x", None),
        ("total 40", None),
    ],
)
def test_a_line_of_list(line: str, size: int | None) -> None:
    assert of_list(line) == (None if size is None else Entry(NAME, size, None))


def test_a_line_that_nobody_knows_is_told() -> None:
    assert is_readable("total 40")
    assert is_readable("drwxr-xr-x    2 ftp      ftp          4096 Nov 25 01:14 pasta com espaço")
    assert not is_readable("* x *")


def test_a_line_of_mlsd() -> None:
    at = datetime(2026, 11, 25, 1, 14, 9, tzinfo=UTC)
    line = f"Type=file;Size=7;Modify=20261125011409.123;Perm=rw; a b {NAME}"
    assert of_mlsd(line) == Entry(f"a b {NAME}", 7, at)
    assert of_mlsd(f"type=dir;sizd=4096;modify=20261125011409; {NAME}") is None
    assert of_mlsd(f"type=file;modify=20261125011409; {NAME}") is None
    assert of_mlsd(f"size=1;modify=nada; {NAME}") == Entry(NAME, 1, None)


@pytest.mark.parametrize(
    ("reply", "phase", "code"),
    [
        ("530 Login incorrect.", Phase.LOGIN, "TB-REMOTO-SENHA"),
        ("530 Non-anonymous sessions must use encryption.", Phase.LOGIN, "TB-REMOTO-TLS-EXIGIDO"),
        ("421 Sorry, cleartext sessions are not accepted on this server.", Phase.LOGIN, "TB-REMOTO-TLS-EXIGIDO"),
        ("421 Too many connections (8) from this IP", Phase.CONNECT, "TB-REMOTO-OCUPADO"),
        ("500 AUTH not understood", Phase.SECURE, "TB-REMOTO-TLS"),
        ("522 SSL connection failed; session reuse required", Phase.WRITE, "TB-REMOTO-TLS"),
        ("425 Can't open data connection.", Phase.WRITE, "TB-REMOTO-PORTA-DADOS"),
        ("426 Failure reading network stream.", Phase.WRITE, "TB-REMOTO-QUEDA"),
        ("451 Failure writing to local file.", Phase.WRITE, "TB-REMOTO-CHEIO"),
        ("552 Quota exceeded", Phase.WRITE, "TB-REMOTO-CHEIO"),
        ("550 Disk quota exceeded", Phase.WRITE, "TB-REMOTO-CHEIO"),
        ("553 Could not create file.", Phase.WRITE, "TB-REMOTO-PERMISSAO"),
        ("550 Failed to change directory.", Phase.FOLDER, "TB-REMOTO-CAMINHO"),
        ("550 Permission denied.", Phase.FOLDER, "TB-REMOTO-PERMISSAO"),
        ("550 Failed to open file.", Phase.READ, "TB-REMOTO-AUSENTE"),
        ("550 Rename failed.", Phase.RENAME, "TB-REMOTO-RENOMEAR"),
        ("451 Rename/move failure: Is a directory", Phase.RENAME, "TB-REMOTO-RENOMEAR"),
        ("550 Delete operation failed.", Phase.DELETE, "TB-REMOTO-PERMISSAO"),
        ("502 Command not implemented", Phase.WRITE, "TB-REMOTO-RECURSO"),
        ("500 OOPS: vsftpd: refusing to run with writable root inside chroot()", Phase.LOGIN, "TB-REMOTO-ERRO"),
        ("999 ?", Phase.LOOK, "TB-REMOTO-ERRO"),
    ],
)
def test_a_reply(reply: str, phase: Phase, code: str) -> None:
    assert problem_of(reply, phase).code == code


def test_a_reply_in_utf8_or_latin1() -> None:
    assert readable("530 Não".encode().decode("latin-1")) == "530 Não"
    assert readable("530 Não") == "530 Não"


def test_names_that_are_not_whole() -> None:
    at = datetime(2026, 11, 25, tzinfo=UTC)
    found = [
        Entry(name, size, at)
        for size, name in enumerate(
            ["a.zip", "a.zip.12.part", "b.zip.anterior", "c.zip", "c.zip.anterior", "a.zip.json"]
        )
    ]
    assert [(entry.name, entry.size) for entry in whole(found)] == [
        ("a.zip", 0),
        ("a.zip.json", 5),
        ("b.zip", 2),
        ("c.zip", 3),
    ]
    assert is_part_of("a.zip.0123456789ab.part", "a.zip")
    assert not is_part_of("a.zip.part", "a.zip"), "a run's own half file, where the place is its folder"
    assert not is_part_of("a.zip.json", "a.zip")
    assert not is_part_of("aa.zip.12.part", "a.zip")


class Clock:
    def __init__(self) -> None:
        self.now, self.asked = 0.0, 0

    def sleep(self, seconds: float) -> None:
        assert 0 < seconds <= 0.2
        self.now += seconds

    def go_on(self) -> None:
        self.asked += 1


def pace_of(rate: int | None, clock: Clock) -> Pace:
    return Pace(rate, clock.go_on, lambda: clock.now, clock.sleep)


def test_no_faster_than_allowed() -> None:
    clock = Clock()
    pace = pace_of(1_000_000, clock)
    assert pace.block == 250_000
    for _ in range(40):
        pace.spend(pace.block)
    assert clock.now == pytest.approx(10)
    assert clock.asked >= 40
    clock.now += 60
    for _ in range(8):
        pace.spend(pace.block)
    assert clock.now == pytest.approx(71), "a stall is made up for by one second's worth, not by a burst of a minute"


def test_a_very_slow_line_still_hears_a_cancellation() -> None:
    clock = Clock()

    def go_on() -> None:
        clock.go_on()
        if clock.now > 1:
            raise Stop(RUN_CANCELLED)

    pace = Pace(1000, go_on, lambda: clock.now, clock.sleep)
    assert pace.block == 4096
    pace.spend(1)
    with pytest.raises(Stop):
        pace.spend(10 * pace.block)
    assert clock.now < 1.5


def test_without_a_limit_nothing_waits() -> None:
    clock = Clock()
    pace = pace_of(None, clock)
    assert pace.block == BLOCK
    pace.spend(1 << 40)
    assert (clock.now, clock.asked) == (0.0, 1)
