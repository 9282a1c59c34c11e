"""A closed month comes out again, whatever has changed since."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from compensation.plan.reading import plan_of
from tests.workflows.pay.closing_company import (
    ADMIN,
    DEALS,
    EXECUTIVE,
    FEBRUARY,
    JANUARY,
    LATER,
    MARCH,
    OTHER,
    RICHER,
    SELLER,
    Payer,
    amounts,
)
from tests.workflows.pay.test_close import CORRECTED, LATE
from warehouse import closed
from warehouse.access import STRANGER, AccessDenied, Viewer
from warehouse.closed import EvidenceMissing
from workflows.pay.problems import CannotPay
from workflows.pay.replay import paid, replay


@pytest.fixture(scope="module")
def two_closed(paying: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """January closed, a late deal loaded, February closed."""
    made = Payer.copied(paying, tmp_path_factory.mktemp("closed") / "store", LATER)
    made.close(JANUARY)
    made.load(LATE)
    made.close(FEBRUARY)
    made.database.close()
    return made.root


@pytest.fixture
def payer(two_closed: Path, tmp_path: Path) -> Payer:
    return Payer.copied(two_closed, tmp_path / "store", LATER + timedelta(days=1))


def test_the_same_comes_out_whatever_was_loaded_or_decided_since(payer: Payer):
    payer.load(CORRECTED[:1])
    payer.publish(RICHER, reason="signed late")
    for month in (JANUARY, FEBRUARY):
        found = replay(payer.root, payer.database, ADMIN, month)
        assert found.same
        assert found.run.digest == found.digest
        assert found.run.lines.sort_by("line_id").equals(found.month.lines.sort_by("line_id"))


def test_a_changed_input_would_be_noticed(payer: Payer):
    path = payer.root / "closed" / "2026-02-01" / "transactions.parquet"
    rows = pq.read_table(path)
    pq.write_table(rows.slice(0, rows.num_rows - 1), path)
    assert replay(payer.root, payer.database, ADMIN, FEBRUARY).same is False


def test_another_plan_says_what_would_have_been_paid(payer: Payer):
    found = replay(payer.root, payer.database, ADMIN, JANUARY + timedelta(days=9), instead=[plan_of(RICHER)])
    assert found.same is None
    assert amounts(found.run.lines) == [("r1", "earning", Decimal(100))]
    assert replay(payer.root, payer.database, ADMIN, JANUARY).same


@pytest.mark.parametrize(("viewer", "reps"), [(EXECUTIVE, {"r1", "r2"}), (SELLER, {"r1"}), (OTHER, {"r2"})])
@pytest.mark.parametrize("how", ["replay", "paid"])
def test_everybody_sees_their_own(payer: Payer, viewer: Viewer, reps: set[str], how: str):
    if how == "replay":
        run = replay(payer.root, payer.database, viewer, FEBRUARY).run
    else:
        run = paid(payer.root, payer.database, viewer, FEBRUARY)
    assert set(run.lines["rep"].to_pylist()) == reps
    assert set(run.trace["credited_rep"].to_pylist()) == reps


def test_a_stranger_sees_nothing(payer: Payer):
    for call in (replay, paid):
        with pytest.raises(AccessDenied):
            call(payer.root, payer.database, STRANGER, JANUARY)


def test_an_open_month_is_said_to_be_open(payer: Payer):
    with pytest.raises(CannotPay, match="2026-03 is not closed yet"):
        replay(payer.root, payer.database, ADMIN, MARCH)


def test_what_is_no_longer_kept_is_said_to_be_gone_and_pay_stays(payer: Payer):
    assert closed.retire(payer.root, payer.company.tick()) == 12
    with pytest.raises(EvidenceMissing, match="month that began on 2026-01-01 is not kept any more"):
        replay(payer.root, payer.database, ADMIN, JANUARY)
    assert amounts(paid(payer.root, payer.database, ADMIN, JANUARY).lines) == [("r1", "earning", Decimal(50))]
    payer.load(DEALS)
    assert payer.close(MARCH).adjustments == 1  # the late deal is gone; nothing else is corrected


def test_closing_reads_nothing_that_retention_removed_since(payer: Payer):
    closed.retire(payer.root, payer.company.tick())
    assert payer.close(MARCH).adjustments == 0
