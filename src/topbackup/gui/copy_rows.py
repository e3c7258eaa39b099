"""The page of the copies: one row for each file that is to be somewhere, here or away, and what 3-2-1 lacks. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import dropwhile, takewhile
from pathlib import PurePath, PurePosixPath, PureWindowsPath
from typing import Any

from topbackup.agent.whereabouts import Found, found_words, risk_words
from topbackup.gui.files_here import found_where
from topbackup.gui.lists import run_result
from topbackup.gui.state import View
from topbackup.gui.theme import Tone
from topbackup.gui.words import happened, instant, rows_of, size, texts_of, when, when_short
from topbackup.i18n import _
from topbackup.problems import NONE_LEFT, REFUTING_CODES, UPLOAD_SUPERSEDED
from topcore.tables import Proof, RunStatus

type Document = Mapping[str, Any]


@dataclass(frozen=True)
class CopyRow:
    """One file in one place. run: its backup's UUID. archive: the whole path of a file here. away: the destination."""

    key: str
    run: str
    tone: Tone
    when: str
    name: str
    folder: str
    size: str
    state: str
    archive: str = ""
    away: str = ""


@dataclass(frozen=True)
class Said:
    """What the page says of the copy that is chosen. archive: its path, where it is in a folder here."""

    words: str = ""
    archive: str = ""
    may_restore: bool = False


def said_of(row: CopyRow | None) -> Said:
    """None: no copy is."""
    if row is None:
        return Said()
    if row.archive:
        return Said(f"{row.archive} · {row.state}", row.archive, row.tone is not Tone.FAILED)
    if row.tone is not Tone.OK:
        return Said(row.state)
    brought = _("To restore from it, bring it here first: {command}").format(
        command=f"topbackup destinations get {row.away} {row.name} --to …"
    )
    return Said(f"{row.state}\n{brought}")


def copy_rows(view: View, now: datetime, wheres: Mapping[str, str] | None = None) -> list[CopyRow]:
    """The copies by the record, newest first; of one place and name the newest. now: aware.

    wheres: the addresses of the places away, by name.
    """
    return [*_rows(view, now, wheres or {})]


def rows_of_run(view: View, key: str, now: datetime) -> list[CopyRow]:
    """Of `copy_rows`, those of one backup. What is older than it is not looked at: the window asks once a second."""
    others = dropwhile(lambda row: row.run != key, _rows(view, now, {}))
    return [*takewhile(lambda row: row.run == key, others)]


def _rows(view: View, now: datetime, wheres: Mapping[str, str]) -> Iterator[CopyRow]:
    seen: set[tuple[str, str]] = set()
    found = found_where(view)
    for run in view.runs:  # newest first
        ended = instant(run.get("data_fim"))
        if run.get("status") != RunStatus.SUCCEEDED.value or ended is None:
            continue
        at = when_short(ended, now, view.zone)
        for number, copy in enumerate(rows_of(run.get("copias")), start=1):
            row = _here(run, copy, number, at, found)
            if (row.archive, "") not in seen:
                if copy.get("codigo_erro") in (None, "", *REFUTING_CODES):  # else it never got there
                    seen.add((row.archive, ""))
                yield row
        for copy in rows_of(run.get("remotas")):
            row = _away(run, copy, view, now, wheres.get(str(copy.get("destino"))))
            there = copy.get("em") is not None
            place = (row.away, row.name if there else "")  # of what is missing, the newest alone is still owed
            if place not in seen and (there or copy.get("codigo_erro") != UPLOAD_SUPERSEDED.code):
                seen.add(place)
                yield row


def _here(run: Document, copy: Document, number: int, at: str, found: Mapping[str, Found]) -> CopyRow:
    path, code = str(copy.get("caminho", "")), copy.get("codigo_erro")
    tone, state = run_result({**run, "parcial": False})
    what = found.get(path)
    if not code and run.get("verificado") == Proof.REFUTED.value and run.get("codigo_erro") == NONE_LEFT.code:
        tone, state = Tone.ATTENTION, _("to be proven: it was changed or away")
    elif not code and _a_sister_was_refused(run):
        tone, state = Tone.ATTENTION, _("to be proven: another copy of it is spoiled")
    if code:
        tone, state = Tone.FAILED, happened(str(code), str(copy.get("mensagem_erro") or ""))
    elif what is not None and what is not Found.THERE:
        tone, state = Tone.ATTENTION if what.may_be_there else Tone.FAILED, found_words(what.value)
    return CopyRow(
        f"{run.get('uuid')}/{number}",
        str(run.get("uuid")),
        tone,
        at,
        _path(path).name,
        str(_path(path).parent),
        size(run.get("tamanho_bytes")),
        state,
        archive=path,
    )


def _a_sister_was_refused(run: Document) -> bool:
    """A run that does not restore, by the test of one of its files: what the others hold nobody knows."""
    refused = any(copy.get("codigo_erro") in REFUTING_CODES for copy in rows_of(run.get("copias")))
    return refused and run.get("verificado") == Proof.REFUTED.value


def _away(run: Document, copy: Document, view: View, now: datetime, where: str | None) -> CopyRow:
    name, there, since = str(copy.get("destino")), instant(copy.get("em")), instant(copy.get("desde"))
    code = copy.get("codigo_erro")
    if there is not None:
        tone, state = Tone.OK, _("there since {when}").format(when=when(there, now, view.zone))
    else:
        tone = Tone.ATTENTION
        state = _("missing since {when}").format(when="–" if since is None else when(since, now, view.zone))
        if code:
            state = f"{state}: {happened(str(code), str(copy.get('mensagem_erro') or ''))}"
    ended = instant(run.get("data_fim"))
    return CopyRow(
        f"{run.get('uuid')}/{name}",
        str(run.get("uuid")),
        tone,
        "–" if ended is None else when_short(ended, now, view.zone),
        str(run.get("nome_arquivo") or "–"),
        f"{name} · {where}" if where else name,
        size(run.get("tamanho_bytes")),
        state,
        away=name,
    )


@dataclass(frozen=True)
class Spread:
    """How the last good backups are spread. sentence: "" where nothing is known. lacks: what 3-2-1 asks for besides."""

    sentence: str
    lacks: tuple[str, ...]


def spread(view: View) -> Spread:
    """Of several databases, what any of them lacks; the sentence is of one alone."""
    known = [found for run in _last_good(view) if isinstance(found := run.get("distribuicao"), Mapping)]
    risks = dict.fromkeys(risk for found in known for risk in texts_of(found.get("riscos")))
    sentence = ""
    if len(known) == 1:
        sentence = _("Copies of the last backup: {copies} · devices: {devices} · away from here: {away}").format(
            copies=known[0].get("copias"), devices=known[0].get("dispositivos"), away=known[0].get("fora")
        )
    return Spread(sentence, tuple(risk_words(risk) for risk in risks))


def _last_good(view: View) -> Iterable[Document]:
    status = view.status or {}
    databases = rows_of(status.get("bancos"))
    if databases:
        return [run for row in databases if isinstance(run := row.get("ultimo_sucesso"), Mapping)]
    last = status.get("ultimo")
    runs = [last, *view.runs] if isinstance(last, Mapping) else list(view.runs)
    return [run for run in runs if run.get("status") == RunStatus.SUCCEEDED.value][:1]


def _path(path: str) -> PurePath:
    """The agent's system decides what a path is, not the one that shows it."""
    return PureWindowsPath(path) if "\\" in path else PurePosixPath(path)
