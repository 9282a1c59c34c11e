"""The demo company: believable, deterministic by seed, with truths planted in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pyarrow as pa

from connectors.demo.company import DEFAULT_AS_OF, DEFAULT_OPPORTUNITIES, Company
from connectors.demo.draw import ENTITIES, draw, stream
from connectors.demo.faults import faults
from connectors.demo.settings import SETTINGS
from connectors.demo.truths import DEMO_VIEWERS, DemoViewer
from warehouse.landing import Landing

__all__ = ["DEMO_VIEWERS", "SETTINGS", "DemoConnector", "DemoViewer", "draw"]

DEFAULT_SEED = 7
_BATCH_ROWS = 200_000


class DemoConnector:
    """Draws a company and lands it.

    ``opportunities`` scales from some thousands to ten million; months are drawn one by one, each
    by a random stream of its own, so memory stays flat and the result does not depend on order.
    """

    name = "demo"
    entities = ENTITIES

    def __init__(
        self,
        seed: int = DEFAULT_SEED,
        opportunities: int | None = None,
        as_of: date = DEFAULT_AS_OF,
    ) -> None:
        """A company of ``opportunities`` deals (30,000 if not said), known up to ``as_of``.

        Raises:
            ValueError: fewer than 2,000 deals; the truths could not be seen in them.
        """
        count = DEFAULT_OPPORTUNITIES if opportunities is None else opportunities
        if count < 2_000:
            raise ValueError(f"A demo company needs at least 2,000 opportunities; {count} were asked for.")
        self.company = Company(seed, count, as_of)

    def read(self, landing: Landing, cursor: Mapping[str, str]) -> None:  # noqa: ARG002 - nothing is incremental
        """Land every table, then seal with the company's settings."""
        waiting: dict[str, list[pa.Table]] = {}

        def tell(done: int, total: int) -> None:
            landing.progress("months of deals", done, total)

        for name, rows in stream(self.company, progress=tell):
            waiting.setdefault(name, []).append(rows)
            if sum(part.num_rows for part in waiting[name]) >= _BATCH_ROWS:
                landing.add(name, pa.concat_tables(waiting.pop(name)))
        for name, parts in waiting.items():
            landing.add(name, pa.concat_tables(parts))
        for name, rows in faults(self.company).items():
            landing.add(name, rows)
        landing.seal(
            as_of=self.company.as_of,
            settings=SETTINGS,
            note={"seed": self.company.seed, "opportunities": self.company.opportunities},
        )
