"""What is wrong with a mapping: sentences that name the line, the section and the key."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing a mapping says that cannot be."""

    section: str  # such as "files.sales" or "tables 2 (quotas)"
    key: str
    sentence: str
    line: int | None = None  # 1-based

    def __str__(self) -> str:
        place = f"line {self.line}, " if self.line else ""
        key = f", {self.key}" if self.key else ""
        return f"{place}[{self.section}]{key}: {self.sentence}"


class MappingError(ValueError):
    """A mapping that cannot be used; ``problems`` holds every reason found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


_HEADING = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(#.*)?$")


def line_of(text: str, path: tuple[str, ...], number: int, key: str) -> int | None:
    """The 1-based line of ``key`` in a section of TOML text; the section's own line without a key.

    ``path`` is the section, such as ("files", "sales") or ("tables", "columns"); ``number``
    counts the ``[[tables]]`` entries from 1 and is 0 elsewhere. None when it is not found.
    """
    if path == ("mapping",):
        return _line_of_section(text, key)
    heading: int | None = None
    seen, inside = 0, False
    wanted = re.compile(rf"""^\s*(["']?){re.escape(key)}\1\s*[=.]""") if key else None
    for place, line in enumerate(text.splitlines(), start=1):
        if match := _HEADING.match(line):
            name = tuple(part.strip().strip("\"'") for part in match.group(2).split("."))
            seen += match.group(1) == "[[" and name == path[:1]
            inside = name == path and seen == number * (path[0] == "tables")
            heading = place if inside and heading is None else heading
        elif inside and wanted and wanted.match(line):
            return place
    return heading


def _line_of_section(text: str, name: str) -> int | None:
    """The line of the first section, or bare key, of this name."""
    wanted = re.compile(rf"""^\s*\[*\s*(["']?){re.escape(name)}\1\s*[].=]""")
    lines = enumerate(text.splitlines(), start=1)
    return next((place for place, line in lines if wanted.match(line)), None) if name else None
