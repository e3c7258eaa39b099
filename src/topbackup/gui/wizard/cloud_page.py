"""Step 2: MySQL, or none, said by a person."""

from typing import Any

from topbackup.gui.theme import GAP, WIDE
from topbackup.gui.widgets.panel import Plain
from topbackup.gui.widgets.radio import Radio
from topbackup.gui.wizard.page import StepPage, Trial
from topbackup.i18n import _
from topbackup.setup.fields import CloudKind, Field, Step


class CloudPage(StepPage):
    step = Step.CLOUD

    def build(self) -> None:
        dashboard = _("The dashboard of the software house: it gave you the access.")
        nobody = _("The backups are made all the same; nobody sees it when they fail.")
        options = [
            (CloudKind.MYSQL.value, _("To a MySQL server"), dashboard),
            (CloudKind.NONE.value, _("To nobody"), nobody),
        ]
        if self.session.opened.draft[Field.CLOUD_FILE]:
            local = _("SQLite, as the settings have it now.")
            options.append((CloudKind.FILE.value, _("To a file on this computer"), local))
        self.kind = self.put(Radio(self, options, changed=self._kind_chosen))
        self._mysql = Plain(self)
        self._mysql.grid_columnconfigure(0, weight=1)
        rows: tuple[Any, ...] = (
            self.pair(
                lambda at: self.entry(at, Field.CLOUD_HOST, _("Server")),
                lambda at: self.entry(at, Field.CLOUD_PORT, _("Port")),
                master=self._mysql,
            ),
            self.pair(
                lambda at: self.entry(at, Field.CLOUD_USER, _("User")),
                lambda at: self.entry(at, Field.CLOUD_PASSWORD, _("Password"), secret=True),
                master=self._mysql,
            ),
            self.entry(self._mysql, Field.CLOUD_DATABASE, _("Database")),
        )
        for row, widget in enumerate(rows):
            widget.grid(row=row, column=0, sticky="ew", pady=(GAP, 0))
        self._fields_row = self._row
        self._row += 1
        self._file = self.entry(self, Field.CLOUD_FILE, _("SQLite file"))
        self.trial = self.put(Trial(self, self.session), below=WIDE)

    def refresh(self) -> None:
        super().refresh()
        kind = self.session.wizard.draft.cloud
        self.kind.set(kind.value)
        for widget, wanted in ((self._mysql, CloudKind.MYSQL), (self._file, CloudKind.FILE)):
            if kind is wanted:
                widget.grid(row=self._fields_row, column=0, sticky="ew", padx=WIDE, pady=(GAP, 0))
            else:
                widget.grid_forget()
        self.trial.refresh()

    def take_focus(self) -> None:
        if self.session.wizard.draft.cloud is CloudKind.MYSQL:
            self._entries[Field.CLOUD_HOST].take_focus()
        else:
            self.kind.buttons[0]._canvas.focus_set()

    def _kind_chosen(self) -> None:
        self.session.type(Field.CLOUD_KIND, self.kind.value)
        if self.session.wizard.draft.cloud is CloudKind.MYSQL:
            self._entries[Field.CLOUD_HOST].take_focus()
