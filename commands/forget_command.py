"""``manage.py forget``: a person's name and e-mail address leave the store and its database for good."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime

from warehouse.access import OWNER
from warehouse.settings import Settings
from workflows.forget import Forgotten, Mentioned, forget, mentioned
from workflows.opening import PROJECT, Place, open_place


def add(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("person", help="e-mail address or key")
    parser.add_argument("--dry-run", action="store_true", help="only say what mentions the person")
    parser.add_argument("--yes", action="store_true", help="do not ask first")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Forget the person; 1 when nothing was done, or when something still mentions them."""
    place = open_place()
    found = mentioned(place.store, place.database, arguments.person)
    if arguments.dry_run:
        _list(found)
        return 0
    if not (arguments.yes or _agreed(found)):
        print("Nothing was changed.", file=sys.stderr)
        return 1
    return _tell(_forget(place, found.key))


def _forget(place: Place, key: str) -> Forgotten:
    settings, now = Settings.load(PROJECT / "attain.toml"), datetime.now(UTC)
    return forget(place.store, place.database, key, settings, now, by=OWNER.key)


def _list(found: Mentioned) -> None:
    print(f"{found.key} is mentioned in {len(found.places)} places. Nothing was changed.")
    for place in found.places:
        print(f"  {place}")


def _agreed(found: Mentioned) -> bool:
    """Whether the person at the terminal says yes; nobody there is a no."""
    print(f"{found.key} is mentioned in {len(found.places)} places. This cannot be undone.", file=sys.stderr)
    print("Forget this person? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def _tell(done: Forgotten) -> int:
    print(
        f"{done.key} is forgotten. Texts were changed in {len(done.tables)} tables and {done.database_rows} "
        f"rows of the database; set-aside rows were emptied in {done.issue_files} files."
    )
    for place in done.remaining:
        print(f"Still mentioned in {place}; see docs/privacy.md.", file=sys.stderr)
    return 1 if done.remaining else 0
