"""A load from end to end: published when it works, and when it does not, nothing has changed."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.warehouse.stores import AS_OF, NOW, FakePeople, products
from warehouse.issues import DataIssue, LoadFailed
from warehouse.landing import Landing, LandingError
from warehouse.settings import Settings
from warehouse.store import Store, StoreMixed
from warehouse.versions import Version
from workflows import refresh
from workflows.refresh import load

SETTINGS = Settings()
LATER = NOW + timedelta(days=1)


@dataclass
class Rows:
    """A connector that sends the tables it was given."""

    tables: Mapping[str, pa.Table]
    name: str = "files:a"
    issues: tuple[DataIssue, ...] = ()
    settings: Mapping[str, object] = field(default_factory=dict)
    before_seal: Callable[[], object] = lambda: None
    cursors: list[dict[str, str]] = field(default_factory=list)

    @property
    def entities(self) -> tuple[str, ...]:
        return tuple(self.tables)

    def read(self, landing: Landing, cursor: Mapping[str, str]) -> None:
        self.cursors.append(dict(cursor))
        for table, rows in self.tables.items():
            landing.add(table, rows)
        for issue in self.issues:
            landing.set_aside(issue)
        self.before_seal()
        landing.seal(as_of=AS_OF, cursor={"until": f"{len(self.cursors)}"}, settings=dict(self.settings))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.create(tmp_path / "store", "own", NOW)


def state(store: Store) -> dict[str, bytes]:
    """The pointer and everything the current version names, byte for byte."""
    version = store.current()
    assert version is not None
    parts = [store.path(part) for parts in version.tables.values() for part in parts]
    return {str(path): path.read_bytes() for path in [store.root / "CURRENT", *parts]}


def ids(store: Store, version: Version, table: str = "products") -> list[str]:
    parts = [pq.read_table(store.path(part)) for part in version.tables[table]]
    return sorted(pa.concat_tables(parts)["product_id"].to_pylist())


def test_a_load_publishes_a_version(store: Store) -> None:
    report = load(Rows({"products": products("a", "b")}), store, SETTINGS, NOW)
    assert report.changed
    assert store.current() == report.version
    assert ids(store, report.version) == ["a", "b"]
    assert report.version.sources["files:a"].rows == {"products": 2}


def test_counts_say_what_was_read_kept_and_set_aside(store: Store) -> None:
    """Five rows: two are good, one is bad on its own, one has an id that was used, one is a duplicate of it."""
    bad = DataIssue("bad_amount", "products", "p.csv", 4, "Price", "?", raw='{"id": "x"}')
    rows = products("a", "b", "b", "b", _file=["p.csv"] * 4, _row=[2, 3, 5, 6])
    report = load(Rows({"products": rows}, issues=(bad,)), store, SETTINGS, NOW)
    assert report.counts == {"products": {"read": 5, "kept": 2, "set_aside": 3}}
    kept = pq.read_table(report.issues_path).to_pylist()
    assert sorted(row["row"] for row in kept) == [4, 5, 6]
    assert report.version.sources["files:a"].set_aside == 3
    assert store.issues(report.version, "files:a").num_rows == 3


def test_loading_the_same_again_changes_nothing(store: Store) -> None:
    bad = DataIssue("bad_amount", "products", "p.csv", 4, "Price", "?")
    connector = Rows({"products": products("a", "b")}, issues=(bad,))
    connector_again = Rows({"products": products("b", "a")}, issues=(bad,))
    first = load(connector, store, SETTINGS, NOW)
    again = load(connector_again, store, SETTINGS, LATER)
    assert not again.changed
    assert again.version.tables == first.version.tables
    assert again.version.sources["files:a"].loaded_at == LATER
    assert again.counts == first.counts


@pytest.mark.parametrize(
    "other",
    [
        Rows({"products": products("a", "c")}),
        Rows({"products": products("a")}),
        Rows({"products": products("a", "b", price=2)}),
        Rows({"products": products("a", "b")}, issues=(DataIssue("bad_amount", "products", "p", 9),)),
        Rows({"products": products("a", "b")}, settings={"fiscal_start_month": 7}),
        Rows({"products": products("a", "b")}, name="files:other"),
    ],
)
def test_any_difference_is_a_change(store: Store, other: Rows) -> None:
    load(Rows({"products": products("a", "b")}), store, SETTINGS, NOW)
    assert load(other, store, SETTINGS, LATER).changed


def test_sources_stand_side_by_side(store: Store) -> None:
    load(Rows({"products": products("a")}), store, SETTINGS, NOW)
    report = load(Rows({"products": products("b")}, name="sql:b"), store, SETTINGS, LATER)
    assert ids(store, report.version) == ["a", "b"]
    assert set(report.version.sources) == {"files:a", "sql:b"}


def test_a_table_the_mapping_no_longer_has_is_gone(store: Store) -> None:
    load(Rows({"products": products("a"), "stages": pa.table({"stage_id": ["s"]})}), store, SETTINGS, NOW)
    report = load(Rows({"products": products("a")}), store, SETTINGS, LATER)
    assert report.version.rows("stages") == 0


def test_the_next_load_is_given_the_cursor_of_the_last_published_one(store: Store) -> None:
    connector = Rows({"products": products("a")})
    load(connector, store, SETTINGS, NOW)
    connector.before_seal = fail
    with pytest.raises(RuntimeError):
        load(connector, store, SETTINGS, LATER)
    connector.before_seal = lambda: None
    load(connector, store, SETTINGS, LATER)
    assert connector.cursors == [{}, {"until": "1"}, {"until": "1"}]


def fail() -> None:
    raise RuntimeError("the network is down")


def refuse() -> None:
    raise LoadFailed([DataIssue("missing_file", file="quotas.csv")])


@pytest.mark.parametrize(("stop", "error"), [(fail, RuntimeError), (refuse, LoadFailed)])
def test_a_failed_load_leaves_the_last_version_untouched(
    store: Store, stop: Callable[[], None], error: type[Exception]
) -> None:
    load(Rows({"products": products("a")}), store, SETTINGS, NOW)
    before = state(store)
    bad = DataIssue("bad_amount", "products", "p.csv", 4)
    with pytest.raises(error):
        load(Rows({"products": products("b")}, issues=(bad,), before_seal=stop), store, SETTINGS, LATER)
    assert state(store) == before
    failure = store.failures()["files:a"]
    assert failure.issues()["code"].to_pylist()[0] == "bad_amount"
    assert failure.failed_at == LATER


def test_a_failed_first_load_leaves_an_empty_store(store: Store) -> None:
    with pytest.raises(LoadFailed) as caught:
        load(Rows({}, before_seal=refuse), store, SETTINGS, NOW)
    assert store.current() is None
    assert caught.value.issues_path is not None
    assert pq.read_table(caught.value.issues_path)["code"].to_pylist() == ["missing_file"]


@pytest.mark.parametrize("error", [MemoryError(), LoadFailed([DataIssue("hierarchy_cycle", "assignments")])])
def test_a_build_that_fails_leaves_the_last_version_and_says_why(
    store: Store, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    load(Rows({"products": products("a")}), store, SETTINGS, NOW)
    before = state(store)

    def broken(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(refresh, "build", broken)
    with pytest.raises(type(error)):
        load(Rows({"products": products("b")}), store, SETTINGS, LATER)
    assert state(store) == before
    failure = store.failures()["files:a"]
    assert failure.reason
    if isinstance(error, LoadFailed):
        assert failure.issues()["code"].to_pylist() == ["hierarchy_cycle"]
        assert error.issues_path == failure.folder / "issues.parquet"


def test_a_later_success_clears_the_failure(store: Store) -> None:
    with pytest.raises(RuntimeError):
        load(Rows({}, before_seal=fail), store, SETTINGS, NOW)
    load(Rows({"products": products("a")}), store, SETTINGS, LATER)
    assert store.failures() == {}


def test_a_connector_that_forgets_to_seal_is_a_mistake(store: Store) -> None:
    class Careless(Rows):
        def read(self, landing: Landing, cursor: Mapping[str, str]) -> None:  # noqa: ARG002
            landing.add("products", products("a"))

    with pytest.raises(LandingError, match="never sealed"):
        load(Careless({}), store, SETTINGS, NOW)


@pytest.mark.parametrize(("kind", "name"), [("own", "demo"), ("demo", "files:a"), ("demo", "sql:b")])
def test_demo_and_own_data_are_never_mixed(tmp_path: Path, kind: str, name: str) -> None:
    store = Store.create(tmp_path, kind, NOW)  # type: ignore[arg-type]
    with pytest.raises(StoreMixed, match="Set ATTAIN_STORE to another folder"):
        load(Rows({"products": products("a")}, name=name), store, SETTINGS, NOW)
    assert store.current() is None
    assert not (tmp_path / "landing").exists()


@pytest.mark.parametrize("name", ["demo", "planning"])
def test_a_demo_store_takes_the_demo_and_what_people_decide(tmp_path: Path, name: str) -> None:
    store = Store.create(tmp_path, "demo", NOW)
    assert load(Rows({"products": products("a")}, name=name), store, SETTINGS, NOW).changed


def test_names_go_to_the_database_and_nowhere_else(store: Store) -> None:
    people = FakePeople()
    rows = pa.table({"rep_id": ["zoe@x.com"], "name": ["Zoe Zander"], "email": ["zoe@x.com"]})
    report = load(Rows({"reps": rows}), store, SETTINGS, NOW, people=people)  # type: ignore[arg-type]
    assert people.known["p_zoe"].name == "Zoe Zander"
    assert report.version.rows("reps") == 1
    for path in store.root.rglob("*"):
        if path.is_file():
            assert b"Zander" not in path.read_bytes(), path
            assert b"zoe@" not in path.read_bytes(), path


def test_the_stores_own_database_keeps_people_by_default(store: Store) -> None:
    load(Rows({"reps": pa.table({"rep_id": ["r1"], "name": ["Zoe"]})}), store, SETTINGS, NOW)
    assert (store.root / "planning.sqlite").is_file()


def test_what_a_source_says_of_the_settings_counts_below_the_stores_own_file(store: Store) -> None:
    said = {"fiscal_start_month": 7, "currency": "EUR"}
    connector = Rows({"products": products("a")}, settings=said)
    assert load(connector, store, SETTINGS, NOW).version.settings["fiscal_start_month"] == 7
    (store.root / "attain.toml").write_text("fiscal_start_month = 4\n")
    settings = load(connector, store, SETTINGS, LATER).version.settings
    assert (settings["fiscal_start_month"], settings["currency"]) == (4, "EUR")


def test_measures_of_several_sources_stand_side_by_side(store: Store) -> None:
    one = {"measures": {"orders": {"credits": "bookings", "default": True}}}
    other = {"measures": {"margin": {"credits": "margin", "default": True}}}
    load(Rows({"products": products("a")}, settings=one), store, SETTINGS, NOW)
    report = load(Rows({"products": products("b")}, name="sql:b", settings=other), store, SETTINGS, LATER)
    measures = Settings.from_dict(report.version.settings).measures
    assert {name: measure.default for name, measure in measures.items()} == {"orders": False, "margin": True}


def test_old_versions_are_pruned_and_the_reader_before_is_spared(store: Store) -> None:
    made = []
    for name, hours in (("a", 0), ("b", 5), ("c", 10)):
        made.append(
            load(Rows({"products": products(name)}), store, SETTINGS, NOW + timedelta(hours=hours)).version
        )
        for path in store.root.rglob("*"):
            os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    there = [all(store.path(part).exists() for part in v.tables["products"]) for v in made]
    assert there == [False, True, True]


def test_progress_is_told(store: Store) -> None:
    told: list[tuple[str, int, int | None]] = []
    load(Rows({"products": products("a")}), store, SETTINGS, NOW, lambda *what: told.append(what))
    assert any("products" in what for what, _, _ in told)
