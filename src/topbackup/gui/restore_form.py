"""The two fields of the restore, pure: what is wrong with each, what may be done now, and which name is suggested."""

from dataclasses import dataclass, replace
from pathlib import PurePath, PurePosixPath, PureWindowsPath

from topbackup.gui.restore_look import Looked
from topbackup.i18n import _
from topcore.record import size_text


@dataclass(frozen=True)
class Typed:
    """What stands in the page's fields. suggested: the target that no person typed."""

    archive: str = ""
    target: str = ""
    suggested: str = ""

    def taking(self, archive: str, database: str) -> "Typed":
        """Another backup; the new database's name follows it, unless a person typed one. database: the one in use."""
        return replace(self, archive=archive).suggesting(database)

    def suggesting(self, database: str) -> "Typed":
        if self.target not in ("", self.suggested):
            return self
        name = _suggested_target(database, self.archive)
        return replace(self, target=name, suggested=name)


@dataclass(frozen=True)
class Judged:
    """archive, target: what is wrong with each, to stand beside it; "" also while nobody has typed anything there.

    look: the disk was not looked at for these yet.
    """

    archive: str
    target: str
    may_verify: bool
    may_restore: bool
    look: bool


def judged(typed: Typed, database: str, looked: Looked, *, windows: bool) -> Judged:
    """database: the one in use. looked: the latest look, maybe for other texts. windows: are we there?"""
    archive, target = typed.archive.strip(), typed.target.strip()
    known = (looked.archive, looked.target) == (archive, target)
    bad_archive = _wrong_archive(archive) or _foreign_path(archive, windows=windows)
    bad_target = _foreign_path(target, windows=windows) or _wrong_target(
        target, database, exists=known and looked.exists
    )
    if known and not bad_target:
        bad_target = _wrong_place(looked)
    may_verify = not bad_archive
    return Judged(
        bad_archive if archive else "",
        bad_target if target else "",
        may_verify,
        may_verify and known and not bad_target,
        not known,
    )


def _wrong_archive(text: str) -> str:
    """What is wrong with the file that was named; "" when nothing is. Whether it is there, the agent says."""
    if not text.strip():
        return _("Choose a backup from the list, or a ZIP file.")
    path = path_of(text)
    if not path.is_absolute():
        return _("Give the whole path, from the disk's root.")
    if path.suffix.lower() != ".zip":
        return _("A backup is a .zip file.")
    return ""


def _wrong_target(text: str, database: str, *, exists: bool) -> str:
    """exists: is there a file of that name? database: the one in use, as the settings have it."""
    if not text.strip():
        return _("Name the new database file.")
    path = path_of(text)
    if not path.is_absolute():
        return _("Give the whole path, from the disk's root.")
    if not path.name.lower().endswith((".fdb", ".gdb")):
        return _("A database file ends in .fdb.")
    if exists:
        return _("This file is there already. A restore never writes over a file: choose another name.")
    if database and database.replace("\\", "/").lower().endswith(text.strip().replace("\\", "/").lower()):
        return _("This is the database in use. Choose another name.")
    return ""


def _foreign_path(text: str, *, windows: bool) -> str:
    """A path of the other system is no file's here. windows: is this computer one?"""
    other = isinstance(path_of(text), PurePosixPath) if windows else isinstance(path_of(text), PureWindowsPath)
    if not text.strip() or not other or not path_of(text).is_absolute():
        return ""
    if windows:
        return _("This is not a path of Windows. Write it as C:\\ERP\\NEW.FDB.")
    return _("This is a path of Windows. Here a path begins with /, as /data/new.fdb.")


def _wrong_place(looked: Looked) -> str:
    """What the disk has against the new file; "" where nothing, or where this account may not look."""
    if looked.trouble:
        return _("No file can be here: {reason}.").format(reason=looked.trouble)
    if not looked.folder:
        return _("This folder does not exist. Choose one that does.")
    if looked.free is not None and looked.least is not None and looked.free < looked.least:
        return _("There is not enough room here: {free} are free, and it needs at least {least}.").format(
            free=size_text(looked.free), least=size_text(looked.least)
        )
    return ""


def _suggested_target(database: str, archive: str) -> str:
    """Beside the database in use where that is a path here, else beside the archive: NAME-restaurado.fdb."""
    local = (
        database.split(":", 1)[1] if database.startswith(("localhost", "127.0.0.1")) and ":" in database else database
    )
    source = path_of(local) if local and path_of(local).is_absolute() else path_of(archive)
    if not source.is_absolute():
        return ""
    stem = source.stem.removesuffix("-restaurado")
    return str(source.with_name(f"{stem}-restaurado.fdb"))


def path_of(text: str) -> PurePath:
    """Of either system, by how it is written."""
    text = text.strip()
    return PureWindowsPath(text) if "\\" in text or text[1:2] == ":" else PurePosixPath(text)
