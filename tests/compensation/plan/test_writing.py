from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compensation.plan.model import Plan
from compensation.plan.reading import read
from compensation.plan.section import exact_share
from compensation.plan.writing import NoSuchPlace, changed, number, write
from tests.compensation.plan.texts import FULL, plan

REMARKED = """\
# our plan
plan = "p"  # its id
valid_from = 2026-01-01

[measures.bookings]  # all of it

[[components]]
id = "c"
pays = "rate"
measure = "bookings"
rate = 0.1     # ten per cent
caps = { deal = 5, year = 7 }  # two caps

[[components]]
id = "d"
pays = "rate"
measure = "bookings"
tiers = [
    { from = 0, rate = 0.01 },  # low
    { from = 10, rate = 0.02 }, # high
]
"""


def said(of: Plan) -> Plan:
    """A plan without where in the text things stand."""
    return replace(of, text="", cases=tuple(replace(case, line=0) for case in of.cases))


def test_what_was_written_reads_back_as_the_same_plan():
    again = plan(write(plan()))
    assert said(again) == said(plan())


@pytest.mark.parametrize("name", ["simple-commission", "quarterly-tiers", "year-to-date", "overlay-mbo-spif"])
def test_so_do_the_examples(project: Path, name: str):
    text = (project / "examples" / "plans" / f"{name}.toml").read_text(encoding="utf-8")
    assert said(plan(write(plan(text)))) == said(plan(text))


def test_writing_again_changes_nothing():
    once = write(plan())
    assert write(plan(once)) == once


def test_defaults_are_left_out():
    text = write(plan(REMARKED))
    assert "reading" not in text
    assert "version = 1" in text
    assert "credit_rules" not in text


@given(st.fractions(min_value=0, max_value=1000, max_denominator=10**6))
def test_every_share_is_written_exactly(share: Fraction):
    written = number(share)
    value = written if isinstance(written, (int, str)) else Decimal(written.as_string())
    assert exact_share(value) == share


def test_one_value_changes_and_the_rest_stays_as_written():
    assert changed(REMARKED, "components.c.rate", Fraction(12, 100)) == REMARKED.replace(
        "0.1     #", "0.12     #"
    )
    assert changed(REMARKED, "components.1.tiers.1.rate", Decimal("0.03")) == REMARKED.replace("0.02", "0.03")
    assert changed(REMARKED, ["components", 0, "caps", "year"], 8) == REMARKED.replace("year = 7", "year = 8")
    assert changed(REMARKED, "plan", "q") == REMARKED.replace('"p"', '"q"')


def test_a_value_may_be_added_or_taken_out():
    without = changed(REMARKED, "components.c.caps", None)
    assert read(without)[0] == replace(plan(without), text=without)
    assert plan(without).components[0].caps.deal is None
    assert "# ten per cent" in without
    added = changed(REMARKED, "components.d.edge", "lower")
    assert plan(added).components[1].edge == "lower"
    assert "# high" in added


def test_whole_tables_and_lists_can_be_set():
    text = changed(REMARKED, "policy", {"first_month": 2})
    assert plan(text).policy.first_month == 2
    text = changed(text, "components.d.caps", {"deal": Decimal("12.50")})
    assert plan(text).components[1].caps.deal == Decimal("12.5")
    tiers = [{"from": Fraction(0), "rate": Fraction(1, 3)}]
    assert plan(changed(text, "components.d.tiers", tiers)).components[1].tiers[0].rate == Fraction(1, 3)


def test_the_full_plan_can_be_changed_everywhere():
    text = changed(FULL, "components.bonus.curve.0.1", Fraction(1, 2))
    text = changed(text, "components.bonus.modifiers.0.times", Fraction(1, 4))
    text = changed(text, "assignments.ana.quotas.bookings", 5)
    text = changed(text, "cases.first.total", 1)
    found = plan(text)
    assert found.components[1].curve is not None
    assert found.components[1].curve.points[0].pays == Fraction(1, 2)
    assert found.components[1].modifiers[0].times == Fraction(1, 4)
    assert found.assignments[0].quotas["bookings"] == 5


@pytest.mark.parametrize(
    "path",
    [
        "components.x.rate",
        "components.7.rate",
        "components.c.caps.period",
        "plan.id",
        "draw.amount",
        "components.c.x.y",
    ],
)
def test_a_way_that_leads_nowhere_is_named(path: str):
    with pytest.raises(NoSuchPlace, match="There is no"):
        changed(REMARKED, path, None)
