"""Folders of closed months: whole or not there, saved, cleaned and retired with the rest."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from warehouse import closed, erasure
from warehouse.backup import backup, restore
from warehouse.closed import EvidenceMissing
from warehouse.mentions import Mentions
from warehouse.people import Person
from warehouse.store import Store

NOW = datetime(2026, 4, 2, tzinfo=UTC)
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
LINES = pa.table({"rep": ["r1"], "amount": [5]})
SALES = pa.table({"rep": ["r1"], "account": ["Pens for Ann Lee"]})
ANN = Mentions(Person("r1", "ann.lee@example.org", "Ann Lee"))


def keep(root: Path, start: date = MARCH, when: datetime = NOW) -> str:
    texts = {closed.SEAL: {"closed_at": when.isoformat()}, "plans.json": [{"text": "# by Ann Lee"}]}
    return closed.write(root, start, {"lines": LINES, "transactions": SALES}, texts)


def names(root: Path) -> list[str]:
    return [path.relative_to(root / "closed").as_posix() for path in closed.files(root)]


def test_what_is_kept_is_read_again(tmp_path: Path):
    assert keep(tmp_path) == "closed/2026-03-01"
    found = closed.evidence(tmp_path, MARCH)
    assert found.table("transactions").equals(SALES)
    assert found.text("plans.json") == [{"text": "# by Ann Lee"}]
    assert found.about == {"closed_at": NOW.isoformat()}


def test_a_failure_on_the_way_leaves_no_folder(tmp_path: Path):
    with pytest.raises(TypeError):
        closed.write(tmp_path, MARCH, {"lines": LINES}, {closed.SEAL: {"bad": object()}})
    assert names(tmp_path) == []
    keep(tmp_path)
    assert [path.name for path in closed.folders(tmp_path)] == ["2026-03-01"]


def test_what_a_closing_left_behind_is_replaced_or_removed(tmp_path: Path):
    for name in ("2026-03-01", "2026-03-01.half", "2026-04-01"):
        (tmp_path / "closed" / name).mkdir(parents=True)
        (tmp_path / "closed" / name / "old.parquet").write_bytes(b"")
    (tmp_path / "closed" / "note").write_text("stray")
    keep(tmp_path)
    assert closed.tidy(tmp_path, {"closed/2026-03-01"}) == ["closed/2026-04-01", "closed/note"]
    assert names(tmp_path) == [
        "2026-03-01/evidence.json",
        "2026-03-01/lines.parquet",
        "2026-03-01/plans.json",
        "2026-03-01/transactions.parquet",
    ]


def test_a_folder_that_is_gone_and_a_file_that_is_damaged_are_said(tmp_path: Path):
    with pytest.raises(EvidenceMissing, match="closed/2026-03-01 of the closed month is not there"):
        closed.evidence(tmp_path, MARCH).table("lines")
    keep(tmp_path)
    folder = tmp_path / "closed" / "2026-03-01"
    (folder / "lines.parquet").write_bytes(b"no rows")
    (folder / "plans.json").write_text("[")
    found = closed.evidence(tmp_path, MARCH)
    with pytest.raises(EvidenceMissing, match="lines.parquet is damaged"):
        found.table("lines")
    with pytest.raises(EvidenceMissing, match="plans.json cannot be read"):
        found.text("plans.json")


def test_only_what_old_months_were_computed_from_is_retired(tmp_path: Path):
    keep(tmp_path)
    keep(tmp_path, APRIL, NOW + timedelta(days=30))
    assert closed.retire(tmp_path, NOW) == 0
    assert closed.retire(tmp_path, NOW + timedelta(days=1)) == 1
    assert closed.retire(tmp_path, NOW + timedelta(days=1)) == 0
    with pytest.raises(EvidenceMissing, match="not kept any more"):
        closed.evidence(tmp_path, MARCH).table("transactions")
    assert closed.evidence(tmp_path, MARCH).table("lines").equals(LINES)
    assert closed.evidence(tmp_path, APRIL).table("transactions").equals(SALES)


def test_a_backup_brings_them_back(tmp_path: Path):
    store = Store.create(tmp_path / "store", "own", NOW)
    keep(store.root)
    (store.root / "closed" / "2026-04-01.half").mkdir()
    (store.root / "closed" / "2026-04-01.half" / "lines.parquet").write_bytes(b"half")
    backup(store, tmp_path / "saved.tar", lambda path: path.write_text("database"))
    back = restore(tmp_path / "saved.tar", tmp_path / "back", lambda _: None)
    assert names(back.root) == names(store.root)
    assert not (back.root / "closed" / "2026-04-01.half").exists()
    assert closed.evidence(back.root, MARCH).table("lines").equals(LINES)


def test_a_person_who_is_forgotten_is_forgotten_there_too(tmp_path: Path):
    keep(tmp_path)
    assert erasure.where_mentioned(tmp_path, ANN) != []
    changed = erasure.erase_in_closed(tmp_path, ANN)
    assert {path.name for path in changed} == {"transactions.parquet", "plans.json"}
    assert erasure.where_mentioned(tmp_path, ANN) == []
    found = closed.evidence(tmp_path, MARCH)
    assert found.table("transactions")["account"].to_pylist() == ["Pens for r1"]
    assert found.text("plans.json") == [{"text": "# by r1"}]
    assert pq.read_table(found.folder / "lines.parquet").equals(LINES)
    assert erasure.erase_in_closed(tmp_path, ANN) == []
