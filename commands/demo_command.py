"""``manage.py demo``: the demo company, in a store of its own."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime

from commands import progress
from commands.loading import tell
from connectors.demo import DemoConnector
from workflows.demo import load_demo


def add(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--seed", type=int, default=7, help="another seed makes another company")
    parser.add_argument(
        "--opportunities", type=_deals, metavar="N", help="how many deals (default: a believable number)"
    )
    parser.add_argument("--as-of", type=date.fromisoformat, help="the company's today")
    parser.set_defaults(run=run)


def _deals(text: str) -> int:
    """A number of deals the demo company can have."""
    count = int(text)
    try:
        DemoConnector(opportunities=count)
    except ValueError as problem:
        raise argparse.ArgumentTypeError(str(problem)) from None
    return count


def run(arguments: argparse.Namespace) -> int:
    """Load the demo company and give its people their roles."""
    now = datetime.now(UTC)
    report = load_demo(now, arguments.seed, arguments.opportunities, arguments.as_of, progress.show)
    progress.end()
    tell(report)
    return 0
