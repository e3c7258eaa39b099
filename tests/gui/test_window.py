"""The window as a person uses it: a real desktop, real clicks and keys, the real agent and a real Firebird."""

import json
import os
import signal
import threading
import time
import zipfile
from pathlib import Path
from tkinter import font
from typing import Any

import pytest

from tests.gui.desktop import HEIGHT, Hand, every, live
from tests.integration.faults import mounted
from tests.integration.running_agent import RunningAgent, running, set_rows
from tests.integration.shop import CNPJ, Shop
from topbackup import i18n
from topbackup.gui import theme
from topbackup.gui.application import _set_up
from topbackup.gui.restore_look import look
from topbackup.gui.screens import restore as restore_page
from topbackup.gui.screens.agendas import DayTile
from topbackup.gui.screens.page import Head
from topbackup.gui.theme import Tone
from topbackup.gui.widgets.table import Column, Row, Table
from topbackup.gui.widgets.text import Title
from topbackup.gui.wizard.ending import heading

pytestmark = pytest.mark.usefixtures("display")
NEVER = "03:00"
PICTURES = os.environ.get("TOPBACKUP_PICTURES")  # a folder for people to look into


@pytest.fixture(autouse=True)
def _portuguese() -> None:
    i18n.use("pt_BR")


@pytest.fixture
def slow(shop: Shop) -> Shop:
    """A gbak that takes three seconds more, so that there is a while to look and to click in."""
    gbak = shop.home / "gbak"
    gbak.write_text('#!/bin/sh\ncase "$*" in *-z*) ;; *) sleep 3;; esac\nexec gbak "$@"\n')
    gbak.chmod(0o755)
    shop.configure(firebird={"gbak_path": str(gbak)}, backup={"verificar_backup": True})
    set_rows(shop, [(1, NEVER, "V")])
    return shop


def sentence(hand: Hand) -> str:
    return str(hand.page_of("home").sentence.text)


def says(hand: Hand, words: str, seconds: float = 30) -> None:
    hand.until(lambda: words in sentence(hand), seconds, f"{words!r}, but: {hand.see(lambda: sentence(hand))!r}")


def all_words_of(line: Any) -> list[str]:
    """All that it shows from now on: a small database is read in less time than a look at the window takes."""
    shown: list[str] = []
    tell = line.set

    def set_(words: str) -> None:
        tell(words)
        shown.append(str(line.cget("text")))

    line.set = set_
    return shown


def test_a_backup_now_with_its_progress(slow: Shop, tmp_path: Path) -> None:
    gbak = slow.home / "gbak"  # this database is read in less time than a busy window takes to show it
    gbak.write_text(
        "#!/bin/bash\nto=${@: -1}\n"
        '[ -p "$to" ] || exec gbak "$@"\n'
        'mkfifo "$to.lento"; gbak "${@:1:$#-1}" "$to.lento" & own=$!\n'
        '{ head -c 200000; sleep 2; cat; } < "$to.lento" > "$to"; rm "$to.lento"; wait $own\n'
    )

    def story(hand: Hand) -> None:
        says(hand, "Ainda não foi feito nenhum backup")
        shown = hand.see(lambda: all_words_of(hand.page_of("home").progress._words))
        hand.click(lambda: hand.page_of("home")._next.now_button)
        says(hand, "está sendo feito agora")
        hand.until(lambda: any("Lendo o banco" in words for words in shown), 60, f"progress, but: {shown}")
        says(hand, "Protegido. Último backup: hoje às", 40)
        hand.until(lambda: len(hand.page_of("home").table.tree.get_children()) == 1)

    with running(slow) as agent:
        agent.until("RUNNING")
        live(slow.config, tmp_path, story)
    (run,) = slow.history()
    assert (run.manual, run.agenda_id, run.proof.value) == (True, 1, "S")


@pytest.mark.parametrize("scale", [100, 200])
def test_one_of_many_agendas_by_hand(shop: Shop, tmp_path: Path, scale: int) -> None:
    """A list on the screen, whatever their number."""
    set_rows(shop, [(number, NEVER, "V") for number in range(1, 41)])

    def story(hand: Hand) -> None:
        hand.until(lambda: len((hand.app.view.agenda or {}).get("agendas", ())) == 40, what="the agendas")
        hand.keys("ctrl+b")
        hand.until(lambda: hand.dialog() is not None and hand.dialog().winfo_viewable(), what="the dialog")
        time.sleep(0.5)
        if PICTURES:
            hand.picture(Path(PICTURES) / f"agendas-{scale}.png")
        for words in ("Fazer backup", "Cancelar"):
            button = hand.see(lambda words=words: hand.button(words))  # type: ignore[misc]  # binds the loop's value
            low = hand.see(lambda button=button: button.winfo_rooty() + button.winfo_height())  # type: ignore[misc]  # see above
            assert low <= HEIGHT, f"{words} is on the screen"
        hand.keys(*["Down"] * 39, "Return")
        hand.until(lambda: hand.dialog() is None, what="it is taken")
        hand.until(lambda: bool(hand.app.view.runs) and hand.app.view.runs[0]["status"] == "S", 60, "a backup")

    with running(shop) as agent:
        agent.until("RUNNING")
        live(shop.config, tmp_path, story, preferences=json.dumps({"appearance": "light", "scale": scale}))
    (run,) = shop.history()
    assert (run.manual, run.agenda_id) == (True, 40)


def test_cancel_asks_and_ends_it(slow: Shop, tmp_path: Path) -> None:
    def story(hand: Hand) -> None:
        hand.until(lambda: hand.app.view.linked)
        hand.keys("ctrl+b")
        says(hand, "está sendo feito agora")
        hand.click(lambda: hand.button("Cancelar"))
        hand.until(lambda: hand.dialog() is not None and hand.dialog().winfo_viewable())
        hand.click(lambda: hand.button("Cancelar o backup"))
        says(hand, "falhou")
        hand.until(lambda: not hand.app.view.running)

    with running(slow) as agent:
        agent.until("RUNNING")
        live(slow.config, tmp_path, story)
    assert [run.failure.code for run in slow.history() if run.failure] == ["TB-CANCELADO"]
    slow.assert_nothing_lost()


def test_a_failure_is_shown_with_its_mend(shop: Shop, tmp_path: Path) -> None:
    set_rows(shop, [(1, NEVER, "V")])
    for path in shop.d1.iterdir():
        path.unlink()
    shop.d1.rmdir()

    def story(hand: Hand) -> None:
        hand.until(lambda: hand.app.view.linked)
        hand.keys("ctrl+b")
        says(hand, "O backup de hoje às")
        says(hand, "falhou")
        hand.until(lambda: "pasta" in hand.page_of("home").sentence._more.cget("text"), 10, "the reason")
        assert hand.see(lambda: "Quem age" in hand.page_of("home").sentence._mend.cget("text"))
        hand.go("history")
        hand.until(lambda: any("TB-DESTINO-AUSENTE" in v.cget("text") for v in hand.page._values), 10, "the code")

    with running(shop) as agent:
        agent.until("RUNNING")
        live(shop.config, tmp_path, story)


def test_the_service_is_killed_and_comes_back(shop: Shop, tmp_path: Path) -> None:
    set_rows(shop, [(1, NEVER, "V")])

    def story(hand: Hand) -> None:
        agent = RunningAgent(shop).start()
        hand.until(lambda: hand.app.view.linked)
        agent.kill()
        says(hand, "O agente de backup parou")
        hand.until(lambda: bool(hand.frame._link_banner.winfo_ismapped()), 10, "the banner")
        assert hand.see(lambda: str(hand.page_of("home")._next.now_button.cget("state"))) == "disabled"
        agent.start()
        says(hand, "Ainda não foi feito nenhum backup")
        hand.until(lambda: not hand.frame._link_banner.winfo_ismapped(), 10, "the banner is gone")
        assert agent.process is not None
        agent.process.send_signal(signal.SIGSTOP)
        time.sleep(0.2)
        hand.go("history")  # the window goes on
        agent.process.send_signal(signal.SIGCONT)
        hand.go("home")
        agent.stop()
        says(hand, "O agente de backup parou")

    live(shop.config, tmp_path, story)


def test_an_order_beside_a_hung_service_is_not_followed_by_nothing(shop: Shop, tmp_path: Path) -> None:
    """It is told that the answer is awaited; the order is carried out once the service goes on."""
    set_rows(shop, [(1, NEVER, "V")])
    awaited = "O agente de backup ainda não respondeu…"

    def story(hand: Hand) -> None:
        agent = RunningAgent(shop).start()
        hand.until(lambda: hand.app.view.linked)
        hand.see(lambda: hand.app.say(Tone.OK, "de antes"))
        assert agent.process is not None
        agent.process.send_signal(signal.SIGSTOP)
        hand.click(lambda: hand.page._next.now_button)
        hand.until(lambda: hand.frame.said.startswith(awaited), 8, "it says that it waits")
        agent.process.send_signal(signal.SIGCONT)
        hand.until(lambda: not hand.frame.said, 15, "no longer")
        hand.until(lambda: bool(hand.app.view.runs) and hand.app.view.runs[0]["status"] == "S", 40, "a backup")
        assert not hand.see(lambda: hand.frame.said)
        hand.see(lambda: hand.app.say(Tone.OK, "outra coisa"))
        hand.see(hand.app.pause_or_resume)
        hand.until(lambda: hand.app.view.paused_until is not None, what="paused")
        assert hand.see(lambda: hand.frame.said) == "outra coisa", "what else is said stays"
        agent.stop()

    live(shop.config, tmp_path, story)


def test_without_a_service_the_window_is_the_agent(shop: Shop, tmp_path: Path) -> None:
    set_rows(shop, [(1, NEVER, "V")])

    def story(hand: Hand) -> None:
        hand.until(lambda: hand.app.view.link.name == "HOSTED", 20, "hosted")
        hand.until(lambda: hand.frame.navigation._agent.cget("text").strip() == "Nesta janela")
        hand.keys("ctrl+b")
        hand.until(lambda: bool(hand.app.view.runs) and hand.app.view.runs[0]["status"] == "S", 40, "a backup")
        hand.app.link.stop_hosting()  # as the wizard does, before it installs the service
        hand.until(lambda: hand.app.view.link.name == "LOST", 20, "nobody")
        hand.app.agent_due = True
        hand.app.link.hurry()  # and when it installed none
        hand.until(lambda: hand.app.view.link.name == "HOSTED", 20, "hosted again")
        assert not hand.app.agent_due

    live(shop.config, tmp_path, story, may_host=True)
    assert [run.status.value for run in shop.history()] == ["S"]
    log = (shop.home / "logs" / "topbackup.log").read_text()
    assert "TopBackup ends" in log, "it ended as an agent does, not as a process that is gone"
    with running(shop) as agent:  # and it left the lock
        agent.until("RUNNING")


def test_the_setups_end_waits_for_the_backup_of_this_window(slow: Shop, tmp_path: Path) -> None:
    """Also for one of the schedule, which begins while the wizard is open. Given up, it has begun nothing."""
    before = slow.config.read_text()

    def story(hand: Hand) -> None:
        hand.app._setup = _set_up
        hand.until(lambda: hand.app.view.link.name == "HOSTED", 20, "hosted")
        hand.see(hand.app.set_up)
        session = hand.see(lambda: hand.app.window._content.session)  # type: ignore[union-attr]  # the wizard's frame
        hand.app.ask("backup", {"agenda": 1})
        hand.until(lambda: hand.app.view.running, what="a backup")
        hand.see(session.finish)
        hand.until(lambda: heading(session.ending)[0] == "Aguardando…", what="it says so")
        hand.see(session.stop_ending)
        hand.until(lambda: session.ending.well is False, 5, "given up")
        assert hand.app.link.hosting
        assert slow.config.read_text() == before
        hand.see(session.again)
        hand.see(session.finish)
        hand.until(lambda: session.ending.well is not None, 60, "the end")
        assert session.ending.well, session.ending

    live(slow.config, tmp_path, story, may_host=True)
    assert [run.status.value for run in slow.history()] == ["S", "S"], "its own, after the other"


def test_a_restore_to_a_new_file(shop: Shop, tmp_path: Path) -> None:
    set_rows(shop, [(1, NEVER, "V")])
    shop.back_up(1)
    new = tmp_path / "volta" / "novo.fdb"
    new.parent.mkdir()

    def story(hand: Hand) -> None:
        hand.until(lambda: bool(hand.app.view.runs))
        hand.go("restore")
        hand.until(lambda: bool(hand.page.archive.value), what="the newest backup is chosen")
        hand.click(lambda: hand.page.verify_button)
        hand.until(lambda: "Comprovado" in hand.page.result, 60, "proven")
        hand.fill(lambda: hand.page.target, str(shop.database))
        hand.until(lambda: "já existe" in hand.page.target.wrong, what="never over a file")
        assert hand.see(lambda: hand.page.restore_button.cget("state")) == "disabled"
        hand.fill(lambda: hand.page.target, str(new))
        hand.until(lambda: hand.page.restore_button.cget("state") == "normal", what="it may be restored")
        hand.click(lambda: hand.page.restore_button)
        hand.until(lambda: "Abra o ERP com o banco novo" in hand.page.result, 60, "what to do now")

    with running(shop) as agent:
        agent.until("RUNNING")
        live(shop.config, tmp_path, story)
    assert new.is_file()
    assert shop.history()[0].proof.value == "S", "the check is on record"


def test_an_unproven_backup_is_proven_at_one_click(shop: Shop, tmp_path: Path) -> None:
    """And what a newer file replaced is not offered as if it were there."""
    shop.configure(backup={"verificar_backup": False})
    set_rows(shop, [(1, NEVER, "U")])
    for _turn in range(2):
        shop.back_up(1)

    def story(hand: Hand) -> None:
        says(hand, "não comprovado")
        hand.click(lambda: hand.button("Comprovar agora"))
        hand.until(lambda: "Comprovado" in hand.page.result, 60, "proven")
        hand.go("home")
        says(hand, "Protegido. Último backup: hoje às")
        hand.go("history")
        hand.until(lambda: len(hand.page.table.tree.get_children()) == 2, what="both runs")
        newest, older = hand.see(hand.page.table.tree.get_children)
        for key, state, words in ((newest, "normal", ""), (older, "disabled", "um backup mais novo tomou o lugar")):
            hand.see(lambda key=key: hand.page.table.choose(key))  # type: ignore[misc]  # binds the loop's value
            hand.until(lambda state=state: hand.page._restore.cget("state") == state, what=state)  # type: ignore[misc]  # see above
            assert words in hand.see(lambda: hand.page._not_here.cget("text"))

    with running(shop) as agent:
        agent.until("RUNNING")
        live(shop.config, tmp_path, story)
    assert [run.proof.value for run in shop.history()] == ["S", "N"]


def first_row(hand: Hand) -> list[Any]:
    tree = hand.page.table.tree
    return list(tree.item(tree.get_children()[0])["values"])


def test_a_file_that_does_not_restore_is_told_on_every_page_at_once(shop: Shop, tmp_path: Path) -> None:
    set_rows(shop, [(1, NEVER, "U")])
    shop.configure(backup={"verificar_backup": True})
    shop.back_up(1)
    archive = shop.d1 / f"{CNPJ}.zip"
    content = bytearray(archive.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 4000] = bytes(4000)
    archive.write_bytes(content)

    def story(hand: Hand) -> None:
        says(hand, "Protegido")
        hand.go("restore")
        hand.until(lambda: bool(hand.page.archive.value), what="the newest backup is chosen")
        hand.click(lambda: hand.page.verify_button)
        hand.until(lambda: "TB-ARQUIVO" in hand.frame.said, 60, "refused")
        hand.until(lambda: not hand.page.table.tree.get_children(), 5, "no longer offered")
        hand.go("home")
        says(hand, "O último backup não restaura", 5)
        hand.until(lambda: first_row(hand)[0] == "não restaura", 5, f"Início, but: {hand.see(lambda: first_row(hand))}")
        hand.go("copies")
        hand.until(lambda: {row.tone for row in hand.page._rows.values()} == {Tone.FAILED}, 5, "Cópias")

    with running(shop) as agent:
        agent.until("RUNNING")
        live(shop.config, tmp_path, story)


def test_a_restore_goes_on_whatever_is_done_with_the_window(slow: Shop, tmp_path: Path) -> None:
    """Its progress outlives a change of the look, no second one begins, and leaving asks first."""
    slow.back_up(1)
    new = tmp_path / "novo.fdb"

    def story(hand: Hand) -> None:
        hand.until(lambda: bool(hand.app.view.runs))
        hand.go("restore")
        hand.until(lambda: bool(hand.page.archive.value))
        hand.see(lambda: hand.page.target._variable.set(str(new)))
        hand.until(lambda: hand.page.restore_button.cget("state") == "normal", what="it may be restored")
        hand.click(lambda: hand.page.restore_button)
        hand.until(lambda: bool(hand.page._progress.winfo_ismapped()), what="progress")
        hand.see(lambda: hand.app.window.change(appearance="dark"))
        hand.go("restore")
        hand.until(lambda: bool(hand.page._progress.winfo_ismapped()), what="progress, on the page made anew")
        assert hand.see(lambda: hand.page.target.value) == str(new)
        assert hand.see(lambda: hand.page.restore_button.cget("state")) == "disabled"
        hand.see(hand.app.leave)
        hand.until(lambda: hand.dialog() is not None and hand.dialog().winfo_viewable(), what="asked first")
        hand.click(lambda: hand.button("Cancelar"))
        hand.until(lambda: "Abra o ERP com o banco novo" in hand.page.result, 60, "what to do now")

    with running(slow) as agent:
        agent.until("RUNNING")
        live(slow.config, tmp_path, story)
    assert new.is_file()


def test_what_is_typed_for_a_restore_outlives_a_change_of_the_look(shop: Shop, tmp_path: Path) -> None:
    set_rows(shop, [(1, NEVER, "V")])
    shop.back_up(1)
    new = tmp_path / "meu nome.fdb"

    def story(hand: Hand) -> None:
        hand.until(lambda: bool(hand.app.view.runs))
        hand.go("restore")
        hand.until(lambda: hand.page.target.value.endswith(".fdb"), what="a name is suggested")
        suggested, archive = hand.see(lambda: (hand.page.target.value, hand.page.archive.value))
        hand.see(lambda: hand.app.window.change(appearance="dark"))
        hand.go("restore")
        hand.until(lambda: hand.page.target.value == suggested, what="as it was")
        assert hand.see(lambda: hand.page._suggested) == suggested, "and no person's own: another backup renames it"
        hand.fill(lambda: hand.page.target, str(new))
        hand.until(lambda: hand.page.restore_button.cget("state") == "normal", what="it may be restored")
        hand.see(lambda: hand.app.window.change(scale=125))
        hand.go("restore")
        hand.until(lambda: hand.page.restore_button.cget("state") == "normal", what="it may be restored still")
        assert hand.see(lambda: (hand.page.target.value, hand.page.archive.value)) == (str(new), archive)

    with running(shop) as agent:
        agent.until("RUNNING")
        live(shop.config, tmp_path, story)


def test_what_the_disk_says_of_the_new_file_stands_beside_it(shop: Shop, tmp_path: Path) -> None:
    """And the window goes on while a disk does not answer."""
    set_rows(shop, [(1, NEVER, "V")])
    shop.back_up(1)
    small = tmp_path / "pequeno"
    small.mkdir()

    def story(hand: Hand) -> None:
        def says(target: str, words: str) -> None:
            hand.see(lambda: hand.page.target._variable.set(target))
            hand.until(lambda: words in hand.page.target.wrong, 10, f"{words!r} of {target[:40]!r}")
            assert hand.see(lambda: hand.page.restore_button.cget("state")) == "disabled"

        hand.until(lambda: bool(hand.app.view.runs))
        hand.go("restore")
        hand.until(lambda: bool(hand.page.archive.value))
        says("C:\\ERP\\novo.fdb", "caminho do Windows")
        says(str(tmp_path / "nao" / "novo.fdb"), "pasta não existe")
        says(str(tmp_path / ("x" * 300 + ".fdb")), "nome é longo demais")
        says(str(small / "novo.fdb"), "Não há espaço bastante")
        held = threading.Event()
        hand.see(lambda: setattr(restore_page, "look", lambda archive, target: held.wait(20) and look(archive, target)))
        hand.see(lambda: hand.page.target._variable.set(str(tmp_path / "depois.fdb")))
        time.sleep(0.4)
        hand.see(lambda: hand.page.target._variable.set(str(tmp_path / "agora.fdb")), 1)
        hand.until(lambda: "responde" in hand.page.target._below.cget("text"), 5, "that it waits")
        held.set()
        hand.until(lambda: hand.page.restore_button.cget("state") == "normal", 5, "the disk answers")
        hand.until(lambda: "Não pode existir" in hand.page.target._below.cget("text"), 5, "the hint again")

    with running(shop) as agent, mounted(small, "size=2m"):
        agent.until("RUNNING")
        live(shop.config, tmp_path, story)


def test_settings_are_validated_in_place_and_saved(shop: Shop, tmp_path: Path) -> None:
    set_rows(shop, [(1, NEVER, "V")])
    before = shop.parts.settings

    def story(hand: Hand) -> None:
        hand.go("settings")
        hand.until(lambda: hand.page.fields["firebird.user"].value == "SYSDBA", what="the settings are read")
        assert hand.see(lambda: hand.page.fields["firebird.password"].value) == ""
        hand.click(lambda: hand.page.fields["firebird.database_path"]._entry)
        hand.keys("ctrl+a", "BackSpace")
        hand.until(lambda: "É preciso o banco" in hand.page.fields["firebird.database_path"].wrong)
        assert hand.see(lambda: hand.page.save_button.cget("state")) == "disabled"
        hand.write(before.firebird.database_path)
        hand.until(lambda: hand.page.fields["firebird.database_path"].wrong == "")
        hand.keys("Tab", "Tab", "Tab")
        hand.until(
            lambda: hand.page.fields["firebird.charset"]._entry._entry is hand.app.window.focus_get(), what="Tab"
        )
        hand.keys("ctrl+a")
        hand.write("UTF8")
        hand.focus(lambda: hand.page.language._menu._canvas)
        hand.keys("Down")
        hand.until(lambda: "Salve ou desfaça antes" in hand.frame.said, what="what is typed is not dropped")
        assert hand.see(lambda: hand.page.fields["firebird.charset"].value) == "UTF8"
        hand.see(hand.app.leave)
        hand.until(
            lambda: hand.dialog() is not None and hand.dialog().winfo_viewable(), what="asked before it is dropped"
        )
        hand.click(lambda: hand.button("Cancelar"))
        hand.until(lambda: hand.dialog() is None)
        elsewhere = json.loads(shop.config.read_text())
        elsewhere.setdefault("backup", {}).update(retencao_ultimos=7, timeout_seconds=1234)
        shop.config.write_text(json.dumps(elsewhere | {"de_outro": 1}))  # while the page is open
        hand.keys("ctrl+s")
        hand.until(lambda: "Salvo" in hand.frame.said, 15, "saved")
        assert "alterado por outro" in hand.see(lambda: hand.frame.said)

    with running(shop) as agent:
        agent.until("RUNNING")
        live(shop.config, tmp_path, story)
    after = shop.parts.settings
    assert after.firebird.charset == "UTF8"
    assert after.firebird.password == before.firebird.password, "an empty secret keeps what is stored"
    assert (after.backup.retention.last, after.backup.timeout_seconds) == (7, 1234), "what others wrote meanwhile stays"
    assert json.loads(shop.config.read_text())["de_outro"] == 1
    others = {"firebird": before.firebird, "backup": before.backup}
    assert after.model_copy(update=others).app == before.app, "and nothing else was touched"


def test_language_appearance_and_scale(shop: Shop, tmp_path: Path) -> None:
    set_rows(shop, [(1, NEVER, "V")])

    def story(hand: Hand) -> None:
        hand.go("settings")
        hand.until(lambda: hand.page.language.value == "pt_BR")
        hand.focus(lambda: hand.page.language._menu._canvas)
        hand.keys("Down")
        hand.until(lambda: hand.frame.seen == "settings" and hand.page.title() == "Settings", 15, "in English")
        hand.until(lambda: hand.page.language.value == "en" and hand.page.save_button.winfo_viewable())
        hand.focus(lambda: hand.page.scale._menu._canvas)
        hand.keys("Down")
        hand.until(lambda: hand.app.window.preferences.scale == 125, 15, "125 %")
        hand.until(lambda: hand.frame.winfo_width() > 1250, 15, "larger")
        hand.until(lambda: hand.app.window.winfo_rootx() + hand.app.window.winfo_width() <= 1366, what="on the screen")
        hand.go("home")
        says(hand, "No backup was made on this computer yet")

    with running(shop) as agent:
        agent.until("RUNNING")
        live(shop.config, tmp_path, story)
    assert '"scale": 125' in (tmp_path / "janela.json").read_text()


@pytest.mark.parametrize("scale", [100, 150, 200])
def test_every_scale_shows_three_rows_and_reaches_everything(shop: Shop, tmp_path: Path, scale: int) -> None:
    """On 1366 × 768: lists keep three rows at least, and what is below the edge is scrolled to."""
    set_rows(shop, [(number, NEVER, "V") for number in range(1, 7)])
    for _ in range(3):
        shop.back_up(1)
        time.sleep(1.1)  # a name has a second in it

    def story(hand: Hand) -> None:
        hand.until(lambda: len(hand.app.view.runs) >= 3)
        for name in ("history", "agendas", "copies", "home"):
            hand.go(name)
            tree = hand.see(lambda: hand.page.table.tree)
            hand.until(lambda tree=tree: len(tree.get_children()) >= 3, what=f"rows of {name}")  # type: ignore[misc]  # binds the loop's value
            hand.see(lambda tree=tree: hand.page.table.choose(tree.get_children()[0]))  # type: ignore[misc]  # see above
            time.sleep(0.6)
            top = hand.see(lambda: hand.frame._room._parent_canvas.canvasy(0))
            assert top == 0, f"{name} begins with its title"
            assert hand.see(lambda: cut(hand.page)) == [], name
            assert hand.see(lambda: too_wide(hand.page.table)) == [], name
            firsts = hand.see(lambda tree=tree: [tree.item(row, "text") for row in tree.get_children()])  # type: ignore[misc]  # see above
            assert not any("…" in words for words in firsts), name
            assert hand.see(lambda tree=tree: sum(bool(tree.bbox(row)) for row in tree.get_children())) >= 3, name  # type: ignore[misc]  # see above
            if PICTURES:
                hand.picture(Path(PICTURES) / f"{name}-{scale}.png")
        hand.go("copies")
        shown = hand.see(
            lambda: [hand.page.table.tree.item(row)["values"] for row in hand.page.table.tree.get_children()]
        )
        assert all("…" in row[2] and row[2].endswith(("/d1", "/d2")) for row in shown), "a folder of pytest's is long"
        for name in ("settings", "logs", "restore", "history"):
            hand.go(name)
            time.sleep(0.6)
            assert hand.see(lambda: cut(hand.page)) == [], name
            assert name != "restore" or hand.see(lambda: too_wide(hand.page.table)) == [], "beside its bar"
            heads = hand.see(lambda: [each.winfo_height() for each in every(hand.page) if isinstance(each, Head)])
            assert all(height <= scale for height in heads), f"{name}: a title and its buttons take {heads}"
        hand.go("home")
        canvas = hand.see(lambda: hand.frame._room._parent_canvas)
        if scale == 100:
            assert hand.see(canvas.yview) == (0.0, 1.0), "nothing scrolls where it need not"
        hand.focus(lambda: hand.page.table.tree)
        hand.until(lambda: low(hand.page.table.tree) <= low(hand.app.window), what="the list, by Tab")
        entry = hand.see(lambda: hand.frame.navigation._entries["logs"])
        hand.focus(lambda: entry._canvas)
        hand.until(lambda: low(entry) <= low(hand.app.window), what="the last page's name, by Tab")
        hand.keys("Return")
        hand.until(lambda: hand.frame.seen == "logs", what="the last page")
        assert hand.see(lambda: bar_waits(hand.page_of("home").table)), "drawn when Tk is idle, it nests without end"

    with running(shop) as agent:
        agent.until("RUNNING")
        live(shop.config, tmp_path, story, preferences=json.dumps({"appearance": "light", "scale": scale}))


def test_a_long_list_is_drawn_in_pieces(shop: Shop, tmp_path: Path) -> None:
    """The first rows at once; what is chosen before it is drawn is chosen then; another list takes over midway."""
    rows = [Row(f"k{number}", (f"{number}", "x" * 40, "1 MB"), Tone.OK) for number in range(400)]

    def story(hand: Hand) -> None:
        columns = (Column("a", 80), Column("b", 60), Column("c", 60, right=True))
        table = hand.see(lambda: Table(hand.app.window, columns, empty=""))

        def keys() -> tuple[str, ...]:
            return tuple(table.tree.get_children())

        def begin() -> int:
            table.show(rows)
            table.choose("k399")
            return len(keys())

        assert 0 < hand.see(begin) < 100
        hand.until(lambda: keys() == tuple(row.key for row in rows) and table.key == "k399", what="all of them")
        hand.see(lambda: table.show(rows[::-1]))
        hand.see(lambda: table.show(rows[100:]))
        hand.until(lambda: keys() == tuple(row.key for row in rows[100:]), what="the others, in their order")
        assert hand.see(lambda: (table.key, table.tree.item("k399")["values"][1])) == ("k399", "1 MB  ")
        hand.see(lambda: table.choose("k5"))
        hand.see(lambda: table.show(rows))
        hand.until(lambda: keys() == tuple(row.key for row in rows))
        assert hand.see(lambda: table.key) == "k399", "what was not there when it was asked for is not chosen later"

    with running(shop) as agent:
        agent.until("RUNNING")
        live(shop.config, tmp_path, story)


def bar_waits(table: Any) -> bool:
    """customtkinter's bar has all that is idle done while it is drawn."""
    table.bar.seen(0.0, 0.4)
    table.update_idletasks()
    return bool(table.bar.waits)


def cut(page: Any) -> list[str]:
    """The titles, and the names of days, that have less room than their words need."""
    return [
        str(each.cget("text"))
        for each in every(page)
        if isinstance(each, Title) and each.winfo_width() < each.winfo_reqwidth()
    ] + [
        str(each._name.cget("text"))
        for each in every(page)
        if isinstance(each, DayTile) and each._name.winfo_rootx() + each._name.winfo_reqwidth() > right_of(each)
    ]


def right_of(tile: DayTile) -> int:
    """The screen's column at which the tile ends, or the window, whichever comes first."""
    window = tile.winfo_toplevel()
    return int(min(tile.winfo_rootx() + tile.winfo_width(), window.winfo_rootx() + window.winfo_width()))


def too_wide(table: Any) -> list[str]:
    """The cells whose words are wider than their column: Tk cuts them in the middle of a letter."""
    measure, tree = font.Font(table, (theme.family(), -theme.pixels(theme.NORMAL))).measure, table.tree
    rows = [(tree.item(key)["text"], *tree.item(key)["values"]) for key in tree.get_children()]
    sign, edges = theme.pixels(16), 4
    return [
        str(cell)
        for row in rows
        for number, cell in enumerate(row)
        if measure(str(cell)) + (edges if number else sign) > tree.column(f"c{number}" if number else "#0", "width")
    ]


def low(widget: Any) -> int:
    """The screen's line at which it ends."""
    return int(widget.winfo_rooty() + widget.winfo_height())


def test_the_log_is_searched_and_bundled(shop: Shop, tmp_path: Path) -> None:
    set_rows(shop, [(1, NEVER, "V")])
    bundle = tmp_path / "suporte.zip"

    def story(hand: Hand) -> None:
        hand.go("logs")
        hand.until(lambda: "RUNNING" in hand.page.text.get("1.0", "end"), what="the log is read")
        hand.write("begins")
        hand.until(lambda: hand.page.text.get("1.0", "end").count("\n") == 2, what="found")
        hand.see(lambda: hand.page.write_bundle(bundle))
        hand.until(lambda: "Envie este arquivo ao suporte" in hand.frame.said, 30, "bundled")

    with running(shop) as agent:
        agent.until("RUNNING")
        live(shop.config, tmp_path, story)
    with zipfile.ZipFile(bundle) as found:
        assert "exames.json" in found.namelist()


def test_pause_and_resume(shop: Shop, tmp_path: Path) -> None:
    shop.configure(backup={"verificar_backup": True})
    set_rows(shop, [(1, NEVER, "V")])
    shop.back_up(1)

    def story(hand: Hand) -> None:
        says(hand, "Protegido.")
        hand.click(lambda: hand.page_of("home")._next._pause)
        says(hand, "Em pausa até")
        hand.click(lambda: hand.button("Retomar agora"))
        says(hand, "Protegido.")

    with running(shop) as agent:
        agent.until("RUNNING")
        live(shop.config, tmp_path, story)
