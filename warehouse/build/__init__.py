"""From landings to a draft: rows joined, checked, completed and written as parts."""

from __future__ import annotations

from warehouse.build.draft import build

__all__ = ["build"]
