"""`topbackup agenda`: the schedule as the database holds it, with the rows that were rejected and why."""

from pathlib import Path
from typing import TYPE_CHECKING

from topbackup.cli.asking import LONG, answer, zone
from topbackup.cli.options import ConfigOption, JsonOption, config_path, finish
from topbackup.cli.output import local, say, show_json, table
from topbackup.i18n import _

if TYPE_CHECKING:
    from topbackup.agent.documents import Document


def agenda(config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Show the backup schedule (AGENDA_BACKUP), and each rejected row with its reason."""
    finish(lambda: _agenda(config_path(config), as_json), as_json=as_json)


def _agenda(config: Path, as_json: bool) -> int:
    schedule = answer(config, "agenda", otherwise=lambda: _without_agent(config), patience=LONG)
    if as_json:
        show_json(schedule)
        return 0
    where = zone(config)
    say(f"{schedule['empresa']['fantasia']} · {schedule['empresa']['cnpj']}")
    headings = ("ID", _("Time"), _("Days"), _("Type"), _("Next"), _("Folder 1"), _("Folder 2"))
    lines = [
        (
            str(row["id"]),
            row["horario"],
            " ".join(row["dias"]) or _("switched off"),
            row["prefixo_backup"],
            local(row["proximo"], where),
            row["local_destino1"],
            row["local_destino2"] or "–",
        )
        for row in schedule["agendas"]
    ]
    say(table(headings, lines))
    for bad in schedule["rejeitadas"]:
        say(_("Row {row} rejected: {reason}").format(row=bad["id"], reason=bad["motivo"]))
    return 0


def _without_agent(config: Path) -> "Document":
    from topbackup.agent.databases import note_databases  # noqa: PLC0415
    from topbackup.agent.documents import agenda_document  # noqa: PLC0415 - see cli/backup.py
    from topbackup.agent.parts import Parts  # noqa: PLC0415
    from topbackup.agent.rejected import note_rejected  # noqa: PLC0415

    parts = Parts.of(config)
    registration = parts.registration()
    agendas = registration.agendas
    with parts.open_journal()[0] as journal:
        note_rejected(journal, agendas, parts.clock.now())
        note_databases(journal, agendas, parts.settings)
    zone = parts.settings.app.zone
    return agenda_document(registration.company, agendas.agendas, agendas.rejected, parts.clock.now(), zone)
