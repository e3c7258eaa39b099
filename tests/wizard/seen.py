"""`topbackup gui` in a process that also answers what a person would see: where a thing is, what is written.

`python -m tests.wizard.seen CONFIG HOME PORT`; questions come as JSON lines on stdin. The hands are xdotool's.
PORT: only this server's databases count, as other tests may run on the same machine.
"""

import json
import sys
import threading
import tkinter as tk
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import customtkinter as ctk

from topbackup.firebird import database_search
from topbackup.firebird.installations import Installation, installations
from topbackup.gui import application
from topbackup.gui.widgets.field import Check, Choice
from topbackup.gui.widgets.field import Field as Entry
from topbackup.gui.widgets.table import Table
from topbackup.gui.window import Window
from topbackup.setup import trials


def all_below(widget: tk.Misc) -> Iterator[tk.Misc]:
    for child in widget.winfo_children():
        yield child
        yield from all_below(child)


def box(widget: tk.Misc) -> list[int]:
    return [widget.winfo_rootx(), widget.winfo_rooty(), widget.winfo_width(), widget.winfo_height()]


def find(window: Window, kind: str, text: str) -> tuple[tk.Misc, list[int]] | None:
    """The first that is shown, and its place on the screen: x, y, width, height."""
    for widget in all_below(window):
        if not widget.winfo_viewable():
            continue
        match kind:
            case "button" if isinstance(widget, ctk.CTkButton) and widget.cget("text").split("\n")[0] == text:
                return (widget, box(widget)) if widget.cget("state") == "normal" else None
            case "field" if isinstance(widget, Entry) and widget.label == text:
                return widget, box(widget._entry)
            case "check" if isinstance(widget, Check) and widget.label == text:
                return widget, box(widget._canvas)
            case "choice" if isinstance(widget, Choice) and widget.label == text:
                return widget, box(widget._menu)
            case "radio" if isinstance(widget, ctk.CTkRadioButton) and widget.cget("text") == text:
                return widget, box(widget._canvas)
            case "row" if isinstance(widget, Table):
                place = place_of_row(widget, text)
                if place is not None:
                    return widget, place
    return None


def place_of_row(table: Table, text: str) -> list[int] | None:
    for row in table.tree.get_children():
        cells = [table.tree.item(row, "text"), *table.tree.item(row, "values")]
        place = table.tree.bbox(row)
        if text in [str(cell).strip() for cell in cells] and place:
            x, y, wide, high = (int(each) for each in place)
            return [table.tree.winfo_rootx() + x, table.tree.winfo_rooty() + y, min(wide, 60), high]
    return None


def scrolls(window: Window, kind: str, text: str) -> bool:
    """Is it part of the page, and not of the list at the side or the bar below?"""
    found = find(window, kind, text)
    pages = [each for each in all_below(window) if isinstance(each, ctk.CTkScrollableFrame) and each.winfo_viewable()]
    return found is not None and any(str(found[0]).startswith(str(page)) for page in pages)


def texts(window: Window) -> list[str]:
    """Everything that is written in what is shown."""
    found: list[str] = []
    for widget in all_below(window):
        if not widget.winfo_viewable():
            continue
        if isinstance(widget, ctk.CTkLabel | ctk.CTkButton | ctk.CTkCheckBox | ctk.CTkRadioButton):
            found.append(str(widget.cget("text")))
        if isinstance(widget, Table):
            for row in widget.tree.get_children():
                found.append(" | ".join(map(str, [widget.tree.item(row, "text"), *widget.tree.item(row, "values")])))
    return [text for text in found if text]


def view_of(window: Window) -> list[int]:
    """The part of the page that is seen."""
    for widget in all_below(window):
        if isinstance(widget, ctk.CTkScrollableFrame) and widget.winfo_viewable():
            return box(widget._parent_canvas)
    return box(window)


def focused(window: Window) -> str:
    """The words of what has the keys."""
    there = window.focus_get()
    for widget in all_below(window):
        if isinstance(widget, ctk.CTkButton | ctk.CTkRadioButton | ctk.CTkCheckBox) and widget._canvas is there:
            return str(widget.cget("text"))
        if isinstance(widget, Entry) and widget._entry._entry is there:
            return widget.label
    return ""


def answer(window: Window, question: dict[str, Any]) -> Any:
    match question["ask"]:
        case "find":
            found = find(window, question["kind"], question["text"])
            return None if found is None else found[1]
        case "texts":
            return texts(window)
        case "view":
            return view_of(window)
        case "scrolls":
            return scrolls(window, question["kind"], question["text"])
        case "value":
            widgets = [each for each in all_below(window) if isinstance(each, Entry) and each.winfo_viewable()]
            return next((each.value for each in widgets if each.label == question["text"]), None)
        case "focus":
            return focused(window)
        case "change":
            window.change(**question["to"])
    return None


def serve(window: Window) -> None:
    for line in sys.stdin:
        question = json.loads(line)

        def reply(question: dict[str, Any] = question) -> None:
            print(json.dumps(answer(window, question), ensure_ascii=False), flush=True)

        window.background.post(reply)
    window.background.post(window.close)


def look_at_one_server_only(port: int) -> None:
    def mine() -> list[Installation]:
        return [server for server in installations() if server.port == port]

    for module in (database_search, trials):
        setattr(module, "installations", mine)  # noqa: B010 - they export it to nobody
    database_search._usual_roots = lambda: iter(())


def main() -> None:
    config, home = Path(sys.argv[1]), Path(sys.argv[2])
    look_at_one_server_only(int(sys.argv[3]))

    def window_of(preferences: Path) -> Window:
        window = Window(preferences)
        threading.Thread(target=serve, args=(window,), daemon=True).start()
        return window

    setattr(application, "Window", window_of)  # noqa: B010 - so that the questions reach it
    application.run(config, home, minimized=False)


if __name__ == "__main__":
    main()
