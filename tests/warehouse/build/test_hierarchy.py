"""Circles are broken and named; ``visibility`` is the closure of who reports to whom, over time."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.warehouse.build.conftest import Company
from warehouse.build.hierarchy import ALWAYS, Edge, closing_edges
from warehouse.tables import OPEN_END

START = date(2024, 1, 1)


def edge(rep: str, manager: str, start: int = 0, end: int = 1000, n: int = 0) -> Edge:
    return Edge(START + timedelta(start), n, rep, manager, START + timedelta(end))


def test_a_circle_is_named_in_full_and_loses_the_row_that_closed_it(company: Company):
    company.reps("A", "B", "C").add(
        "assignments",
        {"rep_id": "A", "manager_id": "B", "valid_from": date(2021, 1, 1)},
        {"rep_id": "B", "manager_id": "C", "valid_from": date(2023, 1, 1)},
        {"rep_id": "C", "manager_id": "A", "valid_from": date(2022, 1, 1)},
    )
    built = company.build()
    assert built.column("assignments", "manager_id") == ["B", "unassigned", "A"]
    assert built.found("hierarchy_cycle") == [("assignments.csv", 3, "manager_id", "C")]
    assert "B → C → A → B" in built.issues[0].sentence


def test_a_rep_who_reports_to_themselves_is_a_circle_of_one(company: Company):
    built = company.reps("A").add("assignments", {"rep_id": "A", "manager_id": "A"}).build()
    assert built.column("assignments", "manager_id") == ["unassigned"]
    assert built.issues[0].detail == "A → A"


def test_no_circle_where_the_days_do_not_meet():
    """A over B in spring and B over A in autumn is a promotion, not a circle."""
    assert closing_edges([edge("B", "A", 0, 100), edge("A", "B", 100, 200)]) == []


def test_visibility_by_hand(company: Company):
    """C over B over A; from 2025 A reports to C at once. D was granted A for a month."""
    company.reps("A", "B", "C", "D").add(
        "assignments",
        {"rep_id": "A", "manager_id": "B", "team_id": "x", "valid_to": date(2024, 1, 1)},
        {
            "rep_id": "A",
            "manager_id": "B",
            "team_id": "y",
            "valid_from": date(2024, 1, 1),
            "valid_to": date(2025, 1, 1),
        },
        {"rep_id": "A", "manager_id": "C", "team_id": "y", "valid_from": date(2025, 1, 1)},
        {"rep_id": "B", "manager_id": "C"},
    )
    grants = pa.table(
        {
            "viewer_id": ["D"],
            "rep_id": ["A"],
            "valid_from": [date(2026, 1, 1)],
            "valid_to": [date(2026, 2, 1)],
        }
    )
    built = company.build(grants=grants)
    assert found(built.rows("visibility")) == {
        *(("self", rep, rep, 0, ALWAYS, OPEN_END) for rep in "ABCD"),
        ("reports", "B", "A", 1, date(2020, 1, 1), date(2025, 1, 1)),  # two touching rows are one
        ("reports", "C", "B", 1, date(2020, 1, 1), OPEN_END),
        ("reports", "C", "A", 2, date(2020, 1, 1), date(2025, 1, 1)),
        ("reports", "C", "A", 1, date(2025, 1, 1), OPEN_END),
        ("grant", "D", "A", 0, date(2026, 1, 1), date(2026, 2, 1)),
    }


def test_grants_stay_until_others_are_given(company: Company):
    grants = pa.table(
        {"viewer_id": ["B"], "rep_id": ["A"], "valid_from": [date(2026, 1, 1)], "valid_to": [OPEN_END]}
    )
    granted = ("grant", "B", "A", 0, date(2026, 1, 1), OPEN_END)
    company.reps("A", "B")
    assert granted in found(company.build(grants=grants).rows("visibility"))
    assert granted in found(company.build().rows("visibility"))
    assert granted not in found(company.build(grants=grants.slice(0, 0)).rows("visibility"))


def found(rows: list[dict[str, Any]]) -> set[tuple[Any, ...]]:
    names = ("reason", "viewer_id", "rep_id", "depth", "valid_from", "valid_to")
    return {tuple(row[name] for name in names) for row in rows}


PEOPLE = "ABCDEF"
pieces = st.lists(
    st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE), st.integers(0, 12), st.integers(1, 12)),
    max_size=14,
)


@given(pieces)
def test_what_is_left_after_breaking_circles_has_none(drawn: list[tuple[str, str, int, int]]):
    edges = one_manager_a_day(drawn)
    closing = {e for e, _ in closing_edges(edges)}
    for day in range(25):
        above = managers_on(set(edges) - closing, day)
        assert all(rep not in chain(above, rep)[1:] for rep in PEOPLE)


@given(pieces)
def test_only_edges_of_a_circle_are_broken_and_the_path_is_real(drawn: list[tuple[str, str, int, int]]):
    edges = one_manager_a_day(drawn)
    for closing, path in closing_edges(edges):
        above = managers_on(set(edges), (closing.start - START).days)
        assert path[0] == path[-1] == closing.rep
        assert all(above[rep] == manager for rep, manager in pairwise(path))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces)
def test_visibility_is_the_closure_on_every_day(fresh: Any, drawn: list[tuple[str, str, int, int]]):
    """Against a closure walked in Python, day by day."""
    edges = one_manager_a_day(drawn)
    company = fresh().reps(*PEOPLE)
    company.add(
        "assignments",
        *(
            {"rep_id": e.rep, "manager_id": e.manager, "valid_from": e.start, "valid_to": e.end}
            for e in edges
        ),
    )
    rows = [row for row in company.build().rows("visibility") if row["reason"] == "reports"]
    left = set(edges) - {e for e, _ in closing_edges(edges)}
    for number in range(25):
        day = START + timedelta(number)
        above = managers_on(left, number)
        walked = {
            (boss, rep, depth) for rep in PEOPLE for depth, boss in enumerate(chain(above, rep)) if depth
        }
        seen = [
            (r["viewer_id"], r["rep_id"], r["depth"]) for r in rows if r["valid_from"] <= day < r["valid_to"]
        ]
        assert len(seen) == len(walked)
        assert set(seen) == walked


def one_manager_a_day(drawn: list[tuple[str, str, int, int]]) -> list[Edge]:
    """Edges in order of start, without those that would give a rep two managers at once."""
    edges: list[Edge] = []
    for n, (rep, manager, start, length) in enumerate(sorted(drawn, key=lambda piece: piece[2])):
        new = edge(rep, manager, start, start + length, n)
        if not any(e.rep == rep and e.start < new.end and new.start < e.end for e in edges):
            edges.append(new)
    return edges


def managers_on(edges: set[Edge], day: int) -> dict[str, str]:
    at = START + timedelta(day)
    return {e.rep: e.manager for e in edges if e.start <= at < e.end}


def chain(above: dict[str, str], rep: str) -> list[str]:
    """The rep, then everybody above; stops when somebody comes twice."""
    found = [rep]
    while (boss := above.get(found[-1])) is not None:
        found.append(boss)
        if boss in found[:-1]:
            break
    return found
