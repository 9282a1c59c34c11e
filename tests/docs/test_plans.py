"""The pages about plans: what they say is what plans can say, and what the calculation pays."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from compensation.calculate import calculate
from compensation.files.rows import COLUMNS
from compensation.plan.cases import failures, ordered
from compensation.plan.model import Plan
from compensation.plan.reading import plan_of
from compensation.plan.words import component_says, plan_says, sentence
from compensation.problems import sentences
from compensation.run import Run
from tests.compensation.plan.texts import FULL

PAGES = ("overlay-mbo-spif", "quarterly-tiers", "simple-commission", "year-to-date")


@pytest.fixture(scope="module")
def reference(project: Path) -> str:
    return (project / "docs" / "plans.md").read_text(encoding="utf-8")


def keys(value: Any) -> Iterator[str]:
    """Every key of a text that the format gives a meaning; names somebody chose are left out."""
    chosen = {"measures", "credit_rules", "where", "rollout", "quotas", "deals"}
    for key, each in value.items() if isinstance(value, dict) else ():
        yield key
        inside = each.values() if key in chosen and isinstance(each, dict) else [each]
        for one in inside if key not in ("where", "rollout", "quotas", "deals") else ():
            yield from keys(one)
    for each in value if isinstance(value, list) else ():
        yield from keys(each)


def test_every_key_is_explained(reference: str):
    missing = sorted(
        key for key in set(keys(tomllib.loads(FULL))) if not re.search(rf"[`\[ {{.]{key}\b", reference)
    )
    assert missing == []


def test_every_column_of_a_file_is_explained(reference: str):
    table = reference[reference.index("## Transactions in a plain file") :]
    assert [name for name in COLUMNS if f"`{name}`" not in table] == []


def test_the_plan_of_the_page_can_be_read_and_its_case_holds(reference: str):
    (text,) = re.findall(r"```toml\n(plan = .*?)```", reference, flags=re.DOTALL)
    assert sentences(failures(plan_of(text), calculate)) == ""


def test_the_four_readings_pay_what_the_page_says(reference: str):
    marginal, whole, interpolated = 1200, 1800, 1200
    assert f"100 + 800 + 300 = {marginal:,}" in reference
    assert f"60,000 × 3 % = {whole:,}" in reference
    head = 'plan = "p"\nvalid_from = 2026-01-01\n[measures.m]\n'
    rates = "[{ from = 0, rate = 0.01 }, { from = 10000, rate = 0.02 }, { from = 50000, to = 100000, rate = 0.03 }]"
    amounts = "[{ from = 0, amount = 100 }, { from = 10000, amount = 800 }, { from = 50000, to = 100000, amount = 1500 }]"
    for reading, tiers, pays in (
        ("marginal", rates, marginal), ("whole", rates, whole), ("interpolated", amounts, interpolated),
        ("unsplit", rates, whole),
    ):  # fmt: skip
        component = f'[[components]]\nid = "c"\npays = "rate"\nmeasure = "m"\nreading = "{reading}"\ntiers = {tiers}\n'
        case = f'[[cases]]\nname = "{reading}"\ndeals = [{{ date = 2026-01-05, amount = 60000 }}]\ntotal = {pays}\n'
        assert sentences(failures(plan_of(head + component + case), calculate)) == ""


# The worked pages --------------------------------------------------------------------------------


def page(project: Path, name: str) -> str:
    return (project / "docs" / "plans" / f"{name}.md").read_text(encoding="utf-8")


def example(project: Path, name: str) -> Plan:
    return plan_of((project / "examples" / "plans" / f"{name}.toml").read_text(encoding="utf-8"))


def worked(text: str) -> Iterator[tuple[str, str]]:
    """Name of the case and text of every part of a page that follows one."""
    for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        names = re.findall(r"The case “(.+?)”", part)
        assert len(names) == 1, part[:60]
        yield names[0], part


def run_of(plan: Plan, name: str) -> Run:
    (case,) = [case for case in plan.cases if case.name == name]
    order, inputs, problems = ordered(plan, case)
    assert problems == []
    return calculate(order, inputs)


def amount(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def rows(table: pa.Table, columns: list[str]) -> list[tuple[Any, ...]]:
    return list(zip(*(table[name].to_pylist() for name in columns), strict=True))


def parts_said(part: str) -> list[tuple[Any, ...]]:
    """Rows of the tables of transactions: day, who, credited, running total before and after, earned."""
    found = re.findall(
        r"^\| (\d{4}-\d\d-\d\d) \| (\w+) \| (\S+) \| (\S+) → (\S+) \| (\S+) \|$", part, re.MULTILINE
    )
    return [(date.fromisoformat(day), who, *map(amount, numbers)) for day, who, *numbers in found]


def lines_said(part: str) -> list[tuple[Any, ...]]:
    """Rows of the tables of payouts: month paid with, component, kind, amount."""
    found = re.findall(r"^\| (\d{4}-\d\d) \| (\w+) \| (\w+) \| (\S+) \|$", part, re.MULTILINE)
    return [
        (date.fromisoformat(f"{month}-01"), component, kind, amount(paid))
        for month, component, kind, paid in found
    ]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_what_the_plan_says(project: Path, name: str):
    plan = example(project, name)
    said = {sentence(each) for each in plan_says(plan)}
    said |= {sentence(each) for component in plan.components for each in component_says(plan, component)}
    bullets = re.findall(r"^- (.+)$", page(project, name), re.MULTILINE)
    assert len(bullets) >= 5
    assert [bullet for bullet in bullets if bullet not in said] == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_pays_what_the_calculation_pays(project: Path, name: str):
    plan = example(project, name)
    seen = 0
    for case, part in worked(page(project, name)):
        run = run_of(plan, case)
        parts = rows(run.trace, ["date", "credited_rep", "credited", "before", "after", "earned"])
        lines = rows(run.lines, ["pay_start", "component_id", "kind", "amount"])
        assert [said for said in parts_said(part) if said not in parts] == []
        assert [said for said in lines_said(part) if said not in lines] == []
        seen += len(lines_said(part))
    assert seen >= 3


def test_every_case_of_an_example_that_a_page_names_is_there(project: Path):
    for name in PAGES:
        assert {case for case, _ in worked(page(project, name))} <= {
            case.name for case in example(project, name).cases
        }


def test_the_index_and_the_reference_link_every_page(project: Path, reference: str):
    assert "(plans.md)" in (project / "docs" / "index.md").read_text(encoding="utf-8")
    assert [name for name in PAGES if f"(plans/{name}.md)" not in reference] == []
