"""The local journal: SQLite, written before anything is told to the cloud."""

from topbackup.journal.journal import Journal
from topbackup.journal.slots import SlotBook

__all__ = ["Journal", "SlotBook"]
