"""Import every module of the application with nothing but ``requirements.txt`` at hand.

Usage: ``python -m scripts.import_everything``

Distributions that are installed but not named in ``requirements.txt`` are hidden, so the check
means the same in an environment that also holds the development tools. Pages, ``app.py`` and
migration scripts do their work when they are run rather than imported: they are compiled, and
what they import is imported in their stead.
"""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Iterator, Sequence
from importlib import metadata
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

from scripts.requirements import RUN_TIME, normal, pinned
from scripts.tree import PROJECT, application_files, module_name


class Hidden(MetaPathFinder):
    """Refuses top-level modules that belong only to distributions outside ``allowed``."""

    def __init__(self, modules: frozenset[str]) -> None:
        """``modules``: names of the top-level modules to refuse."""
        self.modules = modules

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Raise ModuleNotFoundError for a hidden module, leave every other to the next finder."""
        del path, target
        if fullname.partition(".")[0] in self.modules:
            raise ModuleNotFoundError(f"{fullname} is not in requirements.txt", name=fullname)
        return None


def outside(allowed: frozenset[str]) -> frozenset[str]:
    """Top-level modules whose every distribution lies outside ``allowed``."""
    owners = metadata.packages_distributions()
    return frozenset(
        module for module, names in owners.items() if not any(normal(name) in allowed for name in names)
    )


def runs_when_imported(path: Path) -> bool:
    """Whether a file is a script that must not be imported for a check: page, app or migration."""
    parts = path.relative_to(PROJECT).parts
    is_migration = "migrations" in parts and path.name != "__init__.py"
    return parts[-1] == "app.py" or is_migration or (parts[0] == "pages" and parts[-1] != "__init__.py")


def imports_of(path: Path) -> Iterator[str]:
    """Absolute module names a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), filename=str(path))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def main() -> int:
    """Import everything; 1 and a line for each module that could not be, 0 when all could."""
    sys.meta_path.insert(0, Hidden(outside(frozenset(pinned(RUN_TIME)))))
    failed = 0
    for path in application_files():
        names = imports_of(path) if runs_when_imported(path) else [module_name(path)]
        for name in names:
            try:
                importlib.import_module(name)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is reported by name
                failed += 1
                sys.stderr.write(f"{path.relative_to(PROJECT)}: cannot import {name}: {error}\n")
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
