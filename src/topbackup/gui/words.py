"""How the window says instants, sizes, speeds and stored codes. Pure: now and the zone are arguments."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from topbackup.errors import ENGINE_SAID
from topbackup.i18n import N_, _
from topbackup.problems import INTERNAL, all_problems
from topcore.agenda import Weekday
from topcore.record import size_text
from topcore.tables import NamingScheme

_WEEKDAYS = (N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"))
_YEARS = range(1970, 9000)
_SHORT = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))


def day(of: date, today: date) -> str:
    """`hoje`, `ontem`, `amanhã`, the weekday within six days, else the date."""
    near = {0: _("today"), -1: _("yesterday"), 1: _("tomorrow")}
    distance = (of - today).days
    if distance in near:
        return near[distance]
    return weekday(of) if 0 < abs(distance) < 7 else f"{of:%d/%m/%Y}"


def weekday(of: date) -> str:
    return _(_WEEKDAYS[of.weekday()])


def weekday_short(of: date) -> str:
    return _(_SHORT[of.weekday()])


def when(instant: datetime, now: datetime, zone: ZoneInfo) -> str:
    """`hoje às 12:04`; a weekday of the past carries its date, as it could be read as the next one."""
    local, today = instant.astimezone(zone), now.astimezone(zone).date()
    words = day(local.date(), today)
    if 1 < (today - local.date()).days < 7:
        words = f"{words}, {local:%d/%m}"
    return _("{day} at {time}").format(day=words, time=f"{local:%H:%M}")


def when_short(instant: datetime, now: datetime, zone: ZoneInfo) -> str:
    """For a column: `hoje 12:04`, `seg 23/11 12:10`."""
    local, today = instant.astimezone(zone), now.astimezone(zone).date()
    words = day(local.date(), today)
    if 1 < abs((today - local.date()).days) < 7:
        words = f"{weekday_short(local.date())} {local:%d/%m}"
    return f"{words} {local:%H:%M}"


def rows_of(value: object) -> list[Mapping[str, Any]]:
    """The documents of a list. What another version sends instead is no row."""
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list | tuple) else []


def instant(text: object) -> datetime | None:
    """From a document: ISO 8601 with an offset; None for what is none, or for a year that no clock of ours shows."""
    try:
        found = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None and found.year in _YEARS else None


def number(value: object) -> int | None:
    """A whole number of a document; None for what is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def texts_of(value: object) -> list[str]:
    """The texts of a list."""
    return [each for each in value if isinstance(each, str)] if isinstance(value, list | tuple) else []


def size(value: object) -> str:
    """Bytes of a document: `48,3 MB`."""
    return size_text(number(value)) or "–"


def ago(seconds: float) -> str:
    """How long something took or is to take: `40 s`, `3 min`, `1 h 20 min`."""
    whole = max(0, round(seconds))
    if whole < 60:
        return _("{count} s").format(count=whole)
    minutes = round(whole / 60)
    if minutes < 60:
        return _("{count} min").format(count=minutes)
    return _("{hours} h {minutes} min").format(hours=minutes // 60, minutes=minutes % 60)


def duration(first: datetime, last: datetime) -> str:
    return ago(max(timedelta(0), last - first).total_seconds())


def speed(bytes_a_second: float) -> str:
    """Decimal megabytes, as the command line says them."""
    return f"{bytes_a_second / 1e6:.1f} MB/s".replace(".", ",")


def days_short(names: object) -> str:
    """AGENDA_BACKUP's days: `todos os dias`, `seg a sex`, or one by one."""
    chosen = sorted({Weekday[name] for name in texts_of(names) if name in Weekday.__members__})
    if not chosen:
        return _("no day: switched off")
    if len(chosen) == 7:
        return _("every day")
    short = [_(_SHORT[each]) for each in chosen]
    if len(chosen) > 2 and chosen[-1] - chosen[0] == len(chosen) - 1:
        return _("{first} to {last}").format(first=short[0], last=short[-1])
    return ", ".join(short)


def naming(code: str) -> str:
    return {
        NamingScheme.VERSIONED.value: _("One file per backup"),
        NamingScheme.WEEKDAY.value: _("One file per weekday"),
        NamingScheme.SINGLE.value: _("A single file"),
    }.get(code, code)


def step(name: str) -> str:
    """Of a backup or of a restore, as the agent's progress names it."""
    return {
        "dump": _("Reading the database"),
        "check": _("Reading the file back"),
        "prove": _("Proving by a restore"),
        "publish": _("Publishing"),
        "copy": _("Second copy"),
        "restore": _("Building the new database"),
        "compare": _("Comparing what was restored"),
    }.get(name, _("Preparing"))


def mend_of(code: str, told: Mapping[str, Any] | None = None) -> tuple[str, str, str]:
    """(cause, what to do, who must act) of an error, in the window's language.

    told: the agent's own words, for a code that this version does not know.
    """
    problem = all_problems().get(code)
    if problem is None and told is not None:
        return str(told.get("causa", "")), str(told.get("solucao", "")), actor(str(told.get("quem", "")))
    problem = problem or INTERNAL
    return _(problem.cause), _(problem.mend), actor(problem.act.value)


def sentence_of(code: str, message: str) -> str:
    """What happened, in the window's language, with the facts of the case that the stored message carries."""
    problem = all_problems().get(code)
    if problem is None:
        return message or code
    start = message.find(" (")
    facts = message[start + 2 : -1] if start > 0 and message.endswith(")") else ""
    return f"{_(problem.sentence)} ({facts})" if facts else _(problem.sentence)


def without_the_engines(sentence: str) -> tuple[str, str]:
    """(the sentence with the facts that are ours, Firebird's own English words): those stand in details alone."""
    ours, mark, engines = sentence.partition(ENGINE_SAID)
    if not mark:
        return sentence, ""
    ours = ours.rstrip(" :(")
    return ours + ")" * (ours.count("(") - ours.count(")")), engines.removesuffix(")")


def happened(code: str, message: str) -> str:
    """What a card says: `sentence_of` without the engine's words."""
    return without_the_engines(sentence_of(code, message))[0]


def actor(code: str) -> str:
    return {"loja": _("the shop"), "suporte": _("support")}.get(code, code)
