"""`topbackup retention`: what retention does with each copy, and why."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from topbackup.cli.asking import LONG, answer
from topbackup.cli.options import ConfigOption, JsonOption, config_path, finish
from topbackup.cli.output import say, show_json, table
from topbackup.errors import BadUsage
from topbackup.i18n import _
from topbackup.problems import BAD_ARGUMENT
from topcore.record import size_text

if TYPE_CHECKING:
    from topbackup.agent.documents import Document


def retention(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=_("Only explain. The agent itself takes away, after each good backup."))
    ] = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Explain, for each file, whether it stays and why; nothing is touched."""
    finish(lambda: _retention(config_path(config), as_json, dry_run=dry_run), as_json=as_json)


def _retention(config: Path, as_json: bool, *, dry_run: bool) -> int:
    if not dry_run:
        raise BadUsage(BAD_ARGUMENT, "--dry-run")
    fates = answer(config, "retention", otherwise=lambda: _without_agent(config), patience=LONG)
    if as_json:
        show_json(fates)
        return 0
    if not fates:
        say(_("Nothing to decide: no retention is configured (backup.retencao_*), or no V copy is on record."))
        return 0
    rows = [
        (
            _("GOES") if fate["sai"] else _("stays"),
            fate["nome_arquivo"],
            fate["lugar"],
            size_text(fate["tamanho_bytes"]) or "–",
            _why(fate["motivo"]),
        )
        for fate in fates
    ]
    say(table((_("Fate"), _("File"), _("Place"), _("Size"), _("Why")), rows))
    return 0


def _without_agent(config: Path) -> "list[Document]":
    from topbackup.agent.parts import Parts  # noqa: PLC0415 - see cli/backup.py
    from topbackup.agent.remote import retention_document  # noqa: PLC0415

    parts = Parts.of(config)
    journal, _interrupted = parts.open_journal()
    with journal:
        return retention_document(journal, parts)


def _why(why: str) -> str:
    return {
        "SEM_POLITICA": _("no retention is configured"),
        "BACKUPS_FALHANDO": _("the last backup failed: nothing is taken away"),
        "MAIS_NOVA": _("the newest"),
        "SEM_MAIS_NOVA_CONFERIDA": _("no newer checked copy is there"),
        "ULTIMA_COMPROVADA": _("the last one proven by a restore"),
        "ULTIMAS": _("one of the last ones"),
        "DIARIA": _("newest of its day"),
        "SEMANAL": _("newest of its week"),
        "MENSAL": _("newest of its month"),
        "CABE": _("there is room"),
        "A_ENVIAR": _("an upload begins from it"),
        "LUGAR_INACESSIVEL": _("its place could not be looked at"),
        "SUBSTITUIDA": _("newer copies cover it"),
        "ESPACO": _("over the allowed size"),
    }[why]
