"""A company whose people chose their names badly: each would run, link or load something if it were let."""

from __future__ import annotations

from pathlib import Path

from tests.metrics.small_company import AS_OF, SETTINGS, TABLES
from tests.support import load_rows

NAMES = {
    "ann": '=HYPERLINK("http://evil.example/steal","Ann")',
    "bob": "[Bob](http://evil.example/bob)",
    "cat": "+cmd|' /C calc'!A0",
    "mia": "![Mia](http://evil.example/mia.png)",
    "max": "<img src=http://evil.example/max.png onerror=alert(1)>",
    "dan": "@SUM(1+1)*cmd",
    "vera": ":red[Vera] **bold** $x^2$ http://evil.example/vera",
}
FORMULAS = {key for key, name in NAMES.items() if name[0] in "=+-@"}


def hostile_company(root: Path) -> None:
    """The small company in a store at ``root``, under these names."""
    reps = [row | {"name": NAMES[row["rep_id"]]} for row in TABLES["reps"]]
    load_rows(root, {**TABLES, "reps": reps}, AS_OF, **SETTINGS)
