"""Says how much memory a process needs that does nothing."""

from __future__ import annotations

import json

from benchmarks.measuring import peak_mb

if __name__ == "__main__":
    print(json.dumps({"mb": peak_mb()}))  # noqa: T201 - this is its answer
