from __future__ import annotations

import pytest

from compensation.problems import problem
from ui import told


@pytest.mark.parametrize(
    ("code", "detail", "french"),
    [
        ("bad_value", "a number", "un nombre"),
        ("missing_field", "a rate, or tiers", "un taux (rate) ou des paliers (tiers)"),
        ("needs_other", "a curve", "une courbe (curve)"),
        ("no_use", "beside payee", "à côté de payee"),
        ("assignment_role", "rep", "(rep)"),  # a role of the plan, not a word of ours
    ],
)
def test_what_to_write_instead_is_translated_and_names_are_not(code: str, detail: str, french: str):
    found = problem(code, file="plan.toml", line=3, field="rate", value="x", detail=detail)
    assert french in told.problem(found, "fr")
    assert detail in told.problem(found, "en")


def test_a_field_nobody_gave_is_a_dash():
    assert told.problem(problem("month_not_closed"), "fr").startswith("— n’est pas encore clôturé")
