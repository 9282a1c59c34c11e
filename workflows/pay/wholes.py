"""Wholes whose share is just what somebody is credited with, whoever else's part is looked at.

The warehouse shared each deal out to the cent when it was loaded, so a share of a deal's amount is now and
then a cent off what a person is credited with. The calculation shares wholes out again, by largest remainder
over the rows it is given, and a rep gives it only their own. A whole found as part ÷ share, rounded to the
ten-thousandth, is at most half of one off; its share rounds to the part again, alone or beside others.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pyarrow as pa
import pyarrow.compute as pc

from compensation.inputs import MONEY, SHARE
from warehouse.build.currency import minor

_FINEST, _ONE = Decimal("0.0001"), Decimal(1)
_MOST = Decimal(10) ** 14
"""MONEY holds less than this."""


def exact(found: pa.Table) -> dict[str, pa.ChunkedArray]:
    """``amount``, ``margin``, ``units`` and ``share`` of rows credited with ``credited`` of a ``whole``.

    Shares outside 0 to 1 are taken as 1, of an amount that is the credited one. Margin and units of a part
    are rounded to the minor unit and to four decimals.
    """
    credited, whole = pc.fill_null(found["credited"].cast(MONEY), Decimal(0)), found["whole"].cast(MONEY)
    share = pc.fill_null(found["share"].cast(SHARE), _ONE)
    share = pc.if_else(pc.and_(pc.greater(share, 0), pc.less(share, 1)), share, pa.scalar(_ONE, SHARE))
    plain = pc.fill_null(pc.and_(pc.equal(share, 1), pc.equal(whole, credited)), False)
    columns = {"amount": whole, "margin": found["margin"].cast(MONEY), "units": found["units"].cast(MONEY)}
    given = pa.table({"credited": credited, "share": share, "currency": found["currency"], **columns})
    rows = [_row(**row) for row in given.filter(pc.invert(plain)).to_pylist()]
    mask = pc.invert(plain).combine_chunks()
    types = {"amount": MONEY, "share": SHARE, "margin": MONEY, "units": MONEY}
    return {
        name: pc.replace_with_mask(
            given[name].combine_chunks(), mask, pa.array([row[n] for row in rows], kind)
        )
        for n, (name, kind) in enumerate(types.items())
    }


def _row(
    credited: Decimal,
    share: Decimal,
    currency: str,
    amount: Decimal | None,
    margin: Decimal | None,
    units: Decimal | None,
) -> tuple[Decimal | None, ...]:
    """Amount, share, margin and units of one row."""
    of = credited / amount if amount else None
    cents = _ONE.scaleb(-minor(currency))
    wholes, parts = (amount, margin, units), (credited, _part(margin, of, cents), _part(units, of, _FINEST))
    found = [_whole(whole, part, share) for whole, part in zip(wholes, parts, strict=True)]
    if any(
        value is not None and abs(value) >= _MOST for value in found
    ):  # a tiny share of an amount it is not
        share, found = _ONE, list(parts)
    return (found[0], share, *found[1:])


def _part(value: Decimal | None, of: Decimal | None, to: Decimal) -> Decimal | None:
    """A person's part of a margin or quantity; unknown where the whole deal is."""
    return None if value is None or of is None else (value * of).quantize(to, ROUND_HALF_UP)


def _whole(whole: Decimal | None, part: Decimal | None, share: Decimal) -> Decimal | None:
    """The whole where its share is the part, else what the part is that share of."""
    if part is None or (whole is not None and whole * share == part):
        return part if part is None else whole
    return (part / share).quantize(_FINEST, ROUND_HALF_UP)
