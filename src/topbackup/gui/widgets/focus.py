"""Keys for what customtkinter makes for the mouse alone: a place in the order of Tab, Space and Enter, a ring."""

import tkinter as tk
from collections.abc import Callable
from weakref import WeakSet

_quiet: WeakSet[tk.Misc] = WeakSet()


def by_keys(canvas: tk.Misc, press: Callable[[], object], ring: Callable[[bool], object]) -> None:
    """canvas: what takes the focus. ring: told whether it has it."""
    canvas.configure(takefocus=1)  # type: ignore[call-arg]  # every widget that is drawn has it; Misc does not say so

    def pressed(_event: "tk.Event[tk.Misc]") -> str:
        press()
        return "break"

    for keys in ("<space>", "<Return>", "<KP_Enter>"):
        canvas.bind(keys, pressed)
    canvas.bind("<FocusIn>", lambda _event: ring(True), add=True)
    canvas.bind("<FocusOut>", lambda _event: ring(False), add=True)


def focus_quietly(widget: tk.Misc) -> None:
    """As a page comes to be seen: its title stays in view, which a Tab to the same widget would scroll away."""
    _quiet.add(widget)
    widget.focus_set()


def came_quietly(widget: tk.Misc) -> bool:
    """Asked by each page that scrolls around it, when it has got the focus."""
    if widget not in _quiet:
        return False
    widget.after_idle(_quiet.discard, widget)
    return True
