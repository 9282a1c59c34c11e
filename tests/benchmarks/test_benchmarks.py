"""Each benchmark at a tiny scale: its figures are well formed, and the answers it compares are the same."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pytest

from benchmarks import metrics, pages
from benchmarks.figures import Figure
from benchmarks.questions import QUERIES, QUESTIONS, by_hand, differences
from scripts.bench import names
from tests.small_demo import small_demo
from tests.support import session_of
from ui.screens import SCREENS

FIELDS = {"name", "value", "unit", "aim", "holds"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_demo(tmp_path_factory)


def lines(figures: Iterable[Figure]) -> dict[str, dict[str, object]]:
    """The printed figures by name, each checked for its form."""
    found = [json.loads(figure.line()) for figure in figures]
    for line in found:
        assert set(line) == FIELDS
        assert isinstance(line["value"], float | int)
        assert line["value"] >= 0
        assert line["unit"] in {"ms", "s", "MB", "rows/s", "×"}
        assert (line["aim"] is None) == (line["holds"] is None)
    assert len({line["name"] for line in found}) == len(found), "a name stands for one figure"
    return {line["name"]: line for line in found}


def test_there_is_a_benchmark_for_each_thing_measured() -> None:
    assert names() == ["imports", "metrics", "pages", "pay", "verdicts", "what_if"]


def test_every_question_has_its_query() -> None:
    assert {path.stem for path in QUERIES.glob("*.sql")} == {question.name for question in QUESTIONS}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_both_sides_answer_a_question_alike(question, store) -> None:
    session = session_of(store)
    found = question.ask(session)
    assert found.num_rows
    assert not differences(question, found, by_hand(session)(question.sql(session)))


def test_an_answer_that_differs_is_found(store) -> None:
    question, session = QUESTIONS[0], session_of(store)
    found = question.ask(session)
    other = by_hand(session)(question.sql(session))
    assert differences(question, found.slice(1), other), "a row is missing"
    wrong = other.set_column(
        other.column_names.index("top"), "top", pa.nulls(other.num_rows, other["top"].type)
    )
    assert differences(question, found, wrong), "money differs"


@pytest.mark.long
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_metrics(store) -> None:
    found = lines(metrics.figures(store, 1))
    aims = {name: line["aim"] for name, line in found.items() if line["aim"]}
    assert {f"metrics.{question.name}.ratio_to_sql" for question in QUESTIONS} <= aims.keys()
    assert aims["metrics.total.ratio_to_sql"] == "≤ 1.10"
    assert aims["metrics.by_rep.ratio_to_pandas"] == "< 1.00"
    assert aims["metrics.peak_memory.ratio_to_pandas"] == "≤ 0.25"
    assert all(f"metrics.{question.name}.compile_once" in found for question in QUESTIONS)


@pytest.mark.long
@pytest.mark.browser
def test_pages(store, chromium) -> None:
    del chromium
    found = lines(pages.figures(store, SCREENS[:1], 1))
    aims = {name: line["aim"] for name, line in found.items() if line["aim"]}
    assert aims == {
        "pages.overview.rerun.ratio": "≤ 1.50",
        "pages.overview.filter.ratio": "≤ 2.00",
        "pages.overview.open.ratio": "≤ 2.00",
    }


def test_every_page_has_somebody_who_may_open_it() -> None:
    assert all(pages.looker(screen) for screen in SCREENS)
