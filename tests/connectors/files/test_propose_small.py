"""Small files with a flaw or an unusual column: the good rows load, and the doubt is said."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from connectors.files.propose import Proposal, propose
from tests.connectors.files.loading import Loaded, load

FLAT = (
    "Date,Sales Rep,Customer,Amount\n2026-01-10,Ada Byrne,Acme,100\n2026-01-20,Tom Okafor,Bolt,abc\n"
    "2026-02-10,Ada Byrne,Acme,70\n2026-02-11,Tom Okafor,Core,50\n"
)


def _propose(folder: Path, **files: str) -> tuple[Proposal, Loaded]:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    found = propose(folder, name="small")
    return found, load(found.mapping, folder)


def test_one_bad_amount_of_four_is_set_aside_and_the_others_load(tmp_path):
    found, loaded = _propose(tmp_path, data=FLAT)
    assert [guess.role for guess in found.files] == ["sales"]
    assert loaded.column("opportunities", "amount") == [100, 70, 50]
    assert loaded.sentences == [
        "data.csv, row 3: Amount is “abc”, which is not an amount. Correct it and load again."
    ]


def test_customers_of_a_sales_file_are_listed_once(tmp_path):
    _, loaded = _propose(tmp_path, data=FLAT)
    assert sorted(loaded.column("accounts", "account_id")) == ["Acme", "Bolt", "Core"]


@pytest.mark.parametrize("column", ["Date", "Amount"])
def test_a_column_called_like_what_it_is_not_is_doubted_and_no_customers_are_made_of_it(tmp_path, column):
    """Most amounts, or days, are none: this is still a sales file, and never a list of customers."""
    bad = (
        FLAT.replace("100", "USD 1").replace("70", "USD 2")
        if column == "Amount"
        else FLAT.replace("2026-0", "wk ")
    )
    (tmp_path / "data.csv").write_text(bad, encoding="utf-8")
    found = propose(tmp_path)
    assert found.mapping.tables == ()
    assert any(f"“{column}” in “data.csv” is called like" in doubt for doubt in found.doubts)


def test_one_bad_day_of_four_is_set_aside(tmp_path):
    _, loaded = _propose(tmp_path, data=FLAT.replace("abc", "30").replace("2026-02-10", "soon"))
    assert len(loaded.tables["opportunities"]) == 3
    assert [issue.code for issue in loaded.issues] == ["bad_date"]


def test_a_list_of_customers_by_name_is_made_of_distinct_names(tmp_path):
    _, loaded = _propose(tmp_path, customers="Customer,Segment\nAcme,Small\nBolt,Large\nAcme,Small\n")
    assert sorted(loaded.column("accounts", "account_id")) == ["Acme", "Bolt"]


def test_a_list_of_customers_may_hold_who_looks_after_them_and_what_they_are_worth(tmp_path):
    _, loaded = _propose(
        tmp_path, customers="Customer ID,Customer,Sales Rep,Email,Revenue\n1,Acme,Ada,a@x.org,5\n"
    )
    assert loaded.column("accounts", "name") == ["Acme"]


def test_a_repeated_id_in_a_list_of_customers_is_left_to_be_named(tmp_path):
    rows = "".join(f"{n},C{n}\n" for n in [*range(20), 7])
    _, loaded = _propose(tmp_path, customers=f"Customer ID,Customer\n{rows}")
    assert len(loaded.tables["accounts"]) == 21


def test_lines_of_totals_are_left_out_and_said(tmp_path):
    found, loaded = _propose(tmp_path, quotas="Rep,Year,Quota\nAda,2026,5\nTom,2026,6\nGrand Total,2026,11\n")
    assert sum(loaded.column("quotas", "amount")) == 11
    assert len(loaded.tables["reps"]) == 2
    assert any("“Grand Total” in “Rep” are left out" in doubt for doubt in found.doubts)


def test_a_value_among_addresses_that_is_none_is_doubted(tmp_path):
    found, _ = _propose(
        tmp_path,
        sales="Date,Rep email,Amount\n2026-01-10,a@x.org,5\n2026-01-11,b@x.org,6\n2026-01-12,Tom,7\n",
    )
    assert any("“Tom” in “Rep email”" in doubt for doubt in found.doubts)


def test_reps_called_by_their_number_keep_it_as_their_key(tmp_path):
    _, loaded = _propose(
        tmp_path, sales="Order,Date,Sales Rep,Amount\n1,2026-01-10,101,5\n2,2026-01-11,102,6\n"
    )
    assert loaded.column("opportunities", "owner_id") == ["101", "102"]


def test_no_part_of_a_name_is_in_the_key_of_a_quota(tmp_path):
    _, loaded = _propose(tmp_path, quotas="Sales Rep,Jan,Feb,Mar\nAda Byrne,1,2,3\n")
    assert len(set(loaded.column("quotas", "quota_id"))) == 3
    assert not any("Ada" in key for key in loaded.column("quotas", "quota_id"))


def _period(folder: Path, quotas: str) -> tuple[list[str], set[int], Proposal]:
    """First days, lengths in days, and the proposal for one quota file."""
    found, loaded = _propose(folder, quotas=quotas)
    rows = loaded.tables["quotas"]
    lengths = {(row["period_end"] - row["period_start"]).days for row in rows}
    return sorted(row["period_start"].isoformat() for row in rows), lengths, found


@pytest.mark.parametrize(
    ("header", "days"),
    [("Quarter start", 90), ("Début du trimestre", 90), ("Fiscal quarter start", 90), ("Month start", 31),
     ("Year start", 365), ("Week start", 7), ("Week", 7), ("Half start", 181)],
)  # fmt: skip
def test_the_header_says_how_long_a_period_with_a_single_start_is(tmp_path, header, days):
    starts, lengths, found = _period(tmp_path, f"Rep,{header},Quota\nAda,2026-01-01,5\nTom,2026-01-01,6\n")
    assert (starts, lengths) == (["2026-01-01", "2026-01-01"], {days})
    assert found.doubts == ()


@pytest.mark.parametrize(
    ("gap", "days"), [(7, {7}), (31, {28, 31}), (90, {90, 91}), (181, {181, 184}), (365, {365})]
)
def test_the_gaps_between_starts_say_how_long_a_period_is(tmp_path, gap, days):
    second = date(2026, 1, 1) + timedelta(days=gap)
    starts, lengths, found = _period(tmp_path, f"Rep,Period start,Quota\nAda,2026-01-01,5\nAda,{second},6\n")
    assert (starts, lengths) == (["2026-01-01", second.isoformat()], days)
    assert found.doubts == ()


def test_the_header_wins_over_the_gaps_and_the_difference_is_said(tmp_path):
    _, lengths, found = _period(tmp_path, "Rep,Quarter start,Quota\nAda,2026-01-01,5\nTom,2026-02-01,6\n")
    assert lengths == {90, 89}
    assert any("closer together" in doubt for doubt in found.doubts)


def test_a_single_start_of_unknown_length_takes_the_quotas_word_or_is_doubted(tmp_path):
    assert _period(tmp_path, "Rep,Start,Quarterly quota\nAda,2026-01-01,5\n")[1] == {90}
    _, lengths, found = _period(tmp_path, "Rep,Start,Quota\nAda,2026-01-01,5\n")
    assert lengths == {31}
    assert any("does not say how long its periods are" in doubt for doubt in found.doubts)


@pytest.mark.parametrize(
    ("text", "starts", "days"),
    [
        ("Rep,Start Date,End Date,Quota\nAda,2026-01-01,2026-03-31,5\n", "2026-01-01", 90),
        ("Rep,From,To,Quota\nAda,2026-01-01,2026-04-01,5\n", "2026-01-01", 90),
        ("Rep,Quarter end,Quota\nAda,2026-03-31,5\n", "2026-01-01", 90),
        ("Rep,Week ending,Quota\nAda,2026-01-11,5\n", "2026-01-05", 7),
        ("Rep,Year,Quarter start,Quota\nAda,2026,2026-04-01,5\n", "2026-04-01", 91),
        ("Rep,Quarter,Quota\nAda,Q1 26,5\n", "2026-01-01", 90),
        ("Rep,Period,Quota\nAda,Août 2026,5\n", "2026-08-01", 31),
        ("Rep,Period,Quota\nAda,2026-Q4,5\n", "2026-10-01", 92),
        ("Rep,Year,Period,Quota\nAda,2026,Q2,5\n", "2026-04-01", 91),
    ],
)
def test_when_a_period_is(tmp_path, text, starts, days):
    assert _period(tmp_path, text)[:2] == ([starts], {days})


@pytest.mark.parametrize("header", ["Jan-26,Feb-26,Mar-26", "Jan 2026,Feb 2026,Mar 2026", "janv. 26,févr. 26,mars 26",
                                    "Jan FY26,Feb FY26,Mar FY26", "2026-01,2026-02,2026-03"])  # fmt: skip
def test_months_as_headers(tmp_path, header):
    starts, _, found = _period(tmp_path, f"Rep,{header},H1 total\nAda,1,2,3,6\n")
    assert starts == ["2026-01-01", "2026-02-01", "2026-03-01"]
    assert found.doubts == ()


@pytest.mark.parametrize(
    "header", ["Q1 2026,Q2 2026", "2026-Q1,2026-Q2", "T1 26,T2 26", "Q1 FY26 Quota,Q2 FY26 Quota"]
)
def test_quarters_as_headers(tmp_path, header):
    starts, _, found = _period(tmp_path, f"Rep,{header}\nAda,1,2\n")
    assert (starts, found.doubts) == (["2026-01-01", "2026-04-01"], ())


@pytest.mark.parametrize(
    ("file", "text"),
    [("quotas", "Rep,Quarter,Quota\nAda,Q1,5\n"), ("quotas", "Rep,Jan target,Feb target,Mar target\nAda,1,2,3\n"),
     ("FY25 quotas", "Rep,Month,Quota\nAda,January,5\n")],
)  # fmt: skip
def test_a_year_that_is_nowhere_is_taken_from_the_name_or_the_sales_and_said(tmp_path, file, text):
    found, loaded = _propose(tmp_path, **{"sales": FLAT, file: text})
    wanted = 2025 if "25" in file else 2026
    assert min(loaded.column("quotas", "period_start")) == date(wanted, 1, 1)
    assert any(f"{wanted} was taken" in doubt for doubt in found.doubts)


def test_probabilities_in_percent_are_shares(tmp_path):
    head = "Deal ID,Owner,Stage,Probability (%),Amount,Close Date\n"
    for text in ("75%", "75"):
        _, loaded = _propose(tmp_path, deals=head + f"1,Ada,Negotiation,{text},5,2026-01-10\n")
        assert loaded.column("opportunities", "probability") == [0.75]


def test_a_stage_that_denies_is_not_won(tmp_path):
    head = "Deal ID,Owner,Status,Amount,Close Date\n"
    _, loaded = _propose(tmp_path, deals=head + "1,Ada,Paid,5,2026-01-10\n2,Ada,Not paid,6,2026-01-11\n")
    assert loaded.column("opportunities", "is_won") == [True, False]


def test_a_column_that_says_won_decides(tmp_path):
    head = "Deal ID,Owner,Stage,Is won,Is closed,Amount,Close Date\n"
    rows = "1,Ada,Ink,true,true,5,2026-01-10\n2,Ada,Gone,false,true,6,2026-01-11\n3,Ada,Talk,false,false,7,2026-03-11\n"
    found, loaded = _propose(tmp_path, deals=head + rows)
    got = [(r["is_won"], r["is_closed"]) for r in loaded.tables["opportunities"]]
    assert (got, found.doubts) == ([(True, True), (False, True), (False, False)], ())


def test_what_one_file_leaves_open_another_decides(tmp_path):
    """1,234 and 3/4 are read as the sales file writes its numbers and days."""
    sales = 'Order,Date,Rep,Amount\n1,01/25/2026,Ada,"1,234.50"\n'
    found, loaded = _propose(tmp_path, sales=sales, quotas='Rep,Month start,Quota\nAda,3/1/2026,"1,234"\n')
    assert found.doubts == ()
    assert loaded.column("quotas", "period_start") == [date(2026, 3, 1)]
    assert loaded.column("quotas", "amount") == [Decimal(1234)]
