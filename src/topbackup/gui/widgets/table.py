"""A list with columns: Tk's own tree, dressed by the theme. Quick with thousands of rows, and made for keys."""

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from tkinter import ttk
from typing import Any

import customtkinter as ctk
from PIL import ImageTk

from topbackup.gui.icons import sign_image
from topbackup.gui.theme import (
    ACCENT,
    FIELD_LINE,
    INK,
    LINE,
    NORMAL,
    RADIUS,
    RAISED,
    SHEET,
    SMALL,
    SOFT,
    Tone,
    family,
    now,
    pixels,
)

_SIGN = 16


@dataclass(frozen=True)
class Column:
    """width: pixels at 100 %, the least where it grows: it takes what is left over. right: figures."""

    heading: str
    width: int
    grow: bool = False
    right: bool = False


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
        self._seen_part, self._bar_asked = (0.0, 1.0), False
        self._signs: dict[Tone, ImageTk.PhotoImage] = {}
        self.grid_columnconfigure(0, weight=1)
        self.grid_rowconfigure(0, weight=1)
        names = [f"c{number}" for number in range(1, len(columns))]
        self.tree = ttk.Treeview(
            self, columns=names, show="tree headings", selectmode="browse", height=height, style="TopBackup.Treeview"
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
            options: dict[str, Any] = {
                "text": f"  {row.cells[0]}",
                "values": self._padded(row.cells),
                "image": self._sign(row.tone),
            }
            if row.key not in there:
                self.tree.insert("", place, iid=row.key, **options)
            else:
                if known[row.key] != row:
                    self.tree.item(row.key, **options)
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

    def _padded(self, cells: tuple[str, ...]) -> tuple[str, ...]:
        """A figure does not touch the edge."""
        columns = zip(cells[1:], self._columns[1:], strict=True)
        return tuple(f"{cell}  " if column.right else cell for cell, column in columns)

    def _sign(self, tone: Tone | None) -> Any:
        if tone is None:
            return ""
        if tone not in self._signs:
            size = pixels(_SIGN)
            small = sign_image(tone, now(tone.ink), now(SHEET)).resize((size, size))
            self._signs[tone] = ImageTk.PhotoImage(small, master=self)
        return self._signs[tone]

    def _dress(self) -> None:
        style = ttk.Style(self)
        style.theme_use("default")
        face = (family(), -pixels(NORMAL))
        style.configure(
            "TopBackup.Treeview", background=now(SHEET), fieldbackground=now(SHEET), foreground=now(INK), font=face,
            rowheight=pixels(32), borderwidth=0, relief="flat", indent=0,
        )  # fmt: skip
        style.map("TopBackup.Treeview", background=[("selected", now(RAISED))], foreground=[("selected", now(INK))])
        style.configure(
            "TopBackup.Treeview.Heading", background=now(SHEET), foreground=now(SOFT), relief="flat", borderwidth=0,
            font=(family(), -pixels(SMALL), "bold"), padding=(pixels(4), pixels(7)),
        )  # fmt: skip
        style.map("TopBackup.Treeview.Heading", background=[("active", now(SHEET))])
        style.layout("TopBackup.Treeview", [("TopBackup.Treeview.treearea", {"sticky": "nsew"})])
        style.layout(
            "TopBackup.Treeview.Item",
            [
                (
                    "Treeitem.padding",
                    {
                        "sticky": "nsew",
                        "children": [
                            ("Treeitem.image", {"side": "left", "sticky": ""}),
                            ("Treeitem.text", {"side": "left", "sticky": ""}),
                        ],
                    },
                )
            ],
        )
        style.configure("TopBackup.Treeview.Item", padding=(pixels(8), 0, 0, 0))
        for number, column in enumerate(self._columns):
            name = "#0" if number == 0 else f"c{number}"
            anchor: Any = "e" if column.right else "w"
            heading = f"{column.heading}  " if column.right else column.heading
            self.tree.heading(name, text=f"  {heading}" if number == 0 else heading, anchor=anchor)
            self.tree.column(
                name, width=pixels(column.width), minwidth=pixels(column.width // 2), stretch=column.grow, anchor=anchor
            )

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
        # Not at once: customtkinter's bar lays the window out anew when it is drawn, and that ends up here again.
        # (Tk gives both as text, whatever its types say.)
        self._seen_part = (float(first), float(last))
        if not self._bar_asked:
            self._bar_asked = True
            self.after_idle(self._show_bar)

    def _show_bar(self) -> None:
        self._bar_asked = False
        first, last = self._seen_part
        self._bar.set(first, last)
        if first <= 0 and last >= 1:
            self._bar.grid_forget()
        else:
            self._bar.grid(row=0, column=1, sticky="ns", padx=(0, 4), pady=6)

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
