"""Timing things side by side, and how much memory a process needed.

Two works are compared within one run: each round runs both, in turns first and second, and the ratio is
the median of the rounds' ratios. What else the machine does then falls on both.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from time import perf_counter

from scripts.tree import PROJECT

Times = dict[str, list[float]]
"""Seconds of each round, by the name of what was run."""


def interleaved(
    works: Mapping[str, Callable[[], object]],
    rounds: int,
    *,
    warm: bool = True,
    clock: Callable[[], float] = perf_counter,
) -> Times:
    """Seconds of every work in every round; with ``warm`` each has run once before.

    ``time.process_time`` as the clock counts what the processors worked for this process alone.
    """
    if warm:
        for work in works.values():
            work()
    times: Times = {name: [] for name in works}
    for number in range(rounds):
        for name in in_turns(list(works), number):
            times[name].append(seconds(works[name], clock))
    return times


def in_turns(names: list[str], number: int) -> list[str]:
    """The names in another order each round: who goes first changes."""
    return names[number % len(names) :] + names[: number % len(names)]


def seconds(work: Callable[[], object], clock: Callable[[], float] = perf_counter) -> float:
    """How long one run took."""
    start = clock()
    work()
    return clock() - start


def ratio(ours: list[float], theirs: list[float]) -> float:
    """The median of the rounds' ratios."""
    return median(one / other for one, other in zip(ours, theirs, strict=True))


def peak_mb() -> float:
    """The most memory this process has held so far, in MB (Linux).

    The kernel's own high-water mark of the process, which unlike ``ru_maxrss`` starts anew when a
    program is started.
    """
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("This system does not tell how much memory a process held; run it on Linux.")


def apart(module: str, *arguments: str) -> dict[str, float]:
    """Run ``python -m module`` in a process of its own; the JSON object it printed last."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments], cwd=PROJECT, check=True, stdout=subprocess.PIPE, text=True
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found
