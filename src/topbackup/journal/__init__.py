"""The local journal: SQLite, written before anything is told to the cloud."""

from topbackup.journal.journal import Journal
from topbackup.journal.slots import SlotBook, owe_again

__all__ = ["Journal", "SlotBook", "owe_again"]
