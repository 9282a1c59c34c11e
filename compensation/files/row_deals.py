"""What the rows of a file say of each other: names of transactions, shares of a deal, events of a deal."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from compensation.problems import problem
from compensation.run import Problem

Sale = dict[str, Any]
Outcome = tuple[list[Sale], list[Problem]]


def named(sales: list[Sale], file: str) -> Outcome:
    """Every sale with a transaction id and a deal id, unique with rep and kind.

    A row without an id is named after its deal, or its rep and day, and numbered in the order of its
    content, so that the order of the rows changes nothing. Rows that use one id for one person twice are
    set aside: the later ones when they say the same, all of them when they differ.
    """
    with_id = [sale for sale in sales if sale["transaction_id"]]
    kept, found = _once(with_id, file)
    without = [sale for sale in sales if not sale["transaction_id"]]
    taken = {sale["transaction_id"] for sale in kept}
    _number(without, taken)
    for sale in kept:
        sale["deal_id"] = sale["deal_id"] or sale["transaction_id"]
    return sorted([*kept, *without], key=lambda sale: sale["row"]), found


def _once(sales: list[Sale], file: str) -> Outcome:
    groups = _grouped(sales, "transaction_id", "rep", "kind")
    kept, found = [], []
    for group in groups.values():
        same = all(_content(sale) == _content(group[0]) for sale in group)
        kept += group[:1] if same else []
        first = group[0]["row"]
        for sale in group[1:] if same else (group if len(group) > 1 else []):
            other = first if sale["row"] != first else group[1]["row"]
            value = sale["transaction_id"]
            found.append(
                problem(
                    "duplicate_transaction", file=file, row=sale["row"], field="id", value=value, detail=other
                )
            )
    return kept, found


def _content(sale: Sale) -> list[str]:
    """All that the row says, for telling rows apart and for a stable order."""
    return [f"{name}={text}" for name, text in sorted(sale["cells"].items()) if text]


def _number(sales: list[Sale], taken: set[str]) -> None:
    """Names for sales without an id. The rows of one deal, day and amount are one transaction's shares."""
    seen: Counter[Hashable] = Counter()
    for sale in sorted(sales, key=_content):
        base = f"{sale['deal_id'] or sale['rep']}/{sale['date']}"
        whole = (base, sale["deal_id"], sale["amount"], sale["component"] or "")
        seen[whole, sale["rep"], sale["kind"]] += 1
        sale["name"] = (*whole, seen[whole, sale["rep"], sale["kind"]])
    names: dict[Hashable, str] = {}
    for key in sorted({sale["name"] for sale in sales}):
        names[key] = _free(str(key[0]), taken)
    for sale in sales:
        sale["transaction_id"] = names[sale.pop("name")]
        sale["deal_id"] = sale["deal_id"] or sale["transaction_id"]


def _free(base: str, taken: set[str]) -> str:
    """The first of base, base/2, base/3 … that is not taken; it is taken then."""
    name, number = base, 1
    while name in taken:
        number += 1
        name = f"{base}/{number}"
    taken.add(name)
    return name


def within_whole(sales: list[Sale], file: str) -> Outcome:
    """Sales whose direct and split shares of one transaction stay within 100 %; overlays may go beyond."""
    kept, found = [], []
    for (name,), group in _grouped(sales, "transaction_id").items():
        shares = [sale["share"] for sale in group if sale["kind"] in ("direct", "split")]
        if sum(shares, Decimal(0)) <= 1:
            kept += group
            continue
        said, value = ("id", name) if group[0]["cells"].get("id") else ("deal", group[0]["deal_id"])
        total = f"{sum(shares) * 100:f}".rstrip("0").rstrip(".") + " %"
        found += [
            problem("splits_over_whole", file=file, row=sale["row"], field=said, value=value, detail=total)
            for sale in group
        ]
    return kept, found


def released(sales: list[Sale], events: Iterable[Sale], file: str, cancelled: str) -> list[Problem]:
    """Put the first day of each event on the sales of its deal; events of no sale come back as problems."""
    by_name: dict[str, list[Sale]] = defaultdict(list)
    for sale in sales:
        for name in {sale["deal_id"], sale["transaction_id"]}:
            by_name[name].append(sale)
    lost = []
    for event in events:
        about = by_name.get(event["deal"], [])
        for sale in about:
            column = "cancelled_on" if event["event"] == cancelled else "released_on"
            sale[column] = _earlier(sale[column], event["date"])
        if not about:
            where = {"file": file, "row": event["row"], "field": event["field"]}
            lost.append(problem("event_without_deal", value=event["deal"], **where))
    return lost


def _earlier(known: date | None, day: date) -> date:
    return day if known is None else min(known, day)


def _grouped(sales: Iterable[Sale], *keys: str) -> dict[tuple[Any, ...], list[Sale]]:
    groups: dict[tuple[Any, ...], list[Sale]] = defaultdict(list)
    for sale in sales:
        groups[tuple(sale[key] for key in keys)].append(sale)
    return groups
