"""Driving pages without a browser."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from ui.screens import screen_named

FRONT_DOOR = Path(__file__).parent.parent / "app.py"
PAGES = ("overview", "attainment", "leaderboard", "data_sources", "metric_catalogue")
ROLES = {
    "rep": "R024", "manager": "R013", "vice_president": "R004", "executive": "R001",
    "compensation_admin": "R022", "administrator": "R023",
}  # fmt: skip
"""Keys of the demo company's viewers; they do not depend on the seed."""


def path_of(page: str) -> str:
    """The script of a page, from the project's folder."""
    return screen_named(page).path


def app(page: str = "overview", **query: str) -> AppTest:
    """The application, run once at the front door and then on a page.

    The front door is run in English: the driver writes a widget's choice with words of its own, outside of the run.
    """
    driven = AppTest.from_file(str(FRONT_DOOR), default_timeout=120)
    _ask(driven, query if page == "overview" else query | {"lang": "en"})
    driven.run()
    if page == "overview":
        return driven
    driven.switch_page(path_of(page))
    _ask(driven, query)
    return driven.run()


def _ask(driven: AppTest, query: dict[str, str]) -> None:
    for name, value in query.items():
        driven.query_params[name.rstrip("_")] = value


def alone(page: str, **query: str) -> AppTest:
    """A page's script without the front door, as a process would run it that took it for a page of its own."""
    driven = AppTest.from_file(str(FRONT_DOOR.parent / path_of(page)), default_timeout=120)
    for name, value in query.items():
        driven.query_params[name.rstrip("_")] = value
    return driven.run()


def words(driven: AppTest) -> str:
    """Everything a page says, apart from tables and charts."""
    said = [
        element.value
        for kind in ("title", "markdown", "caption", "info", "warning", "error")
        for element in driven.get(kind)
    ]
    figures = [f"{metric.label} {metric.value} {metric.delta}" for metric in driven.metric]
    return "\n".join(str(text) for text in (*said, *figures))


def broken(driven: AppTest) -> list[str]:
    """What went wrong on a page: exceptions and errors it shows."""
    return [*(e.message for e in driven.exception), *(e.value for e in driven.error)]
