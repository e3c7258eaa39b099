"""The end in words: its tasks, the dump's progress, the verdict. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from topbackup.gui.live import Live
from topbackup.gui.theme import Tone
from topbackup.gui.wizard.faces import Fact, Verdict, error_words
from topbackup.gui.words import without_the_engines
from topbackup.i18n import _
from topbackup.setup.finishing import Task, TaskState, Told
from topcore.record import size_text
from topcore.tables import Proof

_DUMP = "dump"
_DUMP_SHARE = 0.6  # of the bar; the proof, a restore, takes the rest
_AFTER = {"check": 0.65, "prove": 0.7, "publish": 0.95, "copy": 0.97}


@dataclass(frozen=True)
class Ending:
    """The last step under way, or over.

    told: the latest of each task. live: the backup's progress. well: None while it goes on. waits: for a backup or a
    restore that this window is at work on, before the first task.
    """

    tasks: tuple[Task, ...]
    told: Mapping[Task, Told] = field(default_factory=dict)
    live: Live | None = None
    well: bool | None = None
    waits: bool = False


def task_facts(ending: Ending) -> list[Fact]:
    return [_fact(task, ending.told.get(task)) for task in ending.tasks]


def heading(ending: Ending) -> tuple[str, str]:
    """The page's title, and the line below it."""
    if ending.well is None and ending.waits and not ending.told:
        return _("Waiting…"), _("This window is at work on a backup or a restore. The setup goes on when it has ended.")
    if ending.well is None:
        return _("Setting up…"), _("It takes a few minutes, according to the size of the database.")
    if not ending.well:
        return _("Almost"), _("Something is to be mended.")
    if Task.SERVICE in ending.tasks:
        return _("Done"), _("You may close this window: the service makes the backups.")
    return _("Done"), _("Leave TopBackup open: without the service, it makes the backups itself.")


def verdict(ending: Ending) -> Verdict | None:
    """None while it goes on."""
    if ending.well is None:
        return None
    backup = ending.told.get(Task.BACKUP)
    record = backup.record if backup else None
    if not ending.well:
        failed = next((told for told in ending.told.values() if told.state is TaskState.FAILED), None)
        saved = ending.told.get(Task.SAVE)
        sentence = _("Nothing is saved yet. Mend it, go back, and begin the end again.")
        if saved is not None and saved.state is TaskState.DONE:
            sentence = _("Not all of it went well. What did is done and stays.")
        if failed is None or failed.error is None:
            return Verdict(Tone.FAILED, sentence)
        if record is not None and record["verificado"] == Proof.PROVEN.value:
            sentence = _("The first backup is made and proven; something else is to be mended.")
            return Verdict(Tone.ATTENTION, sentence, error_words(failed.error)[1])
        return Verdict(Tone.FAILED, sentence, error_words(failed.error)[1])
    if record is None:
        return Verdict(Tone.OK, _("Done. The settings are saved."))
    file = f"{Path(record['caminho_destino']) / record['nome_arquivo']} · {size_text(record['tamanho_bytes'])}"
    if record["verificado"] == Proof.PROVEN.value:
        return Verdict(
            Tone.OK, _("Protected. The first backup is made and proven: it restores with the same rows."), file
        )
    return Verdict(Tone.ATTENTION, _("The first backup is made. It was not proven."), file)


def share(ending: Ending) -> float | None:
    """Of the bar, 0 to 1; None where there is no backup on its way."""
    backup = ending.told.get(Task.BACKUP)
    if backup is None or backup.state is not TaskState.RUNNING:
        return None
    live = ending.live
    if live is None:
        return 0.0
    if live.step != _DUMP:
        return _AFTER.get(live.step, 0.0)
    return _DUMP_SHARE * (live.fraction or 0.0)


def _fact(task: Task, told: Told | None) -> Fact:
    words = {
        Task.SAVE: _("Save the settings"),
        Task.SERVICE: _("Install and start the service"),
        Task.FOLDERS: _("Try the folders with the service's account"),
        Task.BACKUP: _("Make the first backup"),
    }[task]
    if told is None:
        return Fact(Tone.NEUTRAL, words)
    if told.error is not None:
        return Fact(Tone.FAILED, words, f"{without_the_engines(told.error.sentence)[0]} [{told.error.code}]")
    if told.state is TaskState.RUNNING:
        return Fact(Tone.RUNNING, words, _("under way…"))
    return Fact(Tone.OK, words, _done_words(told))


def _done_words(told: Told) -> str:
    if told.saved is not None and told.saved.copy is not None:
        kept = _("The broken file was kept as {name}.").format(name=told.saved.copy.name)
        dropped = ", ".join(told.saved.dropped)
        return kept if not dropped else f"{kept} {_('As by default now: {keys}.').format(keys=dropped)}"
    if told.folders is not None:
        return _("Written as {account}.").format(account=told.folders.account)
    if told.record is not None:
        return Path(told.record["nome_arquivo"]).name
    return ""
