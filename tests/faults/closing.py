"""Closes a month in processes that are killed, each just before another of its steps.

``python -m tests.faults.closing FOLDER N …`` makes one store ``FOLDER/N`` for each N, a copy of
``FOLDER/base``, and closes January in it in a process of its own that ends itself with SIGKILL just before
step N. N = 0 runs to the end and writes what its steps were to ``FOLDER/steps``, a line each.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from planning import outbox, periods
from tests.faults.loading import kill_before
from tests.workflows.pay.closing_company import JANUARY, LATER, Payer
from warehouse import closed

MORE: tuple[tuple[object, str], ...] = (
    (os, "rename"),
    (closed, "write"),
    (periods, "close_period"),
    (periods, "_add"),
    (outbox, "take"),
    (outbox, "done"),
)
"""Steps of a closing beyond those of a load."""


def child(folder: Path, moment: int) -> None:
    """What the process that may be killed does."""
    payer = Payer.copied(folder / "base", folder / str(moment), LATER)
    steps = kill_before(moment, MORE)
    payer.close(JANUARY)
    (folder / "steps").write_text("\n".join(steps))


def main(folder: Path, moments: list[int]) -> None:
    """One process for each moment; each is waited for before the next begins."""
    for moment in moments:
        process = os.fork()
        if process == 0:
            child(folder, moment)
            os._exit(0)
        _, status = os.waitpid(process, 0)
        assert os.waitstatus_to_exitcode(status) == (-signal.SIGKILL if moment else 0), moment


if __name__ == "__main__":
    main(Path(sys.argv[1]), [int(moment) for moment in sys.argv[2:]])
