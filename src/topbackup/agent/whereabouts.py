"""Where copies are, as the status document codes it, and what a person is told of it."""

from enum import StrEnum

from topbackup.i18n import _
from topcore.spread import Risk


class Found(StrEnum):
    """What became of a file that a backup left in a folder here."""

    THERE = "LA"
    GONE = "SUMIU"  # its folder is there
    FOLDER_AWAY = "PASTA_AUSENTE"  # a disk that was taken out, a share that is off
    ALTERED = "ALTERADO"  # of another size than the one that was made, or no ZIP any more
    REFUSED = "RECUSADO"  # a test restore found it spoiled
    UNREADABLE = "ILEGIVEL"
    SILENT = "SEM_RESPOSTA"

    @property
    def lost(self) -> bool:
        """Its folder and its disk are there, and it is not, or not as it was made."""
        return self in (Found.GONE, Found.ALTERED, Found.UNREADABLE)

    @property
    def may_be_there(self) -> bool:
        """It is out of sight, and may be whole where it is."""
        return self in (Found.FOLDER_AWAY, Found.SILENT)


def found_words(code: str) -> str:
    """A few words, to stand after the path. code: as stored; one of another version is no file that is there."""
    return {
        Found.THERE: _("there"),
        Found.GONE: _("deleted or moved"),
        Found.FOLDER_AWAY: _("the folder or its disk is not there"),
        Found.ALTERED: _("not the file that was made: its size or its content is another"),
        Found.REFUSED: _("spoiled: it does not restore"),
        Found.UNREADABLE: _("cannot be read"),
        Found.SILENT: _("the folder does not answer"),
    }.get(found(code), code)


def found(code: str) -> Found:
    return Found(code) if code in Found else Found.UNREADABLE


def risk_words(code: str) -> str:
    """What 3-2-1 lacks (topcore.spread.Risk), and what to do. code: as stored."""
    return {
        Risk.ON_THE_DATABASES_DISK.value: _(
            "Every copy here is on the database's own disk: it dies with it. Use another disk."
        ),
        Risk.ONE_DEVICE.value: _(
            "All copies are on one device. Add a second folder on another disk, or a remote copy."
        ),
        Risk.NONE_AWAY.value: _("No copy is away from here: fire, theft and ransomware take all of them."),
    }.get(code, code)
