"""Step 4: what will happen, the next runs; then the end as it goes, to the first backup that is proven."""

from datetime import datetime
from typing import Any

import customtkinter as ctk

from topbackup.gui.theme import ACCENT, GAP, LINE, NORMAL, SOFT, WIDE, Tone
from topbackup.gui.widgets.buttons import Button
from topbackup.gui.widgets.panel import Banner, Plain
from topbackup.gui.widgets.table import Column, Row, Table
from topbackup.gui.widgets.text import Heading, Soft, Text
from topbackup.gui.wizard import ending, faces
from topbackup.gui.wizard.ending import Ending
from topbackup.gui.wizard.faces import Fact
from topbackup.gui.wizard.facts import Facts
from topbackup.gui.wizard.page import StepPage
from topbackup.gui.wizard.plan import next_runs, sentences
from topbackup.gui.wizard.session import Session
from topbackup.gui.words import when_short
from topbackup.i18n import _
from topbackup.settings import AppSettings
from topbackup.setup.fields import Field, Step


class ReviewPage(StepPage):
    step = Step.REVIEW

    def build(self) -> None:
        self._before = self.put(Plain(self), above=GAP)
        self._before.grid_columnconfigure(0, weight=1)
        self.facts = Facts(self._before)
        self.facts.grid(row=0, column=0, sticky="ew")
        Heading(self._before, _("The next seven runs")).grid(row=1, column=0, sticky="w", pady=(WIDE, 4))
        columns = [Column(_("When"), 190), Column(_("Agenda"), 90), Column(_("To"), 400, grow=True, middle=True)]
        self.runs = Table(self._before, columns, empty=_("None: the schedule has no valid row."), height=7)
        self.runs.grid(row=2, column=0, sticky="ew")
        self.service = self.check(self._before, Field.SERVICE, _("Install and start the service"))
        self.service.grid(row=3, column=0, sticky="w", pady=(WIDE, 0))
        if self.session.no_service is not None:
            self.service.usable(False)
            problem = self.session.no_service
            Soft(self._before, f"{_(problem.sentence)} {_(problem.mend)}").grid(
                row=4, column=0, sticky="ew", padx=(32, 0)
            )
        self.first = self.check(self._before, Field.FIRST_BACKUP, _("Make the first backup now"))
        self.first.grid(row=5, column=0, sticky="w", pady=(GAP, WIDE))
        self.end = EndView(self, self.session)
        self._end_row = self._row

    def refresh(self) -> None:
        super().refresh()
        under_way = self.session.ending
        asked = (faces.question(self.step), faces.explanation(self.step))
        title, explanation = asked if under_way is None else ending.heading(under_way)
        self.title.set(title)
        self.explanation.set(explanation)
        if under_way is None:
            self.end.grid_forget()
            self._before.grid()
            self._show_plan()
        else:
            if not self.end.winfo_ismapped():
                self.after_idle(self.to_the_top)  # the page is shorter now: what is seen may be all below its end
            self._before.grid_remove()
            self.end.grid(row=self._end_row, column=0, sticky="ew", padx=WIDE, pady=(GAP, WIDE))
            self.end.show(under_way)

    def take_focus(self) -> None:
        """To nothing here: it is to be read from its top."""
        self.focus_set()

    def _show_plan(self) -> None:
        wizard = self.session.wizard
        told = [Fact(Tone.ATTENTION if each.calls else Tone.OK, each.words) for each in sentences(wizard)]
        self.facts.show(told)
        zone = AppSettings().zone
        now = datetime.now(zone)
        rows = [
            Row(
                f"{run.at:%Y%m%d%H%M}-{run.agenda.id}",
                (
                    when_short(run.at, now, zone),
                    str(run.agenda.id),
                    " + ".join(filter(None, (run.agenda.destination1, run.agenda.destination2))),
                ),
            )
            for run in next_runs(wizard.agendas, now, zone)
        ]
        self.runs.show(rows)


class EndView(Plain):
    """The tasks, each with its sign; the dump's progress; the verdict."""

    def __init__(self, master: Any, session: Session) -> None:
        super().__init__(master)
        self._session = session
        self.grid_columnconfigure(0, weight=1)
        self.banner = Banner(self)
        self.tasks = Facts(self)
        self.tasks.grid(row=1, column=0, sticky="ew", pady=(GAP, 0))
        self.bar = ctk.CTkProgressBar(self, height=10, progress_color=ACCENT, fg_color=LINE)
        self.line = Text(self, "", size=NORMAL, colour=SOFT)
        self.stop = Button(self, _("Cancel"), session.stop_ending)

    def show(self, under_way: Ending) -> None:
        self.tasks.show(ending.task_facts(under_way))
        verdict = ending.verdict(under_way)
        if verdict is None:
            self.banner.grid_forget()
            self.stop.grid(row=4, column=0, sticky="w", pady=(WIDE, 0))
        else:
            self.banner.show(verdict.tone, verdict.sentence, verdict.more)
            self.banner.grid(row=0, column=0, sticky="ew")
            self.stop.grid_forget()
        share = ending.share(under_way)
        if verdict is None and share is not None:
            self.bar.set(share)
            self.bar.grid(row=2, column=0, sticky="ew", pady=(WIDE, 0))
            self.line.set(under_way.live.words if under_way.live else _("Looking at the database…"))
            self.line.grid(row=3, column=0, sticky="ew", pady=(4, 0))
        else:
            self.bar.grid_forget()
            self.line.grid_forget()
