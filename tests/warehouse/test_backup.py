"""Backup and restore: the same store comes back, or nothing does."""

from __future__ import annotations

import io
import stat
import tarfile
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.warehouse.stores import AS_OF, NOW, land, products, publish
from warehouse.backup import CONTENTS, DATABASE, BackupProblem, backup, restore
from warehouse.database import Database, dump
from warehouse.database import restore as restore_database
from warehouse.issues import DataIssue
from warehouse.landing import Landing
from warehouse.people import People, Person
from warehouse.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store.create(tmp_path / "store", "own", NOW)
    publish(store, land(store, {"products": products("old")}))
    with Landing.start(store, "files:a", NOW) as landing:
        landing.add("products", products("a", "b"))
        landing.set_aside(DataIssue("bad_amount", "products", "p.csv", 2))
        info = landing.seal(as_of=AS_OF)
    publish(store, info)
    (store.root / "attain.toml").write_text('company = "Us"\n')
    return store


def write(path: Path) -> None:
    path.write_text("what people decided")


def check(path: Path) -> None:
    assert path.read_text() == "what people decided"


def rewritten(
    archive: Path, change: Callable[[tarfile.TarInfo, bytes], tuple[tarfile.TarInfo, bytes] | None]
) -> Path:
    """The archive with every member passed through ``change``."""
    target = archive.with_name("changed.tar")
    with tarfile.open(archive) as old, tarfile.open(target, "w") as new:
        for member in old:
            source = old.extractfile(member)
            assert source is not None
            changed = change(member, source.read())
            if changed:
                changed[0].size = len(changed[1])
                new.addfile(changed[0], io.BytesIO(changed[1]))
    return target


@pytest.mark.parametrize("name", ["backup.tar", "backup.tar.gz"])
def test_a_store_comes_back_as_it_was(store: Store, tmp_path: Path, name: str) -> None:
    sizes = backup(store, tmp_path / name, write)
    back = restore(tmp_path / name, tmp_path / "elsewhere" / "store", check)
    version = back.current()
    assert version == store.current()
    assert version is not None
    assert (back.kind, back.made_at) == (store.kind, store.made_at)
    assert pq.read_table(back.path(version.tables["products"][0]))["product_id"].to_pylist() == ["a", "b"]
    assert back.issues(version).equals(store.issues(version))
    assert back.landings()["files:a"].rows == {"products": 2}
    assert (back.root / "attain.toml").read_text() == 'company = "Us"\n'
    assert not (back.root / DATABASE).exists()
    assert sizes[DATABASE] == 19


def test_the_restored_store_goes_on(store: Store, tmp_path: Path) -> None:
    backup(store, tmp_path / "b.tar", write)
    back = restore(tmp_path / "b.tar", tmp_path / "back", check)
    before = back.current()
    assert before is not None
    assert publish(back, land(back, {"products": products("c")})).previous == before.id


def test_only_the_current_version_is_in_the_backup(store: Store, tmp_path: Path) -> None:
    names = backup(store, tmp_path / "b.tar", write)
    assert len([name for name in names if name.startswith("versions/") and name.endswith(".json")]) == 1
    assert len([name for name in names if name.startswith("parts/")]) == 1


def test_an_empty_store_can_be_saved(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "store", "demo", NOW)
    backup(store, tmp_path / "b.tar", write)
    assert restore(tmp_path / "b.tar", tmp_path / "back", check).current() is None


def test_the_database_comes_back_too(store: Store, tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'one.sqlite'}")
    People(database).upsert([Person("r1", "ann@x.com", "Ann")])
    pseudonym = People(database).pseudonym("ann@x.com")
    backup(store, tmp_path / "b.tar", lambda path: dump(database, path))
    other = Database(f"sqlite:///{tmp_path / 'two.sqlite'}")
    restore(tmp_path / "b.tar", tmp_path / "back", lambda path: restore_database(other, path))
    assert People(other).names() == {"r1": "Ann"}
    assert People(other).pseudonym("ann@x.com") == pseudonym


def test_only_the_owner_may_read_a_backup(store: Store, tmp_path: Path) -> None:
    backup(store, tmp_path / "b.tar", write)
    assert stat.S_IMODE((tmp_path / "b.tar").stat().st_mode) == 0o600


def test_nothing_is_overwritten(store: Store, tmp_path: Path) -> None:
    backup(store, tmp_path / "b.tar", write)
    with pytest.raises(BackupProblem, match="already there"):
        backup(store, tmp_path / "b.tar", write)
    with pytest.raises(BackupProblem, match="not empty"):
        restore(tmp_path / "b.tar", store.root, check)


def test_a_failed_dump_leaves_no_backup(store: Store, tmp_path: Path) -> None:
    def fail(path: Path) -> None:
        raise OSError("no database")

    with pytest.raises(OSError, match="no database"):
        backup(store, tmp_path / "b.tar", fail)
    assert [path.name for path in tmp_path.iterdir()] == ["store"]


def test_a_failed_restore_leaves_an_empty_place(store: Store, tmp_path: Path) -> None:
    def fail(path: Path) -> None:
        raise OSError("no database")

    backup(store, tmp_path / "b.tar", write)
    with pytest.raises(OSError, match="no database"):
        restore(tmp_path / "b.tar", tmp_path / "back", fail)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.tar", "store"]


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.95])
def test_a_backup_that_was_cut_off_is_refused(store: Store, tmp_path: Path, keep: float) -> None:
    archive = tmp_path / "b.tar.gz"
    backup(store, archive, write)
    data = archive.read_bytes()
    archive.write_bytes(data[: int(len(data) * keep)])
    with pytest.raises(BackupProblem, match="whole backup"):
        restore(archive, tmp_path / "back", check)
    assert not (tmp_path / "back").exists()


def test_changed_bytes_are_found(store: Store, tmp_path: Path) -> None:
    backup(store, tmp_path / "b.tar", write)
    bad = rewritten(
        tmp_path / "b.tar",
        lambda member, data: (member, data[:-1] + b"?" if member.name.startswith("parts/") else data),
    )
    with pytest.raises(BackupProblem, match=r"parts/products/.*not what was saved"):
        restore(bad, tmp_path / "back", check)


def test_a_missing_file_is_found(store: Store, tmp_path: Path) -> None:
    backup(store, tmp_path / "b.tar", write)
    bad = rewritten(tmp_path / "b.tar", lambda m, data: None if m.name.startswith("landing/") else (m, data))
    with pytest.raises(BackupProblem, match="landing/.*missing"):
        restore(bad, tmp_path / "back", check)


def test_a_file_nobody_listed_is_found(store: Store, tmp_path: Path) -> None:
    backup(store, tmp_path / "b.tar", write)
    with tarfile.open(tmp_path / "b.tar", "a") as tar:
        tar.addfile(tarfile.TarInfo("parts/extra.parquet"))
    with pytest.raises(BackupProblem, match="extra"):
        restore(tmp_path / "b.tar", tmp_path / "back", check)


@pytest.mark.parametrize(
    "name", ["../out.txt", "{outside}/out.txt", "parts/../../out.txt", "a\\b", "./CURRENT"]
)
def test_nothing_is_written_outside_the_folder(store: Store, tmp_path: Path, name: str) -> None:
    with tarfile.open(tmp_path / "bad.tar", "w") as tar:
        tar.addfile(tarfile.TarInfo(name.format(outside=tmp_path)))
    with pytest.raises(BackupProblem, match="no file of a store"):
        restore(tmp_path / "bad.tar", tmp_path / "back", check)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.tar", "store"]


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_are_refused(tmp_path: Path, kind: bytes) -> None:
    with tarfile.open(tmp_path / "bad.tar", "w") as tar:
        entry = tarfile.TarInfo("store.json")
        entry.type, entry.linkname = kind, "/etc/passwd"
        tar.addfile(entry)
    with pytest.raises(BackupProblem, match="no file of a store"):
        restore(tmp_path / "bad.tar", tmp_path / "back", check)


@pytest.mark.parametrize("text", [b"", b"[]", b'{"format": 99, "sha256": {}}', b'{"format": 1}'])
def test_another_kind_of_archive_is_refused(tmp_path: Path, text: bytes) -> None:
    with tarfile.open(tmp_path / "bad.tar", "w") as tar:
        entry = tarfile.TarInfo(CONTENTS)
        entry.size = len(text)
        tar.addfile(entry, io.BytesIO(text))
    with pytest.raises(BackupProblem):
        restore(tmp_path / "bad.tar", tmp_path / "back", check)
