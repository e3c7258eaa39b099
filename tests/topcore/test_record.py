"""A record that contradicts itself cannot be made."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from topcore.company import TaxId
from topcore.record import BackupRecord, Failure, size_text
from topcore.tables import NamingScheme, RunStatus

NOW = datetime(2026, 11, 23, tzinfo=UTC)


PENDING = BackupRecord(
    run_id=uuid4(),
    tax_id=TaxId("11222333000181"),
    source="/d/erp.fdb",
    naming=NamingScheme.SINGLE,
    manual=True,
    started_at=NOW,
    file_name="11222333000181.zip",
    destination1="/b",
)


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
        replace(PENDING, **nonsense)  # type: ignore[arg-type]  # a table of cases


def test_a_success_with_a_failure_is_partial() -> None:
    whole = replace(PENDING, status=RunStatus.SUCCEEDED, ended_at=NOW, size=10, sha256="ab")
    assert not whole.partial
    assert replace(whole, failure=Failure("TB-X", "x")).partial


SIZES = [(None, None), (0, "0 B"), (1023, "1023 B"), (1024, "1,0 KB"), (50_646_220, "48,3 MB"), (5 << 40, "5,0 TB")]


@pytest.mark.parametrize(("size", "text"), [*SIZES, (5 << 50, "5120,0 TB")])
def test_sizes_as_people_read_them(size: int | None, text: str | None) -> None:
    assert size_text(size) == text
