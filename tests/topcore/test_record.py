"""A record that contradicts itself cannot be made."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from topcore.company import TaxId
from topcore.record import BackupRecord, Failure, size_text
from topcore.tables import NamingScheme, RunStatus

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def record(**more: object) -> BackupRecord:
    return BackupRecord(
        uuid4(),
        TaxId("11222333000181"),
        "/d/erp.fdb",
        NamingScheme.SINGLE,
        True,
        NOW,
        "11222333000181.zip",
        "/b",
        **more,
    )  # type: ignore[arg-type]  # a table of cases


@pytest.mark.parametrize(
    "nonsense",
    [
        {"status": RunStatus.FAILED, "ended_at": NOW},
        {"status": RunStatus.SUCCEEDED, "ended_at": NOW},
        {"status": RunStatus.SUCCEEDED, "ended_at": NOW, "size": 10},
        {"status": RunStatus.SUCCEEDED, "ended_at": NOW, "size": 0, "sha256": "ab"},
        {"status": RunStatus.SUCCEEDED, "size": 10, "sha256": "ab"},
        {"status": RunStatus.RUNNING, "ended_at": NOW},
    ],
)
def test_contradictions_are_refused(nonsense: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="a "):
        record(**nonsense)


def test_a_success_with_a_failure_is_partial() -> None:
    whole = record(status=RunStatus.SUCCEEDED, ended_at=NOW, size=10, sha256="ab")
    assert not whole.partial
    assert record(status=RunStatus.SUCCEEDED, ended_at=NOW, size=10, sha256="ab", failure=Failure("TB-X", "x")).partial


@pytest.mark.parametrize(
    ("size", "text"), [(None, None), (0, "0 B"), (1023, "1023 B"), (1024, "1,0 KB"), (50_646_220, "48,3 MB"), (5 << 40, "5,0 TB"), (5 << 50, "5120,0 TB")]
)  # fmt: skip
def test_sizes_as_people_read_them(size: int | None, text: str | None) -> None:
    assert size_text(size) == text
