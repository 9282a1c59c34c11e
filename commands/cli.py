"""Reads the command line and runs one command; what goes wrong becomes one sentence."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

COMMANDS: dict[str, str] = {
    "demo": "load the demo company into the store",
    "import": "load files by a mapping",
    "sync": "load from a SQL database by a mapping",
    "query": "answer a metric",
    "payouts": "pay: from a plan and a file, or of the store; close, export, compare, replay",
    "access": "who sees what: give and take roles and grants",
    "publish": "publish what people decided since the last time",
    "republish": "build again from what was loaded: after an upgrade, or new settings",
    "doctor": "say whether store, engine, calendar, mappings and settings are sound",
    "backup": "save store and planning database in one file",
    "restore": "unpack a backup into an empty store",
    "forget": "erase a person's name and e-mail address",
    "retire": "remove what is older than the settings keep",
    "catalogue": "list the metrics, or say what one of them means",
}

Run = Callable[[argparse.Namespace], int]


def main(words: Sequence[str]) -> int:
    """Run the command the words name; 0 when it went well, 1 when not, 2 when the words are off."""
    arguments = parser(words[0] if words else "").parse_args(words)
    run: Run = arguments.run
    try:
        return run(arguments)
    except KeyboardInterrupt:
        print("Stopped. The last published version is untouched.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # whoever read the answer, such as `head`, has read enough
        sys.stdout = None
        return 1
    except _expected() as problem:
        print(problem, file=sys.stderr)
        return 1
    except OSError as problem:
        if not problem.filename:
            raise
        print(f"{problem.filename}: {problem.strerror}.", file=sys.stderr)
        return 1


def parser(only: str = "") -> argparse.ArgumentParser:
    """The parser; with a command named only its module is imported, so that help is quick."""
    top = argparse.ArgumentParser(
        prog="python manage.py", description="Attain: open sales performance management."
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, words in COMMANDS.items():
        one = commands.add_parser(name, help=words, description=words[0].upper() + words[1:] + ".")
        if only in {name, ""}:
            import_module(f"commands.{name}_command").add(one)
    return top


def _expected() -> tuple[type[Exception], ...]:
    """Problems that are said in one sentence; anything else is a fault and keeps its traceback."""
    from connectors.files.errors import MappingError
    from metrics.view import MetricError
    from planning.refusals import Refused
    from warehouse.access import AccessDenied
    from warehouse.database import DatabaseProblem
    from warehouse.engine import EngineMissing
    from warehouse.issues import LoadFailed
    from warehouse.problems import StoreProblem
    from warehouse.settings import SettingsError
    from workflows.forget import CannotForget
    from workflows.opening import NothingLoaded

    return (
        MappingError,
        MetricError,
        Refused,
        AccessDenied,
        DatabaseProblem,
        EngineMissing,
        LoadFailed,
        StoreProblem,
        SettingsError,
        NothingLoaded,
        CannotForget,
    )
