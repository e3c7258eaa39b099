"""docs/images/janela-*.png anew: the real window beside a real agent and Firebird, on a desktop of 1366 × 768.

`.venv/bin/python -m scripts.window_pictures [FOLDER]`; wants ImageMagick's `import`.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lab.firebird_server import FirebirdServer
from tests.gui.desktop import Hand, desktop, live
from tests.integration.running_agent import RunningAgent
from tests.integration.shop import ROWS, Shop, make_database
from topbackup.journal import Journal
from topbackup.journal.slot_text import instant_text

IMAGES = Path(__file__).parents[1] / "docs" / "images"


def main(images: Path) -> int:
    """One agent, one window after the other."""
    images.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="padaria-") as folder:
        home = Path(folder)
        with FirebirdServer(home / "firebird") as server, desktop(home / "tela") as display:
            import os  # noqa: PLC0415 - the display of all that follows

            os.environ["DISPLAY"] = display
            shop = prepare(home, server)
            agent = RunningAgent(shop).start()
            agent.until("RUNNING")
            for look, liked in (
                ("claro", {"appearance": "light"}),
                ("escuro", {"appearance": "dark"}),
                ("125", {"appearance": "light", "scale": 125}),
            ):
                live(shop.config, home, pages(images, look), preferences=json.dumps(liked))
            live(shop.config, home, running(images), preferences='{"appearance": "light"}')
            missed(shop)
            for look, appearance in (("claro", "light"), ("escuro", "dark")):
                liked = {"appearance": appearance}
                live(shop.config, home, one(images, f"atencao-{look}"), preferences=json.dumps(liked))
            with gone(shop, agent):
                live(shop.config, home, without_files(images), preferences='{"appearance": "light"}')
            failing(shop, agent)
            for look, appearance in (("claro", "light"), ("escuro", "dark")):
                liked = {"appearance": appearance}
                live(shop.config, home, failed(images, look), preferences=json.dumps(liked))
            agent.stop()
            live(shop.config, home, one(images, "sem-servico", 3), preferences='{"appearance": "light"}')
    return 0


def prepare(home: Path, server: FirebirdServer) -> Shop:
    place = home / "loja"
    place.mkdir()
    database = place / "loja.fdb"
    make_database(server, database)
    shop = Shop(server, database, place).open()
    more = "".join(
        f"insert into VENDAS select ID + {number * ROWS}, OBS from VENDAS where ID < {ROWS};\n"
        for number in range(1, 9)
    )
    server.sql(f"{more}commit;\n", database)
    shop.configure(backup={"verificar_backup": True})
    week = {1: ("12:00", "'N','S','S','S','S','S','S'", "V"), 2: ("23:00", "'S','S','S','S','S','S','S'", "S")}
    week[3] = ("19:30", "'N','N','N','N','N','S','N'", "U")
    rows = "".join(
        f"insert into AGENDA_BACKUP values "
        f"({number}, '{at}', {days}, '{shop.d1}', '{shop.d2}', 'S', '{scheme}', null);\n"
        for number, (at, days, scheme) in week.items()
    )
    server.sql(f"delete from AGENDA_BACKUP;\n{rows}commit;\n", database)
    away(shop)
    for number in (2, 3, 1, 2):
        shop.back_up(number)
    return shop


def away(shop: Shop) -> None:
    """One copy away gets there, the other does not."""
    there = shop.home / "cofre"
    there.mkdir()
    document = json.loads(shop.config.read_text())
    document["remotos"] = [
        {"nome": "cofre", "tipo": "pasta", "caminho": str(there)},
        {"nome": "matriz", "tipo": "pasta", "caminho": str(shop.home / "matriz")},
    ]
    shop.config.write_text(json.dumps(document))


@contextmanager
def gone(shop: Shop, agent: RunningAgent) -> Iterator[None]:
    """Somebody deleted the backups here."""
    for folder in (shop.d1, shop.d2):
        folder.rename(folder.with_suffix(".fora"))
        folder.mkdir()
    agent.ask("look at copies")
    time.sleep(1)
    yield
    for folder in (shop.d1, shop.d2):
        folder.rmdir()
        folder.with_suffix(".fora").rename(folder)


def without_files(images: Path) -> Callable[[Hand], None]:
    def story(hand: Hand) -> None:
        hand.until(lambda: bool(hand.app.view.runs))
        time.sleep(0.6)
        picture(hand, images / "janela-sem-arquivos.png")
        hand.go("copies")
        time.sleep(0.8)
        hand.see(lambda: hand.page.table.choose(hand.page.table.tree.get_children()[2]))
        picture(hand, images / "janela-copias-sem-arquivos.png")

    return story


def picture(hand: Hand, path: Path) -> None:
    """Of the window alone, with its frame."""
    time.sleep(0.5)
    subprocess.run(["xdotool", "mousemove", "1365", "10"], check=True)
    time.sleep(0.2)
    found = hand.see(lambda: str(hand.app.window.winfo_id()))
    parent = subprocess.run(["xdotool", "getactivewindow"], capture_output=True, text=True, check=False).stdout.strip()
    subprocess.run(["import", "-window", parent or found, str(path)], check=True)


def pages(images: Path, look: str) -> Callable[[Hand], None]:
    def story(hand: Hand) -> None:
        hand.until(lambda: hand.app.view.agenda is not None and bool(hand.app.view.runs))
        picture(hand, images / f"janela-inicio-{look}.png")
        names = {"history": "historico", "agendas": "agendas", "copies": "copias", "restore": "restaurar"}
        for page, name in (names | {"settings": "configuracoes", "logs": "logs"}).items():
            hand.go(page)
            time.sleep(0.8)
            if page == "restore" and look == "claro":
                hand.click(lambda: hand.page.verify_button)
                hand.until(lambda: "Comprovado" in hand.page.result, 60)
            picture(hand, images / f"janela-{name}-{look}.png")

    return story


def one(images: Path, name: str, wait: float = 1.0) -> Callable[[Hand], None]:
    def story(hand: Hand) -> None:
        time.sleep(wait)
        picture(hand, images / f"janela-{name}.png")

    return story


def running(images: Path) -> Callable[[Hand], None]:
    def story(hand: Hand) -> None:
        hand.until(lambda: hand.app.view.agenda is not None)
        hand.keys("ctrl+b")
        hand.until(lambda: hand.dialog() is not None and hand.dialog().winfo_viewable())
        time.sleep(0.4)
        subprocess.run(["import", "-window", "root", str(images / "janela-qual-agenda.png")], check=True)
        hand.keys("Return")
        hand.until(lambda: hand.app.view.live is not None and (hand.app.view.live.fraction or 0) > 0.2, 30)
        picture(hand, images / "janela-fazendo.png")
        hand.until(lambda: not hand.app.view.running, 60)
        hand.keys("F1")
        hand.until(lambda: hand.dialog() is not None and hand.dialog().winfo_viewable())
        time.sleep(0.4)
        subprocess.run(["import", "-window", "root", str(images / "janela-sobre.png")], check=True)
        hand.keys("Escape")

    return story


def missed(shop: Shop) -> None:
    yesterday = datetime.now(UTC).replace(hour=2, minute=0, second=0, microsecond=0) - timedelta(days=1)
    with Journal.open(shop.parts.places.journal) as journal, journal.transaction() as cursor:
        insert = "INSERT OR REPLACE INTO PREVISTO (AGENDA, HORARIO, RESULTADO) VALUES (9, ?, 'TARDE')"
        cursor.execute(insert, (instant_text(yesterday),))


def failing(shop: Shop, agent: RunningAgent) -> None:
    for path in shop.d1.iterdir():
        path.unlink()
    shop.d1.rmdir()
    agent.ask("backup", agenda=1)
    time.sleep(3)


def failed(images: Path, look: str) -> Callable[[Hand], None]:
    def story(hand: Hand) -> None:
        hand.until(lambda: bool(hand.app.view.runs))
        time.sleep(0.6)
        picture(hand, images / f"janela-falha-{look}.png")
        hand.go("history")
        time.sleep(0.6)
        picture(hand, images / f"janela-falha-historico-{look}.png")

    return story


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else IMAGES))
