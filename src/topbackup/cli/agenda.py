"""`topbackup agenda`: the schedule as the database holds it, with the rows that were rejected and why."""

from pathlib import Path
from typing import TYPE_CHECKING

from topbackup.cli.options import ConfigOption, JsonOption, config_path, finish
from topbackup.cli.output import local, say, show_json, table
from topbackup.i18n import _

if TYPE_CHECKING:
    from topcore.agenda import Agenda


def agenda(config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Show the backup schedule (AGENDA_BACKUP), and each rejected row with its reason."""
    finish(lambda: _agenda(config_path(config), as_json), as_json=as_json)


def _agenda(config: Path, as_json: bool) -> int:
    from topbackup.agent.parts import Parts  # noqa: PLC0415 - see cli/backup.py
    from topcore.agenda import next_due  # noqa: PLC0415

    parts = Parts.of(config)
    registration = parts.registration()
    now, zone = parts.clock.now(), parts.settings.app.zone
    valid, rejected = registration.agendas.agendas, registration.agendas.rejected
    if as_json:
        rows = [_document(row) | {"proximo": _iso(next_due(row, now, zone))} for row in valid]
        show_json({"agendas": rows, "rejeitadas": [{"id": row.row, "motivo": row.reason} for row in rejected]})
        return 0
    say(f"{registration.company.trade_name} · {registration.company.tax_id}")
    headings = ("ID", _("Time"), _("Days"), _("Type"), _("Next"), _("Folder 1"), _("Folder 2"))
    lines = [
        (
            str(row.id),
            f"{row.time:%H:%M}",
            " ".join(day.name for day in sorted(row.days)) or _("switched off"),
            row.naming.value,
            local(next_due(row, now, zone), zone),
            row.destination1,
            row.destination2 or "–",
        )
        for row in valid
    ]
    say(table(headings, lines))
    for bad in rejected:
        say(_("Row {row} rejected: {reason}").format(row=bad.row, reason=bad.reason))
    return 0


def _iso(instant: object) -> str | None:
    return None if instant is None else str(instant)


def _document(row: "Agenda") -> dict[str, object]:
    return {
        "id": row.id,
        "horario": f"{row.time:%H:%M}",
        "dias": [day.name for day in sorted(row.days)],
        "local_destino1": row.destination1,
        "local_destino2": row.destination2,
        "backup_remoto": row.remote,
        "prefixo_backup": row.naming.value,
        "banco_origem": row.source,
    }
