"""What closed months were computed from: a folder each, written at once and then left alone.

``closed/2026-03-01/`` holds the rows and texts of the month that begins on that day. A folder counts
only when the planning database says that its month is closed; whatever else lies there is what a
closing that was ended half way left behind. The caller holds the store's lock to write.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.parquet import Writer, sync
from warehouse.problems import StoreProblem

FOLDER = "closed"
SEAL = "evidence.json"
"""The file that says what the others are; every folder has it."""

KEPT = ("lines", "trace", "balances")
"""Tables that stay when the rest is retired: what was paid, and why."""

_HALF = ".half"
FORMAT = 1


class EvidenceMissing(StoreProblem):
    """What a closed month was computed from is not there; the message says why and what to do."""


@dataclass(frozen=True)
class Evidence:
    """The rows and texts of one closed month."""

    folder: Path

    def table(self, name: str) -> pa.Table:
        """Rows kept under a name.

        Raises:
            EvidenceMissing: they were retired, or are damaged.
        """
        path = self.folder / f"{name}.parquet"
        try:
            return pq.read_table(path)
        except FileNotFoundError as error:
            raise EvidenceMissing(self._gone(path.name)) from error
        except (OSError, pa.ArrowException) as error:
            message = (
                f"{FOLDER}/{self.folder.name}/{path.name} is damaged: {error}. Restore it from a backup."
            )
            raise EvidenceMissing(message) from error

    @property
    def about(self) -> dict[str, Any]:
        """What was written down of the closing."""
        return self.text(SEAL)

    def text(self, name: str) -> Any:
        """A JSON text kept under a name, read."""
        try:
            return json.loads((self.folder / name).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            message = f"{FOLDER}/{self.folder.name}/{name} cannot be read: {error}. Restore it from a backup."
            raise EvidenceMissing(message) from error

    def _gone(self, name: str) -> str:
        day = self.folder.name
        if not self.folder.is_dir():
            return f"The folder {FOLDER}/{day} of the closed month is not there. Restore it from a backup."
        return (
            f"{name} of the month that began on {day} is not kept any more ([retention] closed), so it cannot "
            "be computed again. What was paid is still there."
        )


def evidence(root: Path, start: date) -> Evidence:
    """Of the month that begins on a day; nothing is read yet."""
    return Evidence(root / FOLDER / start.isoformat())


def write(root: Path, start: date, tables: Mapping[str, pa.Table], texts: Mapping[str, Any]) -> str:
    """Keep a month's rows and texts; the folder's path in the store.

    ``texts`` are JSON values by file name, SEAL among them. The folder appears whole or not at all; one
    that a closing ended half way left there is replaced. Everything is on disk before this returns.
    """
    target = root / FOLDER / start.isoformat()
    half = target.with_name(target.name + _HALF)
    _remove(half)
    half.mkdir(parents=True)
    for name, rows in tables.items():
        writer = Writer(half / f"{name}.parquet", rows.schema)
        writer.add(rows)
        writer.close()
    for name, value in texts.items():
        path = half / name
        path.write_text(json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n", "utf-8")
        sync(path)
    sync(half)
    _remove(target)
    half.rename(target)
    for folder in (target.parent, root):
        sync(folder)
    return target.relative_to(root).as_posix()


def tidy(root: Path, keep: Collection[str]) -> list[str]:
    """Remove what belongs to no closed month; ``keep`` are the folders that do. What was removed."""
    strays = [path for path in folders(root) if path.relative_to(root).as_posix() not in keep]
    for path in strays:
        _remove(path)
    return [path.relative_to(root).as_posix() for path in strays]


def folders(root: Path) -> Iterator[Path]:
    """Everything under ``closed``, whole or not."""
    yield from sorted((root / FOLDER).glob("*"))


def files(root: Path) -> Iterator[Path]:
    """Every file of every whole folder."""
    for folder in folders(root):
        if folder.is_dir() and not folder.name.endswith(_HALF):
            yield from sorted(path for path in folder.iterdir() if path.is_file())


def retire(root: Path, before: datetime) -> int:
    """Remove what months that were closed before an instant were computed from; how many files.

    What was paid and why stays, and which plans it followed.
    """
    old = [Evidence(path) for path in folders(root) if (path / SEAL).is_file()]
    doomed = [
        path
        for held in old
        if datetime.fromisoformat(held.about["closed_at"]) < before
        for path in sorted(held.folder.glob("*.parquet"))
        if path.stem not in KEPT
    ]
    for path in doomed:
        path.unlink()
    return len(doomed)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
