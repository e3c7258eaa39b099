"""Step 3: the folders, and the FTP server; each is tried."""

from tkinter import filedialog
from typing import Any

from topbackup.gui.theme import GAP, WIDE
from topbackup.gui.widgets.panel import Plain
from topbackup.gui.widgets.text import Line, Soft
from topbackup.gui.wizard.page import StepPage, Trial
from topbackup.gui.wizard.plan import when_words
from topbackup.gui.words import naming
from topbackup.i18n import _
from topbackup.setup.fields import Field, Step
from topcore.tables import NamingScheme


class CopiesPage(StepPage):
    step = Step.COPIES

    def build(self) -> None:
        self._scheduled = self.put(Soft(self, ""), above=GAP)
        self._own = self.put(Line(self, "", bold=True))
        self.put(
            self.pair(
                lambda at: self.entry(at, Field.DESTINATION1, _("First folder"), browse=_browse),
                lambda at: self.entry(
                    at, Field.DESTINATION2, _("Second folder"), browse=_browse, hint=_("On another disk: best outside.")
                ),
            ),
            above=4,
        )
        options = [(scheme.value, naming(scheme.value)) for scheme in NamingScheme]
        self.put(
            self.pair(
                lambda at: self.choice(at, Field.NAMING, _("Files"), options), None
            ),
            above=GAP,
        )  # fmt: skip
        self.put(self.check(self, Field.PROVE, _("Prove each backup: restore it into a scratch database and compare")))
        self.put(self.check(self, Field.REMOTE, _("Also send a copy to an FTP server")), above=GAP)
        self._ftp = Plain(self)
        self._ftp.grid_columnconfigure(0, weight=1)
        rows: tuple[Any, ...] = (
            self.pair(
                lambda at: self.entry(at, Field.FTP_HOST, _("Server")),
                lambda at: self.entry(at, Field.FTP_PORT, _("Port")),
                master=self._ftp,
            ),
            self.pair(
                lambda at: self.entry(at, Field.FTP_USER, _("User")),
                lambda at: self.entry(at, Field.FTP_PASSWORD, _("Password"), secret=True),
                master=self._ftp,
            ),
            self.pair(
                lambda at: self.entry(at, Field.FTP_PATH, _("Folder there")),
                lambda at: self.check(at, Field.FTP_PASSIVE, _("Passive mode")),
                master=self._ftp,
            ),
        )
        for row, widget in enumerate(rows):
            widget.grid(row=row, column=0, sticky="ew", pady=(GAP, 0))
        self._ftp_row = self._row
        self._row += 1
        self.trial = self.put(Trial(self, self.session), below=WIDE)

    def refresh(self) -> None:
        super().refresh()
        wizard = self.session.wizard
        lines = [
            f"{when_words(row)}: {' + '.join(filter(None, (row.destination1, row.destination2)))}"
            for row in wizard.agendas
        ]
        if lines:
            self._scheduled.set(_("AGENDA_BACKUP names its own folders:") + "\n" + "\n".join(lines))
            self._own.set(_("For backups by hand, without a schedule (may be left empty)"))
        else:
            self._scheduled.set("")
            self._own.set(_("Folders"))
        if wizard.draft.on(Field.REMOTE):
            self._ftp.grid(row=self._ftp_row, column=0, sticky="ew", padx=WIDE, pady=(4, 0))
        else:
            self._ftp.grid_forget()
        self.trial.refresh()


def _browse() -> str:
    return str(filedialog.askdirectory(title=_("The folder for the backups"), mustexist=True) or "")
