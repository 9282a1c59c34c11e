"""Loads a small source in processes that are killed, each just before another of its steps.

``python -m tests.faults.loading FOLDER N …`` makes one store ``FOLDER/N`` for each N, a copy of
``FOLDER/base``, and loads into it in a process of its own that ends itself with SIGKILL just before
step N. A step is anything that touches the disk or the scratch database. N = 0 runs to the end
and writes what its steps were to ``FOLDER/steps``, a line each; N below 0 is killed from outside,
that many milliseconds after it began.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.build.work import Work
from warehouse.issues import DataIssue
from warehouse.landed import LandingInfo
from warehouse.landing import Landing
from warehouse.settings import Settings
from warehouse.store import Store
from workflows.refresh import load

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
SETTINGS = Settings()

STEPS: tuple[tuple[object, str], ...] = (
    (os, "replace"),
    (os, "fsync"),
    (os, "link"),
    (os, "unlink"),
    (os, "rmdir"),
    (os, "mkdir"),
    (pq.ParquetWriter, "write_table"),
    (pq.ParquetWriter, "close"),
    (LandingInfo, "to_json"),
    (Work, "run"),
    (Store, "publish"),
    (Store, "prune"),
)


class Source:
    """Reps, products, deals and quotas; the second edition changes some, adds some, drops some."""

    name = "files:small"
    entities = ("reps", "products", "opportunities", "quotas")

    def __init__(self, edition: int) -> None:
        self.edition = edition

    def read(self, landing: Landing, cursor: Mapping[str, str]) -> None:  # noqa: ARG002
        e = self.edition
        reps = [f"rep{n}@x.com" for n in range(3 + e)]
        landing.add("reps", pa.table({"rep_id": reps, "name": [f"Name {n}" for n in range(3 + e)]}))
        landing.mode("products", "upsert")
        landing.add("products", pa.table({"product_id": [f"p{e}", "p"], "list_price": [e, e]}))
        deals = [f"o{n}" for n in range(e, 20)]
        landing.add(
            "opportunities",
            pa.table(
                {
                    "opportunity_id": deals,
                    "owner_id": [reps[n % 3] for n in range(len(deals))],
                    "amount": [100 * e] * len(deals),
                    "currency": ["USD"] * len(deals),
                    "close_on": [date(2026, 1 + n % 3, 1) for n in range(len(deals))],
                    "is_closed": [True] * len(deals),
                }
            ),
        )
        if e == 1:  # later editions leave the quotas as they were
            landing.add("quotas", quotas())
        landing.set_aside(DataIssue("bad_amount", "opportunities", "deals.csv", 7 + e, "Amount", "?"))
        landing.seal(as_of=date(2026, 3, 31), cursor={"edition": str(e)})


def quotas() -> pa.Table:
    """One quota."""
    return pa.table(
        {
            "quota_id": ["q1"],
            "version": [1],
            "scope": ["rep"],
            "rep_id": ["rep1@x.com"],
            "measure": ["bookings"],
            "period_start": [date(2026, 1, 1)],
            "period_end": [date(2026, 4, 1)],
            "amount": [1000],
            "currency": ["USD"],
        }
    )


def run(root: Path, edition: int, now: datetime = NOW) -> None:
    """Load an edition into the store at ``root``."""
    load(Source(edition), Store.open(root), SETTINGS, now)


def kill_before(step: int, more: tuple[tuple[object, str], ...] = ()) -> list[str]:
    """Wrap every step, and ``more``, so that the one with this number never happens; what the steps were."""
    done: list[str] = []

    def wrapped(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def instead(*given: Any, **named: Any) -> Any:
            done.append(f"{name} {str(given[0]).splitlines()[0]}")
            if len(done) == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*given, **named)

        return instead

    for owner, name in (*STEPS, *more):
        setattr(owner, name, wrapped(name, getattr(owner, name)))
    return done


def child(folder: Path, moment: int) -> None:
    """What the process that may be killed does."""
    steps = kill_before(moment)
    run(folder / str(moment), 3, NOW + timedelta(hours=9))
    (folder / "steps").write_text("\n".join(steps))


def main(folder: Path, moments: list[int]) -> None:
    """One process for each moment; each is waited for before the next begins."""
    for moment in moments:
        shutil.copytree(folder / "base", folder / str(moment))
        process = os.fork()
        if process == 0:
            child(folder, moment)
            os._exit(0)
        if moment < 0:
            time.sleep(-moment / 1000)
            os.kill(process, signal.SIGKILL)
        _, status = os.waitpid(process, 0)
        assert moment < 0 or os.waitstatus_to_exitcode(status) == (-signal.SIGKILL if moment else 0), moment


if __name__ == "__main__":
    main(Path(sys.argv[1]), [int(moment) for moment in sys.argv[2:]])
