from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from compensation.plan.reading import plan_of, read
from compensation.what_if.sliders import Kind, Slider, Unit, moved, sliders

EXAMPLES = sorted((Path(__file__).parents[3] / "examples" / "plans").glob("*.toml"))
TEXT = """\
plan = "field"
name = "Field"
valid_from = 2026-01-01
currency = "USD"

[policy]
year_cap = 250000

[measures.bookings]
of = "amount"
[measures.sensors]
of = "units"

[[components]]
id = "commission"  # what everybody looks at
name = "Commission"
pays = "rate"
measure = "bookings"
period = "quarter"
basis = "attainment"
tiers = [ { from = 0, to = 1, rate = 0.05 }, { from = 1, rate = 0.08 } ]  # the accelerator
caps = { period = 20000 }

[[components]]
id = "own"
name = "Own rate"
pays = "rate"
measure = "bookings"
period = "month"
rate = "payee"

[[components]]
id = "bonus"
name = "Bonus"
pays = "target"
measure = "bookings"
period = "quarter"
weight = 1
curve = [[0, 0], [0.7, 0], [0.7, 0.4], [1, 1], [1.5, 2]]

[[components]]
id = "sensors"
name = "Sensors"
pays = "per_unit"
measure = "sensors"
period = "month"
rate = 12.5
"""


def found(text: str = TEXT) -> dict[str, Slider]:
    return {slider.path: slider for slider in sliders(plan_of(text))}


def test_every_number_somebody_would_move_has_a_slider() -> None:
    assert {(slider.path, slider.kind, slider.unit) for slider in found().values()} == {
        ("components.commission.tiers.0.rate", Kind.RATE, Unit.SHARE),
        ("components.commission.tiers.1.rate", Kind.ACCELERATOR, Unit.SHARE),
        ("components.commission.tiers.1.from", Kind.ACCELERATOR, Unit.SHARE),
        ("components.commission.caps.period", Kind.CAP, Unit.MONEY),
        ("components.own.times", Kind.RATE, Unit.FACTOR),
        ("components.bonus.curve.1.0", Kind.THRESHOLD, Unit.SHARE),
        ("components.bonus.curve.4.1", Kind.ACCELERATOR, Unit.SHARE),
        ("components.sensors.rate", Kind.RATE, Unit.MONEY),
        ("policy.year_cap", Kind.CAP, Unit.MONEY),
    }


def test_a_slider_says_where_it_stands_and_how_far_it_goes() -> None:
    cap = found()["components.commission.caps.period"]
    assert (cap.value, cap.low, cap.high) == (20_000, 2000, 60_000)
    edge = found()["components.commission.tiers.1.from"]
    assert edge.low < edge.value == 1 < edge.high
    threshold = found()["components.bonus.curve.1.0"]
    assert (threshold.low, threshold.value, threshold.high) == (
        Fraction("0.01"),
        Fraction("0.7"),
        Fraction("0.99"),
    )


def test_moving_a_slider_changes_its_number_and_keeps_the_remarks() -> None:
    text = moved(TEXT, found()["components.commission.tiers.1.rate"], Decimal("0.1"))
    assert plan_of(text).components[0].tiers[1].rate == Fraction(1, 10)
    assert "# what everybody looks at" in text
    assert "# the accelerator" in text
    assert found(text).keys() == found().keys()


def test_an_edge_moves_with_the_end_of_the_tier_before_it() -> None:
    text = moved(TEXT, found()["components.commission.tiers.1.from"], Decimal("0.9"))
    before, after = plan_of(text).components[0].tiers
    assert before.end == after.start == Fraction(9, 10)


def test_a_cliff_moves_as_a_whole() -> None:
    text = moved(TEXT, found()["components.bonus.curve.1.0"], Fraction("0.8"))
    curve = plan_of(text).components[2].curve
    assert curve is not None
    assert [point.at for point in curve.points] == [0, Fraction("0.8"), Fraction("0.8"), 1, Fraction("1.5")]


def test_a_factor_that_was_not_written_is_added() -> None:
    text = moved(TEXT, found()["components.own.times"], Decimal("1.1"))
    assert plan_of(text).components[1].times == Fraction(11, 10)


@pytest.mark.parametrize("value", [Fraction(-1), Fraction(1000)])
def test_a_value_out_of_range_is_refused(value) -> None:
    with pytest.raises(ValueError, match="moves between 0 and"):
        moved(TEXT, found()["components.commission.tiers.1.rate"], value)


def test_a_number_that_does_not_end_is_refused() -> None:
    with pytest.raises(ValueError, match="decimals that end"):
        moved(TEXT, found()["components.commission.tiers.1.rate"], Fraction(1, 30))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_slider_of_the_example_plans_moves_to_both_its_ends(path) -> None:
    text = path.read_text(encoding="utf-8")
    plan = plan_of(text)
    assert sliders(plan)
    for slider in sliders(plan):
        for value in (slider.low, slider.high, slider.value):
            changed, problems = read(moved(text, slider, value))
            assert changed is not None, (slider.path, value, problems)
            now = {again.path: again.value for again in sliders(changed)}
            # At the very end of a range a number may turn into none, such as a threshold of 0.
            assert now.get(slider.path, value) == value
