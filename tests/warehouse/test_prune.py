"""Pruning: everything a reader may still need stays, everything else goes."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.warehouse.stores import NOW, land, products, publish
from warehouse.landing import Landing
from warehouse.store import Store
from warehouse.versions import Version

HOUR = timedelta(hours=1)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.create(tmp_path / "store", "own", NOW)


def age(store: Store, to: datetime = NOW) -> None:
    """Give every file the time its test wants it to have."""
    for path in store.root.rglob("*"):
        os.utime(path, (to.timestamp(), to.timestamp()))


def load(store: Store, product: str, now: datetime) -> Version:
    version = publish(store, land(store, {"products": products(product)}), now=now)
    for path in [*store.root.glob(f"versions/{version.id}*"), *map(store.path, version.tables["products"])]:
        os.utime(path, (now.timestamp(), now.timestamp()))
    return version


def whole(store: Store, version: Version) -> bool:
    """Whether everything a version names is there."""
    parts = [store.path(part) for parts in version.tables.values() for part in parts]
    store.landings(version)
    return (store.root / "versions" / f"{version.id}.json").exists() and all(map(Path.exists, parts))


def test_a_replaced_version_stays_for_its_readers_and_goes_after_an_hour(store: Store) -> None:
    """The hour counts from when it was replaced, however old the version itself is."""
    first = load(store, "a", NOW - 30 * 24 * HOUR)
    second = load(store, "b", NOW)
    age(store, NOW - 30 * 24 * HOUR)
    assert store.prune(NOW + 0.5 * HOUR) == []
    assert whole(store, first)
    removed = store.prune(NOW + 2 * HOUR)
    assert whole(store, second)
    assert not any(store.path(part).exists() for part in first.tables["products"])
    assert not (store.root / "versions" / f"{first.id}.json").exists()
    assert not (store.root / "versions" / f"{first.id}.issues.parquet").exists()
    assert len(removed) == 4  # manifest, issues, part, landing


def test_every_version_replaced_within_the_hour_stays(store: Store) -> None:
    made = [
        load(store, name, NOW + minutes * HOUR / 60)
        for name, minutes in zip("abcd", (0, 10, 20, 30), strict=True)
    ]
    age(store, NOW - 10 * HOUR)
    store.prune(NOW + HOUR + HOUR / 4)  # 13:15, the limit is 12:15
    assert [(store.root / "versions" / f"{v.id}.json").exists() for v in made] == [False, True, True, True]
    assert all(whole(store, version) for version in made[1:])


def test_a_switch_that_took_long_counts_from_the_switch(store: Store) -> None:
    """A load that began hours ago and was published just now has not starved its readers yet."""
    first = load(store, "a", NOW - 10 * HOUR)
    second = publish(store, land(store, {"products": products("b")}), now=NOW - 5 * HOUR)
    age(store, NOW - 9 * HOUR)
    manifest = store.root / "versions" / f"{second.id}.json"
    os.utime(manifest, (NOW.timestamp(), NOW.timestamp()))
    store.prune(NOW + 0.5 * HOUR)
    assert whole(store, first)


def test_shared_parts_stay(store: Store) -> None:
    first = load(store, "a", NOW - 10 * HOUR)
    info = store.landings()["files:a"]
    shared = publish(store, info, now=NOW - 5 * HOUR)
    age(store, NOW - 5 * HOUR)
    store.prune(NOW)
    assert whole(store, shared)
    assert first.tables == shared.tables


def test_what_a_crash_left_behind_goes_after_an_hour(store: Store) -> None:
    version = load(store, "a", NOW)
    strays = [
        store.root / "versions" / "20260101T000000000000Z-abcdef.json",
        store.root / "versions" / f"{version.id}.json.7.tmp",
        store.root / "parts" / "products" / "half.parquet",
        store.root / "CURRENT.7.tmp",
    ]
    for path in strays:
        path.write_text("half")
    unsealed = Landing.start(store, "files:a", NOW)
    age(store)
    assert store.prune(NOW + 0.5 * HOUR) == []
    assert set(store.prune(NOW + 2 * HOUR)) == {*strays, unsealed.folder}
    assert whole(store, version)


def test_files_younger_than_an_hour_stay(store: Store) -> None:
    load(store, "a", NOW)
    part = store.root / "parts" / "products" / "new.parquet"
    part.write_text("being written")
    age(store, NOW - 5 * HOUR)
    os.utime(part, (NOW.timestamp(), NOW.timestamp()))
    assert store.prune(NOW + HOUR / 2) == []


def test_the_last_failed_load_stays_until_one_succeeds(store: Store) -> None:
    load(store, "a", NOW - 10 * HOUR)
    failed = [Landing.start(store, "files:a", NOW + hours * HOUR) for hours in (1, 2)]
    for landing in failed:
        landing.fail(RuntimeError("no network"))
    age(store, NOW - 10 * HOUR)
    assert store.prune(NOW) == [failed[0].folder]
    with Landing.start(store, "files:a", NOW + 3 * HOUR) as landing:
        landing.add("products", products("b"))
        publish(store, landing.seal(as_of=NOW.date()), now=NOW + 3 * HOUR)
    age(store, NOW - 10 * HOUR)
    assert store.prune(NOW) == [failed[1].folder]


def test_an_earlier_manifest_that_is_damaged_stops_nothing(store: Store) -> None:
    damaged = load(store, "a", NOW - 10 * HOUR)
    version = load(store, "b", NOW)
    path = store.root / "versions" / f"{damaged.id}.json"
    path.write_text("{")
    age(store, NOW - 10 * HOUR)
    assert path in store.prune(NOW)
    assert whole(store, version)


def test_the_database_and_settings_are_left_alone(store: Store) -> None:
    load(store, "a", NOW)
    kept = [store.root / name for name in ("planning.sqlite", "attain.toml", "store.json", "CURRENT", "lock")]
    for path in kept:
        path.touch()
    age(store, NOW - 1000 * HOUR)
    store.prune(NOW + 1000 * HOUR)
    assert all(path.exists() for path in kept)


def test_an_empty_store_has_nothing_to_prune(store: Store) -> None:
    assert store.prune(NOW) == []
