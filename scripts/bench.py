"""Run benchmarks by name, or all of them.

Usage: ``python -m scripts.bench [NAME…]`` (``make bench NAME``)

Every module of ``benchmarks/`` with a ``main`` is one benchmark, run in a process of its own as
``python -m benchmarks.NAME``. A benchmark prints each figure as one JSON line on standard output;
what else it has to say goes to standard error.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from scripts.tree import PROJECT


def names(folder: Path = PROJECT / "benchmarks") -> list[str]:
    """Names of the benchmarks there are, sorted."""
    return sorted(path.stem for path in folder.glob("[!_]*.py") if _has_main(path))


def _has_main(path: Path) -> bool:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return any(isinstance(node, ast.FunctionDef) and node.name == "main" for node in tree.body)


def run(name: str) -> bool:
    """Run one benchmark; whether it ended well."""
    sys.stderr.write(f"benchmarks.{name}\n")
    done = subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], cwd=PROJECT, check=False)
    return done.returncode == 0


def main(wanted: list[str]) -> int:
    """Run the named benchmarks, all without a name; 1 when one is unknown or fails."""
    known = names()
    unknown = sorted(set(wanted) - set(known))
    if unknown:
        sys.stderr.write(f"No benchmark is called {', '.join(unknown)}. There are: {', '.join(known)}.\n")
        return 1
    failed = [name for name in wanted or known if not run(name)]
    if failed:
        sys.stderr.write(f"These benchmarks failed: {', '.join(failed)}.\n")
    elif not wanted:
        sys.stderr.write(f"Ran {', '.join(known)}.\n")
    return min(len(failed), 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
