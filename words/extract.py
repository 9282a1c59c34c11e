"""Finds messages to translate in the source: an extraction method for Babel.

Three ways a message is written: in a call (``_("…")``, ``N_("…")``, ``style.words("…")``, ``ngettext``);
in a table of sentences called ``TEMPLATES``; and in what a metric says of itself (title, definition,
formula, source) and of the readings one can choose.
"""

from __future__ import annotations

import ast
import io
from collections.abc import Iterator
from typing import IO, Any

from babel.messages.extract import extract_python

CALLS: dict[str, tuple[int, ...] | None] = {"_": None, "N_": None, "words": None, "ngettext": (1, 2)}
"""Functions whose first text is a message; ngettext has a singular and a plural."""

TABLES = frozenset({"TEMPLATES", "CHOICES", "READINGS"})
"""Module-level dicts whose texts are messages."""

SAID = frozenset({"title", "doc", "formula", "source"})
"""What a metric says of itself; a call that names a ``title`` and a ``doc`` makes a metric."""


def messages(file: IO[bytes], keywords: Any, comment_tags: Any, options: Any) -> Iterator[Any]:
    """Messages of one Python file: (line, function, message, comments), as Babel wants them."""
    source = file.read()
    tree = ast.parse(source)  # first: a file that does not parse is said to be one
    yield from extract_python(io.BytesIO(source), keywords, comment_tags, options)
    for node in ast.walk(tree):
        for text in _tables(node):
            yield text.lineno, "_", flat(str(text.value)), []
        for text in _said(node):
            yield text.lineno, "_", flat(str(text.value)), []


def flat(text: str) -> str:
    """A text that was written over several lines, on one."""
    return " ".join(text.split())


def _tables(node: ast.AST) -> Iterator[ast.Constant]:
    """Texts in a table of sentences: ``TEMPLATES = {…}`` and ``TEMPLATES.update({…})``."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Dict() as table) if name in TABLES:
            yield from _texts(table)
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.Dict() as table) if name in TABLES:
            yield from _texts(table)
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id=name), attr="update"), args=[ast.Dict() as table]
        ) if name in TABLES:
            yield from _texts(table)


def _texts(table: ast.Dict) -> Iterator[ast.Constant]:
    """The values that are texts; values of a table within the table too."""
    for value in table.values:
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield value
        elif isinstance(value, ast.Dict):
            yield from _texts(value)


def _said(node: ast.AST) -> Iterator[ast.Constant]:
    """What a metric says of itself."""
    if not isinstance(node, ast.Call) or not {"title", "doc"} <= {given.arg for given in node.keywords}:
        return
    for given in node.keywords:
        text = given.value
        if given.arg in SAID and isinstance(text, ast.Constant) and text.value:
            yield text
