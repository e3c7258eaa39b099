"""A person before the wizard: looks, clicks, types, waits. Every move is a real one, by xdotool."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

_PATIENCE = 30.0


class Hands:
    """A person's, at this display."""

    def __init__(self, display: str) -> None:
        self.environment = os.environ | {"DISPLAY": display}

    def click(self, x: int, y: int) -> None:
        self._do("xdotool", "mousemove", str(x), str(y))
        time.sleep(0.05)  # a button sees the pointer come before it is pressed
        self._do("xdotool", "click", "1")

    def write(self, text: str) -> None:
        self._do("xdotool", "type", "--delay", "8", "--", text)

    def keys(self, *names: str) -> None:
        """Such as `Return`, `shift+Tab`."""
        self._do("xdotool", "key", "--delay", "20", *names)

    def picture(self, path: Path) -> None:
        """Of the whole screen, as PNG."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._do("import", "-window", "root", str(path))

    def _do(self, *command: str) -> None:
        subprocess.run(command, env=self.environment, check=True, timeout=30)


class Person:
    """At a desktop, with the wizard of this config open."""

    def __init__(self, hands: Hands, config: Path, *, port: int, preferences: dict[str, Any] | None = None) -> None:
        self.hands = hands
        home = config.parent.parent / f"{config.parent.name}-janela"
        wishes = home / "topbackup" / "janela.json"
        wishes.parent.mkdir(parents=True, exist_ok=True)
        wishes.write_text(json.dumps({"appearance": "light"} | (preferences or {})))
        self._log = config.parent / "logs" / "topbackup.log"
        self._said = (home / "janela.saida").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.wizard.seen", str(config), str(home / "unica"), str(port)],
            env=hands.environment
            | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "XDG_CONFIG_HOME": str(home)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            text=True,
        )
        self.until(lambda: any(self.texts()), "a window")
        time.sleep(0.3)  # the window manager's turn

    def ask(self, ask: str, **more: Any) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"ask": ask, **more}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def texts(self) -> list[str]:
        found: list[str] = self.ask("texts")
        return found

    def sees(self, words: str) -> bool:
        return any(words in text for text in self.texts())

    def until_sees(self, words: str, seconds: float = _PATIENCE) -> None:
        self.until(lambda: self.sees(words), repr(words), seconds)

    def until(self, holds: Callable[[], object], what: str, seconds: float = _PATIENCE) -> None:
        deadline = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > deadline:
                self._said.seek(0)
                raise AssertionError(f"no {what} within {seconds} s\n{self._said.read()}\n{self.texts()}")
            time.sleep(0.05)

    def press(self, text: str, kind: str = "button") -> None:
        """Click it, once it is there and may be clicked; scroll to it where it is out of sight."""
        self.until(lambda: self.ask("find", kind=kind, text=text), f"{kind} {text!r}")
        x, y, wide, high = self._in_sight(kind, text)
        self.hands.click(x + wide // 2, y + high // 2)
        time.sleep(0.1)

    def fill(self, label: str, text: str) -> None:
        """Type over what is in a field."""
        self.press(label, "field")
        self.hands.keys("End", "shift+Home", "BackSpace")
        self.hands.write(text)
        self.until(lambda: self.value(label) == text, f"{label} = {text!r} ({self.value(label)!r})")

    def value(self, label: str) -> str | None:
        found: str | None = self.ask("value", text=label)
        return found

    def picture(self, folder: Path | None, name: str) -> None:
        """Of the whole screen, where somebody is to look at it."""
        if folder is not None:
            time.sleep(0.4)
            self.hands.picture(folder / f"{name}.png")

    def defects(self) -> list[str]:
        """What the window's process logged of its own faults, on its stderr or in the agent's log."""
        self._said.flush()
        self._said.seek(0)
        text = self._said.read()
        if self._log.exists():
            text += self._log.read_text(encoding="utf-8")
        return [line for line in text.splitlines() if "defect" in line or "could not take a result" in line]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)
        self._said.close()

    def _in_sight(self, kind: str, text: str) -> list[int]:
        place: list[int] = self.ask("find", kind=kind, text=text)
        while self.ask("scrolls", kind=kind, text=text):
            _left, top, _wide, high = self.ask("view")
            middle = place[1] + place[3] // 2
            if top < middle < top + high:
                break
            self.hands.keys("Next" if middle >= top + high else "Prior")
            time.sleep(0.15)
            before, place = place, self.ask("find", kind=kind, text=text)
            assert place != before, f"{kind} {text!r} cannot be scrolled to"
        return place
