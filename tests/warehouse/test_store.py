"""Versions: whole or not there at all, unchanging, and never demo and own data in one store."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from tests.warehouse import stores
from tests.warehouse.stores import AS_OF, NOW, land, products, publish
from warehouse import issues, versions
from warehouse import store as store_module
from warehouse.issues import DataIssue
from warehouse.landing import Landing
from warehouse.store import Store, StoreDamaged, StoreMissing, StoreMixed, StoreProblem, StoreTooOld
from warehouse.tables import SCHEMA_VERSION
from warehouse.versions import Part, Version


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.create(tmp_path / "store", "own", NOW)


def test_a_folder_without_a_store_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing, match=r"python manage\.py demo"):
        Store.open(tmp_path)


def test_a_new_store_is_empty(store: Store) -> None:
    assert store.current() is None
    assert store.landings() == {}
    assert store.failures() == {}


def test_create_opens_a_store_of_the_same_kind(store: Store) -> None:
    publish(store, land(store, {"products": products("a")}))
    again = Store.create(store.root, "own", NOW + timedelta(days=1))
    assert again.current() == store.current()
    assert again.made_at == NOW


@pytest.mark.parametrize(("held", "wanted"), [("demo", "own"), ("own", "demo")])
def test_demo_and_own_data_never_share_a_store(tmp_path: Path, held: str, wanted: str) -> None:
    Store.create(tmp_path, held, NOW)  # type: ignore[arg-type]
    with pytest.raises(StoreMixed, match="must not be mixed"):
        Store.create(tmp_path, wanted, NOW)  # type: ignore[arg-type]


def test_create_refuses_a_folder_with_other_things_in_it(tmp_path: Path) -> None:
    (tmp_path / "versions").mkdir()
    with pytest.raises(StoreProblem, match="versions"):
        Store.create(tmp_path, "own", NOW)


def test_a_published_version_reads_back_as_it_was_published(store: Store) -> None:
    info = land(store, {"products": products("a", "b")}, cursor={"products": "2026-03-30"})
    version = publish(store, info)
    read = Store.open(store.root).current()
    assert read == version
    assert read.as_of == AS_OF
    assert read.rows("products") == 2
    assert read.rows("quotas") == 0
    assert read.sources["files:a"].cursor == {"products": "2026-03-30"}
    assert store.landings()["files:a"] == info


def test_versions_are_chained_and_sort_by_time(store: Store) -> None:
    made = [
        publish(store, land(store, {"products": products("a")}), now=NOW + timedelta(hours=hours))
        for hours in (0, 2, 1, 1)
    ]
    assert sorted(version.id for version in made) == [version.id for version in made]
    assert [version.previous for version in made] == ["", *(version.id for version in made[:3])]


def test_a_reader_keeps_its_version(store: Store) -> None:
    first = publish(store, land(store, {"products": products("a")}))
    publish(store, land(store, {"products": products("b")}))
    store.prune(NOW)
    assert store.version(first.id) == first
    assert all(store.path(part).is_file() for part in first.tables["products"])


def test_a_version_of_another_schema_is_refused_with_advice(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(store, land(store, {"products": products("a")}))
    monkeypatch.setattr(store_module, "SCHEMA_VERSION", SCHEMA_VERSION + 1)
    with pytest.raises(StoreTooOld, match=r"older release.*python manage\.py republish"):
        store.current()
    assert store.comparable() is None
    monkeypatch.setattr(store_module, "SCHEMA_VERSION", SCHEMA_VERSION - 1)
    with pytest.raises(StoreTooOld, match="newer release.*another folder"):
        store.current()


def test_a_draft_that_names_a_missing_part_is_not_published(store: Store) -> None:
    before = publish(store, land(store, {"products": products("a")}))
    info = land(store, {"products": products("b")})
    draft = stores.draft(store, {info.source: info.folder})
    lost = replace(draft, tables={"products": (Part("parts/products/lost.parquet", 1, "d"),)})
    with pytest.raises(StoreDamaged, match=r"lost\.parquet"):
        store.publish(lost)
    assert store.current() == before


def test_a_draft_that_names_an_unsealed_landing_is_not_published(store: Store) -> None:
    info = land(store, {"products": products("b")})
    draft = stores.draft(store, {info.source: info.folder})
    (info.folder / "load.json").unlink()
    with pytest.raises(StoreDamaged, match="landing"):
        store.publish(draft)
    assert store.current() is None


@pytest.mark.parametrize("text", ["", "{", "{}", "[]"])
def test_a_manifest_that_cannot_be_read_is_named(store: Store, text: str) -> None:
    version = publish(store, land(store, {"products": products("a")}))
    store_module._read_version.cache_clear()
    (store.root / "versions" / f"{version.id}.json").write_text(text)
    with pytest.raises(StoreDamaged, match=version.id):
        store.current()


def test_a_crash_before_the_switch_leaves_the_version_before(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = publish(store, land(store, {"products": products("a")}))
    write_text = store_module.write_text

    def crash(path: Path, text: str) -> None:
        if path.name == "CURRENT":
            raise OSError("no room")
        write_text(path, text)

    monkeypatch.setattr(store_module, "write_text", crash)
    with pytest.raises(OSError, match="no room"):
        publish(store, land(store, {"products": products("b")}))
    assert Store.open(store.root).current() == before


def test_issues_of_a_version_are_the_landings_and_the_builds(store: Store) -> None:
    for source in ("files:a", "sql:b"):
        with Landing.start(store, source, NOW) as landing:
            landing.add("products", products(source))
            landing.set_aside(DataIssue("bad_amount", "products", "p.csv", 2))
            info = landing.seal(as_of=AS_OF)
        publish(store, info)
    folders = {source: info.folder for source, info in store.landings().items()}
    across = issues.to_table([DataIssue("orphan", "products", "p.csv", 3)], "sql:b")
    version = store.publish(replace(stores.draft(store, folders), issues=across))
    assert store.issues(version).num_rows == 3
    assert store.issues(version, "sql:b")["code"].to_pylist() == ["bad_amount", "orphan"]
    path = store.gather_issues(version, "sql:b")
    assert issues.from_table(pa.parquet.read_table(path)) == issues.from_table(store.issues(version, "sql:b"))


def test_a_failure_is_shown_until_a_load_succeeds(store: Store) -> None:
    with pytest.raises(RuntimeError), Landing.start(store, "files:a", NOW):
        raise RuntimeError("the network is down")
    failure = store.failures()["files:a"]
    assert (failure.reason, failure.failed_at) == ("the network is down", NOW)
    publish(store, land(Store.open(store.root), {"products": products("a")}, load_later(store)))
    assert store.failures() == {}


def load_later(store: Store) -> str:
    """The source's name; its failed landing is older than anything that follows."""
    failed = next(store.root.glob("landing/*/*"))
    failed.rename(failed.with_name("20200101T000000000000Z-000000"))
    return "files:a"


def test_ids_are_unique_and_never_go_back() -> None:
    made = [versions.new_id(NOW) for _ in range(200)]
    assert len(set(made)) == 200
    assert versions.new_id(datetime(1999, 1, 1, tzinfo=UTC), after=made[0]) > made[0]


def test_a_digest_depends_on_rows_not_on_files() -> None:
    def version(*parts: Part) -> Version:
        return Version("v", 1, NOW, AS_OF, {}, {"credits": parts}, {})

    one, two = (
        Part("parts/credits/x.parquet", 1, "d1", "2026-01"),
        Part("parts/credits/y.parquet", 2, "d2", "open"),
    )
    assert version(one, two).digest("credits") == version(two, replace(one, path="z")).digest("credits")
    assert version(one, two).digest("credits") != version(one).digest("credits")
    assert version(one, two).digest("credits") != version(one, replace(two, digest="d3")).digest("credits")
    assert version(one).digest("quotas") == ""


def test_a_manifest_holds_only_plain_values(store: Store) -> None:
    info = land(store, {"products": products("a")})
    draft = replace(stores.draft(store, {info.source: info.folder}), settings={"odd": object()})
    with pytest.raises(TypeError, match="object"):
        store.publish(draft)
    assert store.current() is None


def test_a_manifest_is_readable_json(store: Store) -> None:
    version = publish(store, land(store, {"products": products("a")}))
    data = json.loads((store.root / "versions" / f"{version.id}.json").read_text())
    assert data["tables"]["products"][0]["rows"] == 1
    assert data["schema_version"] == SCHEMA_VERSION
