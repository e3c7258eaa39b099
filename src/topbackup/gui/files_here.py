"""What the window says of the files of the last good backups, by the agent's last look at them. Pure.

An agent before this one says nothing of them, and nothing is said here then.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from topbackup.agent.whereabouts import Found, found, found_words
from topbackup.gui.doubt import Doubt
from topbackup.gui.state import View
from topbackup.gui.theme import Tone
from topbackup.gui.words import instant, rows_of, when
from topbackup.i18n import _

_KEY = "copias_locais"


@dataclass(frozen=True)
class _Files:
    """Of one database's last good backup: (path, what became of it) of each, and the destinations that have it too."""

    files: tuple[tuple[str, Found], ...]
    away: tuple[str, ...]

    @property
    def lost(self) -> tuple[tuple[str, Found], ...]:
        return tuple((path, what) for path, what in self.files if what is not Found.THERE)

    @property
    def none_here(self) -> bool:
        return len(self.lost) == len(self.files)


def looked(view: View) -> bool:
    """False in the moment after an agent began; an agent that never looks counts as having looked."""
    return (view.status or {}).get(_KEY, {}) is not None


def not_here(view: View, now: datetime) -> Doubt | None:
    """A last good backup of which no file is to be found here. now: aware."""
    return next((_nothing_here(each, view, now) for each in _of(view) if each.none_here), None)


def one_is_gone(view: View, now: datetime) -> Doubt | None:
    """A copy that was deleted or spoiled in a folder that is there, beside one that is whole."""
    for each in _of(view):
        gone = [(path, what) for path, what in each.lost if not what.may_be_there]
        if gone:
            return Doubt(
                Tone.ATTENTION,
                _("Attention: a copy of the last backup is gone or spoiled."),
                _told(gone, view, now),
                _("Make a backup now: it puts a good copy there. Find out who or what deletes or changes files there."),
            )
    return None


def out_of_sight(view: View, now: datetime) -> list[str]:
    """A line for each copy whose disk or share is away, while another is here: a disk may be at home over the day."""
    lines = [_told(each.lost, view, now) for each in _of(view) if each.lost and not each.none_here]
    return [_("Out of sight: {files}.").format(files=line) for line in lines]


def found_where(view: View) -> dict[str, Found]:
    """What the last look said of each file, by its path. One that is not in it was there, or nobody looked at it."""
    return dict([*_older(view), *(file for each in _of(view) for file in each.files)])


def looked_at(view: View) -> datetime | None:
    """When the agent last looked."""
    told = (view.status or {}).get(_KEY)
    return instant(told.get("visto_em")) if isinstance(told, Mapping) else None


def _nothing_here(each: _Files, view: View, now: datetime) -> Doubt:
    more = _told(each.lost, view, now)
    if each.away:
        more = f"{more} · {_('A copy is at {names}.').format(names=', '.join(each.away))}"
    out = [what for _path, what in each.lost if what.may_be_there]
    if not out and not each.away:
        return Doubt(
            Tone.FAILED,
            _("No good file of the last backup is left on this computer."),
            more,
            _("Make a backup now. Find out who or what deletes or changes files there."),
        )
    if Found.FOLDER_AWAY in out:
        mend = _("Put the disk back in, or connect the network folder. If that cannot be, make a backup to another.")
    elif out:
        mend = _("See whether the computer or the disk with that folder is on. Until then there is no copy at hand.")
    else:
        mend = _("Make a backup now. Find out who or what deletes or changes files there.")
    return Doubt(Tone.ATTENTION, _("Attention: the file of the last backup is not here now."), more, mend)


def _told(files: "tuple[tuple[str, Found], ...] | list[tuple[str, Found]]", view: View, now: datetime) -> str:
    rows = " · ".join(f"{path}: {found_words(what.value)}" for path, what in files)
    at = looked_at(view)
    return rows if at is None else _("{files} (looked {when})").format(files=rows, when=when(at, now, view.zone))


def _of(view: View) -> list[_Files]:
    told = (view.status or {}).get(_KEY)
    databases = rows_of(told.get("bancos")) if isinstance(told, Mapping) else []
    return [_files(row, view) for row in databases]


def _older(view: View) -> list[tuple[str, Found]]:
    """Files of older backups that are not where they were put."""
    told = (view.status or {}).get(_KEY)
    rows = rows_of(told.get("outros")) if isinstance(told, Mapping) else []
    return [_file(row) for row in rows]


def _file(row: Mapping[str, Any]) -> tuple[str, Found]:
    return str(row.get("caminho")), found(str(row.get("situacao")))


def _files(row: Mapping[str, Any], view: View) -> _Files:
    last = (view.status or {}).get("ultimo")
    runs = [last, *view.runs] if isinstance(last, Mapping) else list(view.runs)
    run = next((run for run in runs if run.get("uuid") == row.get("uuid")), {})
    return _Files(
        tuple(_file(file) for file in rows_of(row.get("arquivos"))),
        tuple(str(copy.get("destino")) for copy in rows_of(run.get("remotas")) if copy.get("em") is not None),
    )
