"""The example plans: every case of theirs holds in the calculation everybody is paid by."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from compensation.calculate import calculate
from compensation.files.rows import read_csv, transactions
from compensation.plan.cases import failures, problems_of, run_cases
from compensation.plan.model import Plan
from compensation.plan.reading import plan_of
from compensation.problems import sentences

NAMES = ("overlay-mbo-spif", "quarterly-tiers", "simple-commission", "year-to-date")


def example(project: Path, name: str) -> Plan:
    return plan_of(
        (project / "examples" / "plans" / f"{name}.toml").read_text(encoding="utf-8"), f"{name}.toml"
    )


def cases() -> list[tuple[str, str]]:
    folder = Path(__file__).resolve().parents[3] / "examples" / "plans"
    return [(name, case.name) for name in NAMES for case in example(folder.parents[1], name).cases]


def test_no_example_is_left_out(project: Path):
    assert sorted(path.stem for path in (project / "examples" / "plans").glob("*.toml")) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_an_example_carries_at_least_four_cases_each_with_its_arithmetic(project: Path, name: str):
    text = (project / "examples" / "plans" / f"{name}.toml").read_text(encoding="utf-8")
    written = re.split(r"^\[\[cases\]\]$", text, flags=re.MULTILINE)[1:]
    assert len(written) >= 4
    assert [case for case in written if not re.search(r"^# .*\d", case, flags=re.MULTILINE)] == []


@pytest.mark.parametrize(("name", "case"), cases())
def test_a_case_pays_what_was_computed_by_hand(project: Path, name: str, case: str):
    (result,) = [each for each in run_cases(example(project, name), calculate) if each.case.name == case]
    assert result.passed, sentences(problems_of(result))


@pytest.mark.parametrize("name", NAMES)
def test_a_cent_more_is_noticed_in_every_case(project: Path, name: str):
    found = example(project, name)
    for case in found.cases:
        for expected in case.expect:
            expected["amount"] += 1  # type: ignore[index,operator]
    assert len(failures(found, calculate)) == sum(len(case.expect) for case in found.cases)


def test_the_file_of_transactions_can_be_read(project: Path):
    text = (project / "examples" / "plans" / "transactions.csv").read_text(encoding="utf-8")
    rows, wrong = read_csv(text)
    table, more = transactions(rows, "transactions.csv", "USD")
    assert ([*wrong, *more], table.num_rows) == ([], 5)
