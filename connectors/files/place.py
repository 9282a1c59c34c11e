"""Where a mapping's files are, and of what format. Nothing outside the data folder is ever opened."""

from __future__ import annotations

from pathlib import Path

from connectors.files.spec import FileSpec

_EXCEL = (".xlsx", ".xlsm", ".xls")
_PARQUET = (".parquet", ".pq")


def find(folder: Path, spec: FileSpec) -> list[Path]:
    """Files of ``spec`` in ``folder``, in order of their names; links that lead outside are left out."""
    pattern = spec.path.replace("\\", "/")
    root = folder.resolve()
    if any(character in pattern for character in "*?["):
        found = sorted(folder.glob(pattern))
    else:
        found = [folder / pattern]
    return [path for path in found if path.is_file() and path.resolve().is_relative_to(root)]


def format_of(path: Path, spec: FileSpec) -> str:
    """One of "csv", "excel" or "parquet": as the mapping says, else by the file's ending."""
    if spec.format != "auto":
        return spec.format
    if path.suffix.lower() in _EXCEL:
        return "excel"
    return "parquet" if path.suffix.lower() in _PARQUET else "csv"
