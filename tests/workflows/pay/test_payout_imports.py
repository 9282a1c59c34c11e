"""Payouts of another program: the example mappings to the cent, and compared with what is computed here."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from connectors.files import FilesConnector, dump_mapping, load_mapping, read_mapping
from tests.support import NOW, RowsConnector
from tests.workflows.pay.closing_company import (
    ADMIN,
    DEALS,
    EXECUTIVE,
    JANUARY,
    MARCH,
    MAY,
    SELLER,
    Payer,
)
from tests.workflows.pay.test_close import sent
from warehouse.access import OWNER, AccessDenied
from warehouse.engine import Session, chosen_engine
from warehouse.settings import Settings
from warehouse.store import Store
from workflows.pay.problems import CannotPay
from workflows.pay.reconciling import control_totals, reconcile
from workflows.refresh import load

RATES = [{"date": date(2026, 1, 1), "from_currency": "EUR", "to_currency": "USD", "rate": 1.1}]
NAMES = ("payments", "statements", "commissions")


def imported(root: Path, project: Path, name: str) -> tuple[Session, int]:
    """A store with the example's payouts; rows set aside."""
    folder = project / "examples" / "payouts"
    store = Store.create(root, "own", NOW)
    load(RowsConnector({"exchange_rates": RATES}, MARCH), store, Settings(), NOW)
    mapping = load_mapping(folder / f"mapping-{name}.toml")
    report = load(FilesConnector(mapping, folder, date(2026, 6, 1)), store, Settings(), NOW)
    return Session(root.resolve(), report.version, chosen_engine()), report.counts["payouts"]["set_aside"]


# The totals each example states of itself, by currency and kind: payouts, people, amount.
STATED = {
    "payments": {
        ("EUR", "draw"): (1, 1, "600.00"),
        ("EUR", "earning"): (1, 1, "900.00"),
        ("USD", "clawback"): (1, 1, "-310.25"),
        ("USD", "earning"): (3, 2, "8202.60"),
    },
    "statements": {("EUR", "earning"): (6, 3, "8965.95"), ("EUR", "recovery"): (2, 1, "-1000.00")},
    "commissions": {("USD", "earning"): (3, 2, "1874.50")},
}
WHOLE = {"payments": "9392.35", "statements": "7965.95", "commissions": "1874.50"}


@pytest.mark.parametrize("name", NAMES)
def test_every_cent_of_an_export_arrives(name: str, project: Path, tmp_path: Path):
    session, aside = imported(tmp_path / "store", project, name)
    found = control_totals(session, OWNER, JANUARY, MAY).to_pylist()
    assert aside == 0
    assert {row["source"] for row in found} == {"files:payouts"}
    assert {(r["currency"], r["kind"]): (r["payouts"], r["people"], r["amount"]) for r in found} == {
        key: (count, people, Decimal(amount)) for key, (count, people, amount) in STATED[name].items()
    }
    assert sum(row["amount"] for row in found) == Decimal(WHOLE[name])


@pytest.mark.parametrize("name", NAMES)
def test_an_example_is_read_and_written_and_read_again(name: str, project: Path):
    mapping = load_mapping(project / "examples" / "payouts" / f"mapping-{name}.toml")
    assert read_mapping(dump_mapping(mapping)) == mapping


def test_the_totals_of_an_export_are_for_those_who_see_all_pay(project: Path, tmp_path: Path):
    session, _ = imported(tmp_path / "store", project, "commissions")
    assert control_totals(session, EXECUTIVE, JANUARY, MAY).num_rows == 1
    with pytest.raises(AccessDenied):
        control_totals(session, SELLER, JANUARY, MAY)


# ------------------------------------------------------------------------------ compared


def compare(payer: Payer, start: date = JANUARY, end: date = MARCH, viewer=ADMIN):
    found = reconcile(payer.root, payer.database, payer.session(), viewer, start, end)
    keys = ("rep", "period_start", "modelled", "recorded", "status")
    return [tuple(row[key] for key in keys) for row in found.found.rows.to_pylist()], found


def money(text: str) -> Decimal:
    return Decimal(text)


@pytest.mark.parametrize("closed", [False, True])
def test_pay_is_compared_line_by_line_whether_closed_or_open(payer: Payer, closed: bool):
    february = date(2026, 2, 1)
    payer.load(DEALS, payouts=[sent("2026-01-31", 48), sent("2026-02-28", 100)])
    if closed:
        payer.close(JANUARY)
    rows, found = compare(payer)
    assert rows == [
        ("r1", JANUARY, money("50"), money("48"), "different"),
        ("r1", february, money("100"), money("100"), "equal"),
        ("r2", february, money("5.03"), None, "only_here"),
    ]
    (total,) = [row for row in found.found.totals.to_pylist() if row["status"] == "total"]
    assert (total["modelled"], total["recorded"]) == (money("155.03"), money("148"))
    assert [(row["payouts"], row["amount"]) for row in found.imported.to_pylist()] == [(2, money("148"))]


def test_a_closed_month_is_compared_as_it_was_frozen(payer: Payer):
    payer.load(DEALS, payouts=[sent("2026-01-31", 50)])
    payer.close(JANUARY)
    payer.load((("o1", date(2026, 1, 10), "r1", "900"), *DEALS[1:]), payouts=[sent("2026-01-31", 50)])
    rows, _ = compare(payer, end=date(2026, 2, 1))
    assert [row[-1] for row in rows] == ["equal"]


def test_what_was_closed_here_is_not_compared_with_itself(payer: Payer):
    payer.close(JANUARY)
    with pytest.raises(CannotPay, match="No other source pays 2026-01-01 to 2026-02-28"):
        compare(payer)


@pytest.mark.parametrize("viewer", [EXECUTIVE, SELLER])
def test_only_those_who_run_pay_compare_it(payer: Payer, viewer):
    with pytest.raises(AccessDenied):
        compare(payer, viewer=viewer)
