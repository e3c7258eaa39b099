"""What the lists show: runs, agendas, the next seven days, copies. Pure: documents and now in, rows of words out."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import PurePath, PurePosixPath, PureWindowsPath
from typing import Any
from zoneinfo import ZoneInfo

from topbackup.gui.theme import Tone
from topbackup.gui.words import (
    day,
    days_short,
    duration,
    happened,
    instant,
    mend_of,
    naming,
    rows_of,
    sentence_of,
    when,
)
from topbackup.i18n import _
from topbackup.problems import UPLOAD_SUPERSEDED
from topbackup.risk_words import absence_words, risk_words
from topcore.agenda import Agenda, Weekday, slots_between
from topcore.record import size_text
from topcore.tables import NamingScheme, Proof, RunStatus

type Document = Mapping[str, Any]
_TILE = 4  # lines
_AHEAD = timedelta(days=7)


@dataclass(frozen=True)
class RunRow:
    key: str
    tone: Tone
    when: str
    result: str
    file: str
    size: str
    copies: str
    proof: str
    took: str

    @property
    def failed(self) -> bool:
        return self.tone is Tone.FAILED


def run_row(run: Document, now: datetime, zone: ZoneInfo) -> RunRow:
    began, ended = instant(run.get("data_inicio")), instant(run.get("data_fim"))
    tone, result = run_result(run)
    return RunRow(
        str(run.get("uuid", "")),
        tone,
        "–" if began is None else when(began, now, zone),
        result,
        str(run.get("nome_arquivo") or "–"),
        size_text(run.get("tamanho_bytes")) or "–",
        _copies_words(run),
        proof_words(run),
        duration(began, ended) if began is not None and ended is not None else "–",
    )


def no_runs_words(*, linked: bool) -> str:
    """Where no run is shown: none was made, or nobody says."""
    return _("No backup yet.") if linked else _("Not known: the agent does not answer.")


def run_result(run: Document) -> tuple[Tone, str]:
    status = run.get("status")
    if status == RunStatus.FAILED.value:
        cancelled = run.get("codigo_erro") == "TB-CANCELADO"
        return Tone.FAILED, _("cancelled") if cancelled else _("failed")
    if status in (RunStatus.PENDING.value, RunStatus.RUNNING.value):
        return Tone.RUNNING, _("running")
    if run.get("verificado") == Proof.REFUTED.value:
        return Tone.FAILED, _("does not restore")
    if run.get("parcial"):
        return Tone.ATTENTION, _("a copy is missing")
    if run.get("verificado") == Proof.PROVEN.value:
        return Tone.OK, _("done and proven")
    return Tone.NEUTRAL, _("done, not proven")


def proof_words(run: Document) -> str:
    if run.get("status") != RunStatus.SUCCEEDED.value:
        return "–"
    return {"S": _("proven"), "F": _("REFUTED")}.get(str(run.get("verificado")), _("not tried"))


def _copies_words(run: Document) -> str:
    """Here and away: how many of those that are asked for are there."""
    here, away = rows_of(run.get("copias")), rows_of(run.get("remotas"))
    if not here and not away:
        return "–"
    good = sum(not copy.get("codigo_erro") for copy in here) + sum(copy.get("em") is not None for copy in away)
    return _("{good} of {count}").format(good=good, count=len(here) + len(away))


def _away_words(copy: Document, now: datetime, zone: ZoneInfo) -> str:
    """Of one copy away: since when it is there, or since when it is missing and why."""
    name, there, owed = str(copy.get("destino")), instant(copy.get("em")), instant(copy.get("desde"))
    if there is not None:
        return _("{name}: there since {when}").format(name=name, when=when(there, now, zone))
    words = _("{name}: missing since {when}").format(name=name, when="–" if owed is None else when(owed, now, zone))
    code = copy.get("codigo_erro")
    return f"{words} · {sentence_of(str(code), str(copy.get('mensagem_erro') or ''))}" if code else words


def run_details(run: Document, now: datetime, zone: ZoneInfo) -> list[tuple[str, str]]:
    """(label, value) of all that is on record of a run, for the page beside the list."""
    row = run_row(run, now, zone)
    agenda = run.get("agenda")
    manual = _("by hand") if run.get("manual") else _("agenda {id}").format(id=agenda)
    slot = instant(run.get("previsto"))
    lines = [
        (_("Began"), f"{row.when} · {row.took}"),
        (
            _("Asked for"),
            manual if slot is None else _("{by}, for {when}").format(by=manual, when=when(slot, now, zone)),
        ),
        (_("Database"), str(run.get("banco_origem") or "–")),
        (_("File"), row.file),
        (_("Size"), row.size),
        (_("Proof"), row.proof),
        *((_("Copy away"), _away_words(copy, now, zone)) for copy in rows_of(run.get("remotas"))),
        ("SHA-256", str(run.get("hash_sha256") or "–")),
    ]
    code = run.get("codigo_erro")
    if code:
        cause, mend, who = mend_of(str(code))
        lines = [
            (_("What happened"), f"{code}: {sentence_of(str(code), str(run.get('mensagem_erro') or ''))}"),
            (_("Cause"), cause),
            (_("What to do"), mend),
            (_("Who must act"), who),
            *lines,
        ]
    return lines


@dataclass(frozen=True)
class CopyRow:
    """One file in one place. archive: its whole path; empty for one that is away from here."""

    key: str
    tone: Tone
    when: str
    archive: str
    name: str
    folder: str
    size: str
    state: str


def copy_rows(
    runs: Iterable[Document], now: datetime, zone: ZoneInfo, missing: Iterable[Document] = ()
) -> list[CopyRow]:
    """The copies that are there by the record, newest first, here and away. Of one place the newest run counts.

    missing: those of the last good backups that the agent did not find where they were put.
    """
    rows, seen = list[CopyRow](), set[str]()
    gone = {(str(row.get("uuid")), str(row.get("caminho"))): str(row.get("motivo")) for row in missing}
    for run in runs:
        ended = instant(run.get("data_fim"))
        if run.get("status") != RunStatus.SUCCEEDED.value or ended is None:
            continue
        for number, copy in enumerate(run.get("copias") or (), start=1):
            path = str(copy.get("caminho", ""))
            if path in seen:
                continue
            code = copy.get("codigo_erro")
            if not code:
                seen.add(path)
            tone, state = run_result({**run, "parcial": False})
            if code:
                tone, state = Tone.FAILED, happened(str(code), str(copy.get("mensagem_erro") or ""))
            elif (absence := gone.get((str(run.get("uuid")), path))) is not None:
                tone, state = Tone.ATTENTION, absence_words(absence)
            rows.append(
                CopyRow(
                    f"{run.get('uuid')}/{number}",
                    tone,
                    when(ended, now, zone),
                    path,
                    _path(path).name,
                    str(_path(path).parent),
                    size_text(run.get("tamanho_bytes")) or "–",
                    state,
                )
            )
        for row in _away_rows(run, ended, now, zone):
            place = f"{row.folder}/{row.name}"
            if place not in seen:
                rows.append(row)
            if row.tone is Tone.OK:
                seen.add(place)
    return rows


def advice(last: Document) -> str:
    """What the copies of the last run lack, and what to do; the rule of thumb where they lack nothing."""
    spread = last.get("distribuicao")
    risks = spread.get("riscos") if isinstance(spread, Mapping) else None
    words = [risk_words(str(risk)) for risk in risks or ()]
    return "\n".join(filter(None, words)) or _(
        "Keep one copy away from this computer, in another place: fire and theft take what stands together."
    )


def _away_rows(run: Document, ended: datetime, now: datetime, zone: ZoneInfo) -> Iterator[CopyRow]:
    """A line for each copy away that was asked for."""
    for number, copy in enumerate(rows_of(run.get("remotas")), start=1):
        there, owed = instant(copy.get("em")), instant(copy.get("desde"))
        code = str(copy.get("codigo_erro") or "")
        if there is not None:
            tone, state = Tone.OK, _("there since {when}").format(when=when(there, now, zone))
        elif code == UPLOAD_SUPERSEDED.code:
            continue  # a newer one went in its place
        else:
            since = "–" if owed is None else when(owed, now, zone)
            tone, state = Tone.ATTENTION, _("missing since {when}").format(when=since)
            if code:
                state = f"{state} · {happened(code, str(copy.get('mensagem_erro') or ''))}"
        yield CopyRow(
            f"{run.get('uuid')}/longe/{number}",
            tone,
            when(ended, now, zone),
            "",
            str(run.get("nome_arquivo") or "–"),
            _("away: {name}").format(name=copy.get("destino")),
            size_text(run.get("tamanho_bytes")) or "–",
            state,
        )


def _path(path: str) -> PurePath:
    """The agent's system decides what a path is, not the one that shows it."""
    return PureWindowsPath(path) if "\\" in path else PurePosixPath(path)


@dataclass(frozen=True)
class AgendaRow:
    """number: its ID; None for a row that was rejected."""

    key: str
    tone: Tone
    number: int | None
    at: str
    days: str
    naming: str
    folders: str
    next: str


def agenda_rows(document: Document, now: datetime, zone: ZoneInfo) -> list[AgendaRow]:
    rows = []
    for row in document.get("agendas", ()):
        due = instant(row.get("proximo"))
        folders = [str(folder) for folder in (row.get("local_destino1"), row.get("local_destino2")) if folder]
        if row.get("backup_remoto"):
            folders.append(_("remote copy"))
        rows.append(
            AgendaRow(
                f"linha-{row.get('id')}",
                Tone.OK if due is not None else Tone.NEUTRAL,
                row.get("id"),
                str(row.get("horario", "")),
                days_short(row.get("dias", ())),
                naming(str(row.get("prefixo_backup", ""))),
                " · ".join(folders),
                _("switched off") if due is None else when(due, now, zone),
            )
        )
    for row in document.get("rejeitadas", ()):
        key, reason = f"rejeitada-{row.get('id')}", str(row.get("motivo", ""))
        rows.append(AgendaRow(key, Tone.FAILED, None, str(row.get("id")), _("rejected"), "–", reason, _("never")))
    return rows


@dataclass(frozen=True)
class Day:
    """name: `hoje`, `amanhã`, a weekday. slots: (time, ID of the agenda), in order."""

    name: str
    date: str
    slots: tuple[tuple[str, int], ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """For a small tile: each time once, with how many agendas it has, and no more than fit."""
        times = Counter(at for at, _number in self.slots)
        shown = [at if count == 1 else f"{at} × {count}" for at, count in times.items()]
        if len(shown) > _TILE:
            shown = [*shown[: _TILE - 1], _("+ {count}").format(count=len(shown) - _TILE + 1)]
        return tuple(shown or ["–"])


def next_seven_days(document: Document, now: datetime, zone: ZoneInfo) -> list[Day]:
    """Today and the six days after it, with every slot still to come: by the scheduler's own arithmetic."""
    today = now.astimezone(zone).date()
    agendas = [found for row in document.get("agendas", ()) if (found := _agenda(row)) is not None]
    until = datetime.combine(today + _AHEAD, time(), tzinfo=zone) - timedelta(seconds=1)
    slots = sorted(
        (slot.astimezone(zone), each.id) for each in agendas for slot in slots_between(each, now, until, zone)
    )
    return [
        Day(
            day(date, today),
            f"{date:%d/%m}",
            tuple((f"{slot:%H:%M}", number) for slot, number in slots if slot.date() == date),
        )
        for date in (today + timedelta(days=offset) for offset in range(7))
    ]


def _agenda(row: Document) -> Agenda | None:
    try:
        at = time.fromisoformat(str(row["horario"]))
        days = frozenset(Weekday[name] for name in row["dias"])
        return Agenda(int(row["id"]), at, days, "", naming=NamingScheme(row["prefixo_backup"]))
    except (KeyError, ValueError, TypeError):
        return None
