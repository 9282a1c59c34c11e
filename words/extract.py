"""Finds messages to translate in the source: an extraction method for Babel.

Four ways a message is written: in a call (``_("…")``, ``N_("…")``, ``style.words("…")``, ``ngettext``,
``translator(language)("…")``), also inside an f-string; in a table of sentences called ``TEMPLATES``; in
what a metric says of itself (title, definition, formula, source) and of the readings one can choose; and
in what a problem of a plan asks to be written instead.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import IO, Any

CALLS: dict[str, tuple[int, ...] | None] = {"_": None, "N_": None, "words": None, "ngettext": (1, 2)}
"""Functions whose first text is a message; ngettext has a singular and a plural."""

TABLES = frozenset({"TEMPLATES", "CHOICES", "READINGS"})
"""Module-level dicts whose texts are messages."""

SAID = frozenset({"title", "doc", "formula", "source"})
"""What a metric says of itself; a call that names a ``title`` and a ``doc`` makes a metric."""


ASKED = frozenset({"bad", "missing"})
"""Methods that say what should stand in a plan: their second text, and every text named ``detail``, is a message."""


def messages(file: IO[bytes], keywords: Any, comment_tags: Any, options: Any) -> Iterator[Any]:  # noqa: ARG001 - Babel gives them
    """Messages of one Python file: (line, function, message, comments), as Babel wants them."""
    for node in ast.walk(ast.parse(file.read())):
        if isinstance(node, ast.Call) and (name := _called(node)) in keywords:
            yield from _call(node, name)
        for text in _tables(node):
            yield text.lineno, "_", flat(str(text.value)), []
        for text in (*_said(node), *_asked(node)):
            yield text.lineno, "_", flat(str(text.value)), []


def flat(text: str) -> str:
    """A text that was written over several lines, on one."""
    return " ".join(text.split())


def _called(node: ast.Call) -> str:
    """The name of the function called, without what it belongs to."""
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=ast.Name(id="translator")):
            return "_"
    return ""


def _call(node: ast.Call, name: str) -> Iterator[Any]:
    """The message of a call, with its plural; nothing where the text is not written in the call itself."""
    given = [each.value if isinstance(each, ast.Constant) else None for each in node.args]
    texts = [text if isinstance(text, str) else None for text in given]
    wanted = texts[: len(CALLS.get(name) or (1,))]
    if wanted and all(wanted):
        yield node.lineno, name, tuple(wanted) if len(wanted) > 1 else wanted[0], []


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


def _asked(node: ast.AST) -> Iterator[ast.Constant]:
    """What is to be written instead of what stands there."""
    if not isinstance(node, ast.Call):
        return
    given: list[ast.expr] = [each.value for each in node.keywords if each.arg == "detail"]
    if isinstance(node.func, ast.Attribute) and node.func.attr in ASKED:
        given += node.args[1:2]
    for text in given:
        if isinstance(text, ast.Constant) and isinstance(text.value, str):
            yield text
