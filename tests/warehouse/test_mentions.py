from __future__ import annotations

import unicodedata

import pytest

from warehouse.mentions import Mentions
from warehouse.people import Person

ANN = Mentions(Person("r1", "ann.lee@example.org", "Ann Lee"))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Ann Lee", "r1"),
        ("ANN\tLEE's deal", "r1's deal"),
        ("Lee, Ann; Lee Ann", "r1; r1"),
        ("<Ann.Lee@Example.org>", "<r1>"),
        ("mailto:ann.lee%40example.org", "mailto:r1"),
        ("joann lee; Ann Leeds, Ann", "joann lee; Ann Leeds, Ann"),
        ("joann.lee@example.org, ann.lee@example.org.uk", "joann.lee@example.org, ann.lee@example.org.uk"),
        ("", ""),
    ],
)
def test_each_form_is_replaced_and_nothing_else(text: str, wanted: str):
    assert ANN.replaced(text) == wanted
    assert ANN.found(text) == (text != wanted)


def test_accents_count_however_they_are_encoded():
    zoe = Mentions(Person("r1", None, "Zoë Åberg"))
    for form in ("NFC", "NFD"):
        assert zoe.replaced(unicodedata.normalize(form, "to ZOË ÅBERG.")) == "to r1."


@pytest.mark.parametrize(
    ("raw", "held"),
    [
        ('{"First": "Ann", "Last": "Lee"}', True),
        ('{"Last": "LEE", "x": 1, "First": "ann"}', True),
        ('{"Name": "Zo\\u00eb", "Mail": "ann.lee@example.org"}', True),
        ('{"First": "Ann", "Last": "Leeds"}', False),
        ("Ann;Lee;12", True),
        ("", False),
    ],
)
def test_a_raw_row_is_found_by_the_parts_of_the_name_too(raw: str, held: bool):
    assert ANN.found_in_row(raw) == held


def test_a_person_of_whom_nothing_is_known_is_nowhere():
    nobody = Mentions(Person("r1"))
    assert not nobody.found("r1 Ann Lee anything")
    assert not nobody.found_in_row('{"a": "r1"}')
    assert not nobody.found_in_bytes(b"r1")


def test_bytes_are_searched_without_regard_to_what_stands_beside():
    assert ANN.found_in_bytes(b"\x00ann.lee@example.orgAnn Lee\x01")
    assert ANN.found_in_bytes(b"xxAnn Leeyy")
    assert not ANN.found_in_bytes(b"Ann and Lee")
