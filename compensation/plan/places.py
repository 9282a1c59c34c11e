"""On which line of a TOML text each key and each entry of a list stands.

``tomllib`` says what a text holds, not where. This walks over a text ``tomllib`` has accepted, so it need
not judge it, only follow it: headings, dotted keys, lists, inline tables, texts of every kind, remarks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

Path = tuple[str | int, ...]

_TEXT = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"{3,5}'
    r"|'''(?:[^']|'(?!''))*'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BARE_VALUE = re.compile(r"[^,\]}#\n]+")
_SPACE = re.compile(r"[ \t\r]+")
_SPACE_AND_REMARKS = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)+")
_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b"}


def places(text: str) -> dict[Path, int]:
    """The 1-based line of everything in ``text``; a path is keys and, in lists, numbers from 0."""
    return _Walk(text).everything()


def line_of(found: Mapping[Path, int], path: Path) -> int:
    """The line of ``path``, or of the nearest thing around it that is there; 1 when nothing is."""
    while path and path not in found:
        path = path[:-1]
    return found.get(path, 1)


class _Walk:
    """One pass over the text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: dict[Path, int] = {}
        self.lists: Counter[Path] = Counter()
        self.line, self.counted = 1, 0

    def everything(self) -> dict[Path, int]:
        here: Path = ()
        while self._skip(_SPACE_AND_REMARKS):
            if self.text[self.at] == "[":
                here = self._heading()
            else:
                self._pair(here)
        return self.found

    def _skip(self, what: re.Pattern[str]) -> bool:
        """Step over what matches; whether there is more text."""
        match = what.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.at < len(self.text)

    def _take(self, mark: str) -> bool:
        """Step over ``mark`` if it is next."""
        if self.text.startswith(mark, self.at):
            self.at += len(mark)
            return True
        return False

    def _note(self, path: Path) -> None:
        self.line += self.text.count("\n", self.counted, self.at)
        self.counted = self.at
        self.found.setdefault(path, self.line)

    def _heading(self) -> Path:
        """``[a.b]`` or ``[[a.b]]``; names on the way that are lists mean their latest entry."""
        start = self.at
        entry = self._take("[[") or not self._take("[")
        path = self._inside(self._key())
        self._take("]]" if entry else "]")
        end, self.at = self.at, start
        for length in range(1, len(path) + 1):
            self._note(path[:length])
        if entry:
            number = self.lists[path]
            self.lists[path] += 1
            path = (*path, number)
            self._note(path)
        self.at = end
        return path

    def _inside(self, key: list[str]) -> Path:
        path: Path = ()
        for number, name in enumerate(key):
            path = (*path, name)
            if path in self.lists and number < len(key) - 1:
                path = (*path, self.lists[path] - 1)
        return path

    def _key(self) -> list[str]:
        """A dotted key, quoted or not."""
        names: list[str] = []
        while True:
            self._skip(_SPACE)
            match = _TEXT.match(self.text, self.at) or _BARE_KEY.match(self.text, self.at)
            if not match:
                return names
            names.append(_plain(match.group()))
            self.at = match.end()
            self._skip(_SPACE)
            if not self._take("."):
                return names

    def _pair(self, around: Path) -> None:
        """``key = value``."""
        start = self.at
        names = self._key()
        end, self.at = self.at, start
        for number in range(1, len(names) + 1):
            self._note((*around, *names[:number]))
        self.at = end
        self._take("=")
        self._skip(_SPACE)
        self._value((*around, *names))

    def _value(self, path: Path) -> None:
        if self._take("["):
            self._list(path)
        elif self._take("{"):
            self._table(path)
        else:
            match = _TEXT.match(self.text, self.at) or _BARE_VALUE.match(self.text, self.at)
            self.at = match.end() if match else self.at + 1

    def _list(self, path: Path) -> None:
        number = 0
        while self._skip(_SPACE_AND_REMARKS) and not self._take("]"):
            self._note((*path, number))
            self._value((*path, number))
            self._skip(_SPACE_AND_REMARKS)
            self._take(",")
            number += 1

    def _table(self, path: Path) -> None:
        while self._skip(_SPACE_AND_REMARKS) and not self._take("}"):
            self._pair(path)
            self._skip(_SPACE_AND_REMARKS)
            self._take(",")


def _plain(name: str) -> str:
    """A key without its quotes."""
    if name[0] == "'":
        return name[1:-1]
    return re.sub(r"\\(u[\da-fA-F]{4}|U[\da-fA-F]{8}|.)", _unescaped, name[1:-1]) if name[0] == '"' else name


def _unescaped(match: re.Match[str]) -> str:
    mark = match.group(1)
    return chr(int(mark[1:], 16)) if len(mark) > 1 else _ESCAPES.get(mark, mark)
