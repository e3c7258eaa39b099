"""`topbackup sync`: tell the cloud what waits in the journal."""

from pathlib import Path
from typing import TYPE_CHECKING

from topbackup.cli.asking import LONG, answer
from topbackup.cli.options import ConfigOption, JsonOption, config_path, finish
from topbackup.cli.output import failure_of, say, show_failure, show_json
from topbackup.i18n import _

if TYPE_CHECKING:
    from topbackup.agent.documents import Document


def sync(config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Send the company and the waiting records to the cloud."""
    finish(lambda: _sync(config_path(config), as_json), as_json=as_json)


def _sync(config: Path, as_json: bool) -> int:
    result = answer(config, "sync", otherwise=lambda: _without_agent(config), patience=LONG)
    failure = failure_of(result)
    if as_json:
        show_json(result)
    else:
        nothing_new = failure is None and not result["enviados"] and not result["pendentes"]
        words = _("The cloud has everything already.") if nothing_new else _("Sent: {sent} · waiting: {waiting}")
        say(words.format(sent=result["enviados"], waiting=result["pendentes"]))
        if failure is not None:
            show_failure(failure)
    return 0 if failure is None else 1


def _without_agent(config: Path) -> "Document":
    from topbackup.agent.cloud_link import synchronise  # noqa: PLC0415 - see cli/backup.py
    from topbackup.agent.documents import sync_document  # noqa: PLC0415
    from topbackup.agent.parts import Parts  # noqa: PLC0415
    from topbackup.errors import NotConfigured, OperationFailed  # noqa: PLC0415

    parts = Parts.of(config)
    trouble = None
    try:
        registration = parts.registration()
    except (OperationFailed, NotConfigured) as failed:  # what waits can be sent all the same
        registration, trouble = None, failed.failure()
    journal, _interrupted = parts.open_journal()
    with journal:
        result = synchronise(parts, journal, registration)
    return sync_document(result.sent, result.waiting, result.failure or trouble)
