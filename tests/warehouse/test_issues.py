"""Issues: one sentence each, that names the place and says what to do."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import pyarrow as pa
import pytest

from warehouse import issues
from warehouse.issues import TEMPLATES, DataIssue, LoadFailed

FIELDS = {"file", "row", "field", "value", "detail", "table"}


def test_a_sentence_names_file_row_and_field() -> None:
    issue = DataIssue("bad_amount", file="sales.csv", row=7, field="Amount", value="12,x")
    assert issue.sentence == (
        "sales.csv, row 7: Amount is “12,x”, which is not an amount. Correct it and load again."
    )


def test_braces_in_data_stay_what_they_are() -> None:
    issue = DataIssue("bad_amount", file="a.csv", row=1, field="{row}", value="{0}")
    assert "{row} is “{0}”" in issue.sentence


def test_every_template_uses_known_fields_and_ends_as_a_sentence() -> None:
    for code, template in TEMPLATES.items():
        used = {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}
        assert used <= FIELDS, code
        assert template.endswith("."), code


def test_templates_are_sorted_by_code() -> None:
    """Those of this file; connectors add theirs behind them."""
    text = ast.parse(Path(issues.__file__).read_text())
    table = next(node for node in text.body if isinstance(node, ast.AnnAssign))
    codes = [ast.literal_eval(key) for key in table.value.keys]
    assert len(codes) > 10
    assert codes == sorted(codes)


def test_a_long_value_is_cut_and_the_raw_row_is_not() -> None:
    issue = DataIssue("bad_amount", value="9" * 500, raw="r" * 5000)
    assert len(issue.value) == issues.VALUE_LENGTH
    assert len(issue.raw) == 5000


def test_an_unknown_severity_is_refused() -> None:
    with pytest.raises(ValueError, match="fatal"):
        DataIssue("bad_amount", severity="fatal")


def test_issues_survive_the_way_through_a_table() -> None:
    sent = [
        DataIssue("bad_date", "quotas", "q.csv", 3, "From", "31.02.", " (day.month.)", '{"a": 1}'),
        DataIssue("missing_file", file="q.csv", severity="load"),
    ]
    assert issues.from_table(issues.to_table(sent, "files:a")) == sent


def test_a_table_of_issues_is_completed() -> None:
    given = pa.table({"source": ["s"], "code": ["bad_amount"], "value": ["x" * 300]})
    row = issues.conform(given).to_pylist()[0]
    assert row["severity"] == "row"
    assert row["row"] is None
    assert len(row["value"]) == issues.VALUE_LENGTH


def test_a_code_without_a_sentence_is_refused() -> None:
    given = pa.table({"source": ["s"], "code": ["nonsense"]})
    with pytest.raises(ValueError, match="nonsense"):
        issues.conform(given)


def test_a_failed_load_says_all_that_is_wrong() -> None:
    error = LoadFailed([DataIssue("missing_file", file="a.csv"), DataIssue("empty_file", file="b.csv")])
    assert "a.csv is missing" in str(error)
    assert "b.csv holds no rows" in str(error)
