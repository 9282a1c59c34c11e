"""A store and its database as one file, and back.

The file is a tar: the current version's manifest, parts, landings and issues, what closed months were
computed from, the store's settings, a dump of the planning database, and a list of all of these with their
SHA-256. It holds
names, e-mail addresses and pay: only its owner may read it.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from warehouse import closed
from warehouse.landed import folder_name
from warehouse.parquet import sync
from warehouse.problems import StoreProblem
from warehouse.store import Store
from warehouse.versions import Version

DATABASE = "planning.dump"
CONTENTS = "backup.json"
FORMAT = 1

Hook = Callable[[Path], object]
"""Dumps the planning database to a file, or restores it from one."""


class BackupProblem(StoreProblem):
    """A backup cannot be made, or is not whole, or there is no room for it."""


def backup(store: Store, target: Path, dump: Hook) -> dict[str, int]:
    """Write the store's present state to ``target``; bytes by name.

    ``dump`` writes the planning database to the path it is given. Loads wait until this is done.
    ``target`` is compressed when its name ends in ``.gz``. Raises ``BackupProblem`` when it
    exists already.
    """
    if target.exists():
        raise BackupProblem(f"{target} is already there. Name another file for the backup.")
    half = target.with_name(target.name + ".half")
    try:
        with store.lock(), tempfile.TemporaryDirectory(dir=target.parent) as folder:
            database = Path(folder) / DATABASE
            dump(database)
            sizes = _write(half, store, database)
    except BaseException:
        half.unlink(missing_ok=True)
        raise
    sync(half)
    half.replace(target)
    return sizes


def _write(half: Path, store: Store, database: Path) -> dict[str, int]:
    contents: dict[str, str] = {}
    handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    compressed = half.name.removesuffix(".half").endswith(".gz")
    with (
        open(handle, "wb") as file,
        tarfile.open(fileobj=file, mode="w:gz" if compressed else "w") as tar,
    ):
        for path, name in [*_files(store), (database, DATABASE)]:
            contents[name] = _add(tar, path, name)
        sizes = {member.name: member.size for member in tar.getmembers()}
        text = json.dumps({"format": FORMAT, "sha256": contents}, indent=1).encode()
        entry = tarfile.TarInfo(CONTENTS)
        entry.size = len(text)
        tar.addfile(entry, io.BytesIO(text))
    return sizes


def _files(store: Store) -> Iterator[tuple[Path, str]]:
    """Every file of the current version and of closed months, with its name in the archive."""
    names = ["store.json", "attain.toml", "CURRENT"]
    version = store.newest()
    if version:
        names += _named(store.root, version)
    names += [path.relative_to(store.root).as_posix() for path in closed.files(store.root)]
    for name in names:
        if (store.root / name).exists():
            yield store.root / name, name


def _named(root: Path, version: Version) -> list[str]:
    parts = [part.path for parts in version.tables.values() for part in parts]
    landed = [
        path.relative_to(root).as_posix()
        for state in version.sources.values()
        for path in sorted((root / "landing" / folder_name(state.source) / state.load_id).iterdir())
    ]
    manifest = f"versions/{version.id}"
    return [f"{manifest}.json", f"{manifest}.issues.parquet", *parts, *landed]


def _add(tar: tarfile.TarFile, path: Path, name: str) -> str:
    """Add a file; the digest of exactly the bytes that went in."""
    entry = tarfile.TarInfo(name)
    entry.size = path.stat().st_size
    entry.mode = 0o600
    with path.open("rb") as file:
        reader = _Hashing(file)
        tar.addfile(entry, reader)
    return reader.digest.hexdigest()


class _Hashing:
    """Reads from a file and digests what was read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.digest.update(data)
        return data


def restore(archive: Path, root: Path, restore_database: Hook) -> Store:
    """Bring a backup back into ``root``, which must not exist or be empty; the store.

    Every file is checked against its digest before anything is put in place, then
    ``restore_database`` is given the dump. If that fails, ``root`` is empty again. Raises
    ``BackupProblem`` for an archive that is not a whole backup or a ``root`` that is taken.
    """
    if root.exists() and any(root.iterdir()):
        raise BackupProblem(f"{root} is not empty. Restore into a new folder.")
    root.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root.parent, prefix=".restoring-") as folder:
        files = Path(folder) / "store"
        _extract(archive, files)
        database = (files / DATABASE).rename(Path(folder) / DATABASE)
        if root.exists():
            root.rmdir()
        files.rename(root)
        try:
            restore_database(database)
        except BaseException:
            shutil.rmtree(root)
            raise
    return Store.open(root)


def _extract(archive: Path, folder: Path) -> None:
    """Unpack and check: exactly the files the list names, each with the digest it names."""
    folder.mkdir()
    found: dict[str, str] = {}
    try:
        with tarfile.open(archive, "r:*") as tar:
            for member in tar:
                name = _safe(member)  # before anything is written
                found[name] = _unpack(tar, member, folder)
        contents = json.loads((folder / CONTENTS).read_text(encoding="utf-8"))
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        raise BackupProblem(f"{archive.name} is not a whole backup: {error}.") from error
    (folder / CONTENTS).unlink()
    found.pop(CONTENTS)
    _compare(archive, found, contents)


def _compare(archive: Path, found: dict[str, str], contents: object) -> None:
    listed = contents.get("sha256") if isinstance(contents, dict) else None
    if not isinstance(listed, dict) or contents.get("format") != FORMAT:  # type: ignore[attr-defined]
        raise BackupProblem(f"{archive.name} is not a backup this release can read.")
    wrong = sorted(name for name in found.keys() | listed.keys() if found.get(name) != listed.get(name))
    if wrong or DATABASE not in found or "store.json" not in found:
        raise BackupProblem(
            f"{archive.name} is damaged: “{(wrong or [DATABASE])[0]}” is missing, not listed or not what "
            "was saved. Use another backup."
        )


def _safe(member: tarfile.TarInfo) -> str:
    """The member's name, if it is a plain file inside the archive's own folder."""
    path = PurePosixPath(member.name)
    inside = not path.is_absolute() and ".." not in path.parts and path.as_posix() == member.name
    if not member.isreg() or not inside or "\\" in member.name:
        raise ValueError(f"it holds “{member.name}”, which is no file of a store")
    return member.name


def _unpack(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> str:
    source = tar.extractfile(member)
    assert source is not None  # _safe let only regular files through
    target = folder / member.name
    target.parent.mkdir(parents=True, exist_ok=True)
    with source, target.open("xb") as out:
        reader = _Hashing(source)
        shutil.copyfileobj(reader, out)
        out.flush()
        os.fsync(out.fileno())
    return reader.digest.hexdigest()
