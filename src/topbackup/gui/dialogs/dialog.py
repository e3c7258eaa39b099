"""A small window above the main one: Esc closes it, Enter does its one thing, Tab stays in it."""

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Any

import customtkinter as ctk

from topbackup.gui.theme import GAP, PAGE, WIDE
from topbackup.gui.widgets.buttons import Button, Kind, link_button
from topbackup.gui.widgets.panel import Plain
from topbackup.gui.widgets.table import Column, Row, Table
from topbackup.gui.widgets.text import Text, Title
from topbackup.i18n import _

_FRAME = 60  # pixels at 100 %: its title bar, and a panel at the screen's edge


class Dialog(ctk.CTkToplevel):
    """Put its parts into `body`. width: pixels at 100 %."""

    def __init__(self, master: Any, title: str, *, width: int = 480) -> None:
        super().__init__(master, fg_color=PAGE)
        self.withdraw()  # until it is whole and in its place
        self.title(title)
        self.transient(master)
        self.resizable(False, False)
        self._width = width
        Title(self, title).pack(anchor="w", padx=WIDE, pady=(WIDE, GAP))
        self.body = Plain(self)
        self.body.pack(fill="both", expand=True, padx=WIDE)
        self._buttons = Plain(self)
        self._buttons.pack(fill="x", padx=WIDE, pady=(GAP, WIDE))
        self.bind("<Escape>", lambda _event: self.close())
        self.protocol("WM_DELETE_WINDOW", self.close)

    def offer(self, text: str, command: Callable[[], object], *, kind: Kind = Kind.PRIMARY) -> Button:
        """The one thing that it does: by its button, and by Enter."""
        button = Button(self._buttons, text, command, kind=kind)
        button.pack(side="right")
        self.bind("<Return>", lambda _event: command())
        return button

    def offer_closing(self, text: str = "") -> Button:
        button = link_button(self._buttons, text or _("Close"), self.close)
        button.pack(side="right", padx=(0, GAP))
        return button

    def open(self) -> None:
        """In the middle of the main window, with the keys."""
        self.update_idletasks()
        factor = self._get_window_scaling()
        wide = min(int(self._width * factor), self.winfo_screenwidth())
        high = max(self.winfo_reqheight(), int(120 * factor))
        # The text wraps at this width, and then says how high it is.
        tk.Wm.geometry(self, f"{wide}x{high}")
        self.update_idletasks()
        high = self.winfo_reqheight()
        parent = self.master
        left = parent.winfo_rootx() + max(0, (parent.winfo_width() - wide) // 2)
        top = parent.winfo_rooty() + max(0, (parent.winfo_height() - high) // 3)
        top = max(0, min(top, self.winfo_screenheight() - high - int(_FRAME * factor)))
        left = max(0, min(left, self.winfo_screenwidth() - wide))
        tk.Wm.geometry(self, f"{wide}x{high}+{left}+{top}")
        self.deiconify()
        self.lift()
        self.after(60, self._take_the_keys)

    def close(self) -> None:
        self.grab_release()
        self.destroy()

    def _take_the_keys(self) -> None:
        if self.winfo_exists() and self.winfo_viewable():
            self.grab_set()
            if self.focus_get() is None or not str(self.focus_get()).startswith(str(self)):
                self.focus_force()


def confirm(
    master: Any, title: str, text: str, verb: str, command: Callable[[], object], *, kind: Kind = Kind.PRIMARY
) -> Dialog:
    """Ask before something that costs."""
    dialog = Dialog(master, title)
    Text(dialog.body, text).pack(fill="x", pady=GAP)

    def done() -> None:
        dialog.close()
        command()

    dialog.offer(verb, done, kind=kind)
    dialog.offer_closing(_("Cancel"))
    dialog.open()
    return dialog


def choose(
    master: Any,
    title: str,
    text: str,
    *,
    columns: Sequence[Column],
    rows: Sequence[Row],
    verb: str,
    command: Callable[[str], object],
    lines: int,
) -> Dialog:
    """One row of a list, the first one as it opens. command: gets its key. lines: how many are seen at once."""
    dialog = Dialog(master, title, width=720)
    Text(dialog.body, text).pack(fill="x", pady=GAP)
    table = Table(dialog.body, columns, empty="", height=lines)
    table.pack(fill="both", expand=True)
    table.show(rows)
    table.choose(rows[0].key)

    def done() -> None:
        if table.key:
            key = table.key
            dialog.close()
            command(key)

    dialog.offer(verb, done)
    dialog.offer_closing(_("Cancel"))
    table.take_focus()
    dialog.open()
    return dialog
