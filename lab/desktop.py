"""A desktop of its own for windows under test: Xvfb, a window manager, and a person's hands (xdotool)."""

import os
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from lab.server_process import end_group

_SMALLEST = (1366, 768)  # that shops have


class Desktop:
    """Debian's xvfb, openbox, xdotool and imagemagick."""

    def __init__(self, size: tuple[int, int] = _SMALLEST) -> None:
        reading, writing = os.pipe()
        self._screen = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{size[0]}x{size[1]}x24", "-nolisten", "tcp"],
            pass_fds=(writing,),
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        with os.fdopen(reading) as told:
            self.display = f":{told.readline().strip()}"
        self.environment = os.environ | {"DISPLAY": self.display}
        self._manager = subprocess.Popen(
            ["openbox"],
            env=self.environment,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def click(self, x: int, y: int) -> None:
        self._hands("mousemove", str(x), str(y))
        time.sleep(0.05)  # a button sees the pointer come before it is pressed, as from a hand
        self._hands("click", "1")

    def write(self, text: str) -> None:
        self._hands("type", "--delay", "8", "--", text)

    def keys(self, *names: str) -> None:
        """Such as `Return`, `shift+Tab`, `ctrl+a`."""
        self._hands("key", "--delay", "20", *names)

    def picture(self, path: Path) -> None:
        """Of the whole screen, as PNG."""
        path.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["import", "-window", "root", str(path)], env=self.environment, check=True, timeout=30)

    def close(self) -> None:
        end_group(self._manager)
        end_group(self._screen)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _hands(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], env=self.environment, check=True, timeout=30)
