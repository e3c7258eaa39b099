"""All that the page of one company shows, at one instant, by a number of queries that never grows."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboard.companies import charts, days, notes
from dashboard.companies.failures import Cause, causes
from dashboard.companies.history import Wanted, page
from dashboard.companies.models import Note
from dashboard.companies.published import Published, published
from dashboard.companies.review import Review, Seen, review
from dashboard.companies.run_faces import Copy, RunFace, copies, face
from dashboard.monitoring.cards import Card, cards
from dashboard.monitoring.databases import databases_of, spokesman
from dashboard.monitoring.freshness import require_current_evidence
from dashboard.monitoring.models import Company, CompanyState, Run
from topcore.agenda import Agenda, next_due

LATEST = 8
_CONTACTS = 8


@dataclass(frozen=True)
class AgendaFace:
    """next: its next slot, where the zone is known."""

    agenda: Agenda
    next: datetime | None


@dataclass(frozen=True)
class Contact:
    """The arrival of a run's record. delay: since the run began; what was sent long after was made offline."""

    run: Seen
    at: datetime
    delay: timedelta


@dataclass(frozen=True)
class Dossier:
    """success: the last one, of which the head tells the copies."""

    company: Company
    card: Card
    active: bool
    success: Run | None
    copies: tuple[Copy, ...]
    published: Published
    agendas: list[AgendaFace]
    review: Review
    cells: list[days.Cell]
    legend: list[days.LegendEntry]
    causes: list[Cause]
    latest: list[RunFace]
    points: list[charts.Point]
    contacts: list[Contact]
    notes: list[Note]
    several_sources: bool
    now: datetime

    @property
    def standing(self) -> list[Cause]:
        """No good backup has followed."""
        return [cause for cause in self.causes if not cause.overcome]

    @property
    def overcome(self) -> list[Cause]:
        return [cause for cause in self.causes if cause.overcome]


def found(company_id: int) -> Company | None:
    """With its state row."""
    return Company.objects.select_related("companystate").filter(pk=company_id).first()


def state_of(company: Company) -> CompanyState:
    """Where nobody has made one yet: without any evidence."""
    try:
        state: CompanyState = company.companystate
    except CompanyState.DoesNotExist:
        return CompanyState(company=company, active=company.active or "")
    state.company = company
    return state


def dossier(company: Company, now: datetime) -> Dossier:
    """now: aware. Raises StaleEvidence, as the panel does."""
    require_current_evidence(now)
    state = state_of(company)
    (card,) = cards([state], now)
    told = spokesman(state, databases_of([state]).get(company.pk, ()), now)
    success = Run.objects.filter(pk=told.last_success_id).first() if told.last_success_id else None
    agendas = published(company.agendas, now)
    looked = review(company.pk, agendas, now)
    latest = [face(run, getattr(run, "message", ""), now) for run in page(company.pk, Wanted(), None, LATEST, now)]
    return Dossier(
        company=company,
        card=card,
        active=state.active == "S",
        success=success,
        copies=copies(success) if success else (),
        published=agendas,
        agendas=[
            AgendaFace(row, next_due(row, now, agendas.zone) if agendas.zone else None) for row in agendas.agendas
        ],
        review=looked,
        cells=days.cells(looked.days),
        legend=days.legend(looked.days),
        causes=causes(looked.seen),
        latest=latest,
        points=charts.points(looked.seen),
        contacts=_contacts(looked.seen),
        notes=notes.latest(company.pk),
        several_sources=len({run.source.casefold() for run in looked.seen if run.source}) > 1,
        now=now,
    )


def _contacts(seen: tuple[Seen, ...]) -> list[Contact]:
    arrived = [
        Contact(run, received, received - started)
        for run in seen
        if (received := run.told.received_at) is not None and (started := run.told.started_at) is not None
    ]
    return sorted(arrived, key=lambda contact: contact.at, reverse=True)[:_CONTACTS]
