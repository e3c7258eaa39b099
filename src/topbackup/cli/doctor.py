"""`topbackup doctor`: each part that a backup stands on, ok or what to do; `--bundle`: a ZIP for support."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from topbackup.cli.asking import LONG, answer
from topbackup.cli.options import ConfigOption, JsonOption, config_path, finish
from topbackup.cli.output import say, show_json
from topbackup.i18n import _

if TYPE_CHECKING:
    from topbackup.agent.documents import Document


def doctor(
    bundle: Annotated[
        Path | None,
        typer.Option(
            "--bundle", help=_("Write a ZIP for support to this file: findings, logs, settings; no password.")
        ),
    ] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Examine Firebird, gbak, the destinations, the cloud, the clock and the disk."""
    finish(lambda: _doctor(config_path(config), bundle, as_json), as_json=as_json)


def _doctor(config: Path, bundle: Path | None, as_json: bool) -> int:
    if bundle is not None:
        from topbackup.agent.bundle import check_place  # noqa: PLC0415 - see cli/backup.py

        check_place(bundle)
    findings = answer(config, "doctor", otherwise=lambda: _without_agent(config), patience=LONG)
    healthy = all(finding["ok"] for finding in findings)
    if bundle is not None:
        from topbackup.agent.bundle import write_bundle  # noqa: PLC0415 - see cli/backup.py
        from topbackup.agent.parts import Parts  # noqa: PLC0415

        write_bundle(Parts.of(config), findings, bundle)
    if as_json:
        show_json({"ok": healthy, "exames": findings, "pacote": None if bundle is None else str(bundle.absolute())})
    else:
        _show(findings)
        if bundle is not None:
            say(_("For support: {file}. It holds no password.").format(file=bundle.absolute()))
    return 0 if healthy else 1


def _without_agent(config: Path) -> "list[Document]":
    from topbackup.agent.doctor import examine  # noqa: PLC0415 - see cli/backup.py
    from topbackup.agent.parts import Parts  # noqa: PLC0415

    return [finding.document() for finding in examine(Parts.of(config))]


def _show(findings: "list[Document]") -> None:
    for finding in findings:
        error = finding["erro"]
        if error is None:
            say(f"✔ {finding['exame']}: {finding['detalhe']}")
            continue
        say(f"✘ {finding['exame']}: {error['codigo']}: {error['mensagem']}")
        say(f"    {_('What to do')}: {error['solucao']} ({error['quem']})")
