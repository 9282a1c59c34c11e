from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from connectors.files.errors import MappingError
from connectors.sql import is_sql, load, loads

GOOD = """
[source]
kind = "sql"
name = "crm"
url_env = "CRM_URL"
time_zone = "Europe/Paris"

[settings]
currency = "EUR"

[tables.opportunities]
query = "SELECT id AS opportunity_id, changed FROM deals"
cursor = "Changed"
overlap = "12h"

[tables.lost]
fills = "opportunities"
query = "SELECT id AS opportunity_id, changed FROM lost"
cursor = "changed"
"""


def test_a_mapping_is_read():
    mapping = loads(GOOD)
    first, second = mapping.queries
    assert (mapping.name, mapping.url_env, mapping.time_zone, mapping.currency) == (
        "crm",
        "CRM_URL",
        "Europe/Paris",
        "EUR",
    )
    assert (first.fills, first.cursor, first.overlap) == ("opportunities", "changed", timedelta(hours=12))
    assert (second.name, second.fills, second.overlap) == ("lost", "opportunities", timedelta(days=1))


def test_a_sql_mapping_is_told_from_others():
    assert is_sql(GOOD)
    assert not is_sql('[source]\nname = "files"')
    assert not is_sql("not toml [")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('name = "crm"', 'name = "my crm"', "letters, digits, dots and dashes"),
        ('url_env = "CRM_URL"', "", "either url_env or url"),
        ('url_env = "CRM_URL"', 'url = "postgresql://u:hush@h/d"', "holds a password"),
        ('url_env = "CRM_URL"', 'url = "postgresql://h/d?user=u&password=hush"', "holds a password"),
        ('url_env = "CRM_URL"', 'url = "nonsense"', "not a database URL"),
        ('"Europe/Paris"', '"Mars/Olympus"', "Europe/Paris"),
        ('"EUR"', '"euro"', "three-letter code"),
        ("[tables.opportunities]", "[tables.deals]", "there is no table “deals”"),
        ("FROM lost", "FROM lost; DROP TABLE lost", "more than one statement"),
        ('cursor = "changed"\n', "", "give every query that fills it a cursor"),
        ('"12h"', '"soon"', "write a time such as"),
        ('overlap = "12h"', "overlap_count = -1", "below zero"),
        ('overlap = "12h"', "limit = 100", "is not known here"),
        ("[settings]", "[setings]", "is not known here"),
    ],
)
def test_a_problem_is_named_with_its_section_and_key(old: str, new: str, sentence: str):
    assert old in GOOD
    with pytest.raises(MappingError, match=sentence) as caught:
        loads(GOOD.replace(old, new))
    assert "hush" not in str(caught.value)


def test_every_problem_is_named_at_once():
    with pytest.raises(MappingError) as caught:
        loads('[source]\nkind = "sql"\n[tables.nothing]\n')
    assert len(caught.value.problems) == 4  # name, address, table, query


def test_a_file_that_is_not_there_or_not_text_is_said_so(tmp_path: Path):
    with pytest.raises(MappingError, match="cannot be read"):
        load(tmp_path / "none.toml")
    (tmp_path / "odd.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(MappingError, match="UTF-8"):
        load(tmp_path / "odd.toml")
