"""The fields of the restore: what is wrong with each, what may be done, and whose name the new database has."""

from dataclasses import replace

import pytest

from topbackup.gui.restore_form import Judged, Typed, judged
from topbackup.gui.restore_look import Looked

IN_USE = "C:\\ERP\\DADOS.FDB"
GOOD = Typed("/b/x.zip", "/d/novo.fdb")
FREE = Looked("/b/x.zip", "/d/novo.fdb", free=3 << 20, least=3 << 20)


def target_words(text: str, database: str = "", *, windows: bool = False, **looked: object) -> str:
    there = replace(Looked("/b/x.zip", text.strip()), **looked)  # type: ignore[arg-type]  # of the fields' types
    found = judged(Typed("/b/x.zip", text), database, there, windows=windows)
    assert not (found.target and found.may_restore), "never what is said to be wrong"
    return found.target


def test_all_is_well() -> None:
    assert judged(GOOD, IN_USE, FREE, windows=False) == Judged("", "", may_verify=True, may_restore=True, look=False)
    spaces = Typed(" /b/x.zip ", "/d/novo.fdb\t")
    assert judged(spaces, IN_USE, FREE, windows=False).may_restore


def test_nothing_is_scolded_before_it_is_touched_and_nothing_may_be_done() -> None:
    assert judged(Typed(), "", Looked("", ""), windows=False) == Judged("", "", False, False, False)


def test_what_the_disk_was_not_asked_for_yet_may_not_be_made() -> None:
    """The look before was for other texts: whether a file has this name, nobody knows."""
    for older in (replace(FREE, target="/d/outro.fdb", exists=True), replace(FREE, archive="/b/y.zip", folder=False)):
        assert judged(GOOD, "", older, windows=False) == Judged("", "", may_verify=True, may_restore=False, look=True)


def test_a_restore_never_over_a_file() -> None:
    assert "já existe" in target_words("/d/novo.fdb", exists=True)
    assert "banco em uso" in target_words("c:\\erp\\dados.fdb", IN_USE, windows=True)
    assert "banco em uso" in target_words("/dados/loja.fdb", "localhost/3050:/dados/loja.fdb")
    for text in ("novo.fdb", "/d/novo.txt"):
        assert target_words(text)
    assert target_words("D:\\novo.fdb", IN_USE, windows=True) == ""


@pytest.mark.parametrize(("archive", "good"), [("/b/x.zip", True), ("x.zip", False), ("/b/x.fbk", False)])
def test_which_files_are_backups_by_their_names(archive: str, good: bool) -> None:
    found = judged(replace(GOOD, archive=archive), "", replace(FREE, archive=archive), windows=False)
    assert (found.may_verify, found.may_restore, not found.archive) == (good, good, good)


def test_a_path_of_the_other_system_is_no_files_here() -> None:
    assert "do Windows" in target_words("C:\\ERP\\novo.fdb")
    assert target_words("/dados/novo.fdb", windows=True)
    assert target_words("\\\\nas\\b\\n.fdb", windows=True) == ""
    assert not judged(replace(GOOD, archive="D:\\x.zip"), "", FREE, windows=False).may_verify


def test_a_place_without_folder_or_room() -> None:
    assert "2,0 MB livres" in target_words("/d/n.fdb", free=2 << 20, least=3 << 20)
    assert target_words("/d/n.fdb", free=3 << 20, least=3 << 20) == ""
    assert target_words("/d/n.fdb", free=None, least=3 << 20) == "", "what is not known is not held against it"
    assert "não existe" in target_words("/d/n.fdb", folder=False)
    assert "muito longo" in target_words("/d/n.fdb", trouble="muito longo")


@pytest.mark.parametrize(
    ("database", "archive", "name"),
    [
        (IN_USE, "", "C:\\ERP\\DADOS-restaurado.fdb"),
        ("servidor:C:\\X.FDB", "/b/1.zip", "/b/1-restaurado.fdb"),
        ("localhost/3050:/d/loja.fdb", "/b/1.zip", "/d/loja-restaurado.fdb"),
        ("", "", ""),
    ],
)
def test_which_name_is_suggested(database: str, archive: str, name: str) -> None:
    assert Typed(archive).suggesting(database) == Typed(archive, name, name)


def test_a_name_that_a_person_typed_stays() -> None:
    first = Typed().taking("/b/1.zip", "")
    assert first == Typed("/b/1.zip", "/b/1-restaurado.fdb", "/b/1-restaurado.fdb")
    assert first.taking("/b/2.zip", "").target == "/b/2-restaurado.fdb"
    own = replace(first, target="/d/meu.fdb")
    assert own.taking("/b/2.zip", "") == replace(own, archive="/b/2.zip")
