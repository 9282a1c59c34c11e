"""Which SQL expression stands for which column of a mapping, while one table is filled."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from connectors.files.convert import clean
from connectors.files.opening import Source, plain_name
from connectors.files.spec import TableSpec


@dataclass(frozen=True)
class Staged:
    """A joined file staged in DuckDB: its table, and the place of each of its needed columns."""

    table: str
    columns: tuple[str, ...]  # real names; column n is v{n}
    position: dict[str, int]


class Scope:
    """Columns of the file a table is filled from, of its joins and of its unpivot."""

    def __init__(self, spec: TableSpec, source: Source, joins: tuple[Staged, ...]) -> None:
        self.spec, self.source, self.joins = spec, source, joins
        self.used: dict[int, None] = {}  # places of own columns, in order of use

    def text(self, name: str) -> str:
        """The expression of a column's clean text. The column exists: the check came first."""
        if name in ("_file", "_row"):
            return f"CAST({name} AS VARCHAR)"
        unpivot = self.spec.unpivot
        if unpivot and name in (unpivot.name, unpivot.value):
            return "u_name" if name == unpivot.name else "u_value"
        for number, join in enumerate(self.spec.joins):
            there = joined_name(name, join.prefix)
            if there and there in self.joins[number].position:
                return f"j{number}_v{self.joins[number].position[there]}"
        return self.own(name)

    def own(self, name: str) -> str:
        """The expression of a column of the file itself."""
        place = self.source.position(name)
        assert place is not None
        self.used[place] = None
        return f"s{place}"

    def field(self, name: str) -> str:
        """SQL of the name a person knows the column by; an unpivoted value's own column."""
        unpivot = self.spec.unpivot
        return "u_name" if unpivot and name == unpivot.value else f"'{name.replace(chr(39), chr(39) * 2)}'"

    def cleaned(self) -> str:
        """Select list that makes s0, s1 … of the used columns of a block."""
        null = self.source.spec.null
        return "".join(f", {clean(f'c{place}', null)} AS s{place}" for place in self.used)


def joined_name(name: str, prefix: str) -> str:
    """The name in the joined file of ``name``, '' when it is not one of its columns."""
    return name[len(prefix) :] if prefix and name.startswith(prefix) else ""


def wide_columns(spec: TableSpec, columns: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Columns an unpivot turns into rows, and its entries that no column answers to."""
    assert spec.unpivot is not None
    found: list[str] = []
    missing: list[str] = []
    for wanted in spec.unpivot.columns:
        fits = [
            name for name in columns if fnmatchcase(name, wanted) or plain_name(name) == plain_name(wanted)
        ]
        found += [name for name in fits if name not in found]
        missing += [] if fits else [wanted]
    return found, missing
