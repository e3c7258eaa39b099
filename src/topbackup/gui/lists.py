"""What the lists show: runs, agendas, the next seven days. Pure: documents and now in, rows of words out."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from topbackup.gui.theme import Tone
from topbackup.gui.words import (
    day,
    days_short,
    duration,
    instant,
    mend_of,
    naming,
    number,
    rows_of,
    sentence_of,
    size,
    texts_of,
    weekday_short,
    when,
    when_short,
)
from topbackup.i18n import _
from topcore.agenda import Agenda, Weekday, slots_between
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
        "–" if began is None else when_short(began, now, zone),
        result,
        str(run.get("nome_arquivo") or "–"),
        size(run.get("tamanho_bytes")),
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
    began = instant(run.get("data_inicio"))
    lines = [
        (_("Began"), f"{'–' if began is None else when(began, now, zone)} · {row.took}"),
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
    for row in rows_of(document.get("agendas")):
        due = instant(row.get("proximo"))
        folders = [str(folder) for folder in (row.get("local_destino1"), row.get("local_destino2")) if folder]
        if row.get("backup_remoto"):
            folders.append(_("remote copy"))
        rows.append(
            AgendaRow(
                f"linha-{row.get('id')}",
                Tone.OK if due is not None else Tone.NEUTRAL,
                number(row.get("id")),
                str(row.get("horario", "")),
                days_short(row.get("dias")),
                naming(str(row.get("prefixo_backup", ""))),
                " · ".join(folders),
                _("switched off") if due is None else when_short(due, now, zone),
            )
        )
    for row in rows_of(document.get("rejeitadas")):
        key, reason = f"rejeitada-{row.get('id')}", str(row.get("motivo", ""))
        rows.append(AgendaRow(key, Tone.FAILED, None, str(row.get("id")), _("rejected"), "–", reason, _("never")))
    return rows


@dataclass(frozen=True)
class Day:
    """name: `hoje`, `amanhã`, a weekday; short: `qua`. slots: (time, ID of the agenda), in order."""

    name: str
    short: str
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
    agendas = [found for row in rows_of(document.get("agendas")) if (found := _agenda(row)) is not None]
    until = datetime.combine(today + _AHEAD, time(), tzinfo=zone) - timedelta(seconds=1)
    slots = sorted(
        (slot.astimezone(zone), each.id) for each in agendas for slot in slots_between(each, now, until, zone)
    )
    return [
        Day(
            day(date, today),
            weekday_short(date),
            f"{date:%d/%m}",
            tuple((f"{slot:%H:%M}", number) for slot, number in slots if slot.date() == date),
        )
        for date in (today + timedelta(days=offset) for offset in range(7))
    ]


def _agenda(row: Document) -> Agenda | None:
    known = number(row.get("id"))
    try:
        at = time.fromisoformat(str(row.get("horario")))
        days = frozenset(Weekday[name] for name in texts_of(row.get("dias")))
        naming_scheme = NamingScheme(str(row.get("prefixo_backup")))
    except (KeyError, ValueError):
        return None
    return None if known is None else Agenda(known, at, days, "", naming=naming_scheme)
