"""What the wizard shows, from its state: pure words and tones, so that they can be tested without a screen."""

from collections.abc import Mapping
from dataclasses import dataclass

from topbackup.errors import TopBackupError
from topbackup.gui.theme import Tone
from topbackup.gui.words import without_the_engines
from topbackup.i18n import _
from topbackup.setup.fields import CloudKind, Step
from topbackup.setup.findings import CloudFinding, CopiesFinding, Finding, FirebirdFinding, PlaceFinding
from topbackup.setup.wizard import Standing, Wizard
from topcore.record import size_text


@dataclass(frozen=True)
class Stage:
    """One of the four in the list at the side."""

    step: Step
    title: str
    word: str
    tone: Tone
    here: bool
    open: bool  # may be gone to by a click


@dataclass(frozen=True)
class Verdict:
    """How the trial of a step stands. more: cause and mend, where it failed."""

    tone: Tone
    sentence: str
    more: str = ""


@dataclass(frozen=True)
class Fact:
    """One line of what was found. more: beside it, smaller."""

    tone: Tone
    words: str
    more: str = ""


@dataclass(frozen=True)
class Face:
    """The frame around a page: what the buttons say and may."""

    stages: tuple[Stage, ...]
    verdict: Verdict | None
    facts: tuple[Fact, ...]
    trial: str  # of the button that tries; "" where there is nothing to try
    running: bool
    back: bool
    next: bool
    without: bool


def face(wizard: Wizard) -> Face:
    step = wizard.step
    standing = wizard.standing(step)
    return Face(
        stages=tuple(_stage(wizard, each) for each in Step),
        verdict=_verdict(wizard, step, standing),
        facts=_facts(wizard),
        trial=_trial_words(wizard, standing),
        running=standing is Standing.RUNNING,
        back=step is not Step.FIREBIRD,
        next=wizard.may_leave(step),
        without=wizard.may_waive(step) and not wizard.is_waived(step),
    )


def title(step: Step) -> str:
    return {
        Step.FIREBIRD: _("Firebird"),
        Step.CLOUD: _("Cloud"),
        Step.COPIES: _("Copies"),
        Step.REVIEW: _("Review"),
    }[step]


def question(step: Step) -> str:
    return {
        Step.FIREBIRD: _("Which database is to be kept safe?"),
        Step.CLOUD: _("Who hears how the backups went?"),
        Step.COPIES: _("Where do the copies go?"),
        Step.REVIEW: _("Is this right?"),
    }[step]


def explanation(step: Step) -> str:
    return {
        Step.FIREBIRD: _("The database of the ERP, with the tables EMPRESA and AGENDA_BACKUP. It is only read."),
        Step.CLOUD: _(
            "The result of each backup goes to the software house's dashboard. The backups never wait for it."
        ),
        Step.COPIES: _("Each folder is tried by writing a small file, reading it back and deleting it."),
        Step.REVIEW: _("This is what will happen. Nothing was written yet."),
    }[step]


def error_words(error: TopBackupError) -> tuple[str, str]:
    """The sentence, and below it cause, mend and code."""
    problem = error.problem
    cause, mend = _("Cause"), _("What to do")
    sentence, engines = without_the_engines(error.sentence)
    more = f"{cause}: {_(problem.cause)}\n{mend}: {_(problem.mend)}  [{problem.code}]"
    return sentence, f"{more}\n{engines}".strip()


def _stage(wizard: Wizard, step: Step) -> Stage:
    """Its sign tells how it stands; a step that lies ahead has none yet."""
    standing, here = wizard.standing(step), wizard.step is step
    reached = all(wizard.may_leave(each) for each in Step if each < step)
    if step is Step.REVIEW:
        word, tone = "", Tone.NEUTRAL
    elif wizard.proven(step):
        none = step is Step.CLOUD and wizard.draft.cloud is CloudKind.NONE
        word, tone = (_("none"), Tone.NEUTRAL) if none else (_("in order"), Tone.OK)
    elif standing is Standing.RUNNING:
        word, tone = _("testing…"), Tone.RUNNING
    elif wizard.is_waived(step):
        word, tone = _("not proven"), Tone.ATTENTION
    elif standing is Standing.FAILED:
        word, tone = _("failed"), Tone.FAILED
    else:
        word, tone = "", Tone.NEUTRAL
    return Stage(step, title(step), word, tone, here, step < wizard.step or (reached and step > wizard.step))


def _trial_words(wizard: Wizard, standing: Standing) -> str:
    if wizard.step is Step.REVIEW or (wizard.step is Step.CLOUD and wizard.draft.cloud in _NO_TRIAL):
        return ""
    if standing is Standing.RUNNING:
        return _("Cancel the test")
    return _("Test") if standing is Standing.UNTRIED else _("Test again")


_NO_TRIAL = (CloudKind.NONE, CloudKind.UNSAID)


def _verdict(wizard: Wizard, step: Step, standing: Standing) -> Verdict | None:
    if step is Step.REVIEW or (step is Step.CLOUD and wizard.draft.cloud in _NO_TRIAL):
        return None
    finding = _finding(wizard, step)
    match standing:
        case Standing.UNTRIED:
            return None
        case Standing.RUNNING:
            return Verdict(Tone.RUNNING, _("Testing…"))
        case Standing.STALE:
            return Verdict(Tone.NEUTRAL, _("Something was changed since the last test. Test again."))
        case Standing.CHOOSE:
            return Verdict(Tone.ATTENTION, _("The login works. Now choose which company this shop is."))
        case Standing.PROVEN:
            return _proven(finding)
        case Standing.FAILED:
            error = finding.error if finding else None
            return Verdict(Tone.FAILED, *error_words(error)) if error else None


def _finding(wizard: Wizard, step: Step) -> Finding | None:
    trial = wizard.trials.get(step)
    return trial.finding if trial else None


def _proven(finding: Finding | None) -> Verdict | None:
    match finding:
        case FirebirdFinding():
            return Verdict(Tone.OK, _("Connected. The company and the schedule can be read."))
        case CloudFinding():
            if not finding.account:
                return Verdict(Tone.OK, _("Connected."))
            return Verdict(Tone.OK, _("Connected as {account}.").format(account=finding.account))
        case CopiesFinding():
            warned = any(place.warnings for place in finding.places)
            sentence = _("All folders can be written to.")
            return Verdict(Tone.ATTENTION if warned else Tone.OK, sentence, _by_whom(finding))
        case None:
            return None


def _by_whom(finding: CopiesFinding) -> str:
    if finding.by_agent:
        return _("Written by the service, as {account}: the account that makes the backups.").format(
            account=finding.account
        )
    return _(
        "Written by this program, as {account}. The service tries again with its own account when it is there."
    ).format(account=finding.account)


def _facts(wizard: Wizard) -> tuple[Fact, ...]:
    match wizard.step:
        case Step.FIREBIRD if wizard.firebird is not None:
            return _firebird_facts(wizard.firebird)
        case Step.CLOUD if wizard.cloud is not None and wizard.draft.cloud not in _NO_TRIAL:
            return (Fact(Tone.OK, wizard.cloud.where, wizard.cloud.server or ""),) if wizard.cloud.server else ()
        case Step.COPIES if wizard.copies is not None:
            return _copies_facts(wizard.copies)
        case _:
            return ()


def _firebird_facts(found: FirebirdFinding) -> tuple[Fact, ...]:
    facts = []
    if found.engine is not None:
        charset = _("character set {name}").format(name=found.charset or "NONE")
        facts.append(
            Fact(
                Tone.OK,
                _("Firebird {version} at {server}").format(version=found.engine, server=found.server),
                charset,
            )
        )
    if found.file is not None:
        facts.append(Fact(Tone.OK, str(found.file), size_text(found.size) or ""))
    if found.gbak is not None:
        facts.append(Fact(Tone.OK, _("gbak {version}").format(version=found.gbak.version), str(found.gbak.path)))
    if len(found.companies) == 1:
        company = found.companies[0]
        facts.append(Fact(Tone.OK, company.trade_name, _("CNPJ {tax_id}").format(tax_id=company.tax_id)))
    facts += [
        Fact(Tone.ATTENTION, _("Row of EMPRESA left out: {reason}").format(reason=reason)) for reason in found.unfit
    ]
    if found.agendas is not None:
        count = len(found.agendas.agendas)
        tone = Tone.OK if count else Tone.ATTENTION
        facts.append(Fact(tone, _("Valid rows in AGENDA_BACKUP: {count}").format(count=count)))
        facts += [
            Fact(Tone.ATTENTION, _("Row {row} of AGENDA_BACKUP is not run").format(row=row.row), row.reason)
            for row in found.agendas.rejected
        ]
    return tuple(facts)


def _copies_facts(found: CopiesFinding) -> tuple[Fact, ...]:
    facts: list[Fact] = []
    for place in found.places:
        facts += _place_facts(place)
    if found.remote is not None:
        error = found.remote.error
        facts.append(
            Fact(Tone.OK, found.remote.where)
            if error is None
            else Fact(Tone.FAILED, found.remote.where, _in_short(error))
        )
    return tuple(facts)


def _place_facts(place: PlaceFinding) -> list[Fact]:
    named = ", ".join(map(str, place.agendas))
    whose = _("schedule {ids}").format(ids=named) if named else ""
    if place.error is not None:
        return [Fact(Tone.FAILED, place.path, _joined(whose, _in_short(place.error)))]
    free = _("{free} free").format(free=size_text(place.free)) if place.free is not None else ""
    facts = [Fact(Tone.OK, place.path, _joined(whose, free))]
    return facts + [Fact(Tone.ATTENTION, _(each.problem.sentence), _(each.problem.mend)) for each in place.warnings]


def _joined(*parts: str) -> str:
    return " · ".join(filter(None, parts))


def _in_short(error: TopBackupError) -> str:
    return f"{_(error.problem.sentence)} [{error.code}]"


def shown_complaints(wizard: Wizard, touched: frozenset[str]) -> Mapping[str, str]:
    """Of the fields that the person has been at: an empty form is not red before a word was typed."""
    found = wizard.complaints(wizard.step)
    return {name.value: words for name, words in found.items() if name.value in touched}
