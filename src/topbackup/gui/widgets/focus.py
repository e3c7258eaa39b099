"""Keys for what customtkinter makes for the mouse alone: a place in the order of Tab, Space and Enter, a ring."""

import tkinter as tk
from collections.abc import Callable


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
