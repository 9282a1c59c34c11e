"""Cells of a workbook in which a formula failed: the sheet reader gives them as empty, which they are not."""

from __future__ import annotations

import html
import posixpath
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

_CELL = re.compile(rb'<(?:\w+:)?c\b([^>]*\bt="e"[^>]*)>(.*?)</(?:\w+:)?c>', re.DOTALL)
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)</")
_SHEET = re.compile(r"<(?:\w+:)?sheet\b[^>]*>")
_LINK = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')


def failed_cells(path: Path, sheet: str) -> Iterator[tuple[int, int, str]]:
    """Row and column, from 0, and text such as #DIV/0! of each failed formula of a sheet."""
    with zipfile.ZipFile(path) as archive:
        member = _member(archive, sheet)
        xml = archive.read(member) if member in archive.namelist() else b""
    for attributes, inner in _CELL.findall(xml) if b't="e"' in xml else []:
        place, value = _PLACE.search(attributes), _VALUE.search(inner)
        if place:
            text = html.unescape(value.group(1).decode("utf-8", "replace")) if value else "#ERROR"
            yield int(place.group(2)) - 1, column_number(place.group(1)) - 1, text


def column_number(letters: bytes) -> int:
    """A → 1, Z → 26, AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _member(archive: zipfile.ZipFile, sheet: str) -> str:
    """The zip member that holds a sheet, '' when the workbook does not say."""
    names = archive.namelist()
    if "xl/workbook.xml" not in names or "xl/_rels/workbook.xml.rels" not in names:
        return ""
    sheets = [_attributes(found) for found in _SHEET.findall(_text(archive, "xl/workbook.xml"))]
    links = [_attributes(found) for found in _LINK.findall(_text(archive, "xl/_rels/workbook.xml.rels"))]
    targets = {link.get("Id", ""): link.get("Target", "") for link in links}
    wanted = next((found for found in sheets if found.get("name") == sheet), {})
    link = next((value for key, value in wanted.items() if key.endswith(":id")), "")
    return posixpath.normpath(posixpath.join("/xl", targets.get(link, ""))).lstrip("/")


def _text(archive: zipfile.ZipFile, member: str) -> str:
    return archive.read(member).decode("utf-8", "replace")


def _attributes(element: str) -> dict[str, str]:
    return {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(element)}
