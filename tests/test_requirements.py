"""requirements.txt is exact, complete, free of addresses and of licences that bind the user."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from scripts.import_everything import imports_of
from scripts.requirements import DEVELOPMENT, RUN_TIME, SPARK, normal, pinned
from scripts.tree import FRONT_DOORS, ROOMS, application_files

FILES = (RUN_TIME, DEVELOPMENT, SPARK)

LGPL_USED_AS_A_LIBRARY = {"psycopg", "psycopg-binary"}
"""See docs/decisions/0004-licences.md."""

ONLY_WHERE_ASKED_FOR = {"pyspark": "warehouse/engine"}
"""Optional packages and the one folder that may import them, inside a function."""


USED_WITHOUT_AN_IMPORT = {
    "psycopg": "SQLAlchemy loads it when a URL names PostgreSQL",
    "tzdata": "zoneinfo reads it where the system has no time zones",
}


def direct(project: Path) -> list[Requirement]:
    text = (project / "pyproject.toml").read_text(encoding="utf-8")
    return [Requirement(line) for line in tomllib.loads(text)["project"]["dependencies"]]


def closure(wanted: list[Requirement]) -> Iterator[tuple[str, str]]:
    """Everything the requirements bring along here: (name, who asks for it)."""
    todo, seen = [(one, "pyproject.toml") for one in wanted], set()
    while todo:
        asked, by = todo.pop()
        name = normal(asked.name)
        yield name, by
        if (name, frozenset(asked.extras)) in seen:
            continue
        seen.add((name, frozenset(asked.extras)))
        for line in metadata.requires(name) or []:
            below = Requirement(line)
            extras = asked.extras or {""}
            if not below.marker or any(below.marker.evaluate({"extra": extra}) for extra in extras):
                todo.append((below, name))


def test_every_direct_requirement_is_pinned_as_declared(project: Path):
    pins = pinned(RUN_TIME)
    assert {normal(one.name): str(one.specifier) for one in direct(project)} == {
        normal(one.name): f"=={pins[normal(one.name)]}" for one in direct(project)
    }


def test_all_that_is_brought_along_is_pinned(project: Path):
    pins = pinned(RUN_TIME)
    missing = sorted(
        {f"{name}, asked for by {by}" for name, by in closure(direct(project)) if name not in pins}
    )
    assert missing == []


def test_nothing_is_pinned_that_nobody_asks_for(project: Path):
    assert sorted(set(pinned(RUN_TIME)) - {name for name, _ in closure(direct(project))}) == []


def test_what_is_installed_is_what_is_pinned():
    installed = {name: metadata.version(name) for name in pinned(RUN_TIME)}
    assert installed == pinned(RUN_TIME)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_requirement_file_holds_pins_and_nothing_else(path: Path):
    lines = [line.partition("  #")[0] for line in path.read_text(encoding="utf-8").splitlines()]
    bad = [
        line for line in lines if not re.fullmatch(r"#.*|-r requirements\.txt|[a-z0-9-]+==[0-9][\w.]*", line)
    ]
    assert bad == []


def test_run_time_imports_only_direct_requirements(project: Path):
    """An import inside a function counts too: it fails on a user's machine just as well."""
    owners = metadata.packages_distributions()
    wanted = {normal(one.name) for one in direct(project)}
    own = {*ROOMS, *(Path(door).stem for door in FRONT_DOORS)}
    found = set()
    for path in application_files(project):
        for module in {name.partition(".")[0] for name in imports_of(path)} - own - sys.stdlib_module_names:
            place = path.relative_to(project).as_posix()
            optional = ONLY_WHERE_ASKED_FOR.get(module, "nowhere")
            known = {normal(name) for name in owners.get(module, [])}
            if not known & wanted and not place.startswith(optional):
                found.add(f"{place} imports {module}")
    assert sorted(found) == []


def test_every_direct_requirement_is_used(project: Path):
    """What nothing imports is only something to keep up to date."""
    owners = metadata.packages_distributions()
    modules = {name.partition(".")[0] for path in application_files(project) for name in imports_of(path)}
    used = {normal(owner) for module in modules for owner in owners.get(module, [])}
    idle = {normal(one.name) for one in direct(project)} - used
    assert idle == set(USED_WITHOUT_AN_IMPORT)


def test_optional_packages_are_imported_inside_functions(project: Path):
    """The application starts without Spark."""
    found = []
    for path in application_files(project):
        top = ast.parse(path.read_text(encoding="utf-8")).body
        names = {alias.name for node in top if isinstance(node, ast.Import) for alias in node.names}
        names |= {node.module or "" for node in top if isinstance(node, ast.ImportFrom)}
        bad = {name for name in names if name.partition(".")[0] in ONLY_WHERE_ASKED_FOR}
        found += [f"{path.relative_to(project)} imports {name}" for name in sorted(bad)]
    assert found == []


def licence(name: str) -> str:
    """What a distribution says of its own licence; long texts tell of bundled parts too, so they come last."""
    told = metadata.metadata(name)
    classes = [line for line in told.get_all("Classifier") or [] if line.startswith("License ::")]
    return told.get("License-Expression") or " | ".join(classes) or (told.get("License") or "").strip()


def binding(words: str) -> str:
    """What binds whoever passes the program on: "GPL", "LGPL", or nothing."""
    if re.search(r"\bA?GPL|(?<!Lesser )(?<!Library or Lesser )General Public Licen[sc]e", words):
        return "GPL"
    return "LGPL" if re.search(r"\bLGPL|Lesser General Public", words) else ""


def test_no_run_time_package_is_under_the_gpl():
    found = {name: binding(licence(name)) for name in pinned(RUN_TIME)}
    assert sorted(name for name, kind in found.items() if kind == "GPL") == []
    assert {name for name, kind in found.items() if kind == "LGPL"} == LGPL_USED_AS_A_LIBRARY


def test_every_run_time_package_states_a_licence():
    assert sorted(name for name in pinned(RUN_TIME) if not licence(name)) == []


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("GPL-3.0-or-later", "GPL"),
        ("AGPL-3.0", "GPL"),
        ("License :: OSI Approved :: GNU General Public License v3 (GPLv3)", "GPL"),
        ("LGPL-3.0-only", "LGPL"),
        ("GNU Lesser General Public License v3 (LGPLv3)", "LGPL"),
        ("MIT AND GPL-2.0-only", "GPL"),
        ("BSD-3-Clause", ""),
        ("License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)", ""),
    ],
)
def test_binding_licences_are_told_apart(words: str, kind: str):
    assert binding(words) == kind
