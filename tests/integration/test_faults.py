"""Each fault ends as a failure with its TB code; nothing good is lost, nothing half left, and the next run is fine."""

import shutil
import signal
import sqlite3
import subprocess
import threading
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.integration.faults import Midway, mounted, read_only, signal_gbak, wrapper
from tests.integration.running_agent import TOPBACKUP
from tests.integration.shop import CNPJ, SINGLE, VERSIONED, WEEKDAY, Shop
from topbackup.backup.lock import run_lock
from topbackup.cancellation import Cancellation
from topbackup.clock import SYSTEM_CLOCK
from topbackup.errors import Busy, OperationFailed
from topcore.record import BackupRecord
from topcore.tables import RunStatus

AGENDAS = (SINGLE, WEEKDAY)


def settled(shop: Shop, agenda: int = SINGLE) -> None:
    """What must hold after every fault."""
    shop.assert_nothing_lost()
    shop.assert_server_free()
    shop.assert_next_run_is_fine(agenda)


def said_of_the_last(shop: Shop) -> str:
    failure = shop.history()[0].failure
    return "" if failure is None else failure.message


@pytest.mark.parametrize("agenda", AGENDAS)
def test_wrong_password(shop: Shop, agenda: int) -> None:
    shop.configure(firebird={"password": "errada"})
    shop.fails_with("TB-FB-SENHA", agenda)
    assert " (Firebird: " in said_of_the_last(shop), "whose words they are; a card leaves them out"
    shop.configure(firebird={"password": shop.server.password})
    settled(shop, agenda)


@pytest.mark.parametrize("agenda", AGENDAS)
def test_database_missing(shop: Shop, agenda: int) -> None:
    away = shop.database.rename(shop.home / "fora.fdb")
    shop.fails_with("TB-FB-BANCO-AUSENTE", agenda)
    away.rename(shop.database)
    settled(shop, agenda)


def test_another_database_missing(shop: Shop) -> None:
    shop.server.sql(f"update AGENDA_BACKUP set BANCO_ORIGEM = '{shop.home}/nada.fdb';\ncommit;\n", shop.database)
    shop.fails_with("TB-FB-BANCO-AUSENTE")
    shop.server.sql("update AGENDA_BACKUP set BANCO_ORIGEM = null;\ncommit;\n", shop.database)
    settled(shop)


def test_database_shut_down(shop: Shop) -> None:
    where = shop.server.address(shop.database)
    shop.server.run("gfix", "-shut", "full", "-force", "0", where)
    shop.fails_with("TB-FB-BANCO-PARADO")
    shop.server.run("gfix", "-online", where)
    settled(shop)


def test_database_truncated(shop: Shop) -> None:
    """EMPRESA is still readable, the data is cut: gbak finds it midway."""
    whole = shop.home / "inteiro.fdb"
    shutil.copy(shop.database, whole)
    damaged = shop.home / "cortado.fdb"
    shutil.copy(shop.database, damaged)
    with damaged.open("r+b") as file:
        file.truncate(damaged.stat().st_size * 6 // 10)
    shop.server.sql(f"update AGENDA_BACKUP set BANCO_ORIGEM = '{damaged}';\ncommit;\n", shop.database)
    shop.fails_with("TB-FB-BANCO-CORROMPIDO")
    assert " (Firebird: " in said_of_the_last(shop), "and gbak's"
    shop.server.sql("update AGENDA_BACKUP set BANCO_ORIGEM = null;\ncommit;\n", shop.database)
    settled(shop)


def test_server_stopped(shop: Shop) -> None:
    shop.server.stop()
    shop.configure(backup={"rota": "servico-pipe"})
    shop.fails_with("TB-FB-INACESSIVEL")
    shop.server.start()
    settled(shop)


def test_server_killed_midway(shop: Shop) -> None:
    shop.fails_with("TB-GBAK-MORTO", told=Midway(shop.server.kill))
    shop.server.start()
    settled(shop)


def test_gbak_missing(shop: Shop) -> None:
    shop.configure(firebird={"gbak_path": str(shop.home / "nada" / "gbak")})
    shop.fails_with("TB-GBAK-AUSENTE")
    shop.configure(firebird={"gbak_path": ""})
    settled(shop)


@pytest.mark.parametrize("agenda", AGENDAS)
def test_gbak_killed_midway(shop: Shop, agenda: int) -> None:
    shop.fails_with("TB-GBAK-MORTO", agenda, told=Midway(lambda: signal_gbak(signal.SIGKILL)))
    settled(shop, agenda)


@pytest.mark.parametrize("route", ["servico-pipe", "cliente-tcp"])
def test_gbak_stopped_is_a_stall(shop: Shop, route: str) -> None:
    shop.configure(backup={"stall_seconds": 2, "rota": route})
    shop.fails_with("TB-GBAK-PARADO", told=Midway(lambda: signal_gbak(signal.SIGSTOP)))
    settled(shop)


def test_server_hangs_midway(shop: Shop) -> None:
    shop.configure(backup={"stall_seconds": 2})
    shop.fails_with("TB-GBAK-PARADO", told=Midway(shop.server.suspend))
    shop.server.resume()
    settled(shop)


def test_too_slow_for_the_total_limit(shop: Shop) -> None:
    shop.configure(backup={"timeout_seconds": 0.05})
    shop.fails_with("TB-GBAK-TEMPO")
    shop.configure(backup={"timeout_seconds": 3600})
    settled(shop)


def test_gbak_exits_1_after_bytes(shop: Shop) -> None:
    gbak = wrapper(
        shop.home / "gbak", 'head -c 3000000 /dev/urandom > "$target"; echo "gbak: ERROR:disk is tired"; exit 1'
    )
    shop.configure(firebird={"gbak_path": str(gbak)})
    shop.fails_with("TB-GBAK-FALHOU")
    shop.configure(firebird={"gbak_path": ""})
    settled(shop)


@pytest.mark.parametrize("closing", ["", "gbak:closing file, committing, and finishing. 3000001 bytes written"])
def test_gbak_exits_0_with_a_short_stream(shop: Shop, closing: str) -> None:
    gbak = wrapper(shop.home / "gbak", f'head -c 3000000 /dev/urandom > "$target"; echo "{closing}"; exit 0')
    shop.configure(firebird={"gbak_path": str(gbak)})
    shop.fails_with("TB-GBAK-INCOMPLETO")
    shop.configure(firebird={"gbak_path": ""})
    settled(shop)


def test_gbak_writes_garbage_of_the_right_length(shop: Shop) -> None:
    """Only the proof by a restore finds this one; the older file is still there because the proof comes before."""
    gbak = wrapper(
        shop.home / "gbak",
        'case "$*" in *" stdin "*) exec /usr/bin/gbak "$@";; esac\n'
        'head -c 3000000 /dev/urandom > "$target"; echo "gbak:closing file. 3000000 bytes written"; exit 0',
    )
    (shop.home / "isql-fb").symlink_to("/usr/bin/isql-fb")
    shop.configure(firebird={"gbak_path": str(gbak)}, backup={"verificar_backup": True})
    shop.fails_with("TB-RESTAURA-FALHOU")
    shop.configure(firebird={"gbak_path": ""}, backup={"verificar_backup": True})
    settled(shop)


@pytest.mark.parametrize("agenda", [VERSIONED, *AGENDAS])
def test_cancelled_midway(shop: Shop, agenda: int) -> None:
    cancel = Cancellation()
    shop.fails_with("TB-CANCELADO", agenda, told=Midway(cancel.ask), cancel=cancel)
    settled(shop, agenda)


def test_cancelled_while_nothing_comes(shop: Shop) -> None:
    """The cancel does not wait for the next byte, nor for the stall limit."""
    cancel = Cancellation()

    def hang_and_cancel() -> None:
        signal_gbak(signal.SIGSTOP)
        shop.server.suspend()
        cancel.ask()

    began = time.monotonic()
    shop.fails_with("TB-CANCELADO", told=Midway(hang_and_cancel), cancel=cancel)
    assert time.monotonic() - began < 20
    shop.server.resume()
    settled(shop)


@pytest.mark.parametrize("step", ["check", "prove"])
def test_cancelled_while_it_is_checked(shop: Shop, step: str) -> None:
    shop.configure(backup={"verificar_backup": True})
    cancel = Cancellation()
    shop.fails_with("TB-CANCELADO", told=Midway(cancel.ask, step), cancel=cancel)
    settled(shop)


def test_destination_1_missing(shop: Shop) -> None:
    away = shop.d1.rename(shop.home / "fora")
    shop.fails_with("TB-DESTINO-AUSENTE")
    assert not shop.d1.exists(), "a missing disk is never made up"
    away.rename(shop.d1)
    settled(shop)


def test_destination_1_read_only(shop: Shop) -> None:
    with read_only(shop.d1):
        shop.fails_with("TB-DESTINO-PERMISSAO")
    settled(shop)


def test_destination_1_full_is_known_before_the_start(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    with mounted(shop.d1, "size=64k"), monkeypatch.context() as patch:
        patch.setattr("topbackup.backup.run.open_dump", lambda *_: pytest.fail("a dump was begun"))
        shop.fails_with("TB-DESTINO-CHEIO")
        assert list(shop.d1.iterdir()) == []
    settled(shop)


def test_destination_1_full_midway(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("topbackup.backup.run.zip_estimate", lambda last, database: 0)
    with mounted(shop.d1, "size=1m"):
        shop.fails_with("TB-DESTINO-CHEIO")
        assert list(shop.d1.iterdir()) == []
    settled(shop)


def test_destination_1_vanishes_midway(shop: Shop) -> None:
    fora = shop.home / "fora"
    shop.fails_with("TB-DESTINO-AUSENTE", told=Midway(lambda: shop.d1.rename(fora)))
    (fora / f"{CNPJ}.zip.part").unlink(missing_ok=True)  # nobody can clean a disk that is gone
    fora.rename(shop.d1)
    settled(shop)


@pytest.mark.parametrize(
    ("fault", "code"),
    [("missing", "TB-DESTINO-AUSENTE"), ("read_only", "TB-DESTINO-PERMISSAO"), ("full", "TB-DESTINO-CHEIO"),
     ("vanishing", "TB-DESTINO-AUSENTE"), ("same", "TB-DESTINO-IGUAL")],
)  # fmt: skip
def test_destination_2_fails_and_the_backup_is_there(shop: Shop, fault: str, code: str) -> None:
    fora = shop.home / "fora"
    if fault == "missing":
        shop.d2.rename(fora)
        record = shop.back_up()
        fora.rename(shop.d2)
    elif fault == "read_only":
        with read_only(shop.d2):
            record = shop.back_up()
    elif fault == "full":
        with mounted(shop.d2, "size=64k"):
            record = shop.back_up()
            assert list(shop.d2.iterdir()) == []
    elif fault == "vanishing":
        record = shop.back_up(told=Midway(lambda: shop.d2.rename(fora), "copy"))
        fora.rename(shop.d2)
    else:
        shop.server.sql("update AGENDA_BACKUP set LOCAL_DESTINO2 = LOCAL_DESTINO1;\ncommit;\n", shop.database)
        record = shop.back_up()
        shop.server.sql(f"update AGENDA_BACKUP set LOCAL_DESTINO2 = '{shop.d2}';\ncommit;\n", shop.database)
    assert record.status is RunStatus.SUCCEEDED
    assert record.partial
    assert record.failure is not None
    assert record.failure.code == code
    written = (shop.d1 / f"{CNPJ}.zip", shop.d1 / f"{CNPJ}.zip.json")
    shop.assert_nothing_lost(but=written)
    shop.assert_next_run_is_fine()


def test_journal_locked(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.back_up(VERSIONED)
    monkeypatch.setattr("topbackup.journal.journal.BUSY_SECONDS", 0.3)
    holder = sqlite3.connect(shop.parts.places.journal, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(OperationFailed) as locked:
            shop.back_up()
        assert (locked.value.code, locked.value.exit_code) == ("TB-DIARIO-OCUPADO", 1)
    finally:
        holder.execute("ROLLBACK")
        holder.close()
    assert len(shop.history()) == 1
    settled(shop)


@pytest.mark.parametrize("damage", ["header", "middle", "cut"])
def test_journal_corrupt(shop: Shop, damage: str) -> None:
    shop.back_up(VERSIONED)
    path = shop.parts.places.journal
    content = bytearray(path.read_bytes())
    if damage == "header":
        content[:16] = b"garbage garbage!"
    elif damage == "middle":
        content[4096:] = b"\xff" * (len(content) - 4096)
    else:
        content = content[: len(content) // 2]
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    path.write_bytes(content)
    shop.fails_with("TB-DIARIO-CORROMPIDO")
    assert [kept for kept in path.parent.iterdir() if "corrompido" in kept.name]
    settled(shop)


def test_two_runs_at_once(shop: Shop) -> None:
    outcome: list[BaseException | str] = []

    def second() -> None:
        try:
            outcome.append(str(shop.back_up(WEEKDAY).status))
        except Busy as busy:
            outcome.append(busy)

    def ask_meanwhile() -> None:
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(30)

    record = shop.back_up(told=Midway(ask_meanwhile))
    assert record.status is RunStatus.SUCCEEDED
    assert isinstance(outcome[0], Busy)
    assert (outcome[0].code, outcome[0].exit_code) == ("TB-OCUPADO", 75)
    assert len(shop.history()) == 1, "nothing was begun, so nothing is on record"
    with run_lock(shop.parts.places.locks, str(shop.database)), pytest.raises(Busy):
        shop.back_up()


def test_clock_set_back(shop: Shop) -> None:
    shop.back_up(VERSIONED)
    before = shop.history()[0]
    shop.clock = replace(SYSTEM_CLOCK, now=lambda: SYSTEM_CLOCK.now() - timedelta(days=3))
    shop.fails_with("TB-RELOGIO")
    shop.assert_nothing_lost()
    assert shop.back_up(VERSIONED).status is RunStatus.SUCCEEDED, "refused once, then it goes on"
    shop.clock = SYSTEM_CLOCK
    assert (Path(before.destination1) / before.file_name).exists()
    settled(shop)


def test_clock_set_back_during_the_run(shop: Shop) -> None:
    moved = [timedelta(0)]
    shop.clock = replace(SYSTEM_CLOCK, now=lambda: SYSTEM_CLOCK.now() + moved[0])

    def back() -> None:
        moved[0] = timedelta(days=-400)

    record = shop.back_up(told=Midway(back))
    assert record.status is RunStatus.SUCCEEDED
    assert record.ended_at is not None
    assert timedelta(0) <= record.ended_at - record.started_at < timedelta(minutes=1)


@pytest.mark.parametrize("room", ["hardly any", "as much as the dump", "nearly enough"])
def test_a_restore_without_room_blames_the_disk_and_not_the_backup(shop: Shop, room: str) -> None:
    record = shop.back_up(SINGLE)
    assert record.dump_size is not None
    small = shop.home / "pequeno"
    small.mkdir()
    nearly = shop.database.stat().st_size * 3 // 4
    sizes = {"hardly any": 2 << 20, "as much as the dump": record.dump_size + (1 << 20), "nearly enough": nearly}
    with mounted(small, f"size={sizes[room]}"):
        done = restored_to(shop, record, small / "novo.fdb")
        assert done.returncode == 1
        assert done.stderr.startswith("TB-RESTAURA-ESPACO"), done.stderr
        if room == "hardly any":
            assert f"< {record.dump_size >> 20} MB" in done.stderr, "asked before gbak began"
        assert list(small.iterdir()) == []


def test_a_restore_into_a_folder_that_is_read_only(shop: Shop) -> None:
    record, closed = shop.back_up(SINGLE), shop.home / "fechado"
    closed.mkdir()
    with mounted(closed, "ro"):
        done = restored_to(shop, record, closed / "novo.fdb")
    assert done.returncode == 1
    assert done.stderr.startswith("TB-RESTAURA-PASTA"), done.stderr
    assert "somente para leitura" in done.stderr, done.stderr


def test_a_restore_into_no_folder(shop: Shop) -> None:
    done = restored_to(shop, shop.back_up(SINGLE), shop.home / "nao" / "ha" / "novo.fdb")
    assert done.returncode == 1
    assert done.stderr.startswith("TB-RESTAURA-PASTA"), done.stderr


def restored_to(shop: Shop, record: BackupRecord, target: Path) -> "subprocess.CompletedProcess[str]":
    command = [*TOPBACKUP, "restore", str(shop.d1 / record.file_name), "--to", str(target)]
    return subprocess.run(
        [*command, "--config", str(shop.config)], capture_output=True, text=True, check=False, timeout=120
    )
