"""`topbackup status`: how this computer's backups stand, by the rule of the dashboard, from the journal alone."""

from pathlib import Path
from typing import TYPE_CHECKING

from topbackup.cli.options import ConfigOption, JsonOption, config_path, finish
from topbackup.cli.output import local, record_document, say, show_failure, show_json
from topbackup.i18n import _

if TYPE_CHECKING:
    from topcore.tables import CardStatus

_RUNS_LOOKED_AT = 200


def status(config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Show how the backups stand."""
    finish(lambda: _status(config_path(config), as_json), as_json=as_json)


def _status(config: Path, as_json: bool) -> int:
    from topbackup.backup.recovery import recover  # noqa: PLC0415 - each import here is paid for at every `status`
    from topbackup.clock import SYSTEM_CLOCK  # noqa: PLC0415
    from topbackup.journal import Journal  # noqa: PLC0415
    from topbackup.places import Places  # noqa: PLC0415
    from topbackup.settings_file import load  # noqa: PLC0415
    from topcore.health import RunFact, evidence  # noqa: PLC0415
    from topcore.health import status as card_status  # noqa: PLC0415

    settings, places, now = load(config), Places(config.absolute()), SYSTEM_CLOCK.now()
    with Journal.open(places.journal) as journal:
        recover(journal, places, SYSTEM_CLOCK)
        records, waiting = journal.history(_RUNS_LOOKED_AT), journal.waiting()
    facts = [
        RunFact(r.started_at, r.started_at, r.status, partial=r.partial, proof=r.proof, next_due=r.next_due)
        for r in reversed(records)
    ]
    result = card_status(evidence(facts), now)
    last = records[0] if records else None
    if as_json:
        show_json(
            {"status": result.value, "pendentes_nuvem": waiting, "ultimo": record_document(last) if last else None}
        )
        return 0
    say(f"{result.value}: {_words(result)}")
    if last is not None:
        say(_("Last run: {when} · {file}").format(when=local(last.started_at, settings.app.zone), file=last.file_name))
        if last.failure is not None:
            show_failure(last.failure)
    say(_("Records waiting for the cloud: {count}").format(count=waiting))
    return 0


def _words(result: "CardStatus") -> str:
    return {
        "OK": _("protected, the last backup is in time."),
        "ATENCAO": _("the next backup is late, or one of the copies is missing."),
        "VERIFICAR": _("no backup for too long: check this computer."),
        "FALHA": _("the last backup failed."),
        "SEM_DADOS": _("no backup was made yet."),
        "EXECUTANDO": _("a backup is running."),
    }[result.value]
