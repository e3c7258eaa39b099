"""A list with columns: Tk's own tree, dressed by the theme. Quick with thousands of rows, and made for keys."""

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from tkinter import font, ttk
from typing import Any

import customtkinter as ctk
from PIL import ImageTk

from topbackup.gui.icons import sign_image
from topbackup.gui.theme import (
    ACCENT,
    FIELD_LINE,
    LINE,
    NORMAL,
    RADIUS,
    SHEET,
    SOFT,
    Tone,
    family,
    now,
    pixels,
)
from topbackup.gui.widgets.fitting import Fitting
from topbackup.gui.widgets.list_style import LISTS, list_style

_SIGN = 16
_EDGES = 9  # pixels at 100 % of a cell that its text does not get
_LEAD = 11  # and of the first, beside its sign


@dataclass(frozen=True)
class Column:
    """width: pixels at 100 %, the least where it grows: it takes what is left over. right: figures, never cut.

    middle: a text that is too long loses its middle, not its end.
    """

    heading: str
    width: int
    grow: bool = False
    right: bool = False
    middle: bool = False


@dataclass(frozen=True)
class Row:
    """key: what `chosen` gives. tone: its sign, before the first cell; None: no sign."""

    key: str
    cells: tuple[str, ...]
    tone: Tone | None = None


class Table(ctk.CTkFrame):
    """chosen: told of each row that is selected. opened: of a row that Enter or a double click opens."""

    def __init__(
        self,
        master: Any,
        columns: Sequence[Column],
        *,
        empty: str,
        chosen: Callable[[str], object] | None = None,
        opened: Callable[[str], object] | None = None,
        height: int = 8,
    ) -> None:
        super().__init__(master, fg_color=SHEET, border_color=LINE, border_width=1, corner_radius=RADIUS)
        self._columns, self._chosen, self._opened = tuple(columns), chosen, opened
        self._rows: tuple[Row, ...] = ()
        self._seen_part, self._bar_asked, self._fit_asked = (0.0, 1.0), "", ""
        self._signs: dict[Tone, ImageTk.PhotoImage] = {}
        self._rooms: tuple[int, ...] = ()
        self.grid_columnconfigure(0, weight=1)
        self.grid_rowconfigure(0, weight=1)
        names = [f"c{number}" for number in range(1, len(columns))]
        self.tree = ttk.Treeview(
            self, columns=names, show="tree headings", selectmode="browse", height=height, style=LISTS
        )
        # Its own height is as good as none: with the usual one it would make the list higher, and so needless again.
        self._bar = ctk.CTkScrollbar(
            self, command=self.tree.yview, button_color=LINE, button_hover_color=FIELD_LINE, width=14, height=20
        )
        self.tree.configure(yscrollcommand=self._scrolled)
        self.tree.grid(row=0, column=0, sticky="nsew", padx=4, pady=4)
        self._empty = ctk.CTkLabel(
            self, text=empty, text_color=SOFT, font=(family(), NORMAL), fg_color=SHEET, wraplength=460
        )
        self.tree.bind("<<TreeviewSelect>>", self._selected)
        self.tree.bind("<Return>", self._open)
        self.tree.bind("<Double-1>", self._open)
        self.tree.bind("<Configure>", self._fit_soon, add=True)
        self.tree.bind("<ButtonRelease-1>", self._fit_soon, add=True)  # a person may draw a column wider
        self.tree.bind("<FocusIn>", self._focused, add=True)
        self.tree.bind("<FocusOut>", lambda _event: self.configure(border_color=LINE), add=True)
        self._dress()
        self._show_empty()

    @property
    def key(self) -> str:
        """Of the row that is selected; "" when none is."""
        selected = self.tree.selection()
        return str(selected[0]) if selected else ""

    def show(self, rows: Sequence[Row]) -> None:
        """Only what changed is drawn again; what is selected stays selected."""
        rows = tuple(rows)
        if rows == self._rows:
            return
        there = {row.key for row in self._rows}
        known = {row.key: row for row in self._rows}
        self._rows = rows
        self.tree.delete(*(there - {row.key for row in rows}))
        for place, row in enumerate(rows):
            if row.key not in there:
                self.tree.insert("", place, iid=row.key, image=self._sign(row.tone), **self._words(row))
            else:
                if known[row.key] != row:
                    self.tree.item(row.key, image=self._sign(row.tone), **self._words(row))
                if self.tree.index(row.key) != place:
                    self.tree.move(row.key, "", place)
        self._show_empty()

    def say_empty(self, words: str) -> None:
        """What stands where no row is."""
        if self._empty.cget("text") != words:
            self._empty.configure(text=words)

    def choose(self, key: str) -> None:
        if self.tree.exists(key):
            self.tree.selection_set(key)
            self.tree.focus(key)
            self.tree.see(key)

    def take_focus(self) -> None:
        self.tree.focus_set()

    def _words(self, row: Row) -> dict[str, Any]:
        """Each as long as its column; a figure whole, and not at the edge."""
        cells = zip(row.cells, self._columns, self._rooms, strict=True)
        first, *others = [
            f"{cell}  " if column.right else self._fitting.fitted(cell, room, middle=column.middle)
            for cell, column, room in cells
        ]
        return {"text": f"  {first}", "values": others}

    def _rooms_now(self) -> tuple[int, ...]:
        """Pixels for the text of each column."""
        names = ["#0", *(f"c{number}" for number in range(1, len(self._columns)))]
        first, *others = [int(self.tree.column(name, "width")) - pixels(_EDGES) for name in names]
        return (first - pixels(_SIGN + _LEAD), *others)

    def _fit_soon(self, _event: object = None) -> None:
        """Tk gives the columns their new widths after it has told of the list's own."""
        if not self._fit_asked:
            self._fit_asked = self.after(1, self._fit_again)

    def _fit_again(self) -> None:
        self._fit_asked = ""
        rooms = self._rooms_now()
        if rooms != self._rooms:
            self._rooms = rooms
            for row in self._rows:
                self.tree.item(row.key, **self._words(row))

    def _sign(self, tone: Tone | None) -> Any:
        if tone is None:
            return ""
        if tone not in self._signs:
            size = pixels(_SIGN)
            small = sign_image(tone, now(tone.ink), now(SHEET)).resize((size, size))
            self._signs[tone] = ImageTk.PhotoImage(small, master=self)
        return self._signs[tone]

    def _dress(self) -> None:
        face = list_style(self)
        self._fitting = Fitting(font.Font(self, face).measure)
        for number, column in enumerate(self._columns):
            name = "#0" if number == 0 else f"c{number}"
            anchor: Any = "e" if column.right else "w"
            heading = f"{column.heading}  " if column.right else column.heading
            self.tree.heading(name, text=f"  {heading}" if number == 0 else heading, anchor=anchor)
            self.tree.column(
                name, width=pixels(column.width), minwidth=pixels(column.width // 2), stretch=column.grow, anchor=anchor
            )
        self._rooms = self._rooms_now()

    def _set_appearance_mode(self, mode_string: str) -> None:
        super()._set_appearance_mode(mode_string)
        self._dress_again()

    def _set_scaling(self, *args: Any, **more: Any) -> None:
        super()._set_scaling(*args, **more)
        self._dress_again()

    def _dress_again(self) -> None:
        if hasattr(self, "tree"):
            self._signs.clear()
            self._dress()
            rows, self._rows = self._rows, ()
            self.tree.delete(*self.tree.get_children())
            self.show(rows)

    def _scrolled(self, first: float, last: float) -> None:
        # Not at once, nor when Tk is idle: customtkinter's bar has all that is idle done while it is drawn, which would
        # end up here again, deeper each time. (Tk gives both as text, whatever its types say.)
        self._seen_part = (float(first), float(last))
        if not self._bar_asked:
            self._bar_asked = self.after(1, self._show_bar)

    def _show_bar(self) -> None:
        self._bar_asked = ""
        first, last = self._seen_part
        self._bar.set(first, last)
        if first <= 0 and last >= 1:
            self._bar.grid_forget()
        else:
            self._bar.grid(row=0, column=1, sticky="ns", padx=(0, 4), pady=6)

    def destroy(self) -> None:
        for asked in filter(None, (self._bar_asked, self._fit_asked)):
            self.after_cancel(asked)
        super().destroy()

    def _show_empty(self) -> None:
        if self._rows:
            self._empty.place_forget()
        else:
            self._empty.place(relx=0.5, rely=0.55, anchor="center")

    def _focused(self, _event: "tk.Event[tk.Misc]") -> None:
        self.configure(border_color=ACCENT)
        if not self.tree.selection() and self._rows:
            self.tree.selection_set(self._rows[0].key)
            self.tree.focus(self._rows[0].key)

    def _selected(self, _event: "tk.Event[tk.Misc]") -> None:
        if self._chosen is not None and self.key:
            self._chosen(self.key)

    def _open(self, _event: "tk.Event[tk.Misc]") -> None:
        if self._opened is not None and self.key:
            self._opened(self.key)
