"""``manage.py query``: any metric, with the definitions and the access every page uses."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from commands.output import FORMATS, write
from commands.viewers import acting_viewer
from metrics.ask import ask, records
from metrics.base import Metric, Report
from metrics.catalogue import CHOICES, metric_named
from metrics.explain import Explanation, explain
from metrics.periods import GRAINS, Calendar, calendar_of, grain_of, view_of
from metrics.view import COMPARISONS, MetricError, View
from warehouse.engine import Session
from words import formats
from workflows.opening import Place, open_place

_EXAMPLES = """examples:
  python manage.py query quota_attainment --by rep,quarter
  python manage.py query quota_attainment --by team --period FY2026-Q1 --compare last_year
  python manage.py query credited --by rep --where region=West --where quarter=FY2026-Q1 --records
  python manage.py query quota_attainment --where manager=r012 --explain

Without a period everything up to the end of the quarter in progress on the as-of day is looked at.
Keys are ids; --names adds the names the viewer may see. Ratios are 1.0 for 100 %."""


def add(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.epilog, parser.formatter_class = _EXAMPLES, argparse.RawDescriptionHelpFormatter
    parser.add_argument("metric", help="name in the metric catalogue, such as quota_attainment")
    parser.add_argument("--by", default="", help="keys, such as rep,quarter")
    parser.add_argument(
        "--where", action="append", default=[], metavar="KEY=VALUE", help="filter; may be repeated"
    )
    parser.add_argument("--period", help="FY2026, FY2026-Q1, FY2026-M01, 2026-W07 or 2026-01-01..2026-03-31")
    parser.add_argument(
        "--as-of", type=date.fromisoformat, help="day of the state looked at (default: the data's)"
    )
    parser.add_argument(
        "--compare", choices=COMPARISONS, default="none", help="with the same day of an earlier period"
    )
    parser.add_argument(
        "--choice", action="append", default=[], metavar="DEFINITION=READING", help=_choices()
    )
    parser.add_argument(
        "--viewer", help="e-mail address or key of whoever is asking (default: the local owner)"
    )
    parser.add_argument("--engine", help="duckdb or spark (default: ATTAIN_ENGINE, else duckdb)")
    parser.add_argument("--format", choices=FORMATS, default="csv")
    parser.add_argument("--out", type=Path, help="file to write (default: standard output)")
    parser.add_argument("--names", action="store_true", help="add the names of reps and managers")
    parser.add_argument("--part", choices=("top", "bottom"), default="top", help="whose records of a ratio")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--records", action="store_true", help="the rows behind the number")
    mode.add_argument("--explain", action="store_true", help="the formula with its numbers")
    parser.set_defaults(run=run)


def _choices() -> str:
    return "; ".join(f"{name}: {' or '.join(readings)}" for name, readings in CHOICES.items())


def run(arguments: argparse.Namespace) -> int:
    """Answer the question and write it."""
    metric = metric_named(arguments.metric)
    place = open_place()
    session = place.session(arguments.engine)
    viewer = acting_viewer(place, session, arguments.viewer)
    by = tuple(key.strip() for key in arguments.by.split(",") if key.strip())
    view = view_asked(arguments, calendar_of(session), session, by)
    print(f"{view.start} to {last_day(view)}, as of {view.as_of}", file=sys.stderr)
    if arguments.records:
        found = records(metric, view=view, session=session, viewer=viewer, part=arguments.part)
    else:
        found = ask(metric, by, view=view, session=session, viewer=viewer)
    if not arguments.records and found[metric.name].null_count == len(found):
        print("Nothing is there to answer with; look at the period and the filters.", file=sys.stderr)
    found = with_names(found, by, place) if arguments.names else found
    if arguments.explain:
        rows = found.to_pylist()
        print(
            "\n\n".join(explained(metric, row, view, session, by) for row in rows), end="\n" if rows else ""
        )
        return 0
    write(found, arguments.format, arguments.out)
    return 0


def view_asked(
    arguments: argparse.Namespace, calendar: Calendar, session: Session, by: tuple[str, ...]
) -> View:
    """The view the options describe; a period among the filters narrows the view itself."""
    as_of = arguments.as_of or session.version.as_of
    pairs = [_pair(text, "--where") for text in arguments.where]
    timed = [value for name, value in pairs if name in GRAINS]
    where = tuple(pair for pair in pairs if pair[0] not in GRAINS)
    view = _bounds(arguments.period, timed, as_of, calendar, by)
    if len(timed) > 1 or (timed and arguments.period):
        where += tuple(pair for pair in pairs if pair[0] in GRAINS)
    choices = tuple(_choice(text) for text in arguments.choice)
    return replace(view, where=where, compare=arguments.compare, choices=choices)


def _bounds(
    period: str | None, timed: list[str], as_of: date, calendar: Calendar, by: tuple[str, ...]
) -> View:
    if period:
        return _period(period, as_of, calendar)
    if timed:
        found = [calendar.named(value) for value in timed]
        return View(min(p.start for p in found), max(p.end for p in found), as_of)
    # The calendar begins a year before the data does, so that there is something to compare with.
    whole = View(calendar.all("year")[1].start, as_of, as_of)
    return replace(whole, end=calendar.of(grain_of(calendar, whole, by), as_of).end)


def _period(period: str, as_of: date, calendar: Calendar) -> View:
    try:
        view = view_of(calendar, period, as_of)
    except MetricError:
        raise
    except ValueError:
        raise MetricError(f"--period {period}: write days as 2026-01-01..2026-03-31.") from None
    if view.start >= view.end:
        raise MetricError(f"--period {period}: it ends before it starts.")
    return view


def last_day(view: View) -> date:
    """Last day of the period looked at, whether it is over or not."""
    return view.end - timedelta(days=1)


def _pair(text: str, option: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise MetricError(f"{option} {text}: write it as KEY=VALUE, such as {option} region=West.")
    return name.strip(), value.strip()


def _choice(text: str) -> tuple[str, str]:
    name, reading = _pair(text, "--choice")
    if reading not in CHOICES.get(name, {}):
        raise MetricError(f"--choice {text}: known are {_choices()}.")
    return name, reading


def with_names(found: pa.Table, by: tuple[str, ...], place: Place) -> pa.Table:
    """The answer with a name column for each key that is a person; only people the viewer sees are keys."""
    for key in ("rep", "manager"):
        if key in by:
            names = place.people.names(found[key].to_pylist())
            column = pa.array([names.get(rep, rep) for rep in found[key].to_pylist()], pa.string())
            found = found.append_column(f"{key}_name", column)
    return found


def explained(metric: Metric, row: dict[str, Any], view: View, session: Session, by: tuple[str, ...]) -> str:
    """One row in words: definition, formula with its numbers, filters and readings."""
    found = explain(metric, row, view, session.settings.definitions)
    keys = ", ".join(f"{key} {row.get(f'{key}_name', row[key])}" for key in by)
    lines = [f"{found.title}{': ' + keys if keys else ''}", _numbers(metric, found, session)]
    lines += [_compared(metric, row, session.settings.currency)] if view.compare != "none" else []
    lines += [found.doc]
    lines.append(f"Period {view.start} to {last_day(view)}, as of {view.as_of}.")
    lines += [f"Filter: {name} = {value}." for name, value in found.filters]
    lines += [f"{name} = {reading}: {CHOICES[name][reading]}" for name, reading in found.readings]
    return "\n".join([*lines, f"Source: {found.source}"] if found.source else lines)


def _numbers(metric: Metric, found: Explanation, session: Session) -> str:
    """``quota_attainment = 61.7%   (credited ÷ quota; top $617.00, bottom $1,000.00)``."""
    currency = session.settings.currency
    value = formats.figure(found.value, metric.unit.value, currency, "en")
    if found.bottom is None and not metric.parts:
        return f"{found.name} = {value}   ({found.formula})"
    top, bottom = (_part(number, metric, currency) for number in (found.top, found.bottom))
    return f"{found.name} = {value}   ({found.formula}; top {top}, bottom {bottom})"


def _compared(metric: Metric, row: dict[str, Any], currency: str) -> str:
    before = formats.figure(row[f"{metric.name}_before"], metric.unit.value, currency, "en")
    return f"before {before}, change {formats.change(row['change'], metric.unit.value, currency, 'en')}"


def _part(value: Decimal | float | None, metric: Metric, currency: str) -> str:
    """A top or bottom: decimals are money, whole numbers count, a report's are in the unit it reports on."""
    if isinstance(value, Decimal):
        return formats.money(value, currency, "en")
    unit = metric.of.unit if isinstance(metric, Report) else metric.unit
    return formats.figure(value, "count" if isinstance(value, int) else unit.value, currency, "en")
