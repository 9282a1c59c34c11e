"""How files name the same person, customer or product: by id, e-mail address or name."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.files.profile import Column
from connectors.files.roles import Role
from connectors.files.spec import ColumnSpec, Join

ENOUGH = 0.5
"""Share of a column's values found in another for the two to be about the same things."""


@dataclass(frozen=True)
class Key:
    """What the rows of one table are known by."""

    file: str  # "" when no file lists them: then the value itself is the key
    column: str
    kind: str  # rep_id, rep_email, rep_name, account_id …

    def spec(self, column: str) -> ColumnSpec:
        """The key as written in ``column``.

        A person's name must not become a key that is published. Written like an e-mail address,
        it is replaced by a pseudonym when it lands.
        """
        if self.kind == "rep_name":
            return ColumnSpec(template=f"{{{column}}}@name", case="lower")
        return ColumnSpec(column=column, case="lower" if self.kind == "rep_email" else "")


def key_of(role: Role | None, kinds: tuple[str, ...]) -> Key | None:
    """The best key among the meanings of a file."""
    if role is None:
        return None
    found = next((kind for kind in kinds if role.has(kind)), None)
    return Key(role.profile.spec.name, role.name(found), found) if found else None


def overlap(values: Column, among: Column) -> float:
    """Share of the distinct values of one column that stand in another, apart from case."""
    mine = {value.casefold() for value in values.values}
    theirs = {value.casefold() for value in among.values}
    return len(mine & theirs) / len(mine) if mine else 0.0


@dataclass(frozen=True)
class Reference:
    """A column that names something another file lists, and how to get to its key."""

    spec: ColumnSpec
    joins: tuple[Join, ...] = ()
    column: str = ""  # the referring column
    sure: float = 1.0


def refer(column: Column, key: Key, listing: Role | None, prefix: str, missing: str) -> Reference:
    """The key of what ``column`` names: the column itself, or found through the file that lists them."""
    if listing is None or key.file == "":
        return Reference(key.spec(column.name), (), column.name)
    there = {c.name: overlap(column, c) for c in listing.profile.columns if c.unique}
    direct = there.get(key.column, 0.0)
    best = max(there, key=lambda name: there[name], default=key.column)
    if best == key.column or direct >= ENOUGH or there.get(best, 0.0) < ENOUGH:
        return Reference(key.spec(column.name), (), column.name, max(direct, 0.2))
    join = Join(key.file, ((column.name, best),), prefix, missing=missing)
    return Reference(key.spec(f"{prefix}{key.column}"), (join,), column.name, there[best])
