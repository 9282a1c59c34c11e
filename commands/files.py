"""Files a command leaves behind: all of them, or none."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def write_all(files: Mapping[Path, bytes]) -> None:
    """Write every file beside its place, then switch each to its name.

    A problem while writing leaves every earlier file as it was and nothing new.
    """
    halves = {path: path.with_name(f".{path.name}.{os.getpid()}.half") for path in files}
    try:
        for path, content in files.items():
            halves[path].write_bytes(content)
        for path, half in halves.items():
            half.replace(path)
    finally:
        for half in halves.values():
            half.unlink(missing_ok=True)
