"""Versions in all their spellings, and what a real server says of itself."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from topbackup.firebird.address import Credentials, DatabaseAddress
from topbackup.firebird.connection import connect
from topbackup.firebird.server import EngineVersion, attachments, engine_version

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no defect
MakeDatabase = Callable[..., DatabaseAddress]


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("3.0.11", EngineVersion(3, 0, 11)),
        ("2.5.9", EngineVersion(2, 5, 9)),
        ("LI-V3.0.11.33637 Firebird 3.0", EngineVersion(3, 0, 11, 33637)),
        ("WI-V2.5.9.27139 Firebird 2.5", EngineVersion(2, 5, 9, 27139)),
        ("WI-V5.0.4.1812 Firebird 5.0 f8b2c12", EngineVersion(5, 0, 4, 1812)),
        ("gbak version LI-T4.0.0.1963 Firebird 4.0 Beta 2", EngineVersion(4, 0, 0, 1963)),
        ("gbak:gbak version LI-V3.0.11.33637 Firebird 3.0", EngineVersion(3, 0, 11, 33637)),
    ],
)
def test_spellings(text: str, version: EngineVersion) -> None:
    assert EngineVersion.parse(text) == version


@pytest.mark.parametrize("text", ["", "Firebird 3.0", "3", "None", "V3.x.1", "abc"])
def test_no_versions(text: str) -> None:
    with pytest.raises(ValueError, match="version"):
        EngineVersion.parse(text)


@UNHURRIED
@given(st.integers(1, 99), st.integers(0, 999), st.integers(0, 9999))
def test_what_is_shown_is_read(major: int, minor: int, patch: int) -> None:
    version = EngineVersion(major, minor, patch)
    assert EngineVersion.parse(str(version)) == version
    assert version.series == (major, minor)


def test_they_have_an_order() -> None:
    assert EngineVersion(2, 5, 9) < EngineVersion(3, 0, 4) < EngineVersion(3, 0, 11) < EngineVersion(3, 0, 11, 1)


def test_the_real_server(make_database: MakeDatabase, login: Credentials) -> None:
    with connect(make_database(), login, "WIN1252", 5.0) as connection:
        assert engine_version(connection).series == (3, 0)
        assert str(engine_version(connection)).count(".") == 2


def test_others_are_counted_without_us_and_the_engines_own(make_database: MakeDatabase, login: Credentials) -> None:
    address = make_database()
    with connect(address, login, "WIN1252", 5.0) as one:
        assert attachments(one) == 0
        with connect(address, login, "WIN1252", 5.0), connect(address, login, "UTF8", 5.0):
            pass
        with connect(address, login, "WIN1252", 5.0) as two:
            assert attachments(two) == 1
