"""Landings: typed without loss, complete when sealed, free of personal data, small in memory."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.warehouse.stores import AS_OF, NOW, FakePeople, land, products, publish
from warehouse.issues import DataIssue, LoadFailed
from warehouse.landed import LandingInfo, folder_name
from warehouse.landing import Landing, LandingError
from warehouse.store import Store
from warehouse.tables import OPEN_END


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.create(tmp_path / "store", "own", NOW)


@pytest.fixture
def people() -> FakePeople:
    return FakePeople()


@pytest.fixture
def landing(store: Store, people: FakePeople) -> Landing:
    return Landing.start(store, "files:a", NOW, people=people, pseudonym=people.pseudonym)


def read(info: LandingInfo, table: str) -> list[dict[str, object]]:
    return pq.read_table(info.path(table)).to_pylist()


def quotas(*ids: str, **more: object) -> pa.Table:
    count = len(ids)
    columns = {
        "quota_id": list(ids),
        "version": [1] * count,
        "scope": ["rep"] * count,
        "measure": ["bookings"] * count,
        "period_start": [date(2026, 1, 1)] * count,
        "period_end": [date(2026, 4, 1)] * count,
    }
    return pa.table(columns | more)


def test_missing_columns_get_their_defaults(landing: Landing) -> None:
    landing.add("opportunities", pa.table({"opportunity_id": ["o1"]}))
    row = read(landing.seal(as_of=AS_OF), "opportunities")[0]
    assert row["owner_id"] == "unassigned"
    assert row["is_won"] is False
    assert row["amount"] is None
    assert row["source_id"] == "o1"
    assert row["_file"] is None


def test_unknown_keys_are_unassigned_and_never_null(landing: Landing) -> None:
    rows = pa.table({"opportunity_id": ["o1", "o2", "o3"], "owner_id": ["ann", None, ""]})
    landing.add("opportunities", rows)
    owners = [row["owner_id"] for row in read(landing.seal(as_of=AS_OF), "opportunities")]
    assert owners == ["ann", "unassigned", "unassigned"]


def test_source_id_joins_the_key(landing: Landing) -> None:
    landing.add("quotas", quotas("q1"))
    assert read(landing.seal(as_of=AS_OF), "quotas")[0]["source_id"] == "q1|1"


def test_place_and_types_are_kept_exactly(landing: Landing) -> None:
    rows = products("p1", _file=["p.csv"], _row=pa.array([2], pa.int32())).set_column(
        1, "list_price", pa.array([Decimal("1234.5678")])
    )
    landing.add("products", rows)
    row = read(landing.seal(as_of=AS_OF), "products")[0]
    assert (row["_file"], row["_row"], row["list_price"]) == ("p.csv", 2, Decimal("1234.5678"))


@pytest.mark.parametrize(
    ("column", "values", "message"),
    [
        ("list_price", pa.array(["1.0"]), "string"),
        ("list_price", pa.array([1.1]), "double"),
        ("list_price", pa.array([Decimal("1.23456")]), "does not fit"),
        ("list_price", pa.array([10**15]), "does not fit"),
        ("product_id", pa.array([1]), "must be string"),
        ("product_id", pa.array([None], pa.string()), "without a value"),
        ("product_id", pa.array([""]), "without a value"),
        ("source_updated_at", pa.array([datetime(2026, 1, 1)]), "timestamp"),  # noqa: DTZ001 - no zone on purpose
        ("is_deleted", pa.array([1]), "must be bool"),
    ],
)
def test_what_would_lose_something_is_refused(
    landing: Landing, column: str, values: pa.Array, message: str
) -> None:
    rows = pa.table({"product_id": ["p"]} | {column: values})
    with pytest.raises(LandingError, match=message):
        landing.add("products", rows)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_that_are_not_finite_are_refused(landing: Landing, value: float) -> None:
    with pytest.raises(LandingError, match="NaN or infinity"):
        landing.add("accounts", pa.table({"account_id": ["a"], "latitude": [value]}))


def test_whole_numbers_and_dictionaries_are_taken(landing: Landing) -> None:
    landing.add("products", products("p").set_column(0, "product_id", pa.array(["p"]).dictionary_encode()))
    assert read(landing.seal(as_of=AS_OF), "products")[0]["list_price"] == Decimal(1)


@pytest.mark.parametrize(
    ("table", "rows", "message"),
    [
        ("prodcts", products("p"), "no canonical table"),
        ("visibility", products("p"), "built by the warehouse"),
        ("products", products("p", colour=["red"]), "colour"),
        ("products", pa.table({"name": ["x"]}), "product_id is missing"),
        ("quotas", pa.table({"quota_id": ["q"]}), "has no default"),
    ],
)
def test_mistakes_of_a_connector_are_named(
    landing: Landing, table: str, rows: pa.Table, message: str
) -> None:
    with pytest.raises(LandingError, match=message):
        landing.add(table, rows)


def test_names_and_addresses_never_reach_the_landing(landing: Landing, people: FakePeople) -> None:
    rows = pa.table({"rep_id": ["Ann@x.com", "r2"], "name": ["Ann", "Bob"], "email": [None, "bob@x.com"]})
    landing.add("reps", rows)
    info = landing.seal(as_of=AS_OF)
    assert {row["rep_id"] for row in read(info, "reps")} == {"p_ann", "r2"}
    assert people.known["p_ann"].name == "Ann"
    assert people.known["p_ann"].email == "ann@x.com"
    assert people.known["r2"].email == "bob@x.com"
    for path in info.folder.iterdir():
        assert b"bob@x.com" not in path.read_bytes()
        assert b"Bob" not in path.read_bytes()


def test_addresses_used_as_keys_become_pseudonyms_everywhere(landing: Landing, people: FakePeople) -> None:
    landing.add("quotas", quotas("ann@x.com|2026", rep_id=["Ann@X.com "]))
    landing.add(
        "opportunity_changes",
        pa.table(
            {
                "change_id": ["c1", "c2"],
                "field": ["owner_id", "next_step"],
                "old_value": ["ann@x.com", "ask ann@x.com"],
                "new_value": ["r2", "x"],
                "changed_on": [AS_OF] * 2,
            }
        ),
    )
    info = landing.seal(as_of=AS_OF)
    quota, changes = read(info, "quotas")[0], read(info, "opportunity_changes")
    assert (quota["rep_id"], quota["quota_id"], quota["source_id"]) == ("p_ann", "p_ann|2026", "p_ann|2026|1")
    assert changes[0]["old_value"] == "p_ann"
    assert changes[1]["old_value"] == "ask ann@x.com"
    assert people.known["p_ann"].email == "ann@x.com"


def test_addresses_as_keys_need_a_pseudonym_function(store: Store) -> None:
    with (
        pytest.raises(LandingError, match="pseudonym"),
        Landing.start(store, "files:a", NOW) as landing,
    ):
        landing.add("quotas", quotas("q1", rep_id=["ann@x.com"]))


def test_rows_set_aside_are_kept_without_personal_data(landing: Landing) -> None:
    landing.add("products", products("p"))
    raw = '{"Rep": "ann@x.com", "Amount": "n/a"}'
    landing.set_aside(DataIssue("bad_amount", "quotas", "q.csv", 3, "Amount", "n/a", raw=raw))
    landing.set_aside(DataIssue("bad_date", "reps", "r.csv", 4, "Hired", "?", raw='{"Name": "Ann"}'))
    found = landing.seal(as_of=AS_OF).issues().to_pylist()
    assert [row["raw"] for row in found] == ['{"Rep": "p_ann", "Amount": "n/a"}', ""]
    assert [row["source"] for row in found] == ["files:a", "files:a"]


def test_a_row_with_two_issues_counts_once(landing: Landing) -> None:
    landing.add("products", products("p", "q"))
    for field in ("Price", "Cost"):
        landing.set_aside(DataIssue("bad_amount", "products", "p.csv", 4, field))
    landing.set_aside(DataIssue("bad_amount", "products", "p.csv", None, "Price"))
    landing.set_aside(DataIssue("negative_amount", "products", "p.csv", 5, severity="warning"))
    info = landing.seal(as_of=AS_OF)
    assert info.set_aside == {"products": 2}
    assert info.read == {"products": 4}
    assert info.warnings == 1


def test_many_issues_at_once(landing: Landing) -> None:
    rows = list(range(2, 50_002))
    landing.set_aside_rows(
        pa.table({"code": ["bad_amount"] * 50_000, "table": ["credits"] * 50_000, "row": rows})
    )
    assert landing.seal(as_of=AS_OF).set_aside == {"credits": 50_000}


def test_issues_without_a_sentence_are_refused(landing: Landing) -> None:
    landing.set_aside(DataIssue("no_such_code"))
    with pytest.raises(ValueError, match="no_such_code"):
        landing.seal(as_of=AS_OF)


def test_replace_forgets_what_the_source_sent_before(store: Store) -> None:
    publish(store, land(store, {"products": products("a", "b")}))
    info = land(store, {"products": products("c")})
    assert [row["product_id"] for row in read(info, "products")] == ["c"]


def test_upsert_keeps_other_keys_and_the_newest_of_each(store: Store) -> None:
    publish(store, land(store, {"products": products("a", "b", "c", price=1)}))
    with Landing.start(store, "files:a", NOW) as landing:
        landing.mode("products", "upsert")
        landing.add("products", products("d", "b", price=2))
        info = landing.seal(as_of=AS_OF)
    prices = [(row["product_id"], row["list_price"]) for row in read(info, "products")]
    assert prices == [("d", 2), ("b", 2), ("a", 1), ("c", 1)]
    assert info.rows == {"products": 4}
    assert info.read == {"products": 2}


def test_upsert_compares_keys_of_several_columns(store: Store) -> None:
    def lying(*starts: date) -> pa.Table:
        count = len(starts)
        return pa.table(
            {
                "account_id": ["a"] * count,
                "valid_from": list(starts),
                "valid_to": [OPEN_END] * count,
                "source_updated_at": pa.array([NOW] * count, pa.timestamp("us", "UTC")),
            }
        )

    publish(store, land(store, {"territory_accounts": lying(date(2025, 1, 1), date(2026, 1, 1))}))
    with Landing.start(store, "files:a", NOW) as landing:
        landing.mode("territory_accounts", "upsert")
        landing.add("territory_accounts", lying(date(2026, 1, 1), date(2027, 1, 1)))
        info = landing.seal(as_of=AS_OF)
    rows = read(info, "territory_accounts")
    assert [row["valid_from"].year for row in rows] == [2026, 2027, 2025]  # type: ignore[attr-defined]
    assert {row["source_updated_at"] for row in rows} == {NOW}


def test_upsert_without_earlier_rows(store: Store) -> None:
    with Landing.start(store, "files:a", NOW) as landing:
        landing.mode("products", "upsert")
        landing.add("products", products("a"))
        assert landing.seal(as_of=AS_OF).rows == {"products": 1}


def test_tables_a_load_does_not_touch_carry_over(store: Store) -> None:
    publish(store, land(store, {"products": products("a"), "stages": pa.table({"stage_id": ["s"]})}))
    info = land(store, {"products": products("b")})
    assert [row["stage_id"] for row in read(info, "stages")] == ["s"]
    assert info.rows == {"products": 1, "stages": 1}


def test_an_empty_table_says_that_there_are_no_rows_any_more(store: Store) -> None:
    publish(store, land(store, {"products": products("a")}))
    info = land(store, {"products": products("a").slice(0, 0)})
    assert info.rows == {"products": 0}
    assert read(info, "products") == []


def test_a_table_the_source_no_longer_has_does_not_carry_over(store: Store) -> None:
    publish(store, land(store, {"products": products("a"), "stages": pa.table({"stage_id": ["s"]})}))
    with Landing.start(store, "files:a", NOW, carries=("products",)) as landing:
        landing.add("products", products("b"))
        assert landing.seal(as_of=AS_OF).rows == {"products": 1}


def test_rows_set_aside_earlier_stay_set_aside(store: Store) -> None:
    """Of a table that was replaced they go; of one that was upserted or untouched they stay."""

    def load(row: int) -> LandingInfo:
        with Landing.start(store, "sql:a", NOW) as landing:
            for table in ("products", "stages"):
                landing.set_aside(DataIssue("bad_amount", table, "query", row, raw=f'{{"id": {row}}}'))
            if row == 1:
                landing.set_aside(DataIssue("bad_amount", "accounts", "query", row))
            landing.mode("products", "upsert")
            landing.add("products", products("p"))
            landing.add("stages", pa.table({"stage_id": ["s"]}))
            if row == 1:
                landing.add("accounts", pa.table({"account_id": ["a"]}))
            return landing.seal(as_of=AS_OF)

    publish(store, load(1))
    info = load(2)
    found = sorted((row["table"], row["row"]) for row in info.issues().to_pylist())
    assert found == [("accounts", 1), ("products", 1), ("products", 2), ("stages", 2)]
    publish(store, info)
    assert sorted(row["row"] for row in load(2).issues().to_pylist() if row["table"] == "products") == [1, 2]


def test_an_unsealed_landing_is_never_read(store: Store) -> None:
    landing = Landing.start(store, "files:a", NOW)
    landing.add("products", products("a"))
    with pytest.raises(FileNotFoundError):
        LandingInfo.from_folder(landing.folder)


def test_forgetting_to_seal_is_a_mistake(store: Store) -> None:
    with pytest.raises(LandingError, match="never sealed"), Landing.start(store, "files:a", NOW):
        pass


def test_nothing_can_be_added_to_a_sealed_landing(landing: Landing) -> None:
    landing.add("products", products("a"))
    landing.seal(as_of=AS_OF)
    with pytest.raises(LandingError, match="sealed"):
        landing.add("products", products("b"))


def test_an_issue_that_stops_the_load_stops_it(store: Store) -> None:
    with (
        pytest.raises(LoadFailed, match=r"q\.csv is missing") as caught,
        Landing.start(store, "files:a", NOW) as landing,
    ):
        landing.add("products", products("a"))
        landing.set_aside(DataIssue("bad_amount", "products", "p.csv", 2))
        landing.set_aside(DataIssue("missing_file", file="q.csv", severity="load"))
        landing.seal(as_of=AS_OF)
    assert caught.value.issues_path is not None
    kept = pq.read_table(caught.value.issues_path).to_pylist()
    assert [(row["code"], row["severity"]) for row in kept] == [
        ("bad_amount", "row"),
        ("missing_file", "load"),
    ]
    assert sorted(path.name for path in landing.folder.iterdir()) == ["failed.json", "issues.parquet"]


def test_a_failed_load_keeps_why_it_failed(store: Store) -> None:
    with pytest.raises(LoadFailed), Landing.start(store, "files:a", NOW):
        raise LoadFailed([DataIssue("missing_file", file="q.csv")])
    failure = store.failures()["files:a"]
    assert failure.reason == "q.csv is missing. Put it in the folder and load again."
    assert failure.issues().to_pylist()[0]["severity"] == "load"


def test_load_ids_sort_by_time_even_if_the_clock_goes_back(store: Store) -> None:
    first = land(store, {"products": products("a")})
    publish(store, first)
    with Landing.start(store, "files:a", datetime(2020, 1, 1, tzinfo=UTC)) as landing:
        landing.add("products", products("a"))
        assert landing.seal(as_of=AS_OF).load_id > first.load_id


def test_a_source_name_is_a_safe_folder_name() -> None:
    assert folder_name("files:adventureworks") == "files%3Aadventureworks"
    assert folder_name("../../etc") == "%2E%2E%2F%2E%2E%2Fetc"


def test_progress_is_passed_on(store: Store) -> None:
    seen: list[tuple[str, int, int | None]] = []
    landing = Landing.start(store, "files:a", NOW, lambda *told: seen.append(told))
    landing.progress("sales.csv", 10, None)
    assert seen == [("sales.csv", 10, None)]
