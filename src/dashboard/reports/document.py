"""The PDF that a shop owner keeps as evidence.

In the PDF's own Helvetica, which every reader has: it holds all letters of Portuguese (Windows-1252). A character that
it does not have, an emoji or a Chinese one, is printed as a question mark; the screen and the CSV show it as it is.
"""

import unicodedata
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from dashboard.measures import duration_text
from dashboard.monitoring.faces import size_text
from dashboard.reports.evidence import Evidence, Line, local
from topcore.tables import RunStatus

_ENCODING = "windows-1252"
_INK, _SOFT, _LINE, _HEAD = (23, 33, 29), (85, 98, 93), (200, 209, 205), (238, 242, 240)
_WIDTHS = (26, 32, 15, 18, 27, 62)  # mm, of a page 180 wide inside its margins
_MARGIN, _ROW = 15, 5.6
_NORMAL, _SMALL = 9, 7.5


class _Sheet(FPDF):
    """A page with its foot."""

    def __init__(self, foot: str) -> None:
        super().__init__(format="A4")
        self._foot = foot
        self.core_fonts_encoding = _ENCODING
        self.set_margin(_MARGIN)
        self.set_auto_page_break(True, 20)
        self.set_draw_color(*_LINE)
        self.set_text_color(*_INK)

    def footer(self) -> None:
        self.set_y(-14)
        self.set_font("Helvetica", size=_SMALL)
        self.set_text_color(*_SOFT)
        self.cell(self.epw - 30, 5, self._foot)
        number = _("page %(number)s of %(all)s") % {"number": self.page_no(), "all": "{nb}"}
        self.cell(30, 5, number, align="R")
        self.set_text_color(*_INK)


def document(found: Evidence, made_at: datetime, site: str) -> bytes:
    """site: the address of the dashboard that answers for it. made_at: aware."""
    month = date_format(local(found.span.since), "F \\d\\e Y")
    made = _("Issued on %(when)s by %(site)s") % {
        "when": date_format(localtime(made_at), "SHORT_DATETIME_FORMAT"),
        "site": site,
    }
    sheet = _Sheet(printable(made))
    sheet.set_title(printable(f"{_('Backup report')} - {found.name} - {month}"))
    sheet.set_author("TopBackup")
    sheet.set_lang("pt-BR")
    sheet.add_page()
    _head(sheet, found, month)
    _totals(sheet, found)
    _runs(sheet, found, made_at)
    _files(sheet, found)
    _meaning(sheet)
    return bytes(sheet.output())


def printable(text: str) -> str:
    """What the font does not have, as question marks."""
    plain = unicodedata.normalize("NFC", text)
    return plain.encode(_ENCODING, "replace").decode(_ENCODING)


def result(line: Line) -> str:
    """How a run ended, in words."""
    fact = line.fact
    if line.dated_ahead:
        return _("Date in the future")
    if fact.refuted:
        return _("Test restore failed")
    if fact.succeeded:
        return _("Incomplete: a copy is missing") if fact.partial else _("Success")
    if fact.status is RunStatus.SUCCEEDED:
        return _("Empty file: no backup")
    return _("Failure") if fact.status is RunStatus.FAILED else _("Not finished")


def days(found: Evidence, made_at: datetime) -> Iterator[tuple[date, list[Line]]]:
    """Every day of the month up to the one on which the report is made, or at which the lines are cut; and then every
    day, of whatever month, that only a clock can have told which was ahead.
    """
    by_day: dict[date, list[Line]] = {}
    for line in found.lines:
        by_day.setdefault(local(line.fact.began).date(), []).append(line)
    day, last = local(found.span.since).date(), local(min(made_at, found.span.until - timedelta(seconds=1))).date()
    if found.cut:
        last = min(last, max(by_day))
    while day <= last:
        yield day, by_day.pop(day, [])
        day += timedelta(days=1)
    yield from sorted(by_day.items())


def _head(sheet: _Sheet, found: Evidence, month: str) -> None:
    sheet.set_font("Helvetica", "B", 10)
    sheet.set_text_color(*_SOFT)
    _text(sheet, f"TopBackup · {_('Backup report')}")
    sheet.set_text_color(*_INK)
    sheet.set_font("Helvetica", "B", 16)
    _text(sheet, found.name, 7.5)
    sheet.set_font("Helvetica", size=10)
    legal = f"{found.legal_name} · " if found.legal_name and found.legal_name != found.name else ""
    _text(sheet, f"{legal}CNPJ {found.tax_id}")
    _text(sheet, month[:1].upper() + month[1:])
    sheet.ln(3)


def _totals(sheet: _Sheet, found: Evidence) -> None:
    month = found.month
    gap = "—" if month.largest_gap is None else duration_text(int(month.largest_gap.total_seconds()))
    facts = [
        (_("Successes"), str(month.successes)),
        (_("Proven"), str(month.proven)),
        (_("Incomplete"), str(month.partial)),
        (_("Failures"), str(month.failures)),
        (_("Missed"), "—" if month.missed is None else str(month.missed)),
        *([(_("Date in the future"), str(month.doubtful))] if month.doubtful else []),
        (_("Volume"), size_text(month.size) or "—"),
        (_("Largest gap"), gap),
    ]
    width = sheet.epw / len(facts)
    sheet.set_fill_color(*_HEAD)
    sheet.set_font("Helvetica", size=_SMALL)
    for name, _value in facts:
        sheet.cell(width, 6, printable(name), align="C", fill=True)
    sheet.ln()
    sheet.set_font("Helvetica", "B", 11)
    for _name, value in facts:
        sheet.cell(width, 8, printable(value), align="C", fill=True)
    sheet.ln(12)


def _runs(sheet: _Sheet, found: Evidence, made_at: datetime) -> None:
    _title(sheet, _("Backups, day by day"))
    head = (_("Day and time"), _("Result"), _("Duration"), _("Size"), _("Proven on"), _("File or reason"))
    _row(sheet, head, bold=True)
    for day, lines in days(found, made_at):
        ahead = day >= local(found.span.until).date()
        named = date_format(day, "SHORT_DATE_FORMAT" if ahead else "D d/m")
        if not lines:
            _row(sheet, (named, _("None reported"), "—", "—", "—", "—"), head=head)
        for line in lines:
            moment = f"{named} {local(line.fact.began):%H:%M}"
            reason = line.file_name if line.fact.succeeded else line.message
            if line.dated_ahead:
                reason = _("dated %(when)s") % {"when": _when(line.fact.started_at)}
            _row(sheet, (moment, result(line), _duration(line), size_text(line.fact.size) or "—", _when(line.proven_at),
                         reason or "—"), head=head)  # fmt: skip
    if found.cut:
        _text(sheet, _("There were more: the totals count all of them, the lines only the first."), _ROW + 1)
    sheet.ln(5)


def _files(sheet: _Sheet, found: Evidence) -> None:
    files = [line for line in found.lines if line.fact.succeeded and line.sha256 and not line.dated_ahead]
    if not files:
        return
    _title(sheet, _("Files and their SHA-256"))
    for line in files:
        if sheet.will_page_break(2 * _ROW):
            sheet.add_page()
        sheet.set_font("Helvetica", size=_SMALL + 0.5)
        proof = f" · {_('proven on')} {_when(line.proven_at)}" if line.proven_at else ""
        _text(sheet, f"{_fitting(sheet, line.file_name, 110)}{proof}", 4.2)
        sheet.set_font("Courier", size=_SMALL)
        sheet.set_text_color(*_SOFT)
        _text(sheet, line.sha256[:64], 4.6)
        sheet.set_text_color(*_INK)
    sheet.ln(4)


def _meaning(sheet: _Sheet) -> None:
    if sheet.will_page_break(34):
        sheet.add_page()
    _title(sheet, _("How to read this"))
    sheet.set_font("Helvetica", size=_SMALL + 0.5)
    for text in (
        _("Proven: the file was restored into a scratch database and compared with the original: the same tables, with as many rows. Without a date there, no restore was tried, and this report does not vouch for one."),  # noqa: E501
        _("SHA-256: the file's fingerprint. Compute it on your copy: when it is the same, the copy is the file of this report, byte by byte."),  # noqa: E501
        _("Missed: a time at which a backup was due by the published schedule, and none was made for it; where no schedule is published, a time that the computer had announced, and at which none began within an hour. A dash means that neither is known: then the days without a line above tell of it."),  # noqa: E501
        _("Date in the future: the computer's clock was wrong, so nobody can say when that backup was made. It counts as no success."),  # noqa: E501
        _("Times are those of São Paulo. Days are counted by the beginning of the backup, as the shop's computer reported it."),  # noqa: E501
    ):  # fmt: skip
        sheet.multi_cell(0, 4.4, printable(text), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        sheet.ln(1)


def _title(sheet: _Sheet, text: str) -> None:
    sheet.set_font("Helvetica", "B", 11)
    _text(sheet, text, 7)


def _text(sheet: _Sheet, text: str, height: float = 5.5) -> None:
    sheet.multi_cell(0, height, printable(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _row(sheet: _Sheet, cells: tuple[str, ...], *, bold: bool = False, head: tuple[str, ...] | None = None) -> None:
    """head: repeated where the row begins a page."""
    if sheet.will_page_break(_ROW):
        sheet.add_page()
        if head is not None:
            _row(sheet, head, bold=True)
    sheet.set_font("Helvetica", "B" if bold else "", _SMALL if bold else _SMALL + 0.5)
    sheet.set_fill_color(*_HEAD)
    for width, cell in zip(_WIDTHS, cells, strict=True):
        sheet.cell(width, _ROW, _fitting(sheet, cell, width - 2), border="B", fill=bold)
    sheet.ln()


def _fitting(sheet: _Sheet, text: str, width: float) -> str:
    """As much of it as has room."""
    plain = printable(text)
    if sheet.get_string_width(plain) <= width:
        return plain
    while plain and sheet.get_string_width(f"{plain}…") > width:
        plain = plain[: -max(1, len(plain) // 20)]
    return f"{plain}…"


def _duration(line: Line) -> str:
    if line.ended_at is None or line.ended_at < line.fact.started_at:
        return "—"
    return duration_text(int((line.ended_at - line.fact.started_at).total_seconds()))


def _when(moment: datetime | None) -> str:
    return "—" if moment is None else date_format(local(moment), "SHORT_DATETIME_FORMAT")
