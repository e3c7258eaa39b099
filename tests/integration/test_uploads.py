"""The copy away: owed by the run, sent from the finished file, whole or not there, told to the cloud, never twice."""

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.integration.running_agent import TOPBACKUP, eventually, running
from tests.integration.shop import CNPJ, SINGLE, VERSIONED, Shop
from topbackup.agent.doctor import examine
from topbackup.agent.documents import history_page
from topbackup.agent.remote import bring, brought_here, probe_destinations, retention_document
from topbackup.agent.uploads import Uploads
from topbackup.agent.verification import verify_file
from topbackup.backup.lock import run_lock
from topbackup.backup.sweep import sweep_all
from topbackup.cancellation import Cancellation
from topbackup.clock import SYSTEM_CLOCK, Clock
from topbackup.destinations.folder import sha256_of
from topbackup.errors import BadUsage, Busy, OperationFailed
from topbackup.journal import Journal, Upload, UploadQueue, waiting_uploads
from topbackup.problems import REMOTE_PERMISSION, UPLOAD_SUPERSEDED
from topcore.record import BackupRecord
from topcore.spread import Risk
from topcore.tables import RunStatus

FAR = "cofre"
LATER = "2999-01-01T00:00:00+00:00"


@pytest.fixture
def away(shop: Shop) -> Path:
    """A folder that stands for a place away, by the product's own kind `pasta`."""
    folder = shop.home / "longe"
    folder.mkdir()
    shop.overrides["remotos"] = [{"nome": FAR, "tipo": "pasta", "caminho": str(folder)}]  # type: ignore[assignment]
    shop.server.sql("update AGENDA_BACKUP set BACKUP_REMOTO = 'S';\ncommit;\n", shop.database)
    write(shop)
    return folder


def write(shop: Shop) -> None:
    """The settings, with `remotos`, which is a list and no section."""
    remotes = shop.overrides.pop("remotos")
    shop.configure()
    document = json.loads(shop.config.read_text())
    document["remotos"] = remotes
    shop.config.write_text(json.dumps(document))
    shop.overrides["remotos"] = remotes


def change(shop: Shop, **fields: object) -> None:
    shop.overrides["remotos"][0].update(fields)  # type: ignore[index,attr-defined]
    write(shop)


def send(shop: Shop) -> BackupRecord:
    """A turn of the uploads, as the agent makes it; the latest run's record after it."""
    journal, _ = shop.parts.open_journal()
    with journal:
        Uploads(journal, lambda: shop.parts, lambda sending: None, lambda: None).send_all()
    return shop.history()[0]


def waiting(shop: Shop) -> list[str]:
    with Journal.open(shop.parts.places.journal) as journal:
        return [upload.destination for upload in waiting_uploads(journal)]


@contextmanager
def the_upload(shop: Shop) -> Iterator[tuple[UploadQueue, Upload]]:
    """The queue, and the only copy that waits in it."""
    with Journal.open(shop.parts.places.journal) as journal:
        (upload,) = waiting_uploads(journal)
        yield UploadQueue(journal, OperationFailed(UPLOAD_SUPERSEDED).failure()), upload


def test_the_copy_is_owed_by_the_run_and_sent_from_its_file(shop: Shop, away: Path) -> None:
    record = shop.back_up(VERSIONED)
    assert record.status is RunStatus.SUCCEEDED
    assert record.failure is None, "a copy that is still to be sent is no failure"
    assert [(copy.destination, copy.since, copy.placed_at) for copy in record.remotes] == [(FAR, record.ended_at, None)]
    assert list(away.iterdir()) == [], "the network is not on gbak's way"
    sent = send(shop)
    assert sent.uploaded_at is not None
    assert (away / sent.file_name).read_bytes() == (shop.d1 / sent.file_name).read_bytes()
    assert sorted(path.name for path in away.iterdir()) == [sent.file_name, f"{sent.file_name}.json"]
    assert waiting(shop) == []
    assert sent.spread is not None
    assert (sent.spread.copies, sent.spread.away) == (2, 0), "a folder on the database's own disk is no place away"
    assert Risk.NONE_AWAY in sent.spread.risks


def test_a_place_away_counts_once(shop: Shop, away: Path) -> None:
    """Another device than the database's; and two destinations with one address are one."""
    elsewhere = Path(tempfile.mkdtemp(dir="/dev/shm"))  # a file system of its own, on every Linux
    try:
        change(shop, caminho=str(elsewhere))
        shop.overrides["remotos"].append({"nome": "outro-nome", "tipo": "pasta", "caminho": str(elsewhere)})  # type: ignore[attr-defined]
        write(shop)
        shop.back_up(VERSIONED)
        sent = send(shop)
        assert all(copy.placed_at for copy in sent.remotes)
        assert sent.spread is not None
        assert (sent.spread.copies, sent.spread.away) == (3, 1)
        assert Risk.NONE_AWAY not in sent.spread.risks
    finally:
        shutil.rmtree(elsewhere)


def test_a_failed_upload_is_no_failed_backup_and_is_tried_again(shop: Shop, away: Path) -> None:
    shop.back_up(SINGLE)
    away.rename(away.with_name("fora-do-ar"))
    record = send(shop)
    assert record.status is RunStatus.SUCCEEDED
    assert record.failure is None
    (copy,) = record.remotes
    assert copy.failure is not None
    assert copy.failure.code.startswith("TB-REMOTO-")
    assert copy.placed_at is None
    away.with_name("fora-do-ar").rename(away)
    assert send(shop).uploaded_at is None, "not before its next attempt"
    shop.clock = later(hours=2)
    assert send(shop).uploaded_at is not None


def later(**much: float) -> Clock:
    return replace(SYSTEM_CLOCK, now=lambda: datetime.now(UTC) + timedelta(**much))


def test_the_newest_takes_the_place_of_what_never_began(shop: Shop, away: Path) -> None:
    first, second = shop.back_up(SINGLE), shop.back_up(SINGLE)
    assert waiting(shop) == [FAR]
    send(shop)
    records = {record.run_id: record for record in shop.history()}
    assert records[second.run_id].uploaded_at is not None
    (old,) = records[first.run_id].remotes
    assert old.failure is not None
    assert old.failure.code == "TB-REMOTO-SUPERADO"


def test_a_file_that_is_not_the_runs_any_more_is_not_sent(shop: Shop, away: Path) -> None:
    spoil(shop, shop.back_up(VERSIONED))
    (copy,) = send(shop).remotes
    assert copy.failure is not None
    assert copy.failure.code == "TB-REMOTO-ARQUIVO"
    assert (list(away.iterdir()), waiting(shop)) == ([], [])


def spoil(shop: Shop, record: BackupRecord) -> None:
    for folder in (shop.d1, shop.d2):
        path = folder / record.file_name
        path.write_bytes(path.read_bytes()[:-1] + b"?")


def test_the_file_of_the_other_folder_serves(shop: Shop, away: Path) -> None:
    record = shop.back_up(VERSIONED)
    (shop.d1 / record.file_name).unlink()
    assert send(shop).uploaded_at is not None
    assert (away / record.file_name).read_bytes() == (shop.d2 / record.file_name).read_bytes()


def test_a_disk_that_is_away_for_a_while_ends_no_upload(shop: Shop, away: Path) -> None:
    record = shop.back_up(VERSIONED)
    for folder in (shop.d1, shop.d2):
        folder.rename(folder.with_name(f"{folder.name}-desligado"))
    (copy,) = send(shop).remotes
    assert copy.failure is not None
    assert copy.failure.code == "TB-REMOTO-ORIGEM"
    assert waiting(shop) == [FAR]
    for folder in (shop.d1, shop.d2):
        folder.with_name(f"{folder.name}-desligado").rename(folder)
    shop.clock = later(minutes=6)
    assert send(shop).uploaded_at is not None
    assert (away / record.file_name).exists()


def test_a_file_that_is_away_rests_no_destination(shop: Shop, away: Path) -> None:
    older = shop.back_up(VERSIONED)
    with the_upload(shop) as (queue, upload):
        queue.begin(upload)  # so that it is tried first
    for folder in (shop.d1, shop.d2):
        (folder / older.file_name).unlink()
    shop.clock = later(minutes=1)  # V names are of a second
    newer = shop.back_up(VERSIONED)
    send(shop)
    assert (away / newer.file_name).exists(), "in the same turn"


def test_a_backup_that_asks_for_no_copy_away_ends_no_older_one(shop: Shop, away: Path) -> None:
    asked = shop.back_up(VERSIONED)
    shop.server.sql("update AGENDA_BACKUP set BACKUP_REMOTO = 'N';\ncommit;\n", shop.database)
    assert shop.back_up(SINGLE).remotes == ()
    assert waiting(shop) == [FAR]
    send(shop)
    assert (away / asked.file_name).exists()


def test_a_newer_backup_under_the_name_is_not_replaced(shop: Shop, away: Path) -> None:
    """The place away is another agenda's own folder: there the newer file may be the only one."""
    older = shop.back_up(SINGLE)
    with the_upload(shop) as (queue, upload):
        queue.begin(upload)
    newer = shop.back_up(SINGLE)
    for suffix in ("", ".json"):
        shutil.copy(shop.d1 / f"{newer.file_name}{suffix}", away)
    send(shop)
    records = {record.run_id: record for record in shop.history()}
    (copy,) = records[older.run_id].remotes
    assert copy.failure is not None
    assert sha256_of(away / newer.file_name) == newer.sha256


@pytest.mark.parametrize(
    ("change", "replaced"), [({}, True), ({"banco_origem": "D:/OUTRO.FDB"}, False), ({"data_inicio": LATER}, False)]
)
def test_another_databases_only_copy_is_not_replaced(
    shop: Shop, away: Path, change: dict[str, str], replaced: bool
) -> None:
    """Two computers of one company send to one folder. A journal that was lost knows none of its own runs either."""
    record = shop.back_up(SINGLE)
    manifest = json.loads((shop.d1 / f"{record.file_name}.json").read_text())
    manifest |= {"uuid": str(uuid4()), "data_inicio": "2020-01-01T00:00:00+00:00"} | change
    (away / f"{record.file_name}.json").write_text(json.dumps(manifest))
    (away / record.file_name).write_bytes(b"the other one's")
    (copy,) = send(shop).remotes
    assert (copy.placed_at is not None) == replaced
    assert ((away / record.file_name).read_bytes() != b"the other one's") == replaced
    assert copy.failure is None if replaced else copy.failure and copy.failure.code == "TB-REMOTO-DE-OUTRO"


def test_a_whole_copy_beside_an_older_manifest_is_brought_back(shop: Shop, away: Path) -> None:
    """The computer died between the ZIP and its manifest."""
    here = shop.home / "trazido"
    here.mkdir()
    shop.back_up(SINGLE)
    first = send(shop)
    older = (away / f"{first.file_name}.json").read_bytes()
    shop.back_up(SINGLE)
    second = send(shop)
    (away / f"{first.file_name}.json").write_bytes(older)
    found = bring(shop.parts, FAR, second.file_name, here, Cancellation())
    assert sha256_of(found) == second.sha256
    assert [path.name for path in here.iterdir() if path.suffix == ".json"] == []
    spoilt = (away / second.file_name).read_bytes()
    (away / second.file_name).write_bytes(spoilt[:1000] + bytes(100) + spoilt[1100:])
    found.unlink()
    with pytest.raises(OperationFailed, match="") as refused:
        bring(shop.parts, FAR, second.file_name, here, Cancellation())
    assert refused.value.code == "TB-ARQUIVO-ALTERADO"


def test_what_a_person_has_to_mend_holds_no_newer_copy_up(shop: Shop, away: Path) -> None:
    stuck = shop.back_up(VERSIONED)
    with the_upload(shop) as (queue, upload):
        queue.begin(upload)
        queue.failed(upload, OperationFailed(REMOTE_PERMISSION).failure(), datetime.now(UTC))
    shop.clock = later(minutes=1)  # V names are of a second
    newer = shop.back_up(VERSIONED)
    assert newer.status is RunStatus.SUCCEEDED, newer.failure
    with Journal.open(shop.parts.places.journal) as journal:
        assert [upload.run_id for upload in waiting_uploads(journal)] == [newer.run_id, stuck.run_id]


def test_sent_now_without_an_agent(shop: Shop, away: Path) -> None:
    record = shop.back_up(VERSIONED)
    command = [*TOPBACKUP, "destinations", "send", "--json", "--config", str(shop.config)]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)
    assert json.loads(done.stdout) == {"pendentes": 0}
    assert (away / record.file_name).exists()


def test_what_is_placed_stays_placed(shop: Shop, away: Path) -> None:
    """Two processes sent the same copy, and the slower one failed."""
    shop.back_up(VERSIONED)
    with the_upload(shop) as (queue, upload):
        queue.placed(upload, datetime.now(UTC), "tamanho")
        queue.failed(upload, OperationFailed(REMOTE_PERMISSION).failure(), datetime.now(UTC))
    (copy,) = shop.history()[0].remotes
    assert copy.placed_at is not None
    assert copy.failure is None


def test_a_stop_is_heard_at_once(shop: Shop, away: Path) -> None:
    """Not at the next look, which is a minute away."""
    journal, _ = shop.parts.open_journal()
    with journal:
        uploads = Uploads(journal, lambda: shop.parts, lambda sending: None, lambda: None)
        uploads.start()
        lock = shop.parts.places.locks
        eventually(lambda: is_busy(lock, "envios"), 10)  # it has had its first turn
        time.sleep(0.5)
        assert uploads.close(10)
        assert not is_busy(lock, "envios")


def is_busy(folder: Path, name: str) -> bool:
    try:
        with run_lock(folder, name):
            return False
    except Busy:
        return True


def test_one_process_sends_at_a_time(shop: Shop, away: Path) -> None:
    shop.back_up(VERSIONED)
    with run_lock(shop.parts.places.locks, "envios"), pytest.raises(Busy):
        send(shop)
    assert list(away.iterdir()) == []


def test_a_slow_destination_holds_no_other_one_up(shop: Shop, slow: Path) -> None:
    near = shop.home / "perto"
    near.mkdir()
    shop.overrides["remotos"].append({"nome": "perto", "tipo": "pasta", "caminho": str(near)})  # type: ignore[attr-defined]
    write(shop)
    with running(shop) as agent:
        agent.until("RUNNING")
        agent.ask("backup", agenda=VERSIONED)
        eventually(lambda: list(near.glob("*.zip.json")), 30, agent.said)
        assert list(slow.glob("*.zip")) == [], "still on its way"


def test_asked_for_and_nowhere_to_go_says_so(shop: Shop, away: Path) -> None:
    shop.overrides["remotos"] = []  # type: ignore[assignment]
    write(shop)
    record = shop.back_up(SINGLE)
    assert [copy.destination for copy in record.remotes] == ["ftp"]
    (copy,) = send(shop).remotes
    assert copy.failure is not None
    assert copy.failure.code == "TB-REMOTO-SEM-CONFIG"


def test_outside_the_allowed_hours_nothing_is_sent(shop: Shop, away: Path) -> None:
    local = datetime.now(UTC).astimezone(shop.parts.settings.app.zone)
    opens, closes = local + timedelta(hours=2), local + timedelta(hours=3)
    change(shop, horario_inicio=f"{opens:%H:%M}", horario_fim=f"{closes:%H:%M}")
    shop.back_up(SINGLE)
    assert send(shop).uploaded_at is None
    assert waiting(shop) == [FAR]
    shop.clock = later(hours=2.5)
    assert send(shop).uploaded_at is not None


@pytest.fixture
def slow(shop: Shop, away: Path) -> Path:
    """A line that needs about ten seconds for the file."""
    change(shop, limite_kbps=4000)
    return away


def test_killed_in_an_upload_it_is_resumed_and_sent_once(shop: Shop, slow: Path) -> None:
    with running(shop) as agent:
        agent.until("RUNNING")
        agent.ask("backup", agenda=VERSIONED)
        eventually(lambda: sending(agent) > 1_000_000, 60, agent.said)
        agent.kill()
        half = [path for path in slow.iterdir() if path.name.endswith(".part")]
        assert len(half) == 1, "no whole name with half a file"
        before = half[0].stat().st_size
        change(shop, limite_kbps=0)
        agent.start()
        agent.ask("send")
        eventually(lambda: runs(agent)[0]["data_envio_ftp"], 60, agent.said)
        name = runs(agent)[0]["nome_arquivo"]
        assert (slow / name).read_bytes() == (shop.d1 / name).read_bytes()
        assert before > 0
        assert [path.name for path in slow.iterdir() if path.name.endswith(".part")] == []
        written = (slow / name).stat().st_mtime_ns
        agent.kill()
        agent.start()
        agent.ask("send")
        assert (slow / name).stat().st_mtime_ns == written, "not sent again"
        assert agent.ask("status")["envios"] == []


def test_what_is_half_there_of_a_file_that_is_given_up_goes_with_the_next(shop: Shop, slow: Path) -> None:
    with running(shop) as agent:
        agent.until("RUNNING")
        agent.ask("backup", agenda=VERSIONED)
        eventually(lambda: sending(agent) > 1_000_000, 60, agent.said)
        agent.kill()
    (half,) = [path for path in slow.iterdir() if path.name.endswith(".part")]
    spoil(shop, shop.history()[0])
    change(shop, limite_kbps=0)
    shop.back_up(VERSIONED)
    record = send(shop)
    assert record.uploaded_at is not None
    assert not half.exists()
    assert sorted(path.name for path in slow.iterdir()) == [record.file_name, f"{record.file_name}.json"]


def test_a_backup_goes_on_while_an_upload_does_and_a_stop_ends_it(shop: Shop, slow: Path) -> None:
    with running(shop) as agent:
        agent.until("RUNNING")
        agent.ask("backup", agenda=SINGLE)
        eventually(lambda: sending(agent) > 0, 60, agent.said)
        agent.ask("backup", agenda=SINGLE)
        eventually(lambda: [run["status"] for run in runs(agent)] == ["S", "S"], 60, agent.said)
        assert agent.stop() == 0
        assert CNPJ + ".zip" not in [path.name for path in slow.iterdir()], "half of the older file has no name"
        change(shop, limite_kbps=0)
        agent.start()
        agent.ask("send")
        eventually((slow / f"{CNPJ}.zip").exists, 60, agent.said)
        assert (slow / f"{CNPJ}.zip").read_bytes() == (shop.d1 / f"{CNPJ}.zip").read_bytes(), "the newer one"
        eventually(lambda: agent.status["envio"] is None, 30)
        newer, older = runs(agent)
        assert newer["data_envio_ftp"] is not None
        assert older["remotas"][0]["codigo_erro"] in ("TB-REMOTO-ARQUIVO", "TB-ARQUIVO-ALTERADO", "TB-REMOTO-SUPERADO")


def sending(agent: Any) -> int:
    found = agent.status["envio"]
    return 0 if found is None else int(found["feito"])


def runs(agent: Any) -> list[Any]:
    found: list[Any] = agent.ask("history", limite=5)
    return found


def test_brought_back_and_proven(shop: Shop, away: Path) -> None:
    record = shop.back_up(VERSIONED)
    send(shop)
    shutil.rmtree(shop.d1)
    with brought_here(shop.parts, FAR, record.file_name, Cancellation()) as archive:
        assert verify_file(shop.parts, archive, Cancellation()).found.rows["VENDAS"] == 60_000
    with pytest.raises(OperationFailed) as missing, brought_here(shop.parts, FAR, "outro.zip", Cancellation()):
        pass
    assert missing.value.code == "TB-REMOTO-AUSENTE"


def test_the_doctor_looks_at_the_places_away_too(shop: Shop, away: Path) -> None:
    assert [finding.error for finding in examine(shop.parts) if FAR in finding.subject] == [None]
    away.rename(away.with_name("fora-do-ar"))
    (found,) = [finding for finding in examine(shop.parts) if FAR in finding.subject]
    assert found.error is not None
    assert found.error.code.startswith("TB-REMOTO-")


def test_a_name_that_no_destination_has_is_told_with_those_that_there_are(shop: Shop, away: Path) -> None:
    with pytest.raises(BadUsage, match=FAR):
        bring(shop.parts, "cofra", f"{CNPJ}.zip", shop.home, Cancellation())


def test_the_probe_says_each_step(shop: Shop, away: Path) -> None:
    (found,) = probe_destinations(shop.parts)
    assert found["ok"]
    assert [step["codigo_erro"] for step in found["passos"]] == [None] * len(found["passos"])
    away.rmdir()
    (found,) = probe_destinations(shop.parts, FAR)
    assert not found["ok"]
    assert found["passos"][-1]["codigo_erro"].startswith("TB-REMOTO-")


def sweep(shop: Shop) -> list[tuple[str, str]]:
    journal, _ = shop.parts.open_journal()
    with journal:
        fates = sweep_all(journal, shop.parts.sweeping())
    return [(fate.known.place, fate.why.value) for fate in fates if fate.goes]


def test_retention_keeps_the_last_two_here_and_away(shop: Shop, away: Path) -> None:
    names = []
    for day in range(4):
        shop.clock = later(days=day)
        names.append(shop.back_up(VERSIONED).file_name)
        send(shop)
    assert sweep(shop) == [], "nothing is configured: all is kept"
    shop.overrides.setdefault("backup", {}).update(retencao_ultimos=2)
    write(shop)
    journal, _ = shop.parts.open_journal()
    with journal:
        explained = retention_document(journal, shop.parts)
    assert [fate["sai"] for fate in explained] == [False, False, True, True] * 3
    assert sorted(path.name for path in shop.d1.glob("*_2*.zip")) == names, "explaining touches nothing"
    assert len(sweep(shop)) == 6
    for folder in (shop.d1, shop.d2, away):
        assert sorted(path.name for path in folder.glob("*_2*.zip")) == names[2:]
        assert sorted(path.name for path in folder.glob("*_2*.zip.json")) == [f"{name}.json" for name in names[2:]]
    shop.assert_nothing_lost()
    assert sweep(shop) == []
    with Journal.open(shop.parts.places.journal) as journal:
        shown = history_page(journal, 10, None, copies=True)
    counts = [(len(run["copias"]), len(run["remotas"])) for run in shown]
    assert counts == [(2, 1)] * 2 + [(0, 0)] * 2, "a window lists no copy that retention took away"


def test_retention_gives_nothing_up_for_a_newest_that_was_spoilt(shop: Shop, away: Path) -> None:
    """A disk that fails keeps the name and the size."""
    for day in range(4):
        shop.clock = later(days=day)
        newest = shop.back_up(VERSIONED)
        send(shop)
    shop.overrides.setdefault("backup", {}).update(retencao_ultimos=2)
    write(shop)
    (shop.d1 / newest.file_name).write_bytes(bytes(newest.size or 0))
    assert {place for place, _ in sweep(shop)} == {str(shop.d2), FAR}
    assert len(list(shop.d1.glob("*_2*.zip"))) == 4


def test_retention_stops_while_runs_fail_and_counts_only_what_is_there(shop: Shop, away: Path) -> None:
    names = []
    for day in range(3):
        shop.clock = later(days=day)
        names.append(shop.back_up(VERSIONED).file_name)
    shop.overrides.setdefault("backup", {}).update(retencao_ultimos=1)
    write(shop)
    (shop.d1 / names[2]).unlink()  # somebody deleted the newest: it protects nothing
    shop.d2.rename(shop.home / "d2-fora")
    send(shop)
    gone = {path.name for path in shop.d1.glob("*_2*.zip")}
    assert gone == {names[1]}, "the newest that is really there stays"
    (shop.home / "d2-fora").rename(shop.d2)
    assert len(list(shop.d2.glob("*_2*.zip"))) == 3, "a folder that is away keeps everything"
    os.truncate(shop.database, 100_000)
    shop.clock = later(days=4)
    with pytest.raises(OperationFailed):
        shop.back_up(VERSIONED)
    assert shop.history()[0].status is RunStatus.FAILED
    assert sweep(shop) == []
    assert len(list(shop.d2.glob("*_2*.zip"))) == 3
