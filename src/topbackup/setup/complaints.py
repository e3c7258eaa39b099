"""What is wrong with a text as typed, told beside its field, before anything is tried."""

from collections.abc import Mapping
from pathlib import PurePosixPath, PureWindowsPath

from topbackup.firebird.address import parse_address
from topbackup.firebird.charsets import is_charset
from topbackup.i18n import _
from topbackup.setup.draft import Draft
from topbackup.setup.fields import CloudKind, Field, Step


def complaints(draft: Draft, step: Step, *, agendas: int) -> Mapping[Field, str]:
    """By field, in the user's language; empty when the step can be tried. agendas: valid rows of AGENDA_BACKUP."""
    match step:
        case Step.FIREBIRD:
            return _firebird(draft)
        case Step.CLOUD:
            return _cloud(draft)
        case Step.COPIES:
            return _copies(draft, agendas)
        case Step.REVIEW:
            return {}


def _firebird(draft: Draft) -> dict[Field, str]:
    found = {}
    address = draft[Field.DATABASE].strip()
    if not address:
        found[Field.DATABASE] = _("Choose a database that was found, or type its path.")
    else:
        try:
            parse_address(address, None)
        except ValueError:
            found[Field.DATABASE] = _("The port in this address is not a port number (1 to 65535).")
    if not draft[Field.USER].strip():
        found[Field.USER] = _("Type the user of the database; it is usually SYSDBA.")
    charset = draft[Field.CHARSET].strip()
    if charset and not is_charset(charset):
        found[Field.CHARSET] = _("Firebird has no such character set. WIN1252 in most shops; else UTF8, ISO8859_1.")
    return found


def _cloud(draft: Draft) -> dict[Field, str]:
    match draft.cloud:
        case CloudKind.UNSAID:
            return {Field.CLOUD_KIND: _("Choose whether this shop reports to a cloud.")}
        case CloudKind.NONE:
            return {}
        case CloudKind.FILE:
            return _needed(draft, Field.CLOUD_FILE, _("Type the path of the SQLite file."))
        case CloudKind.MYSQL:
            return {
                **_needed(draft, Field.CLOUD_HOST, _("Type the name or the address of the server.")),
                **_port(draft, Field.CLOUD_PORT),
                **_needed(draft, Field.CLOUD_DATABASE, _("Type the name of the database; it is PROJETO_BACKUPS.")),
                **_needed(draft, Field.CLOUD_USER, _("Type the user that support created for this shop.")),
            }


def _copies(draft: Draft, agendas: int) -> dict[Field, str]:
    found: dict[Field, str] = {}
    first, second = draft[Field.DESTINATION1].strip(), draft[Field.DESTINATION2].strip()
    if not first and (second or not agendas):
        found[Field.DESTINATION1] = _("Choose the folder for the backups.")
    for name, text in ((Field.DESTINATION1, first), (Field.DESTINATION2, second)):
        if text and not (PurePosixPath(text).is_absolute() or PureWindowsPath(text).is_absolute()):
            found[name] = _("Type the whole path, from the root or the drive letter on.")
    if draft.on(Field.REMOTE):
        found |= _needed(draft, Field.FTP_HOST, _("Type the name or the address of the server."))
        found |= _port(draft, Field.FTP_PORT)
        found |= _needed(draft, Field.FTP_USER, _("Type the user of the FTP server."))
    return found


def _needed(draft: Draft, name: Field, words: str) -> dict[Field, str]:
    return {} if draft[name].strip() else {name: words}


def _port(draft: Draft, name: Field) -> dict[Field, str]:
    text = draft[name].strip()
    fits = text.isascii() and text.isdigit() and 0 < int(text) < 65536
    return {} if fits else {name: _("A port is a number from 1 to 65535.")}
