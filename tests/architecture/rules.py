"""The rules of the house that the import linter cannot state.

Each rule takes a project folder and gives the violations it finds, one sentence each.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from scripts.import_everything import imports_of
from scripts.tree import ROOMS, application_files, room_files

Rule = Callable[[Path], list[str]]

PAGE_LINES = 60
APP_LINES = 40
FILE_LINES = 400
LONG_ON_PURPOSE = {
    "warehouse/tables.py": "one entry a canonical table: a reference to look a name up in, not to read through",
}
DRAWING = frozenset({"altair", "plotly", "vl_convert"})
ENGINES = frozenset({"duckdb", "ibis", "psycopg", "pyspark", "sqlalchemy"})
NO_CLOCK = tuple(room for room in ROOMS if room not in {"pages", "ui", "commands"})
DOOR_IS_CLOSED_TO = {
    # The web's front door draws nothing and asks no engine; it never runs a command.
    "app.py": frozenset({"commands", "manage"}) | DRAWING | ENGINES,
    # The command line uses everything but the screen.
    "manage.py": frozenset({"app", "pages", "ui", "streamlit"}) | DRAWING,
}


def _name(path: Path, project: Path) -> str:
    return path.relative_to(project).as_posix()


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def every_folder_is_a_package(project: Path) -> list[str]:
    """A folder without ``__init__.py`` passes the import linter unseen."""
    folders = {path.parent for path in room_files(project)}
    folders |= {above for folder in folders for above in folder.parents if project in above.parents}
    missing = sorted(folder for folder in folders if not (folder / "__init__.py").exists())
    return [f"{_name(folder, project)} has no __init__.py" for folder in missing]


def pages_live_in_subfolders(project: Path) -> list[str]:
    """A page directly in pages/ is served without app.py, so without sign-in."""
    flat = sorted(path for path in (project / "pages").glob("*.py") if path.name != "__init__.py")
    return [f"{_name(path, project)} must move into a subfolder of pages/" for path in flat]


def pages_are_short(project: Path) -> list[str]:
    """A page composes; what is longer belongs in ui or below."""
    pages = sorted((project / "pages").rglob("*.py"))
    found = [
        f"{_name(path, project)} has {_lines(path)} lines, a page has at most {PAGE_LINES}"
        for path in pages
        if _lines(path) > PAGE_LINES
    ]
    app = project / "app.py"
    if app.exists() and _lines(app) >= APP_LINES:
        found.append(f"app.py has {_lines(app)} lines, the front door has fewer than {APP_LINES}")
    return found


def files_are_of_one_concern(project: Path) -> list[str]:
    """No file needs a map of its own."""
    files = [*application_files(project), *sorted((project / "tests").rglob("*.py"))]
    return [
        f"{_name(path, project)} has {_lines(path)} lines, a file has fewer than {FILE_LINES}"
        for path in files
        if _lines(path) >= FILE_LINES and _name(path, project) not in LONG_ON_PURPOSE
    ]


def front_doors_keep_to_their_rooms(project: Path) -> list[str]:
    """``app.py`` and ``manage.py`` are modules, which the import linter does not look at."""
    found = []
    for door, closed in DOOR_IS_CLOSED_TO.items():
        path = project / door
        names = set(imports_of(path)) if path.exists() else set[str]()
        bad = sorted(name for name in names if name.partition(".")[0] in closed or name == "warehouse.tables")
        found += [f"{door} imports {name}" for name in bad]
    return found


def imports_are_visible(project: Path) -> list[str]:
    """A module named by a string is an import no linter sees, unless the text keeps it in its own room."""
    found = []
    for path in room_files(project):
        room = path.relative_to(project).parts[0]
        for node in _calls(path):
            by_name = _called(node.func) in {"__import__", "import_module", "importlib.import_module"}
            if by_name and not (node.args and _starts_with(node.args[0], f"{room}.")):
                found.append(f"{_name(path, project)}:{node.lineno} imports a module by a computed name")
    return found


def _starts_with(text: ast.expr, start: str) -> bool:
    """Whether a text, formatted or not, begins with these characters whatever is filled in."""
    first = text.values[0] if isinstance(text, ast.JoinedStr) else text
    return isinstance(first, ast.Constant) and str(first.value).startswith(start)


_CLOCK = re.compile(
    r"(^|\.)(date|datetime|dt|time|ibis|pd|pandas|Timestamp|func)\.(now|utcnow|today|time|time_ns|current_date)$"
)
_SQL_CLOCK = re.compile(
    r"\b(current_date|current_timestamp|localtimestamp)\b|\b(now|today)\(\)", re.IGNORECASE
)


def the_clock_is_read_at_the_top(project: Path) -> list[str]:
    """Below ui and the commands the time is an argument; what was asked can be asked again."""
    found = []
    for path in room_files(project):
        if path.relative_to(project).parts[0] not in NO_CLOCK:
            continue
        read = [node.lineno for node in _calls(path) if _CLOCK.search(_called(node.func))]
        read += [node.lineno for node in _texts(path) if _SQL_CLOCK.search(str(node.value))]
        found += [f"{_name(path, project)}:{line} reads the clock" for line in sorted(read)]
    return found


def _nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text(encoding="utf-8"), filename=str(path)))


def _calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in _nodes(path) if isinstance(node, ast.Call))


def _texts(path: Path) -> Iterator[ast.Constant]:
    """Texts that are not docstrings or other bare sentences: SQL among them."""
    nodes = list(_nodes(path))
    sentences = {node.value for node in nodes if isinstance(node, ast.Expr)}
    texts = (node for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return (node for node in texts if node not in sentences)


def _called(function: ast.expr) -> str:
    """Dotted text of what is called: ``dt.datetime.now``; empty for anything but names."""
    if isinstance(function, ast.Attribute):
        return f"{_called(function.value)}.{function.attr}"
    return function.id if isinstance(function, ast.Name) else ""


def public_functions_say_their_types(project: Path) -> list[str]:
    """Every parameter and every result of a public function or method is annotated."""
    found = []
    for path in application_files(project):
        for function in _public(ast.parse(path.read_text(encoding="utf-8"))):
            if not _annotated(function):
                found.append(f"{_name(path, project)}:{function.lineno} {function.name} lacks annotations")
    return found


def _public(node: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) and not child.name.startswith("_"):
            yield child
        elif isinstance(child, ast.ClassDef) and not child.name.startswith("_"):
            yield from _public(child)


def _annotated(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    given = function.args
    named = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    asked = [arg for arg in named if arg is not None and arg.arg not in {"self", "cls"}]
    return function.returns is not None and all(arg.annotation is not None for arg in asked)


RULES: tuple[Rule, ...] = (
    every_folder_is_a_package,
    pages_live_in_subfolders,
    pages_are_short,
    files_are_of_one_concern,
    front_doors_keep_to_their_rooms,
    imports_are_visible,
    the_clock_is_read_at_the_top,
    public_functions_say_their_types,
)
