"""A real browser: how it is started, how a page is opened, and when it is at rest."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]
PATIENCE = 60_000  # milliseconds, for a machine under load
DESK, PHONE = (1440, 900), (390, 844)
AT_REST = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  if (!app || app.dataset.testScriptState !== 'notRunning') return false;
  if (document.querySelector('[data-testid="stSkeleton"], [data-stale="true"]')) return false;
  const charts = [...document.querySelectorAll('[data-testid="stVegaLiteChart"]')];
  return charts.every(chart => chart.querySelector('canvas, svg'));
}"""


def chromium() -> str | None:
    """The browser's program, None when there is none."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield started
        started.close()


def context(
    started: Browser,
    size: tuple[int, int] = DESK,
    *,
    dark: bool = False,
    locale: str = "en-US",
    headers: dict[str, str] | None = None,
) -> BrowserContext:
    """One person's browser: nothing is shared with another."""
    made = started.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if dark else "light",
        locale=locale,
        extra_http_headers=headers or {},
    )
    made.set_default_timeout(PATIENCE)
    return made


def address(server: str, path: str = "", **query: str) -> str:
    """The address of a page."""
    text = urlencode({name.rstrip("_"): value for name, value in query.items() if value})
    return f"{server}/{path}" + (f"?{text}" if text else "")


def open_page(page: Page, server: str, path: str = "", **query: str) -> Page:
    """Go to a page and wait until it is at rest."""
    page.goto(address(server, path, **query))
    return rest(page)


def rest(page: Page) -> Page:
    """Wait until the page has run and its charts are drawn."""
    page.wait_for_function(AT_REST, timeout=PATIENCE)
    page.wait_for_timeout(250)  # a click's rerun starts a moment after the click
    page.wait_for_function(AT_REST, timeout=PATIENCE)
    return page


def text_of(page: Page) -> str:
    """Everything that can be read on the page."""
    return re.sub(r"[ \t\u00a0\u202f]+", " ", page.inner_text("body"))
