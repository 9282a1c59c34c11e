"""Who is named as needing attention, and the reason given, by hand."""

from __future__ import annotations

from decimal import Decimal

from tests.ui.conftest import making
from ui.attention import attention
from ui.desk import Desk
from ui.question import Scope


def test_after_the_period_those_who_fell_short_are_named_largest_first(small_desk: Desk):
    """Bob sold 30 of 500, ann 670 of 1,000; cat passed her 800."""
    found = attention(making(small_desk, "FY2026-Q1"))
    assert (found.behind, found.carrying) == (2, 3)
    assert [(row.key, row.behind) for row in found.rows] == [("bob", Decimal(470)), ("ann", Decimal(330))]
    assert [row.headline for row in found.rows] == ["$470 short of quota", "$330 short of quota"]
    assert found.rows[0].reason.startswith("Ended at 6.0% of quota.")


def test_while_it_runs_nothing_sold_is_the_reason(small_desk: Desk):
    """On 15 May ann has sold nothing of 1,000; bob 300 of 600."""
    found = attention(making(small_desk, "FY2026-Q2"))
    assert found.carrying == 2
    first = found.rows[0]
    assert first.key == "ann"
    assert first.headline.endswith("behind pace")
    assert first.reason == "No sales in this period yet, on a quota of $1K."
    assert Decimal(0) < first.behind <= Decimal(1000)


def test_a_manager_is_told_of_their_own_people_only(small_desk: Desk):
    """Bob moved to max on 1 April: in the second quarter mia is told of ann alone."""
    found = attention(making(small_desk, "FY2026-Q2", scope=Scope("manager", "mia")))
    assert {row.key for row in found.rows} == {"ann"}
    assert found.carrying == 1


def test_reasons_are_written_in_the_readers_language(small_desk: Desk):
    english, french = (
        attention(making(small_desk, "FY2026-Q1", language=language)).rows[0] for language in ("en", "fr")
    )
    assert english.key == french.key
    assert english.reason != french.reason
    assert english.headline != french.headline
