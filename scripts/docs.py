"""Write the pages of docs/ that are generated from the code.

Usage: ``python -m scripts.docs`` (``make docs``); a test fails when a page is behind the code.
"""

from __future__ import annotations

from collections.abc import Iterator

from metrics.base import Metric
from metrics.catalogue import CHOICES, METRICS
from scripts.tree import PROJECT

CATALOGUE = PROJECT / "docs" / "metric-catalogue.md"
HEAD = """# Metric catalogue

Every number Attain shows, by name. Generated from the definitions in `metrics/` by `make docs`.
Ratios are computed from sums, never averaged; an undefined ratio is empty, never 0. Any of them is answered by
`python manage.py query NAME --by rep,quarter`.

"""


def catalogue() -> str:
    """Text of the metric catalogue: a list of names, then one section a metric, then the choices."""
    names = [f"- [`{name}`](#{name})\n" for name in sorted(METRICS)]
    sections = [section(METRICS[name]) for name in sorted(METRICS)]
    return HEAD + "".join(names) + "\n" + "\n".join(sections) + "\n" + "\n".join(choices())


def section(metric: Metric) -> str:
    """One metric: what it says, how it is computed, in what unit, from which source."""
    facts = [("Formula", f"`{metric.formula}`"), ("Unit", metric.unit.value), ("Kind", metric.kind)]
    facts += [("Choices", ", ".join(f"[`{name}`](#{name})" for name in metric.choices))]
    facts += [("Source", metric.source)]
    rows = [f"- {title}: {text}\n" for title, text in facts if text]
    return f"## {metric.name}\n\n**{metric.title}.** {paragraph(metric.doc)}\n\n" + "".join(rows)


def choices() -> Iterator[str]:
    """The definitions with more than one reading, one section each."""
    for name, readings in CHOICES.items():
        rows = [f"- `{reading}`: {paragraph(text)}\n" for reading, text in readings.items()]
        yield f"## {name}\n\nA choice between readings; the first is the default.\n\n" + "".join(rows)


def paragraph(text: str) -> str:
    """A docstring's words on one line."""
    return " ".join(text.split())


def main() -> None:
    """Write every generated page."""
    CATALOGUE.write_text(catalogue(), encoding="utf-8")


if __name__ == "__main__":
    main()
