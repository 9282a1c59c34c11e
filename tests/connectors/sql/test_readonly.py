from __future__ import annotations

import pytest

from connectors.sql.readonly import refusal


@pytest.mark.parametrize(
    "query",
    [
        "SELECT 1",
        "  select * from deals ;",
        "WITH a AS (SELECT 1) SELECT * FROM a",
        "-- DROP it\nSELECT 1",
        "/* DELETE; */ SELECT 1",
        "SELECT 'DELETE FROM x; it''s only a text'",
        'SELECT "update", [delete], `insert` FROM t',
        "SELECT updated_at, created_by, deleted FROM t",
        "SELECT replace(name, 'a', 'b') FROM t",
        "SELECT 1 -- the end",
        "SELECT t::date FROM t",
    ],
)
def test_a_select_is_allowed(query: str):
    assert refusal(query) == ""


@pytest.mark.parametrize(
    "query",
    [
        "",
        "-- nothing",
        "DELETE FROM deals",
        "SELECT 1; DROP TABLE deals",
        "SELECT 1; SELECT 2",
        "WITH gone AS (DELETE FROM deals RETURNING *) SELECT * FROM gone",
        "SELECT * INTO copy FROM deals",
        "SELECT * FROM deals FOR UPDATE",
        "PRAGMA query_only = OFF",
        "SET TRANSACTION READ WRITE",
        "BEGIN; SELECT 1",
        "EXPLAIN ANALYZE DELETE FROM deals",
        "SELECT 1 /*! ; DELETE FROM deals */",
        "SELECT 1--1 ; DELETE FROM deals",
        "SELECT 'a\\' ; DELETE FROM deals; --'",
        "COPY deals TO 'x.csv'",
        "VALUES (1)",
    ],
)
def test_anything_else_is_refused_with_a_reason(query: str):
    assert refusal(query)
