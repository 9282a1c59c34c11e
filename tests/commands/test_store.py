"""Looking after a store: ``doctor``, ``backup``, ``restore``, ``publish``, ``republish``, ``retire``, ``catalogue``."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from metrics.catalogue import CHOICES, METRICS
from planning.quotas import Target, set_quota
from tests.commands.conftest import Terminal
from warehouse.database import open_database

LATER = ("--period", "FY2026-Q3")


def decide(terminal: Terminal, amount: int) -> None:
    """A quota for ann in the third quarter, as a person would save it."""
    target = Target("rep", "bookings", date(2026, 7, 1), date(2026, 10, 1), rep_id="ann")
    now = datetime.now(UTC)
    database = open_database(terminal.root)
    set_quota(database, target, Decimal(amount), "USD", seen=0, by="max", now=now, reason="new year")


def test_what_was_decided_is_published_once(own: Terminal):
    own.ok("publish")  # the roles that were given, with their place in the audit log
    assert own.ok("publish") == "Nothing waits to be published.\n"
    decide(own, 900)
    assert "2 changes wait" in own("doctor").out
    assert "Published version" in own.ok("publish")
    assert own.ok("query", "quota", *LATER).splitlines()[1] == "900.00,900.00,"
    assert own.ok("publish") == "Nothing waits to be published.\n"
    assert "Published version" in own.ok("publish", "--whole")


def test_a_sound_store_is_said_to_be_sound(own: Terminal):
    said = own("doctor")
    assert said.code == 0
    for what in (
        "settings",
        "store",
        "version",
        "engine",
        "calendar",
        "source",
        "mapping",
        "database",
        "roles",
        "pay",
    ):
        assert any(line.split()[1] == what for line in said.out.splitlines()), what
    assert "BAD" not in said.out


def test_damage_is_named(own: Terminal):
    part = next((own.root / "parts" / "credits").rglob("*.parquet"))
    part.unlink()
    said = own("doctor")
    assert said.code == 1
    assert "parts are missing or damaged" in said.out


def test_a_store_that_is_not_there_is_bad(empty: Terminal):
    said = empty("doctor")
    assert said.code == 1
    assert "BAD  store" in said.out


def test_settings_that_cannot_be_are_bad(own: Terminal):
    (own.root / "attain.toml").write_text("fiscal_start_month = 13\n")
    said = own("doctor")
    assert said.code == 1
    assert "fiscal_start_month is 13" in said.out


def test_new_settings_count_after_republish(own: Terminal):
    (own.root / "attain.toml").write_text("fiscal_start_month = 2\n")
    assert "Published version" in own.ok("republish")
    said = own("query", "credited", "--period", "FY2027-Q1")
    assert "2026-02-01 to 2026-04-30" in said.err


@pytest.mark.parametrize("name", ["saved.tar", "saved.tar.gz"])
def test_a_backup_brings_everything_back(
    name: str, own: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    decide(own, 900)
    own.ok("publish")
    asked = ("query", "quota_attainment", "--by", "rep,quarter", "--names")
    before, held = own.ok(*asked), own.ok("access", "list")
    archive = tmp_path / name
    assert str(archive) in own.ok("backup", archive)
    monkeypatch.setenv("ATTAIN_STORE", str(tmp_path / "back"))
    assert "own store restored, as of 2026-05-15" in own.ok("restore", archive)
    assert (own.ok(*asked), own.ok("access", "list")) == (before, held)


def test_a_backup_overwrites_nothing(own: Terminal, tmp_path: Path):
    archive = tmp_path / "saved.tar"
    archive.write_text("precious")
    said = own("backup", archive)
    assert said.code == 1
    assert "is already there" in said.err
    assert archive.read_text() == "precious"


def test_a_backup_is_not_restored_over_a_store(own: Terminal, tmp_path: Path):
    archive = tmp_path / "saved.tar"
    own.ok("backup", archive)
    said = own("restore", archive)
    assert said.code == 1
    assert "is not empty" in said.err


def test_what_is_no_backup_is_refused(empty: Terminal, tmp_path: Path):
    archive = tmp_path / "saved.tar"
    archive.write_text("no tar")
    for path in (archive, tmp_path / "nowhere.tar"):
        said = empty("restore", path)
        assert said.code == 1
        assert path.name in said.err
    assert not empty.root.exists() or not any(empty.root.iterdir())


def test_retire_names_each_layer(own: Terminal):
    (own.root / "attain.toml").write_text("[retention]\nset_aside = 0\noutbox = 30\n")
    told = own.ok("retire")
    assert [line.split()[0] for line in told.splitlines()] == ["outbox", "set_aside"]


def test_an_unknown_layer_is_refused(own: Terminal):
    (own.root / "attain.toml").write_text("[retention]\nattic = 3\n")
    said = own("retire")
    assert said.code == 1
    assert "attic" in said.err


def test_the_catalogue_lists_every_metric(terminal: Terminal):
    listed = [line.split()[0] for line in terminal.ok("catalogue").splitlines()]
    assert listed == list(METRICS)


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.long) if METRICS[name].pay else name for name in sorted(METRICS)],
)
def test_a_metric_says_what_it_means(name: str, terminal: Terminal):
    told, metric = terminal.ok("catalogue", name), METRICS[name]
    assert metric.title in told
    assert f"Formula: {metric.formula}" in told
    assert all(words in told for choice in metric.choices for words in CHOICES[choice].values())
    keys = told.partition("Keys: ")[2].partition("\n")[0].split(", ")
    assert keys
    for key in {"team", "quarter"} & set(keys):
        terminal.ok("query", name, "--by", f"manager,{key}" if "manager" in keys else key)


def test_a_metric_nobody_knows_is_refused(terminal: Terminal):
    said = terminal("catalogue", "luck")
    assert said.code == 1
    assert "There is no metric “luck”" in said.err
