"""The local journal: SQLite, written before anything is told to the cloud."""

from topbackup.journal.journal import Journal

__all__ = ["Journal"]
