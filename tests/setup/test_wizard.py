"""The state of the four steps: nothing typed is ever lost, and no step is left unproven but by a person's own word."""

from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.setup.samples import (
    BAKERY,
    BRANCH,
    CLOUD,
    COPIES,
    NO_CLOUD,
    NO_COPIES,
    NOON,
    REFUSED,
    at_review,
    filled,
    firebird,
)
from topbackup.setup.draft import Draft
from topbackup.setup.fields import FIELDS, CloudKind, Field, Step
from topbackup.setup.findings import Finding
from topbackup.setup.wizard import Standing, Wizard

_RESULTS: dict[Step, tuple[Finding, ...]] = {
    Step.FIREBIRD: (firebird(), firebird(BAKERY, BRANCH), firebird(agendas=(NOON,)), firebird(agendas=()), REFUSED),
    Step.CLOUD: (CLOUD, NO_CLOUD),
    Step.COPIES: (COPIES, NO_COPIES),
}
_TEXTS = st.sampled_from(["", " ", "nuvem", "3306", "70000", "/copias/a", "relativo", "S", "mysql", "nenhuma", "ç"])


def _text_of(name: Field, text: str) -> str:
    """A choice holds one of its values."""
    if name is Field.CLOUD_KIND:
        return text if text in [kind.value for kind in CloudKind] else ""
    return text


class AnyOrder(RuleBasedStateMachine):
    """A person, and trials that end when they like, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.wizard = filled()
        self.last = {name: self.wizard.draft[name] for name in Field}
        self.chosen: set[Field] = set()
        self.said_without: set[tuple[Step, object]] = set()
        self.under_way: dict[int, Step] = {}

    @rule(data=st.data(), text=_TEXTS)
    def type(self, data: st.DataObject, text: str) -> None:
        name = data.draw(st.sampled_from(FIELDS[self.wizard.step]))
        text = _text_of(name, text)
        self.wizard = self.wizard.typed(name, text)
        self.last[name] = text

    @rule()
    def back(self) -> None:
        before = self.wizard
        self.wizard = self.wizard.back()
        assert self.wizard.step == max(before.step - 1, 1)

    @rule()
    def next(self) -> None:
        before = self.wizard
        self.wizard = self.wizard.next()
        if self.wizard.step > before.step:
            assert before.proven(before.step) or (before.step, before.inputs(before.step)) in self.said_without
            assert not before.complaints(before.step)

    @rule()
    def without(self) -> None:
        before = self.wizard
        self.wizard = self.wizard.without()
        if self.wizard.step > before.step:
            assert not before.complaints(before.step)
            self.said_without.add((before.step, before.inputs(before.step)))

    @precondition(lambda self: self.wizard.may_try())
    @rule()
    def begin_trial(self) -> None:
        self.wizard = self.wizard.trying()
        self.under_way[self.wizard.numbered] = self.wizard.step
        assert not self.wizard.proven(self.wizard.step)

    @precondition(lambda self: self.under_way)
    @rule(data=st.data())
    def trial_ends(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.under_way)))
        step = self.under_way.pop(number)
        before = self.wizard
        self.wizard = self.wizard.tried(number, data.draw(st.sampled_from(_RESULTS[step])))
        if self.wizard is not before:
            for name in (Field.COMPANY_ID, Field.COMPANY_TAX_ID):  # chosen for the person where there is only one
                self.last[name] = self.wizard.draft[name]

    @precondition(lambda self: self.wizard.standing(self.wizard.step) is Standing.RUNNING)
    @rule()
    def give_up(self) -> None:
        self.wizard = self.wizard.given_up(self.wizard.trials[self.wizard.step].number)
        assert self.wizard.standing(self.wizard.step) is Standing.UNTRIED

    @precondition(lambda self: self.wizard.firebird is not None and self.wizard.step is Step.FIREBIRD)
    @rule(data=st.data())
    def choose(self, data: st.DataObject) -> None:
        finding = self.wizard.firebird
        assert finding is not None
        if finding.companies:
            company = data.draw(st.sampled_from(finding.companies))
            self.wizard = self.wizard.chosen(company)
            self.last |= {Field.COMPANY_ID: str(company.code), Field.COMPANY_TAX_ID: company.tax_id.formatted}

    @invariant()
    def nothing_typed_is_lost(self) -> None:
        assert {name: self.wizard.draft[name] for name in Field} == self.last

    @invariant()
    def the_end_only_over_steps_that_may_be_left(self) -> None:
        if self.wizard.may_finish:
            for step in (Step.FIREBIRD, Step.CLOUD, Step.COPIES):
                said = (step, self.wizard.inputs(step)) in self.said_without
                assert self.wizard.proven(step) or said
                assert not self.wizard.complaints(step)


AnyOrder.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestAnyOrder = AnyOrder.TestCase


def proven_first() -> Wizard:
    wizard = filled().trying()
    return wizard.tried(wizard.numbered, firebird())


def test_a_step_is_left_when_it_is_proven() -> None:
    assert filled().next().step is Step.FIREBIRD
    assert filled().trying().next().step is Step.FIREBIRD, "not while the trial is under way"
    assert proven_first().next().step is Step.CLOUD


def test_a_proof_ends_with_the_next_change() -> None:
    wizard = proven_first().typed(Field.PASSWORD, "outra")
    assert wizard.standing(Step.FIREBIRD) is Standing.STALE
    assert wizard.next().step is Step.FIREBIRD
    assert wizard.typed(Field.PASSWORD, " masterkey ").next().step is Step.CLOUD, "typed back: it is what was tried"


def test_a_late_result_is_of_no_interest() -> None:
    first = filled().trying()
    second = first.trying()
    assert second.tried(first.numbered, REFUSED) is second
    assert (
        second.given_up(second.numbered).tried(second.numbered, firebird()).standing(Step.FIREBIRD) is Standing.UNTRIED
    )


def test_going_on_without_is_for_what_is_typed_now() -> None:
    wizard = filled().without()
    assert wizard.step is Step.CLOUD
    assert wizard.back().next().step is Step.CLOUD
    assert wizard.back().typed(Field.USER, "OUTRO").next().step is Step.FIREBIRD
    assert filled(DATABASE="  ").without().step is Step.FIREBIRD, "nothing to go on with"
    assert filled(DATABASE="host/99999:x").without().step is Step.FIREBIRD


def test_one_company_is_chosen_and_of_several_a_person_chooses() -> None:
    assert proven_first().company == BAKERY
    wizard = filled().trying()
    wizard = wizard.tried(wizard.numbered, firebird(BAKERY, BRANCH))
    assert wizard.standing(Step.FIREBIRD) is Standing.CHOOSE
    assert wizard.next().step is Step.FIREBIRD
    assert wizard.chosen(BRANCH).next().step is Step.CLOUD
    assert wizard.chosen(BRANCH).company == BRANCH
    other = replace(BAKERY, tax_id=BRANCH.tax_id)  # of another database, by the same number
    again = wizard.chosen(BAKERY).trying()
    again = again.tried(again.numbered, firebird(other, replace(BRANCH, tax_id=BAKERY.tax_id)))
    assert again.standing(Step.FIREBIRD) is Standing.CHOOSE
    assert again.company is None


def test_no_cloud_is_an_answer_and_silence_is_none() -> None:
    at_cloud = proven_first().next()
    assert at_cloud.typed(Field.CLOUD_KIND, "").next().step is Step.CLOUD
    without = at_cloud.typed(Field.CLOUD_KIND, CloudKind.NONE.value)
    assert without.next().step is Step.COPIES
    assert not without.may_try()
    assert without.draft[Field.CLOUD_HOST] == "nuvem", "what was typed waits, should she change her mind"


def test_another_database_asks_for_the_folders_to_be_tried_again() -> None:
    wizard = at_review()
    assert wizard.may_finish
    again = replace(wizard, step=Step.FIREBIRD).typed(Field.DATABASE, "/outro.fdb").trying()
    again = again.tried(again.numbered, firebird()).next().next()
    assert again.step is Step.COPIES
    assert again.standing(Step.COPIES) is Standing.STALE
    assert again.next().step is Step.COPIES


def test_a_new_agenda_asks_for_its_folder_to_be_tried() -> None:
    wizard = replace(at_review(), step=Step.FIREBIRD).trying()
    wizard = wizard.tried(wizard.numbered, firebird(agendas=(replace(NOON, destination1="/outra"),)))
    assert not wizard.next().next().proven(Step.COPIES)


@pytest.mark.parametrize(
    ("step", "changes", "field"),
    [
        (Step.FIREBIRD, {"DATABASE": ""}, Field.DATABASE),
        (Step.FIREBIRD, {"DATABASE": "host/0:x"}, Field.DATABASE),
        (Step.FIREBIRD, {"USER": " "}, Field.USER),
        (Step.FIREBIRD, {"CHARSET": "BANANA"}, Field.CHARSET),
        (Step.CLOUD, {"CLOUD_KIND": ""}, Field.CLOUD_KIND),
        (Step.CLOUD, {"CLOUD_HOST": ""}, Field.CLOUD_HOST),
        (Step.CLOUD, {"CLOUD_PORT": "³"}, Field.CLOUD_PORT),
        (Step.CLOUD, {"CLOUD_PORT": "70000"}, Field.CLOUD_PORT),
        (Step.CLOUD, {"CLOUD_DATABASE": ""}, Field.CLOUD_DATABASE),
        (Step.CLOUD, {"CLOUD_KIND": "arquivo"}, Field.CLOUD_FILE),
        (Step.COPIES, {"DESTINATION1": ""}, Field.DESTINATION1),
        (Step.COPIES, {"DESTINATION2": "pasta"}, Field.DESTINATION2),
        (Step.COPIES, {"REMOTE": "S", "FTP_USER": "u"}, Field.FTP_HOST),
        (Step.COPIES, {"REMOTE": "S", "FTP_HOST": "h", "FTP_USER": "u", "FTP_PORT": "0"}, Field.FTP_PORT),
    ],
)
def test_a_text_that_is_no_answer_is_told_at_its_field(step: Step, changes: dict[str, str], field: Field) -> None:
    wizard = replace(filled(**changes), step=step)
    assert list(wizard.complaints(step)) == [field]
    assert not wizard.may_try()
    assert not wizard.may_waive(step)
    assert wizard.without() is wizard


def test_a_folder_of_its_own_is_not_needed_beside_an_agenda() -> None:
    wizard = proven_first().typed(Field.DESTINATION1, "")
    assert not wizard.complaints(Step.COPIES)
    assert wizard.typed(Field.DESTINATION2, "/b").complaints(Step.COPIES)


def test_no_secret_shows() -> None:
    assert "masterkey" not in repr(at_review())
    assert "masterkey" not in repr(Draft({Field.PASSWORD: "masterkey"}))
