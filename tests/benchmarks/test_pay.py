"""The pay and what-if benchmarks at a tiny scale: both sides pay the same, and every figure comes out."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from benchmarks import pay, what_if
from compensation.what_if.assumptions import Assumptions
from compensation.what_if.simulate import simulate


def test_every_figure_of_pay_comes_out(tmp_path: Path) -> None:
    folder = pay.files(20, 3000, tmp_path)
    lines = [json.loads(figure.line()) for figure in pay.figures(folder, 3000, 1)]
    assert [(line["name"], line["aim"]) for line in lines] == [
        ("pay.ours", "≤ 60.00"),
        ("pay.duckdb", None),
        ("pay.ratio_to_duckdb", None),
        ("pay.credits_per_second", None),
        ("pay.peak_memory.ours", "≤ 2048.00"),
        ("pay.peak_memory.duckdb", None),
    ]
    assert all(line["value"] > 0 for line in lines)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("pay")
    pay.ours(pay.files(10, 1000, out / "keep"), out)
    return out


def test_every_component_pays_and_every_credit_is_traced(written) -> None:
    connection = duckdb.connect()
    earned = "SELECT component_id, sum(amount) > 0 FROM read_parquet($1) GROUP BY 1"
    found = dict(connection.execute(earned, [str(written / "lines.parquet")]).fetchall())
    assert found == dict.fromkeys(
        ["commission", "accelerator", "bonus", "new_business", "units", "insight"], True
    )
    traced = connection.execute(
        "SELECT count(DISTINCT transaction_id) FROM read_parquet($1)", [str(written / "trace.parquet")]
    ).fetchone()
    assert traced == (1000,)


def test_pay_that_differs_is_found(written, tmp_path) -> None:
    table = pq.read_table(written / "lines.parquet")
    pq.write_table(table.slice(1), tmp_path / "lines.parquet")
    pq.write_table(pq.read_table(written / "trace.parquet"), tmp_path / "trace.parquet")
    with pytest.raises(pay.DifferentPay, match="1 of"):
        pay._compare(written, tmp_path)
    pq.write_table(pq.read_table(written / "trace.parquet").slice(1), tmp_path / "trace.parquet")
    with pytest.raises(pay.DifferentPay, match="Traces have"):
        pay._compare(written, tmp_path)


def test_every_figure_of_what_if_comes_out() -> None:
    lines = [json.loads(figure.line()) for figure in what_if.figures(30, 2000, 1)]
    aims = {line["name"]: line["aim"] for line in lines if line["aim"]}
    assert aims == {
        "what_if.ratio_to_numpy": "≤ 2.00",
        "what_if.ratio_to_numpy_arithmetic": "≤ 2.00",
        "what_if.p95_error": "≤ 1.00",
        "what_if.peak_memory.ours": "≤ 200.00",
        "what_if.peak_memory.two_plans": "≤ 200.00",
    }
    assert all(line["value"] > 0 for line in lines)


def test_a_simulation_that_pays_otherwise_is_found() -> None:
    found, assumptions = what_if.people(10), Assumptions(draws=200)
    lines = what_if.population(found)
    what_if.agree(found, lines, assumptions)
    with pytest.raises(what_if.DifferentAnswers):
        what_if.agree(found, what_if.dearer(lines), assumptions)


def test_a_dearer_draft_costs_more() -> None:
    lines = what_if.population(what_if.people(10))
    found = simulate({"plan": lines, "draft": what_if.dearer(lines)}, Assumptions(draws=200))
    change = found.difference("draft", "plan")
    assert (change > -0.01).all()
    assert change.mean() > 100
