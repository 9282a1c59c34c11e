"""``manage.py payouts``: pay from two plain files, or of the store: run, close, export, compare, replay."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

from commands.payouts_output import FORMS
from metrics.view import MetricError
from workflows.pay.problems import CannotPay
from workflows.pay.written import month_of

_EXAMPLES = """examples:
  python manage.py payouts --plan examples/plans/simple-commission.toml
  python manage.py payouts --plan my.toml --transactions sales.csv --out pay.csv --trace why.json
  python manage.py payouts --period 2026-03 --out pay.csv
  python manage.py payouts --period 2026-03 --close --export payroll.xlsx

--plan alone says whether the plan can be used and runs its cases."""

_NEED: tuple[tuple[set[str], set[str], str], ...] = (
    ({"transactions"}, {"plan"}, "--transactions needs --plan"),
    ({"start", "end"}, {"transactions"}, "--from and --to go with --transactions"),
    ({"close", "reconcile", "replay", "export"}, {"period"}, "that needs --period"),
    ({"publish"}, {"plan"}, "--publish needs --plan"),
    ({"reason"}, {"publish"}, "--reason goes with --publish"),
    ({"names"}, {"export"}, "--names goes with --export"),
    ({"out", "trace"}, {"transactions", "period"}, "--out and --trace need --transactions or --period"),
)
"""Options, what one of must be given with them, and what is said otherwise."""

_REFUSE: tuple[tuple[set[str], set[str], str], ...] = (
    ({"transactions"}, {"period", "publish"}, "--transactions is for pay without a store"),
    ({"publish"}, {"period"}, "--publish is for no period: the plan says from when it holds"),
    ({"plan"}, {"close", "reconcile", "export"}, "that follows the plans in force: leave out --plan"),
    ({"export"}, {"reconcile", "replay"}, "--export goes with a closed month, or with --close"),
    ({"trace"}, {"reconcile"}, "--trace is of lines that are computed here"),
)
"""Options that exclude each other, and what is said."""


def add(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.epilog, parser.formatter_class = _EXAMPLES, argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "--plan", type=Path, metavar="FILE", help="a plan's text; with --period: what if it held"
    )
    parser.add_argument(
        "--transactions", type=Path, metavar="FILE", help="a CSV of sales, instead of a store"
    )
    parser.add_argument(
        "--from", dest="start", type=_month, metavar="MONTH", help="first month to pay, 2026-01"
    )
    parser.add_argument("--to", dest="end", type=_month, metavar="MONTH", help="last month to pay, 2026-03")
    parser.add_argument(
        "--period", metavar="MONTH", help="of the store: 2026-03, FY2026-M03, FY2026-Q1 or FY2026"
    )
    parser.add_argument(
        "--viewer", help="e-mail address or key of whoever is asking (default: the local owner)"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="payout lines: .csv, .json or .parquet")
    parser.add_argument("--trace", type=Path, metavar="FILE", help="why each line is what it is, as JSON")
    parser.add_argument(
        "--export", type=Path, metavar="FILE", help="a closed month for payroll: .csv or .xlsx"
    )
    parser.add_argument(
        "--names", action="store_true", help="with --export: people's names beside their keys"
    )
    parser.add_argument("--reason", default="", help="with --publish: kept in the audit trail")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--close", action="store_true", help="close the month for good and publish its payouts")
    mode.add_argument("--reconcile", action="store_true", help="compare with the payouts another source sent")
    mode.add_argument("--replay", action="store_true", help="compute a closed month again from what was kept")
    mode.add_argument("--publish", action="store_true", help="bring the plan into force in the store")
    parser.set_defaults(run=run, fail=parser.error)


def _month(text: str) -> date:
    try:
        found = month_of(text)
    except MetricError as problem:
        raise argparse.ArgumentTypeError(str(problem)) from None
    if found is None:
        raise argparse.ArgumentTypeError(f"“{text}” is not a month. Write it as 2026-03.")
    return found


def run(arguments: argparse.Namespace) -> int:
    """Do what is asked; 2 and a sentence for each problem when pay cannot be computed, and nothing is written."""
    _check(arguments)
    try:
        _chosen(arguments)(arguments)
    except CannotPay as problems:
        print(problems, file=sys.stderr)
        print("Nothing was written.", file=sys.stderr)
        return 2
    return 0


def _check(arguments: argparse.Namespace) -> None:
    """Options that do not go together end with 2."""
    given = {name for name, value in vars(arguments).items() if value not in (None, False, "")}
    if not given & {"plan", "period"}:
        arguments.fail("give --plan FILE or --period MONTH")
    for options, needed, words in _NEED:
        if given & options and not given & needed:
            arguments.fail(words)
    for options, others, words in _REFUSE:
        if given & options and given & others:
            arguments.fail(words)
    if arguments.start and arguments.end and arguments.start > arguments.end:
        arguments.fail("--to is before --from")
    _check_forms(arguments)


def _check_forms(arguments: argparse.Namespace) -> None:
    """Files that could not be written end with 2, before anything is done."""
    if arguments.out and arguments.out.suffix.lower() not in FORMS:
        arguments.fail(f"--out {arguments.out.name}: the name has to end in {', '.join(FORMS)}")
    if arguments.export and arguments.export.suffix.lower() not in {".csv", ".xlsx"}:
        arguments.fail(f"--export {arguments.export.name}: the name has to end in .csv or .xlsx")
    for path in (arguments.out, arguments.trace, arguments.export):
        if path and not path.resolve().parent.is_dir():
            arguments.fail(f"{path}: there is no folder {path.resolve().parent}")


def _chosen(arguments: argparse.Namespace) -> Callable[[argparse.Namespace], None]:
    if not (arguments.period or arguments.publish):
        from commands import payouts_of_files as files

        return files.pay if arguments.transactions else files.check
    from commands import payouts_of_store as store

    if arguments.publish:
        return store.publish
    modes = {
        "close": store.close,
        "reconcile": store.reconcile,
        "replay": store.replay,
        "export": store.export,
    }
    return next((action for name, action in modes.items() if getattr(arguments, name)), store.run)
