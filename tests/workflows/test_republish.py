"""A store of an older release: refused with advice, and built again when asked."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.warehouse.stores import AS_OF, NOW, products
from tests.workflows.test_refresh import SETTINGS, Rows
from warehouse import store as store_module
from warehouse.issues import DataIssue
from warehouse.store import Store, StoreProblem, StoreTooOld
from warehouse.tables import SCHEMA_VERSION
from workflows.refresh import load
from workflows.republish import republish

LATER = NOW + timedelta(days=1)


@pytest.fixture
def old(tmp_path: Path) -> Store:
    """A store whose manifest and landing say that an older release wrote them."""
    store = Store.create(tmp_path / "store", "own", NOW)
    bad = DataIssue("bad_amount", "products", "p.csv", 9)
    load(Rows({"products": products("a", "b")}, issues=(bad,)), store, SETTINGS, NOW)
    for path in [*store.root.glob("versions/*.json"), *store.root.glob("landing/*/*/load.json")]:
        data = json.loads(path.read_text())
        path.write_text(json.dumps(data | {"schema_version": SCHEMA_VERSION - 1}))
    store_module._read_version.cache_clear()  # manifests never change but in this test
    return store


def landing_file(store: Store) -> Path:
    return next(store.root.glob("landing/*/*/products.parquet"))


def rewrite(store: Store, rows: pa.Table) -> None:
    path = landing_file(store)
    path.unlink()
    pq.write_table(rows, path)


def test_an_old_store_is_refused_and_republished(old: Store) -> None:
    with pytest.raises(StoreTooOld, match="republish"):
        old.current()
    with pytest.raises(StoreTooOld):
        load(Rows({"products": products("c")}), old, SETTINGS, LATER)
    version = republish(old, SETTINGS, LATER)
    assert version is not None
    assert old.current() == version
    assert version.rows("products") == 2
    assert version.sources["files:a"].as_of == AS_OF
    assert version.sources["files:a"].cursor == {"until": "1"}
    assert store_issues(old) == ["bad_amount"]


def store_issues(store: Store) -> list[str]:
    version = store.current()
    assert version is not None
    return store.issues(version)["code"].to_pylist()


def test_columns_that_are_new_are_empty_and_those_that_are_gone_left_out(old: Store) -> None:
    rows = pq.read_table(landing_file(old))
    rewrite(old, rows.drop_columns("standard_cost").append_column("colour", pa.array(["red", "blue"])))
    version = republish(old, SETTINGS, LATER)
    assert version is not None
    written = pq.read_table(old.path(version.tables["products"][0]))
    assert written["standard_cost"].to_pylist() == [None, None]
    assert "colour" not in written.column_names


def test_rows_that_do_not_fit_any_more_leave_the_store_as_it_was(old: Store) -> None:
    rows = pq.read_table(landing_file(old))
    rewrite(
        old, rows.set_column(rows.schema.get_field_index("list_price"), "list_price", pa.array(["x", "y"]))
    )
    pointer = (old.root / "CURRENT").read_text()
    with pytest.raises(StoreProblem, match="files:a.*ATTAIN_STORE"):
        republish(old, SETTINGS, LATER)
    assert (old.root / "CURRENT").read_text() == pointer


def test_an_empty_store_has_nothing_to_republish(tmp_path: Path) -> None:
    assert republish(Store.create(tmp_path, "own", NOW), SETTINGS, NOW) is None
