"""Reading the pinned requirement files."""

from __future__ import annotations

import re
from pathlib import Path

from scripts.tree import PROJECT

RUN_TIME = PROJECT / "requirements.txt"
DEVELOPMENT = PROJECT / "requirements-dev.txt"
SPARK = PROJECT / "requirements-spark.txt"


def normal(name: str) -> str:
    """A distribution's name in the form package indexes compare: ``Foo_Bar`` is ``foo-bar``."""
    return re.sub(r"[-_.]+", "-", name.strip()).lower()


def pinned(path: Path) -> dict[str, str]:
    """What a requirement file pins: normalised name → version; files it includes are left out."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        name, pin, version = line.partition("#")[0].partition("==")
        if pin:
            found[normal(name.partition("[")[0])] = version.strip()
    return found
