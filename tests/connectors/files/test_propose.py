"""Files somebody drops become a mapping that loads; each test shows the files and what came out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from connectors.files import dump_mapping, read_mapping
from connectors.files.propose import Proposal, propose
from connectors.files.synonyms import name_score, plain
from connectors.files.validate import validate
from tests.connectors.files.loading import NOW, Loaded, load

SALES = "Order,Close Date,Sales Rep,Customer,Amount\n1,2026-01-10,Ada Byrne,Acme,100\n2,2026-02-10,Tom Okafor,Bolt,50\n"


def _propose(folder: Path, **files: str) -> tuple[Proposal, Loaded]:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    found = propose(folder, name="my files")
    assert read_mapping(dump_mapping(found.mapping)) == found.mapping
    report = validate(found.mapping, folder, NOW.date())
    loaded = load(found.mapping, folder)
    assert report.rows == {table: len(rows) for table, rows in loaded.tables.items()}
    return found, loaded


def _roles(found: Proposal) -> dict[str, str]:
    return {guess.file: guess.role for guess in found.files}


def test_sales_and_quotas_are_enough(tmp_path):
    """No file of reps: they are the people the sales and the quotas name, and known by pseudonyms."""
    found, loaded = _propose(
        tmp_path, sales=SALES, quotas="Sales Rep,Month,Quota\nAda Byrne,2026-01,80\nEve Lund,2026-02,70\n"
    )
    assert found.complete
    assert _roles(found) == {"sales.csv": "sales", "quotas.csv": "quotas"}
    assert set(loaded.column("reps", "rep_id")) == {
        "p:ada byrne@name",
        "p:tom okafor@name",
        "p:eve lund@name",
    }
    assert loaded.column("opportunities", "owner_id") == ["p:ada byrne@name", "p:tom okafor@name"]
    assert loaded.column("opportunities", "is_won") == [True, True]
    quotas = [(r["rep_id"], r["period_start"], r["period_end"], r["amount"]) for r in loaded.tables["quotas"]]
    assert quotas == [
        ("p:ada byrne@name", date(2026, 1, 1), date(2026, 2, 1), Decimal(80)),
        ("p:eve lund@name", date(2026, 2, 1), date(2026, 3, 1), Decimal(70)),
    ]
    assert loaded.as_of == date(2026, 2, 10)


def test_a_manager_column_in_the_sales_makes_the_hierarchy(tmp_path):
    found, loaded = _propose(
        tmp_path,
        sales="Date,Rep email,Manager email,Amount\n2026-01-10,a@x.org,m@x.org,5\n2026-01-11,b@x.org,m@x.org,6\n",
    )
    assert "no deal or order number" in " ".join(found.doubts)
    got = sorted((r["rep_id"], r["manager_id"]) for r in loaded.tables["assignments"])
    assert got == [("p:a@x.org", "p:m@x.org"), ("p:b@x.org", "p:m@x.org")]
    assert "p:m@x.org" in loaded.column("reps", "rep_id")


def test_french_files_with_semicolons_and_decimal_commas(tmp_path):
    found, loaded = _propose(
        tmp_path,
        commerciaux="Matricule;Prénom;Nom;Responsable;Équipe;Date d'embauche\n"
        "C1;Aïcha;Roux;;Direction;03/01/2020\nC2;Paul;Lévy;C1;Nord;15/06/2023\n",
        ventes="N° commande;Date de commande;Matricule;Client;Montant HT\n"
        "V1;31/01/2026;C2;Boulangerie Petit;1.234,50 €\nV2;28/02/2026;C2;Mairie;200,00 €\n",
        objectifs="Matricule;Année;Janvier;Février;Mars\nC2;2026;1.000,00;2.000,00;3.000,00\n",
    )
    assert _roles(found) == {"commerciaux.csv": "reps", "ventes.csv": "sales", "objectifs.csv": "quotas"}
    assert found.mapping.settings == {"currency": "EUR"}
    assert loaded.column("opportunities", "amount") == [Decimal("1234.5"), Decimal(200)]
    assert loaded.column("opportunities", "close_on") == [date(2026, 1, 31), date(2026, 2, 28)]
    assert [(r["rep_id"], r["manager_id"], r["team_id"]) for r in loaded.tables["assignments"]] == [
        ("C1", "unassigned", "Direction"),
        ("C2", "C1", "Nord"),
    ]
    assert sorted(loaded.column("quotas", "period_start")) == [date(2026, m, 1) for m in (1, 2, 3)]
    assert sum(loaded.column("quotas", "amount")) == 6000
    assert loaded.column("reps", "hire_date") == [date(2020, 1, 3), date(2023, 6, 15)]


def test_sales_that_name_people_otherwise_than_the_file_of_reps_are_joined(tmp_path):
    found, loaded = _propose(
        tmp_path,
        reps="Employee ID,Name,Email,Manager\n7,Ada Byrne,ada@x.org,\n8,Tom Okafor,tom@x.org,Ada Byrne\n",
        sales=SALES,
        quotas="Email,Year,Q1,Q2\nada@x.org,2026,10,20\ntom@x.org,2026,30,40\n",
    )
    assert loaded.issues == []
    assert loaded.column("opportunities", "owner_id") == ["7", "8"]
    assert sorted(loaded.column("quotas", "rep_id")) == ["7", "7", "8", "8"]
    assert [(r["rep_id"], r["manager_id"]) for r in loaded.tables["assignments"]] == [
        ("7", "unassigned"),
        ("8", "7"),
    ]
    assert {g.role for g in found.files} == {"reps", "sales", "quotas"}


def test_lines_of_orders_become_deals(tmp_path):
    _, loaded = _propose(
        tmp_path,
        orders="Order ID,Order Date,Rep ID,SKU,Qty,Amount\n1,2026-01-10,7,P1,2,10.10\n1,2026-01-10,7,P2,1,20.20\n"
        "2,2026-01-11,8,P1,1,5\n",
    )
    assert [(r["opportunity_id"], r["amount"]) for r in loaded.tables["opportunities"]] == [
        ("1", Decimal("30.3")),
        ("2", Decimal(5)),
    ]
    assert len(loaded.tables["opportunity_lines"]) == 3
    assert sorted(loaded.column("products", "product_id")) == ["P1", "P2"]


def test_stages_say_what_is_won_lost_and_open(tmp_path):
    _, loaded = _propose(
        tmp_path,
        deals="Deal ID,Owner,Stage,Amount,Close Date\n1,Ada,Closed Won,5,2026-01-10\n2,Ada,Closed Lost,6,2026-01-11\n"
        "3,Ada,Negotiation,7,2026-09-30\n",
    )
    got = [(r["stage_id"], r["is_won"], r["is_closed"]) for r in loaded.tables["opportunities"]]
    assert got == [("Closed Won", True, True), ("Closed Lost", False, True), ("Negotiation", False, False)]
    assert {(r["stage_id"], r["is_won"]) for r in loaded.tables["stages"]} >= {
        ("Closed Won", True),
        ("Negotiation", False),
    }
    assert loaded.as_of == date(2026, 1, 11)


@pytest.mark.parametrize(
    ("quotas", "starts", "length"),
    [
        ("Rep,Quarter,Target\nAda,2026-Q1,1\nAda,2026-Q2,2\n", ["2026-01-01", "2026-04-01"], 3),
        ("Rep,Year,Quarter,Target\nAda,2026,Q1,1\nAda,2026,Q2,2\n", ["2026-01-01", "2026-04-01"], 3),
        ("Rep,Year,Month,Target\nAda,2026,1,1\nAda,2026,2,2\n", ["2026-01-01", "2026-02-01"], 1),
        ("Rep,Period start,Target\nAda,2026-01-01,1\nAda,2026-04-01,2\nAda,2026-07-01,2\n",
         ["2026-01-01", "2026-04-01", "2026-07-01"], 3),
        ("Rep,Month,Target\nAda,01/2026,1\nAda,02/2026,2\n", ["2026-01-01", "2026-02-01"], 1),
        ("Rep,Year,Target\nAda,2025,1\nAda,2026,2\n", ["2025-01-01", "2026-01-01"], 12),
        ("Rep,Jan 2026,Feb 2026,Mar 2026\nAda,1,2,3\n", ["2026-01-01", "2026-02-01", "2026-03-01"], 1),
        ("Rep,2026-01,2026-02,2026-03\nAda,1,2,3\n", ["2026-01-01", "2026-02-01", "2026-03-01"], 1),
    ],
)  # fmt: skip
def test_shapes_of_quota_files(tmp_path, quotas, starts, length):
    _, loaded = _propose(tmp_path, quotas=quotas)
    assert sorted(day.isoformat() for day in loaded.column("quotas", "period_start")) == starts
    for row in loaded.tables["quotas"]:
        start, end = row["period_start"], row["period_end"]
        assert (end.year - start.year) * 12 + end.month - start.month == length


def test_wide_targets_without_a_year_take_the_year_of_the_sales_and_say_so(tmp_path):
    found, loaded = _propose(tmp_path, sales=SALES, targets="Sales Rep,M01,M02,M03\nAda Byrne,1,2,3\n")
    assert any("does not say which year" in doubt for doubt in found.doubts)
    assert {day.year for day in loaded.column("quotas", "period_start")} == {2026}


def test_a_workbook_with_a_sheet_for_each(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "all.xlsx")
    for name, text in (
        ("Sales", SALES),
        ("Quotas", "Sales Rep,Year,Q1\nAda Byrne,2026,90\n".replace("Q1", "Quota")),
    ):
        sheet = book.add_worksheet(name)
        for number, line in enumerate(text.strip().split("\n")):
            sheet.write_row(number, 0, [int(v) if v.isdigit() else v for v in line.split(",")])
    book.add_worksheet("Empty")
    book.close()
    found, loaded = _propose(tmp_path)
    assert {(g.sheet, g.role) for g in found.files} == {("Sales", "sales"), ("Quotas", "quotas")}
    assert sum(loaded.column("opportunities", "amount")) == 150


def test_day_and_month_that_cannot_be_told_apart_are_doubted(tmp_path):
    found, _ = _propose(tmp_path, sales="Order,Date,Rep,Amount\n1,03/04/2026,Ada,5\n2,05/06/2026,Ada,6\n")
    assert any("day or month first is not certain" in doubt for doubt in found.doubts)


def test_one_date_after_the_twelfth_decides(tmp_path):
    found, loaded = _propose(
        tmp_path, sales="Order,Date,Rep,Amount\n1,03/04/2026,Ada,5\n2,06/25/2026,Ada,6\n"
    )
    assert found.doubts == ()
    assert loaded.column("opportunities", "close_on") == [date(2026, 3, 4), date(2026, 6, 25)]


def test_people_named_differently_in_sales_and_quotas_are_doubted(tmp_path):
    found, _ = _propose(
        tmp_path, sales=SALES, quotas="Sales Rep,Year,Quota\nA. Byrne,2026,5\nT. Okafor,2026,6\n"
    )
    assert any("few values of “Sales Rep”" in doubt for doubt in found.doubts)


def test_a_file_nobody_understands_is_left_out_and_said(tmp_path):
    found, _ = _propose(tmp_path, sales=SALES, weather="Town,Rain\nOslo,3\n")
    assert _roles(found)["weather.csv"] == ""
    assert any("weather.csv” is not used" in doubt for doubt in found.doubts)


def test_an_unreadable_file_is_an_issue(tmp_path):
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "sales.csv").write_text(SALES)
    assert [issue.file for issue in propose(tmp_path).issues] == ["empty.csv"]


def test_every_guess_has_a_confidence_and_a_reason(tmp_path):
    found, _ = _propose(tmp_path, sales=SALES)
    assert all(0 <= guess.confidence <= 1 for guess in found.guesses)
    amount = next(g for g in found.guesses if (g.fills, g.column) == ("opportunities", "amount"))
    assert (amount.source, amount.reason) == ("Amount", "name")
    assert amount.confidence > 0.9


def test_the_simple_example_is_proposed_as_it_ships(tmp_path, project):
    for path in (project / "examples" / "simple").glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    found, loaded = _propose(tmp_path)
    shipped = load((project / "examples" / "simple" / "mapping.toml").read_text(), tmp_path)
    assert found.complete
    assert found.doubts == ()
    for table, column in [("opportunities", "amount"), ("quotas", "amount"), ("quotas", "period_start")]:
        assert sorted(loaded.column(table, column)) == sorted(shipped.column(table, column))
    for table in ("reps", "assignments"):
        key = ["rep_id", *(["manager_id", "team_id"] if table == "assignments" else [])]
        rows = [sorted(tuple(row[k] for k in key) for row in one.tables[table]) for one in (loaded, shipped)]
        assert rows[0] == rows[1]


@pytest.mark.parametrize(
    ("name", "meaning"),
    [("SalesAmount", "amount"), ("Montant HT", "amount"), ("Date d'embauche", "hire_date"), ("EMPLOYEE_ID", "rep_id"),
     ("Propriétaire", "rep_name"), ("CloseDate", "close_on"), ("Chiffre d’affaires", "amount")],
)  # fmt: skip
def test_names_of_columns_are_known(name, meaning):
    assert name_score(name, meaning) > 0.75, plain(name)
