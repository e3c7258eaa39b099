"""`topbackup doctor`: each part that a backup stands on, ok or what to do."""

from pathlib import Path

from topbackup.cli.options import ConfigOption, JsonOption, config_path, finish
from topbackup.cli.output import error_document, say, show_json
from topbackup.i18n import _


def doctor(config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Examine Firebird, gbak, the destinations, the cloud, the clock and the disk."""
    finish(lambda: _doctor(config_path(config), as_json), as_json=as_json)


def _doctor(config: Path, as_json: bool) -> int:
    from topbackup.agent.doctor import examine  # noqa: PLC0415 - see cli/backup.py
    from topbackup.agent.parts import Parts  # noqa: PLC0415

    findings = examine(Parts.of(config))
    healthy = all(finding.error is None for finding in findings)
    if as_json:
        show_json(
            {
                "ok": healthy,
                "exames": [
                    {
                        "exame": finding.subject,
                        "ok": finding.error is None,
                        "detalhe": finding.words,
                        "erro": error_document(finding.error) if finding.error else None,
                    }
                    for finding in findings
                ],
            }
        )
        return 0 if healthy else 1
    for finding in findings:
        if finding.error is None:
            say(f"✔ {finding.subject}: {finding.words}")
            continue
        say(f"✘ {finding.subject}: {finding.error.code}: {finding.error.sentence}")
        say(f"    {_('What to do')}: {_(finding.error.problem.mend)} ({finding.error.problem.act.value})")
    return 0 if healthy else 1
