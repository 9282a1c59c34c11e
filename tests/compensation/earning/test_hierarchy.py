"""Who stands above whom on a day."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa

from compensation.earning.hierarchy import Hierarchy, locate
from compensation.earning.sales import Codes
from compensation.inputs import HIERARCHY
from compensation.money.months import number

PEOPLE = Codes(pa.array(["ana", "ben", "cho", "dee"]))


def hierarchy(*rows):
    names = ("rep", "manager", "valid_from", "valid_to")
    found = [dict(zip(names, row, strict=True)) for row in rows]
    return Hierarchy.of(pa.Table.from_pylist(found, schema=HIERARCHY), PEOPLE)


def above(found, day, who=0):
    levels = found.levels(np.array([who]), np.array([number(day)]))
    return [PEOPLE.names[int(level[0])].as_py() for level in levels if level[0] >= 0]


FOREVER = date(9999, 12, 31)


def test_everybody_above_on_the_day():
    found = hierarchy(
        ("ana", "ben", date(2020, 1, 1), date(2026, 3, 1)),
        ("ana", "dee", date(2026, 3, 1), FOREVER),
        ("ben", "cho", date(1, 1, 1), FOREVER),
    )
    assert above(found, date(2026, 2, 28)) == ["ana", "ben", "cho"]
    assert above(found, date(2026, 3, 1)) == ["ana", "dee"]
    assert above(found, date(2019, 12, 31)) == ["ana"]


def test_a_circle_ends():
    found = hierarchy(
        ("ana", "ben", date(2020, 1, 1), FOREVER),
        ("ben", "cho", date(2020, 1, 1), FOREVER),
        ("cho", "ana", date(2020, 1, 1), FOREVER),
    )
    assert above(found, date(2026, 1, 1)) == ["ana", "ben", "cho"]


def test_of_two_managers_at_once_the_later_start_wins():
    found = hierarchy(("ana", "ben", date(2020, 1, 1), FOREVER), ("ana", "cho", date(2026, 1, 1), FOREVER))
    assert above(found, date(2025, 12, 31)) == ["ana", "ben"]
    assert above(found, date(2026, 1, 1)) == ["ana", "cho"]


def test_stretches_are_half_open_and_a_person_apart():
    rep, start, end = np.array([1, 1, 3]), np.array([10, 20, 0]), np.array([15, 30, 99])
    who, day = np.array([1, 1, 1, 1, 2, 3, -1]), np.array([9, 10, 15, 29, 50, 50, 50])
    assert locate(rep, start, end, who, day).tolist() == [-1, 0, -1, 1, -1, 2, -1]
