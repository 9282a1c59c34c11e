"""Exports as sales people have them, proposed and published: deals and quotas come to the right attainment."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import xlsxwriter

from connectors.files import FilesConnector
from connectors.files.propose import propose
from tests.connectors.files.loading import NOW
from warehouse.issues import from_table
from warehouse.settings import Settings
from warehouse.store import Store
from workflows.refresh import load as publish

REPORT = """"Opportunity Owner","Account Name","Opportunity Name","Stage","Fiscal Period","Amount Currency","Amount","Probability (%)","Close Date","Created Date","Type"
"Ada Byrne","Acme","Acme - Platform","Closed Won","Q1-2026","USD","12,500.00","100%","1/31/2026","12/17/2025","New Business"
"Ada Byrne","Bolt","Bolt - Renewal","Closed Won","Q1-2026","USD","8,000.00","100%","2/14/2026","1/25/2026","Renewal"
"Tom Okafor","Core","Core - Pilot","Negotiation/Review","Q2-2026","USD","20,000.00","90%","6/30/2026","2/1/2026","New Business"
"Tom Okafor","Acme","Acme - Add-on","Closed Lost","Q1-2026","USD","5,000.00","0%","3/10/2026","2/5/2026","Existing Business"
"Tom Okafor","Dune","Dune - Seats","Closed Won","Q1-2026","USD","15,000.00","100%","3/25/2026","3/13/2026","New Business"

"Confidential Information - Do Not Distribute"
"""
DEALS = """Record ID,Deal Name,Deal Stage,Close Date,Deal owner,Amount,Pipeline,Associated Company,Is Closed Won,Amount in company currency
901,Acme - New,Closed won (Sales Pipeline),2026-01-31 14:05,Ada Byrne,1200.0,Sales Pipeline,Acme,true,1200.0
902,Bolt,Appointment scheduled (Sales Pipeline),2026-05-30 09:00,Ada Byrne,900,Sales Pipeline,Bolt,false,900
903,Core,Closed lost (Sales Pipeline),2026-02-03 09:00,Tom Okafor,700,Sales Pipeline,Core,false,700
904,Dune,Closed won (Sales Pipeline),2026-03-03 09:00,Tom Okafor,800,Sales Pipeline,Dune,true,800
"""
GOALS = "Deal owner,Month,Goal\n" + "".join(
    f"{rep},{month} 2026,{goal}\n"
    for rep, goal in (("Ada Byrne", 1000), ("Tom Okafor", 500))
    for month in ("Jan", "Feb", "Mar")
)
VENTES = """N° facture;Date de facturation;Commercial;Société;Montant HT (€);Statut
F-001;15/01/2026;Aïcha Roux;Boulangerie Petit;1 234,50;Payée
F-002;03/02/2026;Hélène Lévy;Mairie d'Évry;2 000,00;Payée
F-003;28/02/2026;Aïcha Roux;Boulangerie Petit;765,50;Payée
F-004;12/03/2026;Hélène Lévy;Forêt & Fils;10 000,00;Annulée
F-005;30/03/2026;Hélène Lévy;Forêt & Fils;5 000,00;En attente
"""
OBJECTIFS = "Commercial;Trimestre;Objectif\nAïcha Roux;T1 2026;4 000,00\nHélène Lévy;T1 2026;5 000,00\nTotal;T1 2026;9 000,00\n"


def _crm_report(folder: Path) -> None:
    (folder / "report1767.csv").write_text(REPORT, encoding="utf-8")
    quota = 'Opportunity Owner,Quarter start,Quarterly Quota\nAda Byrne,1/1/2026,"41,000"\nTom Okafor,1/1/2026,"30,000"\n'
    (folder / "quota.csv").write_text(quota, encoding="utf-8")


def _deal_export(folder: Path) -> None:
    (folder / "all-deals-2026-03-31.csv").write_text(DEALS, encoding="utf-8")
    (folder / "goals.csv").write_text(GOALS, encoding="utf-8")


def _workbooks(folder: Path) -> None:
    with xlsxwriter.Workbook(folder / "FY26 Quotas.xlsx") as book:
        sheet = book.add_worksheet("Quotas")
        sheet.write_row(0, 0, ["Rep", "Region", "Jan-26", "Feb-26", "Mar-26", "Apr-26", "H1 Total"])
        sheet.write_row(1, 0, ["Ada Byrne", "East", 10, 10, 20, 12, 52])
        sheet.write_row(2, 0, ["Tom Okafor", "West", 8, 8, 12, 9, 37])
        sheet.write_row(3, 0, ["Total", "", 18, 18, 32, 21, 89])
    with xlsxwriter.Workbook(folder / "bookings.xlsx") as book:
        sheet, day = book.add_worksheet("Data"), book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, ["Booking Date", "Rep", "Customer", "Bookings ($)"])
        rows = [(1, "Ada Byrne", "Acme", 20), (2, "Tom Okafor", "Bolt", 14), (4, "Ada Byrne", "Acme", 30)]
        for number, (month, *rest) in enumerate(rows, start=1):
            sheet.write_datetime(number, 0, datetime(2026, month, 15), day)  # noqa: DTZ001 - a day of a sheet
            sheet.write_row(number, 1, rest)


def _french(folder: Path) -> None:
    (folder / "Ventes 2026.csv").write_text(VENTES, encoding="cp1252")
    (folder / "Objectifs commerciaux.csv").write_text(OBJECTIFS, encoding="cp1252")


def _addresses(folder: Path) -> None:
    deals = (
        "Closed\tRep Email\tCompany\tACV\n2026-01-15\tada@x.org\tAcme\t12k\n2026-02-15\ttom@x.org\tBolt\t5000\n"
        "2026-02-20\tAda@x.org\tAcme\t7000\n"
    )
    quota = (
        "Rep Email\tStart Date\tEnd Date\tQuota\nada@x.org\t2026-01-01\t2026-03-31\t20000\n"
        "tom@x.org\t2026-01-01\t2026-03-31\t10000\n"
    )
    (folder / "deals.tsv").write_text(deals, encoding="utf-8")
    (folder / "quota.tsv").write_text(quota, encoding="utf-8")


def _first_quarter(version: object, root: Path, table: str, day: str, amount: str) -> dict[str, Decimal]:
    """Sums by rep of the first quarter of 2026."""
    sums: dict[str, Decimal] = {}
    for part in version.tables[table]:  # type: ignore[attr-defined]
        for row in pq.read_table(root / part.path).to_pylist():
            if date(2026, 1, 1) <= row[day] < date(2026, 4, 1):
                sums[row["rep_id"]] = sums.get(row["rep_id"], Decimal(0)) + row[amount]
    return sums


@pytest.mark.parametrize(
    ("make", "shares", "codes", "currency"),
    [
        (_crm_report, ["0.5", "0.5"], {"cut_row"}, "USD"),
        (_deal_export, ["0.4", "0.533"], set(), None),
        (_workbooks, ["0.5", "0.5"], set(), "USD"),
        (_french, ["0.4", "0.5"], set(), "EUR"),
        (_addresses, ["0.35", "0.5"], {"bad_amount"}, None),
    ],
)
def test_an_export_comes_to_the_right_attainment(tmp_path, make, shares, codes, currency):
    files = tmp_path / "files"
    files.mkdir()
    make(files)
    found = propose(files, name="export")
    store = Store.create(tmp_path / "store", "own", NOW)
    report = publish(FilesConnector(found.mapping, files, NOW.date()), store, Settings(), NOW)
    sold = _first_quarter(report.version, store.root, "credits", "credited_on", "amount_reporting")
    asked = _first_quarter(report.version, store.root, "quota_months", "month_start", "amount_reporting")
    assert sorted(f"{sold[rep] / asked[rep]:.3f}".rstrip("0") for rep in asked) == shares
    assert {issue.code for issue in from_table(pq.read_table(report.issues_path))} == codes
    assert found.mapping.settings.get("currency") == currency
