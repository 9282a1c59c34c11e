"""One table of a mapping carried out: blocks of text in, typed rows and issues out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from connectors.files.check import sent_columns
from connectors.files.compile import BLOCK, Check, Query
from connectors.files.reading import ROW, Block
from connectors.files.spec import TableSpec
from warehouse.issues import DataIssue
from warehouse.tables import Kind

_CODES = {
    Kind.MONEY: "bad_amount",
    Kind.SHARE: "bad_number",
    Kind.RATE: "bad_number",
    Kind.NUMBER: "bad_number",
    Kind.INTEGER: "bad_whole_number",
    Kind.FLAG: "bad_flag",
    Kind.DATE: "bad_date",
    Kind.STAMP: "bad_date",
}
_NOT_FINITE = r"^[+-]?(nan|inf|infinity)$"
_TOO_LARGE = r"^[-+(]?[\d.,' ]{15,}\)?$|[eE]\+?\d+$"
_ROWS = 100_000


@dataclass
class Counts:
    """Rows of one table of a mapping."""

    in_file: int = 0
    read: int = 0  # that meet the conditions
    kept: int = 0
    set_aside: int = 0

    def count(self, block: int, read: int, kept: int) -> None:
        """Add what came of a block."""
        self.in_file += block
        self.read += read
        self.kept += kept
        self.set_aside += read - kept


@dataclass
class Filling:
    """A table being filled. ``issues`` takes tables of issues."""

    con: duckdb.DuckDBPyConnection
    spec: TableSpec
    query: Query
    issues: Callable[[pa.Table], None]
    counts: Counts = field(default_factory=Counts)

    def rows(self, block: Block) -> pa.Table:
        """Good rows of a block, with their place in the file; the others go to ``issues``."""
        made = self._run(self.query.sql, block.rows)
        good = made.filter(pc.is_null(made["_bad"])) if made["_bad"].null_count < made.num_rows else made
        self._tell("_bad", made, self.query.why, self.query.checks, block)
        self._tell("_note", good, self.query.remarks, self.query.notes, block)
        self.counts.count(block.rows.num_rows, made.num_rows, good.num_rows)
        return good.drop_columns(["_bad", "_note"])

    def _tell(self, which: str, made: pa.Table, sql: str, checks: tuple[Check, ...], block: Block) -> None:
        """Ask what is wrong with the rows of a block that ``which`` marks, and pass it on."""
        if made[which].null_count == made.num_rows:
            return
        marked = pc.unique(made.filter(pc.is_valid(made[which]))[ROW])
        found = self._run(sql, block.rows.filter(pc.is_in(block.rows[ROW], marked)))
        self.issues(self._issues(found, checks, "row" if which == "_bad" else "warning"))

    def _run(self, sql: str, rows: pa.Table) -> pa.Table:
        self.con.register(BLOCK, rows)
        made = self.con.sql(sql).to_arrow_table()
        self.con.unregister(BLOCK)
        return made

    def _issues(self, bad: pa.Table, known: tuple[Check, ...], severity: str) -> pa.Table:
        """What is wrong, as a table of issues."""
        checks = [known[number] for number in bad["_which"].to_pylist()]
        values = bad["_value"].to_pylist()
        codes = [
            number_code(check.kind, value) if check.code == "kind" else check.code
            for check, value in zip(checks, values, strict=True)
        ]
        return pa.table(
            {
                "code": pa.array(codes, pa.string()),
                "table": pa.repeat(pa.scalar(self.spec.fills), bad.num_rows),
                "file": bad["_file"],
                "row": bad["_row"],
                "field": bad["_field"],
                "value": bad["_value"],
                "detail": pa.array([check.detail for check in checks], pa.string()),
                "raw": bad["_raw"],
                "severity": pa.repeat(pa.scalar(severity), bad.num_rows),
            }
        )


def number_code(kind: Kind, value: str) -> str:
    """The code of a value that is not of its kind: not finite, too large, or simply not one."""
    numeric = kind in (Kind.MONEY, Kind.NUMBER, Kind.SHARE, Kind.RATE, Kind.INTEGER)
    if numeric and pc.match_substring_regex(value.strip().lower(), _NOT_FINITE).as_py():
        return "not_finite"
    if kind is Kind.MONEY and pc.match_substring_regex(value, _TOO_LARGE).as_py():
        return "amount_too_large"
    return _CODES[kind]


class Groups:
    """Typed rows gathered, then made one a group."""

    def __init__(self, con: duckdb.DuckDBPyConnection, name: str, filling: Filling) -> None:
        self.con, self.name, self.filling = con, name, filling
        self.made = False

    def add(self, rows: pa.Table) -> None:
        """Gather rows."""
        self.con.register(BLOCK, rows)
        select = f"SELECT * FROM {BLOCK}"
        verb = f"INSERT INTO {self.name}" if self.made else f"CREATE TEMP TABLE {self.name} AS"
        self.con.execute(f"{verb} {select}")
        self.con.unregister(BLOCK)
        self.made = True

    def rows(self) -> Iterator[pa.Table]:
        """One row a group, in batches."""
        if not self.made:
            return
        spec = self.filling.spec
        takes = [f'{self._take(name)} AS "{name}"' for name in self.filling.query.columns]
        groups = ", ".join(f'"{name}"' for name in spec.group_by)
        reader = self.con.sql(
            f"SELECT {', '.join(takes)}, arg_min(_file, _n) AS _file, arg_min(_row, _n) AS _row "
            f"FROM {self.name} GROUP BY {groups} ORDER BY min(_n)"
        ).to_arrow_reader(_ROWS)
        for batch in reader:
            yield pa.Table.from_batches([batch])

    def _take(self, name: str) -> str:
        spec = dict(self.filling.spec.columns).get(name)
        if name in self.filling.spec.group_by:
            return f'"{name}"'
        column = sent_columns(self.filling.spec.fills)[name]
        match spec.take if spec else "first":
            case "sum":
                kind = {Kind.MONEY: "DECIMAL(18,4)", Kind.INTEGER: "BIGINT", Kind.NUMBER: "DOUBLE"}
                return f'CAST(sum("{name}") AS {kind.get(column.kind, "DECIMAL(18,8)")})'
            case "min" | "max" as function:
                return f'{function}("{name}")'
            case "count":
                counted = f'"{name}"' if spec and (spec.column or spec.template) else "*"
                return f"CAST(count({counted}) AS {'BIGINT' if column.kind is Kind.INTEGER else 'DOUBLE'})"
            case "last":
                return f'arg_max("{name}", _n)'
            case _:
                return f'arg_min("{name}", _n)'

    def differing(self) -> Iterator[DataIssue]:
        """A warning for each group whose rows do not agree on a column taken as the same."""
        for name, spec in self.filling.spec.columns if self.made else ():
            if spec.take == "same":
                yield from self._differing(name, spec.column or name)

    def _differing(self, name: str, field_name: str) -> Iterator[DataIssue]:
        groups = [f'"{column}"' for column in self.filling.spec.group_by]
        found = self.con.execute(
            f'SELECT arg_min(_file, _n), arg_min(_row, _n), CAST(arg_min("{name}", _n) AS VARCHAR), '
            f"concat_ws(' ', {', '.join(groups)}) FROM {self.name} GROUP BY {', '.join(groups)} "
            f'HAVING min("{name}") <> max("{name}") ORDER BY min(_n)'
        ).fetchall()
        for file, row, value, group in found:
            words = {"table": self.filling.spec.fills, "file": file, "row": row, "severity": "warning"}
            yield DataIssue("group_differs", field=field_name, value=value, detail=group, **words)
