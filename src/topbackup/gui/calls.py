"""Calling a person who does not look at the window: once for each trouble."""

import threading
from datetime import datetime

from topbackup.gui.notice import call_for
from topbackup.gui.state import View
from topbackup.gui.tray import Tray
from topbackup.gui.window import Window, is_shown


class Calls:
    """For the Tk thread."""

    def __init__(self, window: Window, tray: Tray) -> None:
        self._window, self._tray = window, tray
        self._called = ""

    def look(self, view: View, now: datetime) -> None:
        """Call where there is a new trouble. It is new again once all was well. now: aware."""
        call = call_for(view, now)
        if call is None:
            if view.linked and not view.running:
                self._called = ""
            return
        if call.key == self._called:
            return
        self._called = call.key
        if not is_shown(self._window.state()) or self._window.focus_displayof() is None:
            threading.Thread(target=self._tray.call, args=(call,), name="aviso", daemon=True).start()
