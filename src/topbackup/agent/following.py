"""Work that one person waits for, as events: its progress, then its result. Nobody left to hear them ends it."""

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

from topbackup.agent.documents import Document, error_document
from topbackup.backup.workplace import Progress
from topbackup.cancellation import Cancellation
from topbackup.errors import OperationFailed, TopBackupError
from topbackup.problems import INTERNAL

_log = logging.getLogger(__name__)
_PULSE = 1.0  # seconds: how soon it is noticed that nobody listens any more
_EVERY = 0.2  # seconds between two progress events of one step
type Work = Callable[[Callable[[Progress], None], Cancellation], Document]


def followed(by_hand: Callable[[], AbstractContextManager[Cancellation]], work: Work) -> Iterator[Document]:
    """Events `progresso`, `pulso`, and one `resultado` with its `veredito` or its `erro`.

    by_hand: gives the cancellation, which the agent's own end asks for too.
    """
    events: queue.SimpleQueue[Document] = queue.SimpleQueue()

    last = ("", 0.0)

    def told(progress: Progress) -> None:
        nonlocal last
        step, at = last
        if progress.step == step and time.monotonic() < at + _EVERY:
            return
        last = (progress.step, time.monotonic())
        events.put({"evento": "progresso", "passo": progress.step, "feito": progress.done, "total": progress.total})

    with by_hand() as cancel:

        def body() -> None:
            verdict: Document | None = None
            error: TopBackupError | None = None
            try:
                verdict = work(told, cancel)
            except TopBackupError as failed:
                error = failed
            except Exception as defect:  # noqa: BLE001 - told to the one who asked
                _log.exception("a request found a defect")
                error = OperationFailed(INTERNAL, type(defect).__name__)
            wrong = None if error is None else error_document(error) | {"saida": error.exit_code}
            events.put({"evento": "resultado", "veredito": verdict, "erro": wrong})

        worker = threading.Thread(target=body, name="pedido-a-mao", daemon=True)
        worker.start()
        try:
            while True:
                try:
                    event = events.get(timeout=_PULSE)
                except queue.Empty:
                    event = {"evento": "pulso"}
                yield event
                if event["evento"] == "resultado":
                    return
        finally:
            cancel.ask()
            worker.join()
