"""A desktop for the window: a real X server with a window manager and a tray, and a hand that clicks and types on it.

The window runs in the main thread of a process of its own; the story runs in another thread, and looks at the widgets
through the Tk thread. The clicks and keys come from xdotool: through the X server, like a person's.
"""

import os
import shutil
import signal
import subprocess
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from topbackup.gui.app import App
from topbackup.gui.window import Window

WIDTH, HEIGHT = 1366, 768


@contextmanager
def desktop(folder: Path, *, tray: bool = True) -> Iterator[str]:
    """The name of its display."""
    folder.mkdir(parents=True, exist_ok=True)
    reading, writing = os.pipe()
    log = (folder / "desktop.log").open("wb")
    processes = [
        subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-nolisten", "tcp"],
            pass_fds=[writing],
            stdout=log,
            stderr=log,
        )
    ]
    try:
        os.close(writing)
        with os.fdopen(reading) as pipe:
            display = f":{pipe.readline().strip()}"
        environment = os.environ | {"DISPLAY": display, "HOME": str(folder)}
        commands = [["openbox"]]
        if tray:
            commands.append(
                ["trayer", "--edge", "bottom", "--align", "right", "--widthtype", "request", "--height", "24"]
            )
        processes += [subprocess.Popen(command, env=environment, stdout=log, stderr=log) for command in commands]
        time.sleep(0.4)
        yield display
    finally:
        for process in reversed(processes):
            process.terminate()
        for process in processes:
            process.wait(10)
        log.close()


class Hand:
    """A person at the window of `app`. All waits are for what the window shows, with a limit."""

    def __init__(self, app: App) -> None:
        self.app = app

    def see[T](self, look: Callable[[], T], seconds: float = 10) -> T:
        """What the Tk thread sees."""
        found: list[T] = []
        failed: list[BaseException] = []
        done = threading.Event()

        def body() -> None:
            try:
                found.append(look())
            except BaseException as error:  # noqa: BLE001 - told in the story's thread
                failed.append(error)
            done.set()

        self.app.window.background.post(body)
        assert done.wait(seconds), "the window does not answer"
        if failed:
            raise failed[0]
        return found[0]

    def until(self, holds: Callable[[], object], seconds: float = 20, what: str = "") -> None:
        """What is not built yet does not hold."""

        def so_far() -> bool:
            try:
                return bool(holds())
            except (KeyError, AttributeError, StopIteration):
                return False

        deadline = time.monotonic() + seconds
        while not self.see(so_far):
            assert time.monotonic() < deadline, f"not within {seconds} s: {what}; there is {self.see(self._scene)}"
            time.sleep(0.05)

    def _scene(self) -> str:
        """For the message of a wait that came to nothing, also on a machine that nobody can look at."""
        from topbackup.gui.widgets.field import Field

        window, frame = self.app.window, self.app.frame
        typed = {
            each.label: each.value
            for each in every(window)
            if isinstance(each, Field) and each.winfo_viewable() and not each._entry.cget("show")
        }
        said = (frame.seen, frame.said) if frame is not None else ()
        return f"page {said}, focus {window.focus_get()}, dialog {self.dialog()}, fields {typed}"

    def click(self, widget: Callable[[], Any]) -> None:
        """In its middle, once it is there to be clicked on."""

        def ready() -> bool:
            there = widget()
            return bool(there is not None and there.winfo_viewable() and there.winfo_width() > 5)

        self.until(ready, what="something to click on")

        def place() -> tuple[int, int]:
            there = widget()
            return there.winfo_rootx() + there.winfo_width() // 2, there.winfo_rooty() + there.winfo_height() // 2

        x, y = self._at_rest(place)
        for _turn in range(30):  # as a person would: the wheel, until it is there
            low = self.see(lambda: self.app.window.winfo_rooty() + self.app.window.winfo_height() - 90)
            if self.dialog() is not None or 60 < y < low or not self._rolls(widget):
                break
            self._do("mousemove", str(WIDTH * 2 // 3), str(HEIGHT // 2), "click", "5" if y >= low else "4")
            time.sleep(0.05)
            x, y = self.see(place)
        x, y = self._at_rest(place)
        self._do("mousemove", str(x), str(y), "click", "1")

    def _at_rest(self, place: Callable[[], tuple[int, int]]) -> tuple[int, int]:
        """What is being laid out, or rolls into view, moves on: a person's eye follows it, and then clicks."""
        before, now, deadline = (-1, -1), self.see(place), time.monotonic() + 10
        while now != before and time.monotonic() < deadline:
            time.sleep(0.15)
            before, now = now, self.see(place)
        return now

    def fill(self, field: Callable[[], Any], text: str) -> None:
        """Write it into a field, in place of what is there, with an eye on where the cursor is and what appears."""
        self.click(lambda: field()._entry)
        self.until(lambda: self.app.window.focus_get() is field()._entry._entry, what="the cursor in the field")
        self.keys("ctrl+a", "BackSpace")
        self.write(text)
        self.until(lambda: field().value == text, what=f"{text} in the field")

    def _rolls(self, widget: Callable[[], Any]) -> bool:
        from topbackup.gui.widgets.panel import Scrolled

        def inside() -> bool:
            there = widget()
            while there is not None and not isinstance(there, Scrolled):
                there = there.master
            return there is not None

        return self.see(inside)

    def focus(self, widget: Callable[[], Any]) -> None:
        """As by so many times Tab. A page that just came to be seen may take the focus itself, once."""

        def has_it() -> bool:
            there = widget()
            if there.winfo_toplevel().focus_get() is there:
                return True
            there.focus_set()
            return False

        self.until(has_it, what="the focus")
        time.sleep(0.1)
        self.until(has_it, what="the focus")

    def keys(self, *keys: str) -> None:
        self._do("key", "--delay", "30", *keys)

    def write(self, text: str) -> None:
        self._do("type", "--delay", "4", text)

    def go(self, name: str) -> None:
        """By its key, Ctrl and a figure."""
        from topbackup.gui.main_frame import PAGES

        number = next(number for number, page in enumerate(PAGES, start=1) if page.name == name)
        self.keys(f"ctrl+{number}")
        self.until(lambda: self.frame.seen == name and self.page.winfo_viewable(), what=name)

    @property
    def frame(self) -> Any:
        assert self.app.frame is not None
        return self.app.frame

    @property
    def page(self) -> Any:
        return self.frame.pages[self.frame.seen]

    def page_of(self, name: str) -> Any:
        return self.frame.pages[name]

    def dialog(self) -> Any:
        """The one that is open; None."""
        import customtkinter as ctk

        found = [each for each in self.app.window.winfo_children() if isinstance(each, ctk.CTkToplevel)]
        return found[-1] if found else None

    def button(self, words: str) -> Any:
        """The button that is seen with these words, in the dialog or on the page."""
        root = self.dialog() or self.app.window
        return next(each for each in every(root) if _says(each, words) and each.winfo_viewable())

    def picture(self, path: Path) -> None:
        """Of the whole screen, for people to look at."""
        time.sleep(0.3)
        subprocess.run(["import", "-window", "root", str(path)], check=True)

    def _do(self, *arguments: str) -> None:
        subprocess.run(["xdotool", *arguments], check=True, timeout=20, capture_output=True)


def every(root: Any) -> Iterator[Any]:
    """All widgets in it."""
    for child in root.winfo_children():
        yield child
        yield from every(child)


def _says(widget: Any, words: str) -> bool:
    import customtkinter as ctk

    return isinstance(widget, ctk.CTkButton) and str(widget.cget("text")).strip() == words


def live(
    config: Path,
    folder: Path,
    story: Callable[[Hand], None],
    *,
    preferences: str = '{"appearance": "light"}',
    may_host: bool = False,
    limit: float = 100,
) -> None:
    """Open the window, let the story happen, and end it, in a process of its own: Tk wants one root in a process's life.

    Raises AssertionError with what the story raised. limit: seconds.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(reading)
            _live(config, folder, story, preferences, may_host)
            code = 0
        except BaseException:  # noqa: BLE001 - told to the parent
            os.write(writing, traceback.format_exc().encode()[-60_000:])
        finally:
            os._exit(code)
    os.close(writing)
    watch = threading.Timer(limit, os.kill, (child, signal.SIGKILL))
    watch.start()
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    _pid, ended = os.waitpid(child, 0)
    watch.cancel()
    assert ended == 0, f"the window ended with {ended}: {said}"


def _live(config: Path, folder: Path, story: Callable[[Hand], None], preferences: str, may_host: bool) -> None:
    signal.alarm(0)
    liked = folder / "janela.json"
    liked.write_text(preferences)
    app = App(config, Window(liked), may_host=may_host)
    raised: list[BaseException] = []

    def body() -> None:
        hand = Hand(app)
        try:
            hand.until(lambda: app.frame is not None and app.window.winfo_viewable())
            time.sleep(0.3)
            story(hand)
        except BaseException as error:  # noqa: BLE001 - raised again in the main thread
            raised.append(error)
            if shutil.which("import"):
                subprocess.run(["import", "-window", "root", str(folder / "falhou.png")], check=False, timeout=10)
        app.window.background.post(app._end)

    threading.Thread(target=body, daemon=True).start()
    app.run(minimized=False)
    if raised:
        raise raised[0]
