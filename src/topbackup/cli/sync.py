"""`topbackup sync`: tell the cloud what waits in the journal."""

from pathlib import Path

from topbackup.cli.options import ConfigOption, JsonOption, config_path, finish
from topbackup.cli.output import say, show_failure, show_json
from topbackup.i18n import _


def sync(config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Send the company and the waiting records to the cloud."""
    finish(lambda: _sync(config_path(config), as_json), as_json=as_json)


def _sync(config: Path, as_json: bool) -> int:
    from topbackup.agent.cloud_link import synchronise  # noqa: PLC0415 - see cli/backup.py
    from topbackup.agent.parts import Parts  # noqa: PLC0415
    from topbackup.errors import OperationFailed  # noqa: PLC0415

    parts = Parts.of(config)
    trouble = None
    try:
        registration = parts.registration()
    except OperationFailed as failed:
        registration, trouble = None, failed.failure()
    journal, _interrupted = parts.open_journal()
    with journal:
        result = synchronise(parts, journal, registration)
    failure = result.failure or trouble
    if as_json:
        codes = {"codigo_erro": failure.code, "mensagem_erro": failure.message} if failure else {}
        show_json({"enviados": result.sent, "pendentes": result.waiting} | codes)
    else:
        say(_("Sent: {sent} · waiting: {waiting}").format(sent=result.sent, waiting=result.waiting))
        if failure is not None:
            show_failure(failure)
    return 0 if failure is None else 1
