"""What a plan's text says of who can earn what; and rates of exchange at month ends."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from metrics.base import asking
from metrics.plan_return.rates import factors, stepped
from metrics.plan_return.terms import marks, openings
from tests.metrics.plan_return.test_cost import view
from warehouse.access import OWNER, Viewer
from warehouse.engine import Session


def test_openings_of_the_paid_company(paid: Session) -> None:
    found = {o.component: o for o in openings(asking(view(paid), paid, OWNER))}
    assert (found["bonus"].role, found["bonus"].team) == ("seller", "Mia's team")
    assert found["bonus"].first == date(2026, 2, 1)
    assert (found["commission"].team, found["commission"].weight) == ("", 0.8)
    assert [name for name, o in found.items() if o.accelerates] == ["accelerator"]
    # Plans without a text, or with one in another form, are open to all.
    assert (found["override"].role, found["x"].role) == ("", "")


def test_a_rep_reads_the_openings_of_their_own_plan(paid: Session) -> None:
    ann = Viewer("ann", frozenset({"rep"}))
    assert {o.plan for o in openings(asking(view(paid), paid, ann))} == {"field"}


def test_marks_are_where_pay_begins_to_rise(paid: Session) -> None:
    assert marks(asking(view(paid), paid, OWNER)) == [1.0]


def test_marks_of_the_demo(demo: Session) -> None:
    from tests.metrics.plan_return.test_other_queries import last_finished

    assert marks(asking(last_finished(demo), demo, OWNER)) == [0.7, 1.0]


def test_every_component_of_the_demo_is_read_from_its_text(demo: Session) -> None:
    from tests.metrics.plan_return.test_other_queries import last_finished

    found = openings(asking(last_finished(demo), demo, OWNER))
    assert all(o.role for o in found)
    assert {o.component for o in found if not o.own} == {"team_bonus"}
    assert {o.component for o in found if o.accelerates} == {"accelerator"}
    assert len({o.team for o in found if o.component == "bundle_bonus" and o.plan == "commercial"}) > 3


def rate(on: str, one: str, other: str, value: float) -> dict[str, Any]:
    return {"date": date.fromisoformat(on), "from_currency": one, "to_currency": other, "rate": value}


RATES = [
    rate("2026-01-01", "EUR", "USD", 1.1),
    rate("2026-03-01", "EUR", "USD", 1.2),
    rate("2026-01-01", "usd ", "CAD", 1.25),
    rate("2026-01-01", "CHF", "EUR", 1.05),
    rate("2026-02-01", "USD", "EUR", 0.5),
]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2025-12-31", {}),
        # The Canadian dollar by its inverse, the franc through the euro, the euro as given though its inverse is newer.
        ("2026-02-28", {"EUR": 1.1, "CAD": 0.8, "CHF": 1.05 * 1.1}),
        ("2026-03-31", {"EUR": 1.2, "CAD": 0.8, "CHF": 1.05 * 1.2}),
    ],
)
def test_the_last_rate_known_counts(on: str, expected: dict[str, float]) -> None:
    assert factors(stepped(RATES), "USD", date.fromisoformat(on)) == pytest.approx(expected)
