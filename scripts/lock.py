"""Write the pinned requirement files from the direct requirements in ``pyproject.toml``.

Usage: ``python -m scripts.lock`` (``make lock``)

``requirements.txt`` holds the run time with everything it brings along; the development and Spark
files add only what is theirs. pip itself resolves, with the machine's own settings; no address of
a package index is ever written.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from scripts.requirements import RUN_TIME, normal, pinned
from scripts.tree import PROJECT

_EXTRAS = re.compile(r"\[(.*?)\]")
_EXTRA_MARKER = re.compile(r"""extra\s*==\s*["'](.*?)["']""")
_NAME_END = re.compile(r"[^A-Za-z0-9._-]")
HEAD = "# Pinned by scripts/lock.py from pyproject.toml ({group}); change it there and run `make lock`.\n"


def resolve(wanted: list[str], pinned: list[str]) -> dict[str, tuple[str, set[str]]]:
    """What pip would install: name → (version, names of those that ask for it)."""
    with tempfile.TemporaryDirectory() as folder:
        asked, report = Path(folder, "asked.txt"), Path(folder, "report.json")
        asked.write_text("\n".join([*wanted, *pinned]), encoding="utf-8")
        options = ["--dry-run", "--ignore-installed", "--quiet", "--report", str(report), "-r", str(asked)]
        subprocess.run([sys.executable, "-m", "pip", "install", *options], check=True)
        installs = json.loads(report.read_text(encoding="utf-8"))["install"]
    extras = {extra for line in wanted for part in _EXTRAS.findall(line) for extra in part.split(",")}
    return _with_reasons([entry["metadata"] for entry in installs], extras)


def _with_reasons(found: list[dict[str, Any]], extras: set[str]) -> dict[str, tuple[str, set[str]]]:
    chosen = {normal(item["name"]): (item["version"], set[str]()) for item in found}
    for item in found:
        for line in item.get("requires_dist", []):
            name = normal(_NAME_END.split(line, maxsplit=1)[0])
            if name in chosen and extras.issuperset(_EXTRA_MARKER.findall(line)):
                chosen[name][1].add(normal(item["name"]))
    return chosen


def render(chosen: dict[str, tuple[str, set[str]]], group: str, first: str = "") -> str:
    """Text of a requirement file, one pin a line with what asks for it."""
    lines = []
    for name, (version, reasons) in sorted(chosen.items()):
        because = f"  # via {', '.join(sorted(reasons))}" if reasons else ""
        lines.append(f"{name}=={version}{because}\n")
    return HEAD.format(group=group) + first + "".join(lines)


def main() -> None:
    """Resolve the run time, then each group on top of it, and write the three files."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    run_time = resolve(project["project"]["dependencies"], [])
    RUN_TIME.write_text(render(run_time, "project.dependencies"), encoding="utf-8")
    base = [f"{name}=={version}" for name, version in pinned(RUN_TIME).items()]
    for group, wanted in project["dependency-groups"].items():
        chosen = resolve(wanted, base)
        own = {name: reason for name, reason in chosen.items() if name not in run_time}
        body = render(own, f"dependency-groups.{group}", f"-r {RUN_TIME.name}\n")
        (PROJECT / f"requirements-{group}.txt").write_text(body, encoding="utf-8")


if __name__ == "__main__":
    main()
