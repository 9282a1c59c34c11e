"""Landing many rows holds few of them at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

MANY = """
import resource, sys
from pathlib import Path
import numpy as np, pyarrow as pa
from tests.warehouse.stores import AS_OF, NOW
from warehouse.landing import Landing
from warehouse.store import Store

def rows(start, count):
    ids = np.arange(start, start + count)
    return pa.table({
        "credit_id": pa.array(ids).cast(pa.string()),
        "measure": pa.repeat("bookings", count), "kind": pa.repeat("direct", count),
        "basis": pa.repeat("recorded", count), "credited_on": pa.repeat(AS_OF, count),
        "amount": pa.array(ids), "_row": pa.array(ids),
    })

count, batch = int(sys.argv[2]), 50_000
store = Store.create(Path(sys.argv[1]), "own", NOW)
with Landing.start(store, "files:a", NOW) as landing:
    landing.add("credits", rows(0, batch))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for start in range(batch, count, batch):
        landing.add("credits", rows(start, batch))
    assert landing.seal(as_of=AS_OF).rows == {"credits": count}
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.parametrize("count", [1_000_000, pytest.param(10_000_000, marks=pytest.mark.long)])
def test_many_rows_are_never_held_in_memory(tmp_path: Path, project: Path, count: int) -> None:
    """A million rows of credits are 210 MB in memory, ten million 2.1 GB."""
    command = [sys.executable, "-c", MANY, str(tmp_path / "store"), str(count)]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=True)
    assert int(done.stdout) < 170, f"{done.stdout} MB more than at the start"
