"""Parts: cut by month, sorted, shared as long as their rows are the same."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.warehouse.build.conftest import AS_OF, Built, Company
from warehouse.build import parts as parts_module
from warehouse.build.order import concerned
from warehouse.settings import MeasureSetting, Settings
from warehouse.tables import TABLES


def deals(company: Company, *amounts: str) -> Company:
    """One won deal a month from January 2026 on, and an open one."""
    company.reps("A").add(
        "opportunities",
        *(
            {"opportunity_id": f"o{n}", "owner_id": "A", "amount": a, "close_on": date(2026, n, 5)}
            for n, a in enumerate(amounts, start=1)
        ),
        {"opportunity_id": "p", "owner_id": "A", "amount": "7", "is_closed": False, "is_won": False},
    )
    return company


@pytest.fixture
def cut_always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut tables however small they are."""
    monkeypatch.setattr(parts_module, "CUT_ABOVE", 0)


def by_cut(built: Built, table: str) -> dict[str, str]:
    return {part.cut: part.path for part in built.parts(table)}


def test_parts_hold_the_published_columns_sorted_by_key(company: Company):
    company.reps("C", "A", "B")
    [part] = company.build().parts("reps")
    rows = pq.read_table(company.root / part.path)
    assert rows.schema.names == TABLES["reps"].arrow.names
    assert rows["rep_id"].to_pylist() == ["A", "B", "C"]
    assert (part.rows, part.cut) == (3, "")


def test_every_table_has_the_declared_types(company: Company):
    """Also tables no test fills: what is written matches the schema the readers expect."""
    company.settings = Settings()
    deals(company, "1").add(
        "quotas",
        {
            "quota_id": "q",
            "rep_id": "A",
            "amount": "1",
            "period_start": date(2026, 1, 1),
            "period_end": date(2026, 4, 1),
        },
    )
    company.add("assignments", {"rep_id": "A"}).add(
        "opportunity_lines", {"line_id": "l", "opportunity_id": "o1", "amount": "1"}
    )
    company.add(
        "opportunity_changes",
        {"change_id": "c", "opportunity_id": "o1", "field": "amount", "changed_on": AS_OF},
    )
    company.add("activities", {"activity_id": "a", "rep_id": "A", "started_on": AS_OF})
    built = company.build()
    for table, found in built.draft.tables.items():
        schema = pq.read_schema(company.root / found[0].path)
        assert [(f.name, f.type) for f in schema] == [(f.name, f.type) for f in TABLES[table].arrow], table


def test_large_tables_are_cut_by_month_and_open_deals_apart(company: Company, cut_always: None):
    built = deals(company, "1", "2", "3").build()
    assert set(by_cut(built, "opportunities")) == {"2026-01", "2026-02", "2026-03", "open"}
    assert set(by_cut(built, "credits")) == {"2026-01", "2026-02", "2026-03"}
    assert sum(part.rows for part in built.parts("opportunities")) == 4


def test_the_same_rows_loaded_again_write_nothing(company: Company, cut_always: None):
    before = deals(company, "1", "2").build()
    files = {path: path.stat().st_mtime_ns for path in company.root.glob("parts/*/*")}
    again = company.build()
    assert again.draft.tables == before.draft.tables
    assert {path: path.stat().st_mtime_ns for path in company.root.glob("parts/*/*")} == files
    loads = {row["load_id"] for row in again.rows("opportunities")}
    assert loads == {row["load_id"] for row in before.rows("opportunities")}


def test_a_changed_row_changes_its_month_only(company: Company, cut_always: None):
    before = deals(company, "1", "2", "3").build()
    company.sources["files:test"]["opportunities"][1]["amount"] = "20"
    after = company.build()
    for table in ("opportunities", "credits"):
        old, new = by_cut(before, table), by_cut(after, table)
        assert {cut for cut in new if new[cut] != old[cut]} == {"2026-02"}


def test_the_order_of_rows_does_not_matter(company: Company, fresh: Any):
    one = deals(company, "1", "2").build()
    other = deals(fresh(), "1", "2")
    other.sources["files:test"]["opportunities"].reverse()
    assert [p.digest for p in one.parts("opportunities")] == [
        p.digest for p in other.build().parts("opportunities")
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"name": "a", "next_step": None}, {"name": None, "next_step": "a"}),
        ({"name": "a b", "loss_reason": "c"}, {"name": "a", "loss_reason": "b c"}),
        ({"name": ""}, {"name": None}),
        ({"probability": 0.1}, {"probability": 0.1000001}),
        ({"is_deleted": False}, {"is_deleted": True}),
    ],
)
def test_rows_that_differ_have_different_digests(fresh: Any, one: dict[str, Any], other: dict[str, Any]):
    digests = set()
    for more in (one, other):
        company = fresh().reps("A")
        company.add("opportunities", {"opportunity_id": "o", "owner_id": "A", "amount": "1"} | more)
        digests.add(company.build().parts("opportunities")[0].digest)
    assert len(digests) == 2


def test_only_the_tables_concerned_are_built(company: Company):
    deals(company, "1").add(
        "quotas",
        {
            "quota_id": "q",
            "rep_id": "A",
            "amount": "90",
            "period_start": date(2026, 1, 1),
            "period_end": date(2026, 4, 1),
        },
    )
    company.add("opportunities", {"opportunity_id": "bad", "owner_id": "X", "amount": "1"})
    before = company.build()
    rows = company.sources["files:test"]
    rows["quotas"][0]["amount"] = "300"
    rows["opportunities"][0]["amount"] = "1000"  # not named, so not looked at
    after = company.build(only={"quotas"})
    changed = {t for t in after.draft.tables if after.parts(t) != before.parts(t)}
    assert changed == {"quotas", "quota_months"}
    assert sum(after.column("quota_months", "amount_reporting")) == 300
    assert after.issues == before.issues  # those of the tables that were not built stay
    assert company.build().parts("credits") != before.parts("credits")


def test_other_settings_build_everything_whatever_is_named(company: Company):
    deals(company, "1").build()
    company.settings = Settings(fiscal_start_month=7)
    built = company.build(only={"plans"})
    assert "FY2026-Q3" in built.column("days", "quarter")
    assert built.column("days", "year")[0] == "FY2025"


def test_what_follows_from_what():
    assert concerned({"quotas"}) == {"quotas", "quota_months", "days", "measures"}
    assert {"credits", "opportunity_changes", "opportunity_lines", "opportunity_splits"} < concerned(
        {"opportunities"}
    )
    assert "visibility" in concerned({"assignments"})
    assert concerned(None) >= set(TABLES)


def test_a_store_may_lie_in_a_folder_of_any_name(tmp_path: Path, cut_always: None):
    """Brackets and stars are no patterns, "year=1999" is no column, and quotes are only quotes."""
    root = tmp_path / "it's [x]*" / "year=1999" / "store"
    root.parent.mkdir(parents=True)
    company = deals(Company(root), "1", "2")
    company.settings = Settings(measures={"rep's": MeasureSetting(default=True)}, ramps={"new 'un": ()})
    before = company.build()
    assert len(before.rows("opportunities")) == 3
    again = company.build(only={"quotas"})
    assert again.draft.tables == before.draft.tables
    assert again.column("days", "year")[0] == "FY2025"


def test_nothing_of_the_work_is_left_in_the_store(company: Company):
    leftover = company.root / ".build-killed"
    (leftover / "spill").mkdir(parents=True)
    deals(company, "1").build()
    assert not [path for path in company.root.iterdir() if path.name.startswith(".build")]
    assert not list(Path(company.root, "parts").glob("*/*.tmp"))
