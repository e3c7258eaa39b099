"""How Tk's tree looks as a list of ours, in today's colours and scale."""

from tkinter import Misc, ttk

from topbackup.gui.theme import INK, NORMAL, RAISED, SHEET, SMALL, SOFT, family, now, pixels

LISTS = "TopBackup.Treeview"


def list_style(master: Misc) -> tuple[str, int]:
    """Dress it; gives the type of its rows: family and size, as Tk writes pixels."""
    style = ttk.Style(master)
    style.theme_use("default")
    face = (family(), -pixels(NORMAL))
    style.configure(
        LISTS, background=now(SHEET), fieldbackground=now(SHEET), foreground=now(INK), font=face,
        rowheight=pixels(32), borderwidth=0, relief="flat", indent=0,
    )  # fmt: skip
    style.map(LISTS, background=[("selected", now(RAISED))], foreground=[("selected", now(INK))])
    style.configure(
        f"{LISTS}.Heading", background=now(SHEET), foreground=now(SOFT), relief="flat", borderwidth=0,
        font=(family(), -pixels(SMALL), "bold"), padding=(pixels(4), pixels(7)),
    )  # fmt: skip
    style.map(f"{LISTS}.Heading", background=[("active", now(SHEET))])
    style.layout(LISTS, [(f"{LISTS}.treearea", {"sticky": "nsew"})])
    style.layout(
        f"{LISTS}.Item",
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
    style.configure(f"{LISTS}.Item", padding=(pixels(8), 0, 0, 0))
    return face
