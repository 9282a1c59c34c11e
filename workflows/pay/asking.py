"""One question of the store for pay: whose tables, which days, which people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from warehouse.access import Tables
from warehouse.engine import base, token

FROM, UNTIL = token("pay_from", "date"), token("pay_until", "date")
"""First day asked for, and the first after the last."""

_REPS, _BETWEEN = token("pay_reps"), "\n"


@dataclass(frozen=True)
class Asking:
    """Canonical tables as one viewer may see them, from ``since`` until before ``end``."""

    tables: Tables
    since: date
    end: date
    reps: tuple[str, ...] | None = None

    @property
    def currency(self) -> ir.StringScalar:
        """What an amount without a currency is in."""
        return ibis.literal(self.tables.session.settings.currency)

    def of_payees(self, rows: ir.Table) -> ir.Table:
        """Rows of the people to be paid (by ``rep_id``)."""
        return rows if self.reps is None else rows.filter(_is_payee(rows.rep_id))

    def of_payees_and_below(self, rows: ir.Table, day: str) -> ir.Table:
        """Rows of the people to be paid and of whoever was below them on the row's ``day``."""
        if self.reps is None:
            return rows
        below = base("visibility")
        below = below.filter(_is_payee(below.viewer_id), below.reason.isin(["self", "reports"]))
        same = [rows.rep_id == below.rep_id, rows[day] >= below.valid_from, rows[day] < below.valid_to]
        return rows.semi_join(below, same)

    def run(self, name: str, expression: Callable[[], ir.Table]) -> pa.Table:
        """Answer an expression over these tables; ``name`` and what shapes it stand for its SQL from then on."""
        key = (name, *self._shape)
        if key not in _compiled:
            _compiled[key] = self.tables.session.compile(expression())
        return self.tables.session.sql(_compiled[key], self._values)

    @property
    def _shape(self) -> tuple[object, ...]:
        """Everything but values that decides what an expression looks like."""
        session, settings = self.tables.session, self.tables.session.settings
        access = (type(self.tables), self.tables.viewer.roles, settings.manager_sees_pay)
        return (session.engine.dialect, settings.currency, self.reps is None, access)

    @property
    def _values(self) -> dict[str, object]:
        known = [rep for rep in self.reps or () if _BETWEEN not in rep]
        reps = f"{_BETWEEN}{_BETWEEN.join(known)}{_BETWEEN}"
        return {**self.tables.values, "pay_from": self.since, "pay_until": self.end, "pay_reps": reps}


_compiled: dict[tuple[object, ...], str] = {}
"""SQL with tokens where values go; no data, and nothing of a viewer but the roles."""


def _is_payee(key: ir.StringColumn) -> ir.BooleanColumn:
    return _REPS.contains(ibis.literal(_BETWEEN) + key + _BETWEEN)


def typed(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    """The rows with a declared schema, columns in its order; sums come wider than what they sum.

    Raises:
        pyarrow.ArrowInvalid: a value does not fit.
    """
    return rows.select(schema.names).cast(schema)
