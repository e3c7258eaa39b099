"""A list's scrollbar, which is there only while there is something to scroll."""

from tkinter import ttk
from typing import Any

import customtkinter as ctk

from topbackup.gui.theme import FIELD_LINE, LINE


class ListBar(ctk.CTkScrollbar):
    """In the column beside the list's; the list tells `seen` which part of it is seen."""

    def __init__(self, master: Any, tree: ttk.Treeview) -> None:
        # Its own height is as good as none: with the usual one it would make the list higher, and so needless again.
        super().__init__(
            master, command=tree.yview, button_color=LINE, button_hover_color=FIELD_LINE, width=14, height=20
        )
        self._part, self._asked = (0.0, 1.0), ""

    @property
    def waits(self) -> bool:
        """It is to be drawn soon."""
        return bool(self._asked)

    def seen(self, first: float, last: float) -> None:
        """Tk's yscrollcommand: both are parts of the whole, and come as text, whatever its types say.

        Not drawn at once, nor when Tk is idle: customtkinter's bar has all that is idle done while it is drawn, and
        that would end up here again, deeper each time.
        """
        self._part = (float(first), float(last))
        if not self._asked:
            self._asked = self.after(1, self._show)

    def _show(self) -> None:
        self._asked = ""
        first, last = self._part
        self.set(first, last)
        if first <= 0 and last >= 1:
            self.grid_forget()
        else:
            self.grid(row=0, column=1, sticky="ns", padx=(0, 4), pady=6)

    def destroy(self) -> None:
        if self._asked:
            self.after_cancel(self._asked)
        super().destroy()
