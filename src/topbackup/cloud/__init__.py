"""The cloud: EMPRESA and LOG_BACKUPS of PROJETO_BACKUPS on MySQL, MariaDB or SQLite, and the publisher.

Never on the way of a backup: the record is in the journal first, and goes out when the cloud answers.
"""

from topbackup.cloud.address import CloudAddress, MysqlAddress, SqliteAddress, open_cloud
from topbackup.cloud.failures import RecordRefused
from topbackup.cloud.pace import Pace
from topbackup.cloud.publisher import DrainResult, Patience, Publisher, PublisherState
from topbackup.cloud.retry import backoff_delay

__all__ = [
    "CloudAddress",
    "DrainResult",
    "MysqlAddress",
    "Pace",
    "Patience",
    "Publisher",
    "PublisherState",
    "RecordRefused",
    "SqliteAddress",
    "backoff_delay",
    "open_cloud",
]
