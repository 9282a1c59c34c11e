"""Make a virtual environment that holds exactly the pinned requirements.

Usage: ``python3 -m scripts.environment FOLDER REQUIREMENTS… [--prove]``

The environment is kept while nothing that decides its content has changed (the requirement
files, the interpreter, the folder's own path) and is otherwise built anew from an empty one.
``--prove`` imports the whole application after the first requirement file and before the others,
which shows that the first file alone is complete.

Runs on the machine's own Python with nothing installed, and with the machine's pip settings.
"""

from __future__ import annotations

import argparse
import hashlib
import platform
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.tree import PROJECT

OLDEST = (3, 11)
STAMP = "requirements.sha256"


class SetupFailed(Exception):
    """The environment cannot be made; the message is a sentence for the person at the keyboard."""


def check_python(version: tuple[int, ...]) -> None:
    """Raise SetupFailed when the interpreter is older than the application needs."""
    if version[:2] < OLDEST:
        needed, found = ".".join(map(str, OLDEST)), ".".join(map(str, version[:3]))
        raise SetupFailed(
            f"Attain needs Python {needed} or newer and this is Python {found}. "
            "Name a newer one: make PYTHON=python3.12 …"
        )


def fingerprint(folder: Path, requirements: list[Path]) -> str:
    """Digest of all that decides what the environment holds (hexadecimal)."""
    parts = [str(folder.resolve()), platform.python_version(), platform.machine()]
    parts += [f"{path.name}\n{path.read_text(encoding='utf-8')}" for path in requirements]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def is_current(folder: Path, wanted: str) -> bool:
    """Whether the environment in ``folder`` was finished with exactly this fingerprint."""
    stamp = folder / STAMP
    return interpreter(folder).exists() and stamp.exists() and stamp.read_text().strip() == wanted


def interpreter(folder: Path) -> Path:
    """The environment's own Python."""
    return folder / "bin" / "python"


def ensure(folder: Path, requirements: list[Path], *, prove: bool) -> bool:
    """Make the environment unless it is current; True when it had to be made."""
    for path in requirements:
        if not path.is_file():
            raise SetupFailed(f"The file of pinned requirements {path} is not there.")
    wanted = fingerprint(folder, requirements)
    if is_current(folder, wanted):
        return False
    _empty(folder)
    for number, path in enumerate(requirements):
        _say(f"{folder.name}: installing {path.name}")
        _run(interpreter(folder), "-m", "pip", "install", "--quiet", "-r", str(path))
        if prove and number == 0:
            _say(f"{folder.name}: importing the application with {path.name} alone")
            _run(interpreter(folder), "-m", "scripts.import_everything")
    _run(interpreter(folder), "-m", "pip", "check")
    # Written last: an installation that was interrupted is never taken for a whole one.
    (folder / STAMP).write_text(wanted + "\n")
    return True


def _empty(folder: Path) -> None:
    _say(f"{folder.name}: making an empty virtual environment")
    shutil.rmtree(folder, ignore_errors=True)
    made = subprocess.run([sys.executable, "-m", "venv", str(folder)], check=False)
    if made.returncode:
        shutil.rmtree(folder, ignore_errors=True)
        raise SetupFailed(
            "Python could not make a virtual environment. On Debian and Ubuntu install the "
            "package python3-venv; elsewhere a Python with the modules venv and ensurepip."
        )


def _run(*command: str | Path) -> None:
    done = subprocess.run([str(part) for part in command], cwd=PROJECT, check=False)
    if done.returncode:
        raise SetupFailed(f"This step failed, see above: {' '.join(map(str, command))}")


def _say(words: str) -> None:
    sys.stderr.write(f"{words}\n")


def main(arguments: list[str]) -> int:
    """Command line; 0 when the environment is ready."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("requirements", type=Path, nargs="+")
    parser.add_argument("--prove", action="store_true", help="show that the first file alone is enough")
    given = parser.parse_args(arguments)
    try:
        check_python(sys.version_info[:3])
        ensure(given.folder, given.requirements, prove=given.prove)
    except SetupFailed as failed:
        _say(str(failed))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
