from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from connectors.sql import client, loads
from tests.connectors.sql.source import Source
from warehouse.issues import LoadFailed

DEALS = """CREATE TABLE deals (id INTEGER PRIMARY KEY, owner TEXT, amount NUMERIC(14,4),
    closed DATE, changed TIMESTAMP, won BOOLEAN)"""
ROWS = (
    "INSERT INTO deals VALUES (1, 'r1', 100.25, '2026-01-31', '2026-02-01 10:00:00', TRUE)",
    "INSERT INTO deals VALUES (2, 'r2', 12345678.0001, '2026-02-28', '2026-03-01 09:00:00', FALSE)",
    "INSERT INTO deals VALUES (3, 'r1', NULL, NULL, '2026-03-02 10:00:00', FALSE)",
)
QUERY = """
[tables.opportunities]
query = '''
SELECT id AS opportunity_id, owner AS owner_id, CAST(amount AS VARCHAR(30)) AS amount, closed AS close_on,
       changed AS source_updated_at, won AS is_won  -- Postgres' and SQLite's: both speak this
FROM deals ORDER BY id
'''
"""
CURSOR = QUERY + 'cursor = "source_updated_at"\n'


@pytest.fixture
def source(new_url: Callable[[], str], tmp_path: Path) -> Source:
    made = Source(new_url(), tmp_path)
    made.run(DEALS, *ROWS)
    return made


def keys(source: Source) -> list[str]:
    return source.table("opportunities")["opportunity_id"].to_pylist()


def test_rows_arrive_typed_and_to_the_last_place(source: Source):
    source.load(source.mapping(QUERY, '[settings]\ncurrency = "EUR"'))
    rows = source.table("opportunities").select(
        [
            "opportunity_id",
            "owner_id",
            "amount",
            "currency",
            "close_on",
            "is_won",
            "source_updated_at",
            "_file",
            "_row",
        ]
    )
    at = datetime(2026, 2, 1, 10, tzinfo=UTC)
    assert rows.to_pylist()[:2] == [
        dict(zip(rows.column_names, row, strict=True))
        for row in [
            ("1", "r1", Decimal("100.2500"), "EUR", date(2026, 1, 31), True, at, "opportunities", 1),
            (
                "2",
                "r2",
                Decimal("12345678.0001"),
                "EUR",
                date(2026, 2, 28),
                False,
                at.replace(month=3, hour=9),
                "opportunities",
                2,
            ),
        ]
    ]
    assert rows.to_pylist()[2]["amount"] is None
    assert source.issues() == []
    assert source.last.settings == {"currency": "EUR"}


def test_instants_without_a_zone_are_in_the_mappings_zone(source: Source):
    source.load(source.mapping(QUERY, head='time_zone = "America/New_York"'))
    found = source.table("opportunities")["source_updated_at"][0].as_py()
    assert found == datetime(2026, 2, 1, 15, tzinfo=UTC)


@pytest.mark.parametrize("query", [QUERY, CURSOR])
def test_loading_twice_changes_nothing(source: Source, query: str):
    mapping = source.mapping(query)
    source.load(mapping)
    before = source.table("opportunities").drop_columns(["_row"]), source.last.cursor
    source.load(mapping)
    assert (source.table("opportunities").drop_columns(["_row"]), source.last.cursor) == before


def test_a_later_load_reads_only_what_changed_and_keeps_the_rest(source: Source):
    mapping = source.mapping(CURSOR)
    assert source.load(mapping).read == {"opportunities": 3}
    source.run(
        "UPDATE deals SET amount = 7, changed = '2026-03-09 08:00:00' WHERE id = 1",
        "INSERT INTO deals VALUES (4, 'r4', 40, '2026-03-31', '2026-03-09 09:00:00', TRUE)",
    )
    assert source.load(mapping).read == {"opportunities": 3}  # 1, 4 and, within the overlap, 3
    assert keys(source) == ["1", "2", "3", "4"]
    assert source.table("opportunities")["amount"][0].as_py() == 7


def test_a_row_that_is_committed_late_is_found_by_the_overlap(source: Source):
    mapping = source.mapping(CURSOR)
    source.load(mapping)
    source.run("INSERT INTO deals VALUES (4, 'r4', 40, '2026-03-31', '2026-03-02 09:59:00', TRUE)")
    source.load(mapping)
    assert keys(source) == ["1", "2", "3", "4"]


def test_without_an_overlap_that_row_is_lost(source: Source):
    """What the default protects from."""
    mapping = source.mapping(CURSOR + 'overlap = "0m"\n')
    source.load(mapping)
    source.run("INSERT INTO deals VALUES (4, 'r4', 40, '2026-03-31', '2026-03-02 09:59:00', TRUE)")
    source.load(mapping)
    assert keys(source) == ["1", "2", "3"]


def test_a_day_may_be_the_cursor(source: Source):
    mapping = source.mapping(CURSOR.replace('"source_updated_at"', '"close_on"'))
    source.load(mapping)
    assert [i["code"] for i in source.issues()] == ["no_cursor_value"]
    source.run("INSERT INTO deals VALUES (4, 'r4', 40, '2026-02-27', '2020-01-01 00:00:00', TRUE)")
    source.run("INSERT INTO deals VALUES (5, 'r4', 40, '2026-02-26', '2020-01-01 00:00:00', TRUE)")
    source.load(mapping)
    assert keys(source) == ["1", "2", "3", "4"]


def test_a_number_may_be_the_cursor_without_being_a_canonical_column(source: Source):
    query = (
        QUERY.replace("SELECT id AS", "SELECT id AS serial, id AS") + 'cursor = "serial"\noverlap_count = 1\n'
    )
    mapping = source.mapping(query)
    source.load(mapping)
    source.run("INSERT INTO deals VALUES (9, 'r4', 40, '2026-02-27', '2020-01-01 00:00:00', TRUE)")
    assert source.load(mapping).read == {"opportunities": 3}  # 2, 3 and 9
    assert keys(source) == ["1", "2", "3", "9"]


def test_a_changed_query_starts_from_the_beginning(source: Source):
    source.load(source.mapping(CURSOR))
    source.load(source.mapping(CURSOR.replace("FROM deals", "FROM deals WHERE id > 1")))
    assert keys(source) == ["2", "3"]


def test_a_query_that_is_gone_takes_its_rows_with_it(source: Source):
    second = CURSOR.replace("[tables.opportunities]", '[tables.more]\nfills = "opportunities"').replace(
        "FROM deals", "FROM deals WHERE id = 3"
    )
    first = CURSOR.replace("FROM deals", "FROM deals WHERE id < 3")
    source.load(source.mapping(first + second))
    assert keys(source) == ["1", "2", "3"]
    source.load(source.mapping(first))
    assert keys(source) == ["1", "2"]


def test_rows_deleted_in_the_source_go_when_the_whole_query_is_read(source: Source):
    source.load(source.mapping(QUERY))
    source.run("DELETE FROM deals WHERE id = 2")
    source.load(source.mapping(QUERY))
    assert keys(source) == ["1", "3"]


def test_an_empty_result_is_an_empty_table(source: Source):
    source.run("DELETE FROM deals")
    source.load(source.mapping(CURSOR))
    assert source.last.rows == {"opportunities": 0}
    source.run(ROWS[0])
    source.load(source.mapping(CURSOR))
    assert keys(source) == ["1"]


def test_a_bad_row_is_set_aside_with_query_row_and_field_and_the_others_load(source: Source):
    source.run(
        "CREATE TABLE notes (id TEXT, amount TEXT, closed TEXT)",
        "INSERT INTO notes VALUES ('a', '1.50', '2026-01-01'), ('b', 'twelve', '2026-01-02')",
        "INSERT INTO notes VALUES ('c', 'NaN', '2026-02-30'), (NULL, '3', '2026-01-03'), ('e', '1e20', NULL)",
    )
    query = "SELECT id AS opportunity_id, amount, closed AS close_on FROM notes ORDER BY amount DESC"
    source.load(source.mapping(f'[tables.deals]\nfills = "opportunities"\nquery = "{query}"'))
    assert keys(source) == ["a"]
    found = {(i["code"], i["file"], i["table"], i["field"], i["value"]) for i in source.issues()}
    assert found == {
        ("bad_amount", "deals", "opportunities", "amount", "twelve"),
        ("not_finite", "deals", "opportunities", "amount", "NaN"),
        ("bad_date", "deals", "opportunities", "close_on", "2026-02-30"),
        ("missing_value", "deals", "opportunities", "opportunity_id", ""),
        ("amount_too_large", "deals", "opportunities", "amount", "1e20"),
    }
    assert {i["row"] for i in source.issues()} <= {1, 2, 3, 4, 5}
    twelve = next(i for i in source.issues() if i["value"] == "twelve")
    assert '"opportunity_id": "b"' in twelve["raw"]
    assert source.last.set_aside == {"opportunities": 4}


def test_rows_keep_their_numbers_over_many_batches(source: Source, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(client, "BATCH", 2)
    source.run("INSERT INTO deals VALUES (4, '', 1, NULL, NULL, TRUE), (5, 'r5', 1, NULL, NULL, TRUE)")
    source.load(source.mapping(QUERY))
    assert source.table("opportunities")["_row"].to_pylist() == [1, 2, 3, 4, 5]
    assert source.table("opportunities")["owner_id"].to_pylist() == ["r1", "r2", "r1", "unassigned", "r5"]


def test_floats_as_money_are_flagged_and_read_as_they_are_written(source: Source):
    source.run(
        "CREATE TABLE sums (id TEXT, amount DOUBLE PRECISION)",
        "INSERT INTO sums VALUES ('a', 0.1), ('b', 1.005), ('c', 2.00005)",
    )
    query = "SELECT id AS opportunity_id, amount FROM sums"
    source.load(source.mapping(f"[tables.opportunities]\nquery = '{query}'"))
    assert source.table("opportunities")["amount"].to_pylist() == [
        Decimal("0.1"),
        Decimal("1.005"),
        Decimal(2),
    ]
    assert [(i["code"], i["severity"], i["detail"]) for i in source.issues()] == [
        ("float_money", "warning", "3 rows"),
        ("rounded_money", "warning", "1 rows"),
    ]


def test_names_and_addresses_go_to_the_people_and_not_to_the_landing(source: Source):
    query = "SELECT 'ann@example.org' AS rep_id, 'Ann Lee' AS name, 'ann@example.org' AS email"
    source.load(source.mapping(f'[tables.reps]\nquery = "{query}"'))
    assert source.table("reps")["rep_id"].to_pylist() == ["p_ann"]
    assert {(p.key, p.name) for p in source.people} == {("p_ann", "Ann Lee")}


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ("SELECT 1 AS opportunity_id, 2 AS colour", "unknown_column", "colour"),
        ("SELECT 1 AS opportunity_id, 2 AS opportunity_id", "unknown_column", "opportunity_id"),
        ("SELECT 'x' AS name", "missing_column", "opportunity_id"),
        ("SELECT 1 AS opportunity_id FROM nowhere", "sql_query", ""),
        ("SELECT FROM FROM", "sql_query", ""),
    ],
)
def test_a_query_that_cannot_be_used_fails_the_load_with_a_sentence(
    source: Source, query: str, code: str, field: str
):
    with pytest.raises(LoadFailed) as caught:
        source.load(source.mapping(f'[tables.opportunities]\nquery = "{query}"'))
    assert {(i.code, i.field) for i in caught.value.issues} == {(code, field)}
    assert "opportunities" in str(caught.value)


def test_the_connection_cannot_write(source: Source):
    """The text check is bypassed here: the transaction itself must refuse."""
    url = client.address(source.url)
    with client.connect(url) as connection, pytest.raises(DBAPIError, match=r"read.?only"):
        connection.execute(text("INSERT INTO deals (id) VALUES (99)"))
    assert source.load(source.mapping(QUERY)).rows == {"opportunities": 3}


def test_a_missing_database_is_not_made(tmp_path: Path):
    source = Source(f"sqlite:///{tmp_path}/none.sqlite", tmp_path)
    with pytest.raises(LoadFailed, match="cannot be reached"):
        source.load(source.mapping(QUERY))
    assert not (tmp_path / "none.sqlite").exists()


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("postgresql://reader:hush@127.0.0.1:1/x", "sql_unreachable"),
        ("nosuchdatabase://reader:hush@host/x", "sql_driver"),
        ("no url with hush", "sql_address"),
    ],
)
def test_no_message_holds_the_password(tmp_path: Path, url: str, code: str):
    source = Source(url, tmp_path)
    with pytest.raises(LoadFailed) as caught:
        source.load(source.mapping(QUERY))
    assert [i.code for i in caught.value.issues] == [code]
    assert "hush" not in str(caught.value)


def test_the_address_comes_from_the_environment_else_from_the_secrets_file(tmp_path: Path):
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "secrets.toml").write_text('SOURCE = "sqlite:///from-file"\nPASS = "p w/"')
    source = Source("", tmp_path)
    mapping = source.mapping(QUERY)
    assert source.connector(mapping, {"X": ""}).url().database == "from-file"
    assert source.connector(mapping, {"SOURCE": "sqlite:///from-env"}).url().database == "from-env"
    apart = mapping.replace('url_env = "SOURCE"', 'url = "postgresql://reader@host/x"\npassword_env = "PASS"')
    assert source.connector(apart, {"X": ""}).url().password == "p w/"


def test_a_secret_that_is_not_set_is_named(tmp_path: Path):
    source = Source("", tmp_path)
    with pytest.raises(LoadFailed, match="SOURCE is not set"):
        source.connector(source.mapping(QUERY), {"X": ""}).url()


def test_the_source_is_named_after_the_mapping(tmp_path: Path):
    source = Source("", tmp_path)
    found = source.connector(source.mapping(QUERY), {"X": ""})
    assert (found.name, found.entities) == ("sql:test", ("opportunities",))
    assert loads(source.mapping(QUERY)).queries[0].name == "opportunities"
