"""The local journal: SQLite, written before anything is told to the cloud."""

from topbackup.journal.journal import Journal
from topbackup.journal.slots import SlotBook, owe_again
from topbackup.journal.uploads import Upload, UploadQueue, owe, waiting_uploads

__all__ = ["Journal", "SlotBook", "Upload", "UploadQueue", "owe", "owe_again", "waiting_uploads"]
