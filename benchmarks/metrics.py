"""The metric layer against SQL written by hand, and against pandas, at a million opportunities.

Usage: ``python -m benchmarks.metrics [--opportunities N] [--rounds N]``

Every question is first answered on both sides and compared, to the cent; then both are run in turns.
``peak SIDE STORE`` is what this module runs of itself to see how much memory a side needs.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import process_time

from benchmarks.figures import Figure, at_most, less_than, say, show
from benchmarks.measuring import apart, interleaved, peak_mb, ratio, seconds
from benchmarks.places import demo_store, session_of
from benchmarks.questions import QUESTIONS, Question, by_hand, differences
from metrics import ask as asked
from metrics.linearity import _usual_share
from warehouse.engine import Session

AIM_SQL = at_most(1.10)
AIM_PANDAS = less_than(1.0)
AIM_MEMORY = at_most(0.25)
SIDES = ("ours", "pandas_whole", "pandas_one_question")


class DifferentAnswers(AssertionError):
    """The two sides of a comparison disagree: nothing can be said about their speed."""


def main(arguments: list[str] | None = None) -> int:
    """Measure and print every figure."""
    parser = argparse.ArgumentParser(prog="benchmarks.metrics", description=__doc__)
    parser.add_argument("--opportunities", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=41)
    parser.add_argument(
        "--keep", type=Path, help="folder for the store, instead of the system's temporary one"
    )
    parser.add_argument("--peak", nargs=2, metavar=("SIDE", "STORE"), help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.peak:
        print(json.dumps({"mb": peak(*given.peak)}))
        return 0
    for figure in figures(demo_store(given.opportunities, given.keep), given.rounds):
        show(figure)
    return 0


def figures(root: Path, rounds: int) -> Iterator[Figure]:
    """Every figure of this benchmark, as it is measured."""
    session = session_of(root)
    for question in QUESTIONS:
        yield from compile_figures(question, session)
    for question in QUESTIONS:
        yield from sql_figures(question, session, rounds)
    yield from pandas_figures(session, max(3, rounds // 4))
    yield from memory_figures(root)


def compile_figures(question: Question, session: Session) -> Iterator[Figure]:
    """What the first question of a shape costs more than those after it, in this process."""
    asked._compiled.clear()  # noqa: SLF001 - the state of a new process is what is measured
    _usual_share.cache_clear()
    first = seconds(lambda: question.ask(session))
    again = median(seconds(lambda: question.ask(session)) for _ in range(3))
    yield Figure(f"metrics.{question.name}.compile_once", max(0.0, first - again) * 1e3, "ms")


def sql_figures(question: Question, session: Session, rounds: int) -> Iterator[Figure]:
    """The layer's time over that of the hand-written query, compiled text used again."""
    run, sql = by_hand(session), question.sql(session)
    _agree(question, differences(question, question.ask(session), run(sql)))
    name, works = (
        f"metrics.{question.name}",
        {"ours": lambda: question.ask(session), "hand": lambda: run(sql)},
    )
    times = interleaved(works, rounds)
    for side in works:
        yield Figure(f"{name}.{side}", median(times[side]) * 1e3, "ms")
    yield Figure(f"{name}.ratio_to_sql", ratio(times["ours"], times["hand"]), "×", AIM_SQL)
    # Beside it, what the processors worked: other programs on the machine disturb that less.
    work = interleaved(works, max(1, rounds // 2), warm=False, clock=process_time)
    yield Figure(f"{name}.ratio_to_sql_processor", ratio(work["ours"], work["hand"]), "×")


def pandas_figures(session: Session, rounds: int) -> Iterator[Figure]:
    """The layer's time over that of pandas, whose tables are in memory already."""
    from benchmarks.frames import ANSWERED, answerer, far_apart, frames

    held = frames(session, whole=True)
    for question in (q for q in QUESTIONS if q.name in ANSWERED):
        answer = answerer(question, session, held)
        _agree(question, far_apart(question, question.ask(session), answer()))
        times = interleaved({"ours": lambda q=question: q.ask(session), "pandas": answer}, rounds)  # type: ignore[misc]
        yield Figure(f"metrics.{question.name}.pandas", median(times["pandas"]) * 1e3, "ms")
        share = ratio(times["ours"], times["pandas"])
        yield Figure(f"metrics.{question.name}.ratio_to_pandas", share, "×", AIM_PANDAS)


def memory_figures(root: Path) -> Iterator[Figure]:
    """Peaks of whole processes, libraries and all, that answer attainment by rep and quarter."""
    peaks = {side: apart("benchmarks.metrics", "--peak", side, str(root))["mb"] for side in SIDES}
    for side, value in peaks.items():
        yield Figure(f"metrics.peak_memory.{side}", value, "MB")
    yield Figure(
        "metrics.peak_memory.ratio_to_pandas", peaks["ours"] / peaks["pandas_whole"], "×", AIM_MEMORY
    )
    narrow = peaks["ours"] / peaks["pandas_one_question"]
    yield Figure("metrics.peak_memory.ratio_to_pandas_one_question", narrow, "×")


def peak(side: str, root: str) -> float:
    """Answer the first question in this process, and say how much memory that took, in MB."""
    session, question = session_of(Path(root)), QUESTIONS[0]
    if side == "ours":
        question.ask(session)
    else:
        from benchmarks.frames import answerer, frames

        answerer(question, session, frames(session, whole=side == "pandas_whole"))()
    return peak_mb()


def _agree(question: Question, found: list[str]) -> None:
    if found:
        raise DifferentAnswers(f"{question.name} differs on {len(found)} rows, such as {found[0]}")
    say(f"{question.name}: same answer on both sides")


if __name__ == "__main__":
    sys.exit(main())
