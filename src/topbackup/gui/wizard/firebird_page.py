"""Step 1: the databases that were found, the login, the company."""

import tkinter as tk
from collections.abc import Callable
from tkinter import filedialog

from topbackup.firebird.database_search import FoundDatabase, Why
from topbackup.gui.theme import GAP, WIDE
from topbackup.gui.widgets.panel import Plain
from topbackup.gui.widgets.table import Column, Row, Table
from topbackup.gui.widgets.text import Heading, Line
from topbackup.gui.wizard.page import StepPage, Trial, page_link
from topbackup.i18n import _
from topbackup.setup.fields import Field, Step
from topcore.record import size_text


class FirebirdPage(StepPage):
    step = Step.FIREBIRD

    def build(self) -> None:
        self._searched = False
        head = self.put(Plain(self))
        head.grid_columnconfigure(0, weight=1)
        self._found = Line(head, "", bold=True)
        self._found.grid(row=0, column=0, sticky="w")
        self._search = page_link(head, "", self._search_pressed)
        self._search.grid(row=0, column=1, sticky="e")
        columns = [
            Column(_("Database"), 170),
            Column(_("Where"), 210, grow=True, middle=True),
            Column(_("Size"), 80, right=True),
            Column(_("Changed"), 130),
            Column(_("Found"), 120),
        ]
        self.table = self.put(
            Table(self, columns, empty=_("None found yet."), opened=self._database_chosen, height=4), above=4
        )
        self.put(
            self.entry(
                self, Field.DATABASE, _("Path, alias or address of the database"),
                hint=_("Such as C:\\ERP\\DADOS.FDB, or server/3050:C:\\ERP\\DADOS.FDB"), browse=_browse,
            )
        )  # fmt: skip
        self.put(
            self.pair(
                lambda at: self.entry(at, Field.USER, _("User")),
                lambda at: self.entry(at, Field.PASSWORD, _("Password"), secret=True),
            )
        )
        self._more = self.pair(
            lambda at: self.entry(
                at, Field.CHARSET, _("Character set"), hint=_("Empty: WIN1252, as nearly all have it.")
            ),
            lambda at: self.entry(at, Field.GBAK, "gbak", hint=_("Empty: the server's own is found.")),
        )
        self._more_row = self._row + 1
        self._more_button = self.put(page_link(self, _("More options"), self._show_more), above=4)
        self._more_button.grid_configure(sticky="w")
        self._row += 1
        self.trial = self.put(Trial(self, self.session), above=GAP, below=WIDE)
        self._suggest = page_link(self, "", self._take_suggestion)
        self._suggest_row = self._row
        self._row += 1
        self._whose = Plain(self)
        self._whose.grid_columnconfigure(0, weight=1)
        Heading(self._whose, _("Which company is this shop?")).grid(row=0, column=0, sticky="w")
        self.companies = Table(
            self._whose, [Column(_("Company"), 320, grow=True), Column("CNPJ", 180), Column(_("Code"), 80, right=True)],
            empty="", opened=self._company_chosen, height=4,
        )  # fmt: skip
        self.companies.grid(row=1, column=0, sticky="ew", pady=(4, 0))
        self._whose_row = self._row
        self._row += 1
        self._at_a_click(self.table, self._database_chosen)
        self._at_a_click(self.companies, self._company_chosen)

    def refresh(self) -> None:
        super().refresh()
        session, finding = self.session, self.session.wizard.firebird
        self._found.set(_("Looking for databases on this computer…") if session.searching else _("Databases found"))
        self._search.configure(text=_("Stop") if session.searching else _("Search again"))
        self.table.say_empty(_("Looking…") if session.searching else _("None was found here: type where it is."))
        self.table.show([_row(found) for found in session.databases])
        self.table.tree.configure(height=min(max(len(session.databases), 2), 5))
        typed = session.wizard.draft[Field.DATABASE]
        if typed != self.table.key and typed in [found.address for found in session.databases]:
            self.table.choose(typed)
        if self._searched and not session.searching and not session.touched and typed:
            self._entries[Field.PASSWORD].take_focus()  # found by itself: the password is all that is missing
        self._searched = session.searching
        self.trial.refresh()
        suggestion = finding.suggestion if finding else None
        if suggestion:
            self._suggest.configure(text=_("Use the server that runs here: {address}").format(address=suggestion))
            self._suggest.grid(row=self._suggest_row, column=0, sticky="w", padx=24)
        else:
            self._suggest.grid_forget()
        several = finding.companies if finding and len(finding.companies) > 1 else ()
        if several:
            rows = [Row(str(each.code), (each.trade_name, each.tax_id.formatted, str(each.code))) for each in several]
            self.companies.show(rows)
            company = session.wizard.company
            if company is not None and self.companies.key != str(company.code):
                self.companies.choose(str(company.code))
            self._whose.grid(row=self._whose_row, column=0, sticky="ew", padx=24, pady=(GAP * 2, 0))
        else:
            self._whose.grid_forget()

    def take_focus(self) -> None:
        wanted = Field.PASSWORD if self.session.wizard.draft[Field.DATABASE] else Field.DATABASE
        self._entries[wanted].take_focus()

    def _search_pressed(self) -> None:
        if self.session.searching:
            self.session.stop_search()
        else:
            self.session.search()

    def _at_a_click(self, table: Table, chosen: Callable[[str], None]) -> None:
        """A click takes a row, as Enter does. Only to come by with Tab must choose nothing: it would replace what was
        typed, or make another company the shop."""

        def clicked(event: "tk.Event[tk.Misc]") -> None:
            row = table.tree.identify_row(event.y)
            if row:
                chosen(row)

        table.tree.bind("<ButtonRelease-1>", clicked, add=True)

    def _database_chosen(self, address: str) -> None:
        self.session.type(Field.DATABASE, address)

    def _company_chosen(self, code: str) -> None:
        finding = self.session.wizard.firebird
        for company in finding.companies if finding else ():
            if str(company.code) == code and company != self.session.wizard.company:
                self.session.choose(company)

    def _take_suggestion(self) -> None:
        finding = self.session.wizard.firebird
        if finding is not None and finding.suggestion:
            self.session.type(Field.DATABASE, finding.suggestion)
            self.session.try_step()

    def _show_more(self) -> None:
        if self._more.winfo_ismapped():
            self._more.grid_forget()
        else:
            self._more.grid(row=self._more_row, column=0, sticky="ew", padx=24, pady=(4, 0))


def _row(found: FoundDatabase) -> Row:
    how = {Why.IN_USE: _("in use now"), Why.ALIAS: _("by its alias"), Why.FOLDER: _("in a folder")}
    changed = "–" if found.modified is None else f"{found.modified.astimezone():%d/%m/%Y %H:%M}"
    size = size_text(found.size) or "–"
    return Row(found.address, (found.name, found.place, size, changed, how[found.why]))


def _browse() -> str:
    kinds = [("Firebird", "*.fdb *.FDB *.gdb *.GDB *.ib *.IB"), ("*", "*")]
    return str(filedialog.askopenfilename(title=_("The database"), filetypes=kinds) or "")
