"""The metric catalogue: every number's definition, formula, readings, unit and source."""

from __future__ import annotations

import streamlit as st

from metrics.base import Measure, Metric, Stock, Unit
from metrics.catalogue import CHOICES, METRICS
from ui.address import choose, chosen
from ui.filters import CHOICE_NAMES
from ui.speech import _, bold, escape
from ui.stamp import DIMENSION_NAMES
from words.catalogue import N_

UNITS = {
    Unit.MONEY: N_("money"),
    Unit.PERCENT: N_("per cent"),
    Unit.TIMES: N_("times"),
    Unit.COUNT: N_("count"),
    Unit.DAYS: N_("days"),
    Unit.NUMBER: N_("number"),
}
KINDS = {
    "measure": N_("sum"),
    "ratio": N_("ratio"),
    "derived": N_("difference"),
    "stock": N_("standing on a day"),
    "report": N_("report over people"),
    "pace": N_("pace"),
}


def search() -> str:
    """The words searched for, in the address."""

    def write() -> None:
        choose(q=st.session_state["catalogue search"])

    st.session_state["catalogue search"] = chosen("q")
    return st.text_input(
        _("Search"),
        key="catalogue search",
        on_change=write,
        icon=":material/search:",
        placeholder=_("attainment, quota, pace …"),
    )


def found(words: str) -> list[Metric]:
    """Metrics in which every word occurs, in the reader's language."""
    wanted = words.lower().split()
    return [metric for metric in METRICS.values() if all(word in _text(metric) for word in wanted)]


def _text(metric: Metric) -> str:
    parts = (_(metric.title), _plain(metric.doc), _(metric.formula), metric.name)
    return " ".join(parts).lower()


def _plain(doc: str) -> str:
    on_one_line = " ".join(doc.split())
    return _(on_one_line)


def entry(metric: Metric) -> None:
    """One metric, as one piece of markdown: a page of many small pieces takes a browser long."""
    formula = bold(_("Formula"))
    badges = [f":blue-badge[{_(UNITS[metric.unit])}]", f":gray-badge[{_(KINDS[metric.kind])}]"]
    lines = [
        f"#### {escape(_(metric.title))}",
        escape(_plain(metric.doc)),
        f"{formula}: {escape(_(metric.formula))}",
        " ".join([*badges, f":gray-badge[{_good(metric)}]"]),
    ]
    for name in metric.choices:
        lines.append(bold(_(CHOICE_NAMES[name])))
        lines.append("\n".join(f"- {escape(_(text))}" for text in CHOICES[name].values()))
    lines.append(_details(metric))
    st.markdown("\n\n".join(lines))


def _details(metric: Metric) -> str:
    """What it is cut by, where its definition comes from, and its name on the command line."""
    details = [_("Cut by {dimensions}", dimensions=dimensions(metric))] if dimensions(metric) else []
    details += [_("Source: {source}", source=_(metric.source))] if metric.source else []
    details.append(_("On the command line: {name}", name=f"`{metric.name}`"))
    return "  \n".join(f":small[{text}]" for text in details)


def _good(metric: Metric) -> str:
    return {1: _("more is better"), -1: _("less is better"), 0: _("neither good nor bad")}[metric.good]


def dimensions(metric: Metric) -> str:
    """What every part of a metric can be cut by, in words."""
    facts = [leaf.fact.dimensions for leaf in _leaves(metric)]
    shared = [name for name in facts[0] if all(name in fact for fact in facts)] if facts else []
    return ", ".join(_(DIMENSION_NAMES[name]).lower() for name in dict.fromkeys(shared))


def _leaves(metric: Metric) -> list[Measure | Stock]:
    if isinstance(metric, Measure | Stock):
        return [metric]
    return [leaf for part in metric.parts for leaf in _leaves(part)]
