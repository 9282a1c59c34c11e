"""What events can change: the parts of payout lines that came from one transaction each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from compensation.inputs import TRANSACTIONS, Inputs
from compensation.money.fine import Bools, Ints, codes_of, days, units, units_of
from compensation.money.months import NEVER, Months, number
from compensation.plan.model import Component, Plan


@dataclass(frozen=True)
class Parts:
    """One entry a trace row of a component that holds pay or takes it back; arrays of one length.

    Money is in ten-thousandths of the payee's currency, days are days since 1970-01-01, months are numbers
    of ``Months``. ``group`` numbers what belongs together: payee, component and deal.
    """

    row: Ints  # of the trace
    line: Ints  # of the lines
    earned: Ints
    step: Ints  # the currency's minor unit
    group: Ints
    day: Ints  # credited on
    paid: Ints  # month the line is paid with
    released: Ints  # month the event happened in; NEVER
    cancelled: Ints  # day; NEVER
    term: Ints  # months; 0 where unknown
    holds: Bools  # of the part's component
    back: Ints  # how it comes back: NO_CLAWBACK, FULL or PRO_RATA
    within: Ints  # the clawback's months

    def __len__(self) -> int:
        return len(self.row)


EVENTS = ["transaction_id", "rep", "released_on", "cancelled_on", "term_months"]
NO_CLAWBACK, FULL, PRO_RATA = 0, 1, 2


def waits(component: Component) -> bool:
    """Whether events after earning can change what this component pays."""
    return component.hold is not None or component.clawback is not None


def read(
    plans: Sequence[Plan], lines: pa.Table, trace: pa.Table, inputs: Inputs, months: Months, as_of: date
) -> Parts:
    """The parts of a plan's lines that events concern; events after ``as_of`` are not known yet.

    What follows from no transaction (a true-up of a year to date) waits for nothing and never comes back.
    """
    number_of, rules = _rules(plans, lines)
    concerned = lines["line_id"].filter(pa.array((rules[number_of, 0] > 0) | (rules[number_of, 1] > 0)))
    mine = pc.is_in(trace["line_id"], concerned.combine_chunks())
    row = np.flatnonzero(pc.and_(mine, pc.not_equal(trace["transaction_id"], "")).to_numpy())
    picked = trace.select(["line_id", "transaction_id", "deal_id", "credited_rep", "date", "earned"]).take(
        row
    )
    line = _number(pc.index_in(picked["line_id"], lines["line_id"].combine_chunks()))
    rule = rules[number_of[line]]
    released, cancelled, term = _events(picked, inputs, as_of)
    return Parts(
        row=row,
        line=line,
        earned=units(picked["earned"]),
        step=units_of(lines["currency"])[line],
        group=_groups(lines, line, picked["deal_id"]),
        day=days(picked["date"], 0),
        paid=months.at(days(lines["pay_start"], 0))[line],
        released=np.where(released == NEVER, NEVER, months.at(released)),
        cancelled=cancelled,
        term=term,
        holds=rule[:, 0] > 0,
        back=rule[:, 1],
        within=rule[:, 2],
    )


def _number(column: pa.ChunkedArray) -> Ints:
    return column.to_numpy().astype(np.int64)


def _rules(plans: Sequence[Plan], lines: pa.Table) -> tuple[Ints, Ints]:
    """Each line's rule by number, and the rules: holds (0, 1), how it comes back, within how many months."""
    kinds = {"full": FULL, "pro_rata": PRO_RATA}
    found: dict[tuple[str, str], tuple[int, int, int]] = {}
    for plan in plans:
        for each in plan.components:
            back = each.clawback
            how = (kinds[back.kind], back.months) if back else (NO_CLAWBACK, 0)
            found[str(plan.version), each.id] = (int(each.hold is not None), *how)
    version, versions = codes_of(pc.cast(lines["plan_version"], pa.string()))
    component, ids = codes_of(lines["component_id"])
    table = [found.get((a, b), (0, 0, 0)) for a in versions for b in ids]
    return version * len(ids) + component, np.array(table or [(0, 0, 0)], np.int64)


def _events(picked: pa.Table, inputs: Inputs, as_of: date) -> tuple[Ints, Ints, Ints]:
    """Released on, cancelled on (days; NEVER) and term of each picked trace row."""
    rows = told(inputs.transactions, EVENTS)
    rows = rows.filter(pc.is_in(rows["transaction_id"], pc.unique(picked["transaction_id"])))
    one = rows.group_by(["transaction_id", "rep"]).aggregate(
        [("released_on", "min"), ("cancelled_on", "min"), ("term_months", "max")]
    )
    keys = _joined(one["transaction_id"], one["rep"])
    at = pc.index_in(_joined(picked["transaction_id"], picked["credited_rep"]), keys)
    found = one.take(at.combine_chunks() if isinstance(at, pa.ChunkedArray) else at)
    term = pc.fill_null(found["term_months_max"], 0).to_numpy().astype(np.int64)
    known = number(as_of)
    return _known(found["released_on_min"], known), _known(found["cancelled_on_min"], known), term


def told(transactions: pa.Table, names: Sequence[str]) -> pa.Table:
    """Some columns of TRANSACTIONS; one that is not there is empty."""
    missing = [name for name in names if name not in transactions.column_names]
    empty = {name: pa.nulls(len(transactions), TRANSACTIONS.field(name).type) for name in missing}
    return pa.table({name: empty[name] if name in empty else transactions[name] for name in names})


def _joined(first: pa.ChunkedArray, second: pa.ChunkedArray) -> pa.Array:
    joined = pc.binary_join_element_wise(first, second, "\x1f")
    return joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined


def _known(column: pa.ChunkedArray, as_of: int) -> Ints:
    day = days(column, NEVER)
    return np.where(day > as_of, NEVER, day)


def _groups(lines: pa.Table, line: Ints, deal: pa.ChunkedArray) -> Ints:
    """Numbers of payee × component × deal, without gaps."""
    rep, _ = codes_of(lines["rep"])
    component, ids = codes_of(lines["component_id"])
    deals, names = codes_of(deal)
    payee = (rep * len(ids) + component)[line]
    return np.unique(payee * max(len(names), 1) + deals, return_inverse=True)[1]
