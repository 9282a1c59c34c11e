from __future__ import annotations

import random
from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest

from compensation.files.rows import read_csv, transactions
from compensation.inputs import TRANSACTIONS
from compensation.problems import sentence


def read(text: str, **options: object) -> tuple[pa.Table, list[str]]:
    rows, found = read_csv(text, "sales.csv")
    table, more = transactions(rows, "sales.csv", "USD", **options)  # type: ignore[arg-type]
    return table, [sentence(each) for each in [*found, *more]]


def test_a_row_becomes_a_transaction_with_everything_it_says():
    table, wrong = read(
        "Rep,Date,Amount,ID,Deal,Product,Family,Type,Account,Region,Team,Margin,Units,Kind,Currency,Term months\n"
        'ana,2026-02-10,"1,200.50",T1,D1,Insight,Platform,new,A1,West,T9,300,2,overlay,eur,24\n'
    )

    assert wrong == []
    assert {name: value for name, value in table.to_pylist()[0].items() if value is not None} == {
        "transaction_id": "T1", "deal_id": "D1", "rep": "ana", "kind": "overlay", "date": date(2026, 2, 10),
        "amount": Decimal("1200.5"), "share": Decimal(1), "currency": "EUR", "margin": Decimal(300),
        "units": Decimal(2), "product": "Insight", "family": "Platform", "type": "new", "account": "A1",
        "region": "West", "team": "T9", "term_months": 24,
    }  # fmt: skip


def test_the_table_has_the_declared_columns_and_then_the_further_ones():
    table, _ = read("vertical,rep,date,amount,Sales Stage\nbank,ana,2026-02-10,5,won\n,ben,2026-02-11,6,\n")

    assert table.schema.names == [*TRANSACTIONS.names, "sales_stage", "vertical"]
    assert table.select(TRANSACTIONS.names).schema.equals(TRANSACTIONS)
    assert table["vertical"].to_pylist() == ["bank", None]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_comma_semicolon_and_tab_are_told_apart(delimiter: str):
    table, wrong = read("\ufeffrep,date,amount\r\nana,2026-02-10,5\r\n".replace(",", delimiter))
    assert (table["amount"].to_pylist(), wrong) == ([Decimal(5)], [])


def test_empty_rows_and_an_empty_file_hold_nothing():
    table, wrong = read("rep,date,amount\n,,\n\nana,2026-02-10,5\n")
    assert (table.num_rows, wrong) == (1, [])
    assert read("")[1] == [
        "sales.csv has no column “rep”. Add it.", "sales.csv has no column “date”. Add it.",
    ]  # fmt: skip


def test_two_columns_of_one_name_are_refused():
    assert read("rep,date,amount,Deal ID,deal\n")[1] == [
        "sales.csv has two columns “deal”. Rename one of them."
    ]


def test_every_bad_cell_is_named_and_the_good_rows_stay():
    table, wrong = read(
        "rep,date,amount,split,kind,currency,term_months\n"
        "ana,2026-02-10,5,,,,\n"
        ",2026-02-30,abc,1.2,shared,dollar,0\n"
    )

    assert table.num_rows == 1
    assert [line.split(", ")[1] for line in wrong] == ["row 3: " + rest for rest in (
        "split is “1.2”", "rep is empty", "kind is “shared”", "date is “2026-02-30”", "amount is “abc”",
        "currency is “dollar”", "term_months is “0”",
    )]  # fmt: skip


def test_an_amount_may_be_left_out_only_where_units_are_said():
    table, wrong = read("rep,date,amount,units\nana,2026-02-10,,3\nben,2026-02-10,,\n")
    assert table.select(["rep", "amount", "units"]).to_pylist() == [
        {"rep": "ana", "amount": Decimal(0), "units": Decimal(3)}
    ]
    assert wrong == ["sales.csv, row 3: amount is empty, but this row needs one. Fill it in."]


def test_a_share_below_one_is_a_split_unless_the_row_says_otherwise():
    table, _ = read(
        "rep,date,amount,deal,split,kind\nana,2026-02-10,80000,D,70%,\nben,2026-02-10,80000,D,0.3,\n"
        "cleo,2026-02-10,80000,D,50%,overlay\ndan,2026-02-11,5,E,,\n"
    )

    assert table["kind"].to_pylist() == ["split", "split", "overlay", "direct"]
    assert len(set(table["transaction_id"].to_pylist()[:3])) == 1, "one transaction, three credited reps"
    assert table["deal_id"].to_pylist() == ["D", "D", "D", "E"]


def test_splits_over_the_whole_are_set_aside_with_every_row_of_theirs():
    table, wrong = read(
        "rep,date,amount,deal,split\nana,2026-02-10,80000,D,0.7\nben,2026-02-10,80000,D,0.4\n"
        "ana,2026-02-10,10,E,\n"
    )

    assert table["deal_id"].to_pylist() == ["E"]
    assert wrong == [
        f"sales.csv, row {row}: the shares of deal “D” add up to 110 %, more than 100 %. Correct them."
        for row in (2, 3)
    ]


def test_overlays_do_not_count_towards_the_whole():
    table, wrong = read(
        "rep,date,amount,id,kind\nana,2026-02-10,80000,D,direct\nben,2026-02-10,80000,D,overlay\n"
    )
    assert (table.num_rows, wrong) == (2, [])


def test_events_put_their_first_day_on_every_sale_of_the_deal():
    table, wrong = read(
        "rep,date,amount,deal,id,event\nana,2026-01-10,5,D,T1,sale\nben,2026-01-11,6,D,T2,\ncleo,2026-01-12,7,,T3,\n"
        ",2026-04-01,,D,,Paid\n,2026-03-01,,D,,paid\n,2026-05-01,,,T3,cancelled\n"
    )

    assert wrong == []
    assert table["released_on"].to_pylist() == [date(2026, 3, 1), date(2026, 3, 1), None]
    assert table["cancelled_on"].to_pylist() == [None, None, date(2026, 5, 1)]


def test_days_of_events_may_be_columns():
    table, _ = read("rep,date,amount,released_on,cancelled_on\nana,2026-01-10,5,2026-02-01,2026-03-01\n")
    assert table["released_on"].to_pylist() == [date(2026, 2, 1)]
    assert table["cancelled_on"].to_pylist() == [date(2026, 3, 1)]


def test_an_event_of_no_sale_and_an_unknown_event_are_named():
    _, wrong = read(
        "rep,date,amount,deal,event\nana,2026-01-10,5,D,\n,2026-04-01,,X,paid\n,2026-04-01,,D,delivered\n"
    )
    assert wrong == [
        "sales.csv, row 3: no sale has the deal or id “X” that this event is about. Add the sale, or correct deal.",
        "sales.csv, row 4: event is “delivered”, which is not known. Write one of sale, objective, cancelled, paid.",
    ]


def test_another_event_can_release_pay():
    table, wrong = read(
        "rep,date,amount,deal,event\nana,2026-01-10,5,D,\n,2026-04-01,,D,delivered\n", until=("delivered",)
    )
    assert (table["released_on"].to_pylist(), wrong) == ([date(2026, 4, 1)], [])


def test_an_objective_has_a_component_and_a_score():
    table, wrong = read(
        "rep,date,event,component,score\nana,2026-03-31,objective,mbo,75%\nana,2026-03-31,objective,,\n"
    )
    assert table.select(["kind", "component", "score", "amount"]).to_pylist() == [
        {"kind": "objective", "component": "mbo", "score": Decimal("0.75"), "amount": Decimal(0)}
    ]
    assert [line.split(",")[1] for line in wrong] == [" row 3: component is empty", " row 3: score is empty"]


def test_one_id_used_twice_for_one_person_keeps_one_row_only_if_both_say_the_same():
    table, wrong = read(
        "rep,date,amount,id\nana,2026-01-10,5,A\nana,2026-01-10,5,A\nana,2026-01-10,5,B\nana,2026-01-10,6,B\n"
    )

    assert table["transaction_id"].to_pylist() == ["A"]
    assert [line.split(" was")[0] for line in wrong] == [
        "sales.csv, row 3: id “A”", "sales.csv, row 4: id “B”", "sales.csv, row 5: id “B”",
    ]  # fmt: skip


def test_ids_are_unique_with_rep_and_kind_and_do_not_depend_on_the_order_of_rows():
    lines = [
        "ana,2026-01-10,5,,", "ana,2026-01-10,5,,", "ana,2026-01-10,7,,", "ben,2026-01-10,5,,",
        "ana,2026-01-10,100,D,0.5", "ben,2026-01-10,100,D,0.5", "ana,2026-01-10,100,D,0.5",
        "ben,2026-01-10,100,D,0.5", "ana,2026-01-11,-100,D,0.5", "ana,2026-01-10,5,ana/2026-01-10,",
    ]  # fmt: skip
    seen = set()
    for seed in range(20):
        random.Random(seed).shuffle(lines)
        table, wrong = read("rep,date,amount,deal,split\n" + "\n".join(lines))
        assert wrong == []
        keys = list(
            zip(*(table[name].to_pylist() for name in ("transaction_id", "rep", "kind")), strict=True)
        )
        assert len(set(keys)) == len(lines)
        seen.add(tuple(sorted(map(str, table.to_pylist()))))
    assert len(seen) == 1


def test_problems_come_in_the_order_of_the_rows():
    _, wrong = read("rep,date,amount,deal,event\nana,2026-01-10,x,,\n,2026-04-01,,X,paid\n,2026-01-10,5,,\n")
    assert [line.split(":")[0] for line in wrong] == [f"sales.csv, row {row}" for row in (2, 3, 4)]
