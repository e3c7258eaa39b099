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
from topbackup.gui.widgets.focus import focus_quietly
from topbackup.gui.widgets.list_bar import ListBar
from topbackup.gui.widgets.list_style import LISTS, list_style

_SIGN = 16
_EDGES = 9  # pixels at 100 % of a cell that its text does not get
_LEAD = 11  # and of the first, beside its sign
_AT_ONCE = 60  # rows: more than a screen shows; all 400 would hold the window still for 50 ms


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
        self._drawn: dict[str, Row] = {}
        self._place, self._wanted, self._draw_asked = 0, "", ""
        self._fit_asked = ""
        self._signs: dict[Tone, ImageTk.PhotoImage] = {}
        self._rooms: tuple[int, ...] = ()
        self.grid_columnconfigure(0, weight=1)
        self.grid_rowconfigure(0, weight=1)
        names = [f"c{number}" for number in range(1, len(columns))]
        self.tree = ttk.Treeview(
            self, columns=names, show="tree headings", selectmode="browse", height=height, style=LISTS
        )
        self.bar = ListBar(self, self.tree)
        self.tree.configure(yscrollcommand=self.bar.seen)
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
        """Only what changed is drawn again, the first rows at once; what is selected stays selected."""
        rows = tuple(rows)
        if rows == self._rows:
            return
        self._rows, self._place = rows, 0
        over = self._drawn.keys() - {row.key for row in rows}
        self.tree.delete(*over)
        for key in over:
            del self._drawn[key]
        self._show_empty()
        self._draw_rows()

    def _draw_rows(self) -> None:
        if self._draw_asked:
            self.after_cancel(self._draw_asked)
            self._draw_asked = ""
        until = min(self._place + _AT_ONCE, len(self._rows))
        for place in range(self._place, until):
            row = self._rows[place]
            if row.key not in self._drawn:
                self.tree.insert("", place, iid=row.key, image=self._sign(row.tone), **self._words(row))
            else:
                if self._drawn[row.key] != row:
                    self.tree.item(row.key, image=self._sign(row.tone), **self._words(row))
                if self.tree.index(row.key) != place:
                    self.tree.move(row.key, "", place)
            self._drawn[row.key] = row
        self._place = until
        if self._wanted in self._drawn:
            self.choose(self._wanted)
        if until < len(self._rows):
            self._draw_asked = self.after(1, self._draw_rows)

    def say_empty(self, words: str) -> None:
        """What stands where no row is."""
        if self._empty.cget("text") != words:
            self._empty.configure(text=words)

    def choose(self, key: str) -> None:
        """As soon as it is drawn."""
        due = key not in self._drawn and any(row.key == key for row in self._rows)
        self._wanted = key if due else ""
        if key in self._drawn:
            self.tree.selection_set(key)
            self.tree.focus(key)
            self.tree.see(key)

    def take_focus(self) -> None:
        focus_quietly(self.tree)

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
            for row in self._drawn.values():
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
            self._drawn.clear()
            self.show(rows)

    def destroy(self) -> None:
        for asked in filter(None, (self._fit_asked, self._draw_asked)):
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
