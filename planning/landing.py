"""The database as a source: what was decided, as canonical rows, landed like any other source's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa
from sqlalchemy import Table, literal, select
from sqlalchemy.orm import Session

from warehouse.database import Database
from warehouse.database.models import Base
from warehouse.landing import Landing
from warehouse.tables import TABLES

NAME = "planning"
_UPDATED = {"approvals": "decided_at", "changes": "changed_at", "forecast_submissions": "submitted_at"}
_BATCH = 20_000


class PlanningSource:
    """Lands every decision table whole, from one moment of the database."""

    name = NAME
    entities = ("quotas", "forecast_submissions", "plans", "scenarios", "drafts", "approvals", "changes")

    def __init__(self, database: Database, as_of: date) -> None:
        """``as_of`` is the company's day on which this is read."""
        self._database = database
        self._as_of = as_of

    def read(self, landing: Landing, cursor: Mapping[str, str]) -> None:  # noqa: ARG002 - always whole
        """Add every row and seal."""
        with self._database.read() as session:
            for entity in self.entities:
                _land(session, landing, entity)
        landing.seal(as_of=self._as_of)


def has_decisions(database: Database) -> bool:
    """Whether the database holds anything that is published, grants included."""
    tables = [Base.metadata.tables[name] for name in (*PlanningSource.entities, "grants")]
    with database.read() as session:
        return any(
            session.execute(select(literal(1)).select_from(table).limit(1)).first() for table in tables
        )


def _land(session: Session, landing: Landing, entity: str) -> None:
    """One table, in batches; an empty one too, so that rows deleted here are gone there."""
    schema = _schema(Base.metadata.tables[entity], TABLES[entity].landing)
    stamp = _UPDATED.get(entity, "made_at")
    rows = session.execute(select(Base.metadata.tables[entity])).mappings()
    landing.add(entity, schema.empty_table())
    for batch in rows.partitions(_BATCH):
        canonical = [{**row, "source_updated_at": row[stamp]} for row in batch]
        landing.add(entity, pa.Table.from_pylist(_cut(canonical, schema), schema=schema))


def _schema(table: Table, canonical: pa.Schema) -> pa.Schema:
    """The canonical columns that the database's table can fill."""
    names = {*table.columns.keys(), "source_updated_at"}
    return pa.schema([field for field in canonical if field.name in names])


def _cut(rows: list[dict[str, Any]], schema: pa.Schema) -> list[dict[str, Any]]:
    return [{name: row[name] for name in schema.names} for row in rows]
