"""`topbackup status`: how this computer's backups stand, by the rule of the dashboard, and what the agent does."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from topbackup.agent.whereabouts import Found, found_words, risk_words
from topbackup.cli.asking import answer
from topbackup.cli.options import ConfigOption, JsonOption, config_path, finish
from topbackup.cli.output import failure_of, local, say, show_failure, show_json, shown
from topbackup.i18n import _
from topcore.sources import file_name

if TYPE_CHECKING:
    from topbackup.agent.documents import Document

_NAMED = 10  # rejected rows
_EVERY = 2.0  # seconds between two looks of --watch


def status(
    watch: Annotated[bool, typer.Option("--watch", help=_("Look again every two seconds, until Ctrl-C."))] = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show how the backups stand."""
    finish(lambda: _watch(config_path(config), as_json, again=watch), as_json=as_json)


def _watch(config: Path, as_json: bool, *, again: bool) -> int:
    _status(config, as_json, clear=again and not as_json)
    try:
        while again:
            shown()
            time.sleep(_EVERY)
            _status(config, as_json, clear=not as_json)
    except KeyboardInterrupt:
        pass
    return 0


def _status(config: Path, as_json: bool, *, clear: bool) -> None:
    found = answer(config, "status", otherwise=lambda: _without_agent(config))
    if as_json:
        show_json(found)
        return
    zone = ZoneInfo(found["fuso"])
    if clear:
        say("\033[2J\033[H")
    looked = found["copias_locais"]
    say(f"{found['status']}: {_words(found['status'], _all_there(looked))}")
    for database in found["bancos"]:
        words = _words(database["status"], _all_there(looked, database["banco_origem"]))
        say(f"  {database['status']}: {file_name(database['banco_origem'])}: {words}")
    _tell_of_the_files(looked, zone)
    last = found["ultimo"]
    if last is not None:
        say(_("Last run: {when} · {file}").format(when=local(last["data_inicio"], zone), file=last["nome_arquivo"]))
        failure = failure_of(last)
        if failure is not None:
            show_failure(failure)
        _tell_of_the_copies(last, zone)
    for upload in found["envios"]:
        if last is None or upload["uuid"] != last["uuid"]:  # of the last run it was told just now
            words = _("  {name}: still without {file}").format(name=upload["destino"], file=upload["nome_arquivo"])
            say(words + (f" · {upload['codigo_erro']}" if upload["codigo_erro"] else ""))
    rejected = found["agendas_rejeitadas"]
    if rejected is not None and rejected["quantas"]:
        rows = ", ".join(row["id"] for row in rejected["linhas"][:_NAMED])
        if rejected["quantas"] > _NAMED:
            rows += ", …"
        words = _("Rows of the agenda that are rejected, and make no backup: {count} ({rows}). See `topbackup agenda`.")
        say(words.format(count=rejected["quantas"], rows=rows))
    say(_("Records waiting for the cloud: {count}").format(count=found["pendentes_nuvem"]))
    if found["agente"] is None:
        say(_("Agent: not running, no scheduled backup will be made"))
    else:
        _tell_of_the_agent(found["agente"], zone)


def _tell_of_the_copies(last: Mapping[str, Any], zone: ZoneInfo) -> None:
    """Which are away, which are missing and since when, and what a fire would leave."""
    for copy in last["remotas"]:
        if copy["em"] is not None:
            say(_("  {name}: there since {when}").format(name=copy["destino"], when=local(copy["em"], zone)))
        else:
            since = local(copy["desde"], zone)
            code = f" · {copy['codigo_erro']}" if copy["codigo_erro"] else ""
            say(_("  {name}: copy missing since {when}").format(name=copy["destino"], when=since) + code)
    for risk in (last["distribuicao"] or {"riscos": ()})["riscos"]:
        say(f"  {risk_words(risk)}")


def _tell_of_the_files(looked: Mapping[str, Any] | None, zone: ZoneInfo) -> None:
    """Of the files of the last good backups that are not where they were put, by the agent's last look."""
    for database in (looked or {"bancos": ()})["bancos"]:
        for file in database["arquivos"]:
            if file["situacao"] != Found.THERE:
                words = _("  {path}: {what}, looked at {when}")
                at = local(looked["visto_em"], zone) if looked else ""
                say(words.format(path=file["caminho"], what=found_words(file["situacao"]), when=at))


def _tell_of_the_agent(agent: Mapping[str, Any], zone: ZoneInfo) -> None:
    say(_("Agent: {state}, version {version}").format(state=_state_words(agent["estado"]), version=agent["versao"]))
    if agent["problema"] is not None:
        say(f"  {agent['problema']['codigo']}: {agent['problema']['mensagem']}")
    if agent["pausado_ate"] is not None:
        say(_("  paused until {when}").format(when=local(agent["pausado_ate"], zone)))
    for ticket in agent["pedidos"]:
        what = _("running") if ticket["executando"] else _("waiting")
        say(f"  {what}: {_('agenda')} {ticket['agenda'] if ticket['agenda'] is not None else '–'}{_percent(ticket)}")
    for due in agent["proximos"][:3]:
        say(_("  next: {when} (agenda {id})").format(when=local(due["previsto"], zone), id=due["agenda"]))
    cloud = agent["nuvem"]
    if cloud["configurada"]:
        code = f" · {cloud['codigo_erro']}" if cloud["codigo_erro"] else ""
        say(f"  {_('cloud')}: {_breaker_words(cloud['disjuntor'])}{code}")
        say(_("  next contact: {when}").format(when=local(cloud["proximo_contato"], zone)))


def _percent(ticket: Mapping[str, Any]) -> str:
    done, total = ticket["feito"], ticket["total"]
    return f" · {min(done * 100 // total, 99)} %" if done and total else ""


def _without_agent(config: Path) -> "Document":
    from topbackup.agent.documents import status_document  # noqa: PLC0415 - see above
    from topbackup.backup.recovery import recover  # noqa: PLC0415
    from topbackup.clock import SYSTEM_CLOCK  # noqa: PLC0415
    from topbackup.journal import Journal  # noqa: PLC0415
    from topbackup.places import Places  # noqa: PLC0415
    from topbackup.settings_file import load  # noqa: PLC0415

    zone, places = load(config).app.zone, Places(config.absolute())
    with Journal.open(places.journal) as journal:
        recover(journal, places, SYSTEM_CLOCK)
        return status_document(journal, SYSTEM_CLOCK.now(), zone)


def _all_there(looked: Mapping[str, Any] | None, source: str | None = None) -> bool | None:
    """Has each database (this one, where one is named) a file of its last good backup here? None: nobody looked."""
    if looked is None:
        return None
    rows = [row for row in looked["bancos"] if source in (None, row["banco_origem"])]
    return all(any(file["situacao"] == Found.THERE for file in row["arquivos"]) for row in rows)


def _words(result: str, there: bool | None) -> str:
    """there: see `_all_there`. A file that is gone protects nobody, however good its backup was."""
    if result == "OK":
        return {
            True: _("protected, the last backup is in time."),
            False: _("the last backup is in time, but its file is not here now. Make a backup now."),
            None: _("the last backup is in time. Nobody looked whether its file is still there."),
        }[there]
    return {
        "ATENCAO": _("the next backup is late, or one of the copies is missing."),
        "VERIFICAR": _("no backup for too long: check this computer."),
        "FALHA": _("the last backup failed, or does not restore."),
        "SEM_DADOS": _("no backup was made yet."),
        "EXECUTANDO": _("a backup is running."),
    }[result]


def _state_words(state: str) -> str:
    return {
        "INITIALIZING": _("starting"),
        "RUNNING": _("running, waiting for the next due time"),
        "BACKUP_RUNNING": _("making a backup"),
        "PAUSED": _("paused"),
        "ERROR": _("in trouble, trying again by itself"),
        "STOPPED": _("stopped"),
    }[state]


def _breaker_words(state: str | None) -> str:
    return {
        None: _("not contacted yet"),
        "closed": _("connected"),
        "open": _("resting after failures"),
        "half-open": _("trying again"),
    }[state]
