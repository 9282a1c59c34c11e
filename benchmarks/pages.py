"""Every page in a real browser against an empty Streamlit app on the same machine.

Usage: ``python -m benchmarks.pages [PAGE …] [--opportunities N] [--rounds N]``

* ``rerun``: the page again as it is, everything kept;
* ``filter``: a period chosen that nobody has looked at (pages with a filter bar);
* ``open``: opened in a browser that has kept nothing, as of a day nobody has looked at.

Each round also reruns (or opens) the empty app. A ratio compares the time until the page is known to be
idle, 100 ms without a change; ``…_changes`` is the same without those 100 ms on both sides.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page

from benchmarks.browsing import QUIET, choose_period, chromium, opened, periods, rerun, tab
from benchmarks.figures import Aim, Figure, at_most, say, show
from benchmarks.measuring import in_turns, ratio
from benchmarks.places import demo_store, session_of
from benchmarks.serving import served
from connectors.demo import DEMO_VIEWERS
from connectors.demo.company import DEFAULT_OPPORTUNITIES
from ui.screens import SCREENS, Screen

AIMS = {"rerun": at_most(1.5), "filter": at_most(2.0), "open": at_most(2.0)}
EMPTY = "benchmarks/empty_app.py"
SETTLING = 3  # reruns before anything is counted


@dataclass(frozen=True)
class Bench:
    """What is measured with: a browser, the two servers, and days nobody has looked at yet."""

    browser: Browser
    empty: str
    ours: str
    today: date
    rounds: int
    fresh: Iterator[int] = field(default_factory=lambda: count(1))

    def address(self, screen: Screen, **query: str) -> str:
        """The address of a page for somebody who may open it, in English."""
        path = "" if screen is SCREENS[0] else screen.id  # the first page answers at the root alone
        return f"{self.ours}/{path}?{urlencode({'as': looker(screen), 'lang': 'en'} | query)}"

    def unseen(self) -> str:
        """A day nobody has looked at."""
        return (self.today - timedelta(days=next(self.fresh))).isoformat()


def looker(screen: Screen) -> str:
    """The demo viewer who looks at a page: the executive, or the first who may open it."""
    may = sorted((v for v in DEMO_VIEWERS if v.role in screen.roles), key=lambda v: v.role != "executive")
    return may[0].key


def main(arguments: list[str] | None = None) -> int:
    """Measure and print every figure."""
    known = [screen.id for screen in SCREENS]
    parser = argparse.ArgumentParser(prog="benchmarks.pages", description=__doc__)
    parser.add_argument("pages", nargs="*", metavar="PAGE", help=f"all, or some of {', '.join(known)}")
    parser.add_argument("--opportunities", type=int, default=DEFAULT_OPPORTUNITIES)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument(
        "--keep", type=Path, help="folder for the store, instead of the system's temporary one"
    )
    given = parser.parse_args(arguments)
    if unknown := set(given.pages) - set(known):
        parser.error(f"no page is called {', '.join(sorted(unknown))}")
    screens = [screen for screen in SCREENS if screen.id in (given.pages or known)]
    for figure in figures(demo_store(given.opportunities, given.keep), screens, given.rounds):
        show(figure)
    return 0


def figures(root: Path, screens: Sequence[Screen], rounds: int) -> Iterator[Figure]:
    """Every figure of this benchmark, as it is measured."""
    today = session_of(root).version.as_of
    with (
        served(EMPTY, {}) as empty,
        served("app.py", {"ATTAIN_STORE": str(root)}) as ours,
        chromium() as browser,
    ):
        bench = Bench(browser, empty, ours, today, rounds)
        for place, screen in enumerate(screens):
            yield from _page(bench, screen, place, len(screens))


def _page(bench: Bench, screen: Screen, place: int, pages: int) -> Iterator[Figure]:
    floor, _ = tab(bench.browser, bench.empty)
    page, _ = tab(bench.browser, bench.address(screen))
    for _ in range(SETTLING):
        rerun(floor)
        rerun(page)
    yield from _compared(screen, "rerun", [lambda: rerun(page)] * bench.rounds, lambda: rerun(floor))
    yield from _filtered(screen, page, floor, place, pages)
    page.context.close()
    floor.context.close()
    opens = [lambda: opened(bench.browser, bench.address(screen, as_of=bench.unseen()))] * bench.rounds
    yield from _compared(screen, "open", opens, lambda: opened(bench.browser, bench.empty))


def _filtered(screen: Screen, page: Page, floor: Page, place: int, pages: int) -> Iterator[Figure]:
    """Periods dealt out among the pages, since pages share what they keep."""
    own = periods(page)[place::pages]
    if len(own) < 2:
        say(f"{screen.id}: no filter bar")
        return
    choose_period(page, own[0])  # the first finished period may be another kind of question
    steps = [lambda label=label: choose_period(page, label) for label in own[1:]]
    yield from _compared(screen, "filter", steps, lambda: rerun(floor))


def _compared(
    screen: Screen, what: str, steps: Sequence[Callable[[], float]], floor: Callable[[], float]
) -> Iterator[Figure]:
    """Each step with the empty app in the same round, in turns first and second."""
    ours: list[float] = []
    empty: list[float] = []
    for number, step in enumerate(steps):
        for side in in_turns(["ours", "empty"], number):
            (ours if side == "ours" else empty).append(step() if side == "ours" else floor())
    yield from summed_up(f"pages.{screen.id}.{what}", ours, empty, AIMS[what])


def summed_up(name: str, ours: list[float], empty: list[float], aim: Aim) -> Iterator[Figure]:
    """Medians and ratios of times to the last change."""
    yield Figure(f"{name}.ours", median(ours) + QUIET, "ms")
    yield Figure(f"{name}.empty", median(empty) + QUIET, "ms")
    yield Figure(f"{name}.ratio_changes", ratio(ours, empty), "×")
    yield Figure(f"{name}.ratio", ratio([t + QUIET for t in ours], [t + QUIET for t in empty]), "×", aim)


if __name__ == "__main__":
    sys.exit(main())
