from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from charts.base import Style
from compensation.plan.reading import read
from compensation.what_if.sliders import sliders
from ui import plan_compare, plan_designer, plan_words
from workflows.plan_stakes import Typical

PLANS = sorted((Path(__file__).parents[2] / "examples" / "plans").glob("*.toml"))
STYLE = Style("en", "USD")
SIMPLE = """plan = "field"
name = "Field"
version = 2
valid_from = 2024-02-01
currency = "USD"
roles = ["account_executive"]

[policy]
first_month = 2

[measures.bookings]
of = "amount"

[[components]]
id = "commission"
name = "Commission"
pays = "rate"
measure = "bookings"
period = "quarter"
weight = 1
basis = "attainment"
rate = 0.05
tiers = [{ from = 0, rate = 1 }, { from = 1, rate = 2 }]  # an accelerator

[[cases]]
name = "below quota"
payee = { quotas = { bookings = 400000 }, hired = 2020-02-29 }
deals = [{ date = 2024-02-29, amount = 10000 }]
pays = [{ component = "commission", period = 2024-02-29, amount = 500 }]

[[cases]]
name = "all of it"
payee = { quotas = { bookings = 400000 } }
deals = [{ date = 2024-03-01, amount = 100000 }]
total = 5000
"""
MIDDLE = Typical(Fraction(400_000), Fraction(40_000), Fraction(1, 20), "USD", 12)


def test_a_text_is_examined_with_its_cases():
    found = plan_designer.examined(SIMPLE)
    assert found.ready
    assert len(found.cases) == 2


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_every_example_holds_as_its_own_next_version(path: Path):
    text = path.read_text()
    first = plan_designer.examined(text)
    assert first.plan is not None
    start = date(first.plan.valid_from.year + 3, first.plan.valid_from.month, first.plan.valid_from.day)
    found = plan_designer.examined(plan_designer.next_version(text, first.plan.version + 1, start))
    assert found.plan is not None
    assert (found.plan.version, found.plan.valid_from) == (first.plan.version + 1, start)
    assert found.failed == ()


def test_the_cases_move_by_whole_years_and_remarks_stay():
    text = plan_designer.next_version(SIMPLE, 3, date(2026, 8, 1))
    assert "date = 2027-02-28" in text  # 29 February
    assert "date = 2027-03-01" in text
    assert "# an accelerator" in text
    assert plan_designer.examined(text).ready


def test_a_text_that_is_the_next_version_already_is_left_alone():
    assert plan_designer.next_version(SIMPLE, 2, date(2026, 8, 1)) == SIMPLE


def test_a_slider_changes_its_number_in_the_text_and_nothing_else():
    plan, _ = read(SIMPLE)
    assert plan is not None
    knob = next(each for each in plan_designer.knobs(plan, plan) if each.slider.path.endswith("tiers.1.rate"))
    text = plan_designer.turned(SIMPLE, knob, 2.5)
    wanted = SIMPLE.replace("from = 1, rate = 2 }", "from = 1, rate = 2.5 }")
    assert "".join(text.split()) == "".join(wanted.split())
    assert "tier 2" in plan_designer.place_of(knob.slider)


def test_shares_are_shown_as_per_cent():
    plan, _ = read(SIMPLE)
    assert plan is not None
    knob = next(each for each in plan_designer.knobs(plan, plan) if each.slider.path.endswith("tiers.1.from"))
    assert knob.value == 100
    assert "from = 1.2," in plan_designer.turned(SIMPLE, knob, 120.0)


def test_a_slider_keeps_its_range_after_it_was_moved():
    plan, _ = read(SIMPLE)
    assert plan is not None
    knob = plan_designer.knobs(plan, plan)[-1]
    after, _ = read(plan_designer.turned(SIMPLE, knob, knob.value / 2))
    assert after is not None
    again = plan_designer.knobs(after, plan)[-1]
    assert (again.low, again.high) == (knob.low, knob.high)
    assert sliders(after)[-1].high != sliders(plan)[-1].high


def test_cases_take_over_what_the_plan_pays_now():
    text = SIMPLE.replace("rate = 0.05", "rate = 0.06")
    found = plan_designer.examined(text)
    assert len(found.failed) == 2
    taken = plan_designer.accepted(text, found)
    assert "amount = 600 }]" in taken
    assert "total = 6000" in taken
    assert plan_designer.examined(taken).ready


def test_a_broken_text_names_line_and_field():
    found = plan_designer.examined(SIMPLE.replace("rate = 0.05", "rate = -0.05\nfoo = 1"))
    assert not found.ready
    assert {dict(problem.fields).get("line") for problem in found.problems} == {"22", "23"}


def test_what_is_in_force_comes_before_older_versions():
    new, _ = read(SIMPLE)
    old, _ = read(SIMPLE.replace("version = 2", "version = 1").replace("2024-02-01", "2023-02-01"))
    assert new is not None
    assert old is not None
    found = plan_designer.sources([old, new], [], date(2026, 1, 1))
    assert [each.id for each in found] == ["field.2", "field.1"]
    assert "in force" in found[0].label
    assert "in force" not in found[1].label


def test_curves_put_the_component_that_changes_first_and_say_what_it_pays_at_quota():
    now, _ = read(SIMPLE)
    draft, _ = read(SIMPLE.replace("rate = 0.05", "rate = 0.06"))
    assert now is not None
    assert draft is not None
    pair = plan_compare.pairs(now, draft)[0]
    assert pair.differs
    assert plan_compare.curve_says(pair, MIDDLE, STYLE) == "Commission: at 100% of quota $6K instead of $5K"
    chart = plan_compare.curve(pair, MIDDLE, STYLE, "USD")
    assert not chart.empty
    assert "Draft: $18K at 200.0%." in chart.alt  # 6,000 below quota, twice the rate above it


def test_what_differs_above_quota_alone_is_told_there():
    now, _ = read(SIMPLE)
    draft, _ = read(SIMPLE.replace("from = 1, rate = 2 }", "from = 1, rate = 3 }"))
    assert now is not None
    assert draft is not None
    told = plan_compare.curve_says(plan_compare.pairs(now, draft)[0], MIDDLE, STYLE)
    assert told == "Commission: at 150% of quota $12.5K instead of $10K"


def test_names_made_for_files_are_written_for_people():
    plan, _ = read(SIMPLE)
    assert plan is not None
    from compensation.plan.words import plan_says

    told = " ".join(plan_words.sentence(each, "en") for each in plan_says(plan))
    assert "account executive" in told
    assert "_" not in told


def test_the_next_quarter_begins_after_today():
    quarters = [(date(2026, 5, 1), date(2026, 8, 1)), (date(2026, 8, 1), date(2026, 11, 1))]
    assert plan_designer.next_start(quarters, date(2026, 6, 17)) == date(2026, 8, 1)
    assert plan_designer.next_start(quarters, date(2026, 12, 31)) == date(2027, 1, 1)
