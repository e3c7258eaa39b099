"""config.json at both ends of the wizard: taken over, repaired with a copy kept, and nothing of others lost."""

import json
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.integration.faults import mounted, read_only
from tests.settings.test_settings_file import OF_1_0, SECRET
from topbackup import settings_file
from topbackup.errors import OperationFailed
from topbackup.problems import CONFIG_UNWRITABLE
from topbackup.setup import config
from topbackup.setup.config import Found
from topbackup.setup.draft import Draft
from topbackup.setup.fields import CloudKind, Field
from topbackup.setup.salvage import salvage
from topcore.tables import NamingScheme

NOW = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)
TEXT = json.dumps(OF_1_0, indent=2, ensure_ascii=False)


def written(folder: Path, text: str) -> Path:
    path = folder / "config.json"
    path.write_text(text, encoding="utf-8")
    return path


def test_no_file_is_a_first_run(tmp_path: Path) -> None:
    path = tmp_path / "config" / "config.json"
    assert config.needed(path)
    found = config.opened(path)
    assert (found.found, found.draft) == (Found.MISSING, Draft())
    draft = found.draft.typed(Field.DATABASE, "/dados/loja.fdb").typed(Field.PASSWORD, SECRET)
    saved = config.save(path, draft, NOW)
    assert (saved.copy, saved.dropped) == (None, ())
    assert not config.needed(path)
    settings = settings_file.load(path)
    assert settings.app.first_run is False
    assert settings.firebird.password.get_secret_value() == SECRET
    assert settings.firebird.charset == "WIN1252"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_of_1_0_is_taken_over_as_it_is(tmp_path: Path) -> None:
    path = written(tmp_path, TEXT)
    found = config.opened(path)
    assert (found.found, found.complaint) == (Found.READY, None)
    assert not config.needed(path)
    assert found.draft[Field.DATABASE] == "C:\\ERP\\DADOS.FDB"
    assert found.draft[Field.CLOUD_PORT] == "3306"
    assert found.draft.cloud is CloudKind.MYSQL
    assert (found.draft[Field.NAMING], found.draft[Field.PROVE], found.draft[Field.SERVICE]) == ("S", "S", "S")
    before = settings_file.load(path).model_dump()
    saved = config.save(path, found.draft, NOW)
    assert (saved.copy, saved.dropped) == (None, ())
    after = settings_file.load(path).model_dump()
    assert after == before, "nothing was changed, so nothing is another"
    document = json.loads(path.read_text(encoding="utf-8"))
    assert document["plugin_de_outro"] == {"chave": [1, 2, 3]}


def test_a_half_written_file_gives_what_it_has_and_is_kept(tmp_path: Path) -> None:
    cut = TEXT[: TEXT.index('"database": "PROJETO')]
    path = written(tmp_path, cut)
    assert config.needed(path)
    found = config.opened(path)
    assert found.found is Found.BROKEN
    assert found.complaint is not None
    assert SECRET not in found.complaint.sentence
    assert found.draft[Field.DATABASE] == "C:\\ERP\\DADOS.FDB"
    assert found.draft[Field.CLOUD_HOST] == "nuvem"
    saved = config.save(path, found.draft, NOW)
    assert saved.copy == tmp_path / "config.json.quebrado-20261124-153000"
    assert saved.copy.read_text(encoding="utf-8") == cut
    assert stat.S_IMODE(saved.copy.stat().st_mode) == 0o600
    assert settings_file.load(path).firebird.password.get_secret_value() == SECRET
    assert not config.needed(path)


@pytest.mark.parametrize("coding", ["utf-16", "utf-16-be", "utf-8-sig", "cp1252"])
def test_a_file_that_notepad_saved_is_read_whatever_it_was_saved_as(tmp_path: Path, coding: str) -> None:
    path = tmp_path / "config.json"
    mark = "\ufeff" if coding == "utf-16-be" else ""
    path.write_bytes((mark + TEXT).encode(coding))
    assert config.opened(path).complaint is None
    assert settings_file.load(path).firebird.password.get_secret_value() == SECRET


def test_a_number_that_python_does_not_read_opens_the_wizard(tmp_path: Path) -> None:
    """It refuses more than 4,300 figures with an error of its own."""
    document = json.dumps({"firebird": {"database_path": "C:\\ERP.FDB"}, "mysql": {"host": "nuvem", "port": 1}})
    path = written(tmp_path, document.replace('"port": 1', f'"port": {"9" * 6000}'))
    assert config.needed(path)
    found = config.opened(path)
    assert (found.found, found.draft[Field.DATABASE]) == (Found.BROKEN, "C:\\ERP.FDB")
    saved = config.save(path, found.draft.typed(Field.CLOUD_PORT, "3306"), NOW)
    assert saved.copy is not None
    assert settings_file.load(path).mysql.port == 3306


def test_two_copies_of_one_second_are_two(tmp_path: Path) -> None:
    copies = []
    for content in ("{", "["):
        path = written(tmp_path, content)
        copies.append(config.save(path, Draft().typed(Field.DATABASE, "x"), NOW).copy)
    assert [copy.read_text() for copy in copies if copy] == ["{", "["]


def test_a_value_that_does_not_fit_is_shown_as_it_is_and_kept(tmp_path: Path) -> None:
    document = OF_1_0 | {
        "mysql": {"host": "nuvem", "port": "abc", "chave_alheia": 1},
        "backup": {"timeout_seconds": "muito", "prefixo_backup": "X", "local_destino1": "/a"},
        "app": {"timezone": "America/Lugar_Nenhum", "first_run": False},
    }
    path = written(tmp_path, json.dumps(document))
    found = config.opened(path)
    assert found.found is Found.HALF
    assert found.draft[Field.CLOUD_PORT] == "abc"
    saved = config.save(path, found.draft.typed(Field.CLOUD_PORT, "3307").typed(Field.NAMING, "U"), NOW)
    assert saved.copy is not None
    assert set(saved.dropped) == {"backup.timeout_seconds", "app.timezone"}
    settings = settings_file.load(path)
    assert (settings.mysql.port, settings.backup.prefixo_backup) == (3307, NamingScheme.SINGLE)
    assert settings.backup.timeout_seconds == 3600
    assert json.loads(path.read_text())["mysql"]["chave_alheia"] == 1


@pytest.mark.parametrize("section", ["[]", "7", "null", '"texto"'])
def test_a_section_that_is_none_is_replaced(tmp_path: Path, section: str) -> None:
    path = written(tmp_path, f'{{"firebird": {section}, "outra": {{"a": 1}}}}')
    config.save(path, config.opened(path).draft.typed(Field.DATABASE, "/x.fdb"), NOW)
    assert settings_file.load(path).firebird.database_path == "/x.fdb"
    assert json.loads(path.read_text())["outra"] == {"a": 1}


def test_no_cloud_leaves_no_host_behind(tmp_path: Path) -> None:
    path = written(tmp_path, TEXT)
    config.save(path, config.opened(path).draft.typed(Field.CLOUD_KIND, CloudKind.NONE.value), NOW)
    assert not settings_file.load(path).mysql.configured


def test_a_full_or_closed_disk_leaves_the_older_file(tmp_path: Path) -> None:
    path = written(tmp_path, TEXT)
    path.chmod(0o600)
    with read_only(tmp_path), pytest.raises(OperationFailed) as told:
        config.save(path, config.opened(path).draft, NOW)
    assert told.value.problem is CONFIG_UNWRITABLE
    assert path.read_text(encoding="utf-8") == TEXT
    small = tmp_path / "pequeno"
    small.mkdir()
    with mounted(small, "size=8k"):
        path = written(small, "{ quebrado")
        (small / "resto").write_bytes(b"")
        try:
            while True:
                with (small / "resto").open("ab") as file:
                    file.write(b"x" * 4096)
        except OSError:
            pass
        with pytest.raises(OperationFailed) as told:
            config.save(path, Draft().typed(Field.DATABASE, "x"), NOW)
        assert told.value.problem is CONFIG_UNWRITABLE
        assert path.read_text() == "{ quebrado"


def test_a_file_that_is_not_ours_to_read_opens_no_wizard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, "{")
    assert config.needed(path)
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may read everything
    assert not config.needed(path)


def test_the_usual_slips_of_the_hand_are_read() -> None:
    text = (
        '{"firebird": {"database_path": "C:\\ERP\\backup\\DADOS.FDB", "user": "SYSDBA",},'
        ' "app": {"first_run": false,},}'
    )
    assert salvage(text) == {
        "firebird": {"database_path": "C:\\ERP\\backup\\DADOS.FDB", "user": "SYSDBA"},
        "app": {"first_run": False},
    }


def test_a_good_text_is_read_as_json_reads_it() -> None:
    assert salvage(TEXT) == OF_1_0


@given(st.integers(0, len(TEXT)))
def test_of_a_cut_text_every_whole_value_is_kept(end: int) -> None:
    found = salvage(TEXT[:end])
    for section, values in found.items():
        whole = OF_1_0[section]
        if isinstance(whole, dict):
            assert values.items() <= whole.items() or section == "plugin_de_outro"
    if '"charset": "WIN1252"' in TEXT[:end]:
        assert found["firebird"] == OF_1_0["firebird"]


@given(st.text(alphabet='{}[]",:\\a1 ', max_size=60))
def test_no_text_is_too_strange(text: str) -> None:
    assert isinstance(salvage(text), dict)


def test_a_very_deep_text_is_nothing() -> None:
    assert salvage('{"a":' * 200_000) == {}
