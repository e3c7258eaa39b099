"""The icon in the tray: its sign by state, its tooltip, its menu. pystray draws it in a thread of its own.

Explorer's restart: pystray 0.19's window is a top-level one, hears `TaskbarCreated` (also in an elevated process) and
puts the icon back, so nothing is added here.
"""

import logging
import queue
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from topbackup.gui.icons import sign_image
from topbackup.gui.notice import Call, TrayFace, TrayState
from topbackup.i18n import _

_log = logging.getLogger(__name__)
_SIZE = 64


@dataclass(frozen=True)
class Doings:
    """What the menu does; each is called in the tray's thread. paused: is it, now?"""

    open: Callable[[], object]
    back_up: Callable[[], object]
    pause_or_resume: Callable[[], object]
    logs: Callable[[], object]
    leave: Callable[[], object]
    paused: Callable[[], bool]


class Tray:
    """Where the desktop has no tray there is none, and the window goes on without.

    pystray waits for its own thread at each change, and for ever where that has died: so all that is asked of it is
    asked by a thread of this class.
    """

    def __init__(self, doings: Doings) -> None:
        self._doings = doings
        self._icon: Any = None
        self._faces: queue.SimpleQueue[TrayFace | None] = queue.SimpleQueue()
        self._shown: TrayFace | None = None

    def start(self, face: TrayFace) -> None:
        """Returns at once."""
        logging.getLogger("pystray").setLevel(logging.CRITICAL)  # a desktop without a tray is no error of ours
        self._shown = face
        threading.Thread(target=self._serve, args=(face,), name="bandeja-trabalho", daemon=True).start()

    @property
    def there(self) -> bool:
        """Can a person get the window back by it?"""
        if self._icon is None:
            return False
        # On a plain X desktop pystray waits for a tray to come; until then there is nothing to click on.
        return getattr(self._icon, "_systray_manager", self) is not None

    def show(self, face: TrayFace) -> None:
        """Returns at once."""
        if face != self._shown:
            self._shown = face
            self._faces.put(face)

    def call(self, call: Call) -> None:
        """A notification, by the desktop's own means. Blocks: not on the Tk thread."""
        try:
            if self._icon is not None and self._icon.HAS_NOTIFICATION:
                self._icon.notify(call.text, call.title)
            elif sys.platform != "win32" and (notifier := shutil.which("notify-send")) is not None:
                command = [notifier, "--app-name=TopBackup", call.title, call.text]
                subprocess.run(command, timeout=5, check=False)  # noqa: S603 - its own path, and words of ours
        except Exception as error:  # noqa: BLE001 - each desktop has its own way of having no tray
            _log.info("no notification: %s", error)

    def stop(self) -> None:
        """Returns at once."""
        self._faces.put(None)

    def _serve(self, face: TrayFace) -> None:
        try:
            import pystray  # noqa: PLC0415 - it looks for a desktop at once, and fails where there is none

            icon = pystray.Icon("topbackup", tray_image(face.state), _tip(face), self._menu(pystray))
            # Not run_detached: on X it starts two threads that wait for one sign, and the second never ends.
            threading.Thread(target=icon.run, name="bandeja", daemon=True).start()
            self._icon = icon
            shown = face
            while (wanted := self._faces.get()) is not None:
                if wanted.state is not shown.state:
                    icon.icon = tray_image(wanted.state)
                icon.title = _tip(wanted)
                icon.update_menu()
                shown = wanted
            icon.stop()
        except Exception as error:  # noqa: BLE001 - see `call`
            _log.info("no tray here: %s: %s", type(error).__name__, error)
            self._icon = None

    def _menu(self, pystray: Any) -> Any:
        doings, item = self._doings, pystray.MenuItem
        return pystray.Menu(
            item(_("Open"), _called(doings.open), default=True),
            item(_("Back up now"), _called(doings.back_up)),
            item(lambda _item: _("Resume") if doings.paused() else _("Pause"), _called(doings.pause_or_resume)),
            item(_("See the log"), _called(doings.logs)),
            pystray.Menu.SEPARATOR,
            item(_("Leave"), _called(doings.leave)),
        )


def _called(doing: Callable[[], object]) -> Callable[[], None]:
    """pystray looks at how many arguments an action takes."""

    def action() -> None:
        doing()

    return action


def _tip(face: TrayFace) -> str:
    """A plain X tray takes Latin-1 alone, and pystray fails at anything else."""
    if sys.platform == "win32":
        return face.tip
    return face.tip.replace("…", "...").encode("latin-1", "replace").decode("latin-1")


def tray_image(state: TrayState) -> Any:
    """Told apart by shape as well as by colour: disc, triangle, octagon, and the sign in it."""
    tone, glyph = state.value
    return sign_image(tone, tone.ink[0], "#ffffff", glyph).resize((_SIZE, _SIZE))
