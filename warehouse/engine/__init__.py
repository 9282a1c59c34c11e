"""Engines: what reads the parts of a version and answers an expression.

A definition is an Ibis expression over canonical tables. An engine compiles it to its own SQL and
runs that over the parts of one version, so definitions are the same on every engine.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from warehouse.settings import Settings
from warehouse.tables import TABLES
from warehouse.versions import Version

ENGINES = ("duckdb", "spark")


class EngineMissing(RuntimeError):
    """The engine asked for is not there; the message says what to install or write."""


class Engine(Protocol):
    """Runs SQL over the parts of one version."""

    @property
    def name(self) -> str:
        """What ATTAIN_ENGINE calls it."""
        ...

    @property
    def dialect(self) -> str:
        """The SQL dialect Ibis compiles to."""
        ...

    def run(self, sql: str, root: Path, version: Version) -> pa.Table:
        """Answer ``sql``, whose tables are the version's canonical tables."""
        ...


_TOKEN = re.compile(r"'@@(\w+)@@'")


def token(name: str, kind: str = "string") -> ir.Scalar:
    """A value that is filled in when the SQL runs, so that compiled SQL can be used again.

    Compiling an expression takes ten times as long as answering it; two questions that differ only in
    their values share one compiled text.
    """
    return ibis.literal(f"@@{name}@@").cast(kind)


def fill(sql: str, values: Mapping[str, object], dialect: str) -> str:
    """The SQL with every token replaced by its value, quoted.

    Raises:
        KeyError: a token without a value.
    """
    return _TOKEN.sub(lambda found: _quoted(str(values[found[1]]), dialect), sql)


def _quoted(text: str, dialect: str) -> str:
    if dialect == "pyspark":  # Spark reads backslashes in strings
        text = text.replace("\\", "\\\\")
        return "'" + text.replace("'", "\\'") + "'"
    return "'" + text.replace("'", "''") + "'"


@cache
def base(table: str) -> ir.Table:
    """The canonical table as an unbound Ibis table."""
    # Nothing is gained by telling Ibis what is never NULL, and unions then refuse each other.
    schema = pa.schema([field.with_nullable(True) for field in TABLES[table].arrow])
    return ibis.table(ibis.Schema.from_pyarrow(schema), name=table)


@dataclass(frozen=True)
class Session:
    """One version of one store, read by one engine; what it answers never changes."""

    root: Path
    version: Version
    engine: Engine

    @property
    def settings(self) -> Settings:
        """The settings this version was built with."""
        return Settings.from_dict(self.version.settings)

    def compile(self, expression: ir.Table) -> str:
        """The engine's SQL for an expression over canonical tables."""
        return str(ibis.to_sql(expression, dialect=self.engine.dialect))

    def run(self, expression: ir.Table, values: Mapping[str, object] | None = None) -> pa.Table:
        """Answer an expression; decimals stay decimals. ``values`` fill its tokens."""
        return self.sql(self.compile(expression), values)

    def sql(self, text: str, values: Mapping[str, object] | None = None) -> pa.Table:
        """Answer SQL already compiled for this engine, its tokens filled with ``values``."""
        return self.engine.run(fill(text, values or {}, self.engine.dialect), self.root, self.version)


def chosen_engine(name: str | None = None) -> Engine:
    """The engine named, or the one ATTAIN_ENGINE names, or DuckDB in this process.

    Raises:
        EngineMissing: no such engine, or it is not installed.
    """
    name = name or os.environ.get("ATTAIN_ENGINE") or "duckdb"
    if name == "duckdb":
        from warehouse.engine.duckdb import DuckEngine

        return DuckEngine()
    if name == "spark":
        from warehouse.engine.spark import spark_engine

        return spark_engine()
    raise EngineMissing(f"ATTAIN_ENGINE is “{name}”; write one of {', '.join(ENGINES)}.")
