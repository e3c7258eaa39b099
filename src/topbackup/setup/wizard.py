"""The wizard's state: which step, what was typed, what was tried. Pure: no window, no I/O, no clock.

A step may be left when it was tried as it is typed now and proven, or when the person said: go on without. Either
ends with the next change of what it was about.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from types import MappingProxyType
from typing import Self

from topbackup.setup.complaints import complaints
from topbackup.setup.draft import Draft
from topbackup.setup.fields import FIELDS, UNTRIED, CloudKind, Field, Step
from topbackup.setup.findings import CloudFinding, CopiesFinding, Finding, FirebirdFinding
from topcore.agenda import Agenda
from topcore.company import Company

type Inputs = tuple[str, ...]


class Standing(Enum):
    """How a step stands. STALE: it was tried, and changed since."""

    UNTRIED = "untried"
    RUNNING = "running"
    PROVEN = "proven"
    CHOOSE = "choose"  # proven, but a company is still to be chosen
    FAILED = "failed"
    STALE = "stale"


@dataclass(frozen=True)
class Trial:
    """number: tells this one's result from an older one's that comes late. finding: None while it is under way."""

    number: int
    inputs: Inputs = field(repr=False)
    finding: Finding | None = None


@dataclass(frozen=True)
class Wizard:
    """Immutable; each method gives the next state."""

    draft: Draft
    step: Step = Step.FIREBIRD
    trials: Mapping[Step, Trial] = field(default_factory=lambda: MappingProxyType({}))
    waived: Mapping[Step, Inputs] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    numbered: int = 0

    # What the person does.

    def typed(self, name: Field, text: str) -> Self:
        return replace(self, draft=self.draft.typed(name, text))

    def chosen(self, company: Company) -> Self:
        """This row of EMPRESA is the shop."""
        draft = self.draft.typed(Field.COMPANY_ID, str(company.code))
        return replace(self, draft=draft.typed(Field.COMPANY_TAX_ID, company.tax_id.formatted))

    def back(self) -> Self:
        return replace(self, step=Step(max(self.step - 1, Step.FIREBIRD)))

    def next(self) -> Self:
        """The next step; the same state where this one may not be left."""
        if self.step is Step.REVIEW or not self.may_leave(self.step):
            return self
        return replace(self, step=Step(self.step + 1))

    def without(self) -> Self:
        """Go on without a proof of this step, as it is typed now. A trial under way is of no interest any more."""
        if not self.may_waive(self.step):
            return self
        waived = MappingProxyType({**self.waived, self.step: self.inputs(self.step)})
        return replace(self._without_running(self.step), waived=waived).next()

    # What a trial tells.

    def trying(self) -> Self:
        """A trial of this step begins; its number is `numbered`."""
        number = self.numbered + 1
        trial = Trial(number, self.inputs(self.step))
        return replace(self, numbered=number, trials=MappingProxyType({**self.trials, self.step: trial}))

    def tried(self, number: int, finding: Finding) -> Self:
        """The result of trial `number`; the same state when nobody waits for it any more."""
        step = next((step for step, trial in self.trials.items() if trial.number == number), None)
        if step is None:
            return self
        trial = replace(self.trials[step], finding=finding)
        told = replace(self, trials=MappingProxyType({**self.trials, step: trial}))
        only = finding.companies if isinstance(finding, FirebirdFinding) else ()
        return told.chosen(only[0]) if len(only) == 1 else told

    def given_up(self, number: int) -> Self:
        """Trial `number` was cancelled, if it is still under way."""
        step = next((step for step, trial in self.trials.items() if trial.number == number), None)
        return self if step is None else self._without_running(step)

    # What follows.

    def inputs(self, step: Step) -> Inputs:
        """All that a trial of this step depends on."""
        own = tuple(self.draft[name] for name in FIELDS[step] if name not in UNTRIED)
        if step is not Step.COPIES:
            return own
        named = (f"{row.id}|{row.destination1}|{row.destination2}" for row in self.agendas)
        return (*own, self.draft[Field.DATABASE], *named)

    def standing(self, step: Step) -> Standing:
        trial = self.trials.get(step)
        if trial is None:
            return Standing.UNTRIED
        if trial.inputs != self.inputs(step):
            return Standing.STALE
        if trial.finding is None:
            return Standing.RUNNING
        if not trial.finding.proven:
            return Standing.FAILED
        return Standing.CHOOSE if step is Step.FIREBIRD and self.company is None else Standing.PROVEN

    def complaints(self, step: Step) -> Mapping[Field, str]:
        return complaints(self.draft, step, agendas=len(self.agendas))

    def may_try(self) -> bool:
        needless = self.step is Step.CLOUD and self.draft.cloud is CloudKind.NONE
        return self.step is not Step.REVIEW and not needless and not self.complaints(self.step)

    def may_waive(self, step: Step) -> bool:
        """Not over a text that is no answer at all: an address without a database, a port that is none."""
        return step is not Step.REVIEW and not self.complaints(step) and not self.proven(step)

    def may_leave(self, step: Step) -> bool:
        return step is Step.REVIEW or self.proven(step) or self.is_waived(step)

    def proven(self, step: Step) -> bool:
        if step is Step.CLOUD and self.draft.cloud is CloudKind.NONE:
            return True  # said by a person: there is nothing to prove
        return not self.complaints(step) and self.standing(step) is Standing.PROVEN

    def is_waived(self, step: Step) -> bool:
        return not self.complaints(step) and self.waived.get(step) == self.inputs(step)

    @property
    def may_finish(self) -> bool:
        return self.step is Step.REVIEW and all(self.may_leave(step) for step in Step)

    @property
    def firebird(self) -> FirebirdFinding | None:
        """The latest result of step 1 that is of the database as typed now."""
        finding = self._finding(Step.FIREBIRD)
        return finding if isinstance(finding, FirebirdFinding) else None

    @property
    def cloud(self) -> CloudFinding | None:
        finding = self._finding(Step.CLOUD)
        return finding if isinstance(finding, CloudFinding) else None

    @property
    def copies(self) -> CopiesFinding | None:
        finding = self._finding(Step.COPIES)
        return finding if isinstance(finding, CopiesFinding) else None

    @property
    def company(self) -> Company | None:
        """The chosen row of EMPRESA, where the trial found it. Another database may give its number to another one."""
        number, tax_id = self.draft[Field.COMPANY_ID].strip(), self.draft[Field.COMPANY_TAX_ID].strip()
        for company in self.firebird.companies if self.firebird else ():
            if number in ("", str(company.code)) and tax_id in ("", company.tax_id.formatted) and (number or tax_id):
                return company
        return None

    @property
    def agendas(self) -> tuple[Agenda, ...]:
        """The valid rows of AGENDA_BACKUP, as far as they are known."""
        reading = self.firebird.agendas if self.firebird else None
        return () if reading is None else reading.agendas

    def _finding(self, step: Step) -> Finding | None:
        trial = self.trials.get(step)
        own = tuple(self.draft[name] for name in FIELDS[step] if name not in UNTRIED)
        return trial.finding if trial is not None and trial.inputs[: len(own)] == own else None

    def _without_running(self, step: Step) -> Self:
        trial = self.trials.get(step)
        if trial is None or trial.finding is not None:
            return self
        return replace(
            self, trials=MappingProxyType({name: each for name, each in self.trials.items() if name != step})
        )
