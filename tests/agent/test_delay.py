"""The delay of a shop in a fleet, from the settings to the slot that is owed, on the real book."""

from datetime import UTC, datetime, time, timedelta

from tests.agent.test_year import COMPANY, SAO_PAULO, Agent, Memory, settled
from topbackup.agent.scheduled import Rules
from topbackup.settings import Settings
from topcore.agenda import Agenda, Weekday

ROW = Agenda(1, time(23, 0), frozenset(Weekday), "/d")
SLOT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # 23:00 of the 23rd in São Paulo


def test_a_run_begins_so_much_after_its_slot_and_not_before() -> None:
    settings = Settings.model_validate({"backup": {"jitter_seconds": 1800}})
    rules = Rules.of(settings, COMPANY.tax_id.characters)
    assert rules.zone == SAO_PAULO
    assert timedelta(0) < rules.delay <= timedelta(seconds=1800)
    with Memory() as journal:
        agent = Agent(journal, rules, (ROW,))
        agent.reread(SLOT - timedelta(hours=1))
        for early in (timedelta(0), rules.delay / 2, rules.delay - timedelta(seconds=1)):
            agent.turn(SLOT + early)
            assert settled(journal) == {}, early
        agent.turn(SLOT + rules.delay)
        assert settled(journal) == {1: [(SLOT, "EXECUTADO")]}
