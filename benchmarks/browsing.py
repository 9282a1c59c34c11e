"""Doing things in a real browser and timing them until the page is at rest (see watch.js).

Times are milliseconds to the last change of the page. A page is known to be idle ``QUIET`` later.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

QUIET = 100.0
"""Milliseconds without any change after which a page counts as idle; the same as in watch.js."""

WATCH = Path(__file__).with_name("watch.js")
PATIENCE = 90_000  # milliseconds
PERIOD = ".st-key-filter-period input"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    # Two tabs are measured in turns: the one behind must not be slowed down.
    "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows",
    "--disable-background-timer-throttling",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window."""
    names = ("chromium", "chromium-browser", "google-chrome")
    program = next((path for name in names if (path := shutil.which(name))), None)
    if program is None:
        raise FileNotFoundError("This benchmark needs Chromium. Install it: apt-get install chromium")
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=program, args=FLAGS)
        yield started
        started.close()


def tab(browser: Browser, address: str) -> tuple[Page, float]:
    """A new person's tab with nothing kept in its browser, and how long the page took to open."""
    person = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US")
    person.set_default_timeout(PATIENCE)
    person.add_init_script(path=WATCH)
    page = person.new_page()
    page.goto(address)
    return page, idle(page)


def opened(browser: Browser, address: str) -> float:
    """How long a page takes to open in a browser that has kept nothing."""
    page, took = tab(browser, address)
    page.context.close()
    return took


def idle(page: Page) -> float:
    """Wait until the page is at rest; how long its last change was after the start."""
    found = page.wait_for_function("() => window.attainIdle && window.attainIdle()", polling=20)
    return float(found.json_value())


def rerun(page: Page) -> float:
    """Run the page again as it is, with Streamlit's own key."""
    page.bring_to_front()
    page.evaluate("document.activeElement.blur()")  # in a field the key would be a letter
    page.keyboard.press("r")
    return idle(page)


def periods(page: Page) -> list[str]:
    """What the page's period filter offers beside what is chosen; nothing on a page without filters."""
    box = page.locator(PERIOD)
    if not box.count():
        return []
    now = box.input_value()
    box.click()
    found = page.locator("[role=option]").all_inner_texts()
    box.press("Escape")
    return [text for text in found if text != now]


def choose_period(page: Page, label: str) -> float:
    """Choose another period in the filter bar; the time counts from the key that picks it."""
    page.bring_to_front()
    box = page.locator(PERIOD)
    box.click()
    box.fill(label)
    page.locator("[role=option]", has_text=label).first.wait_for()
    box.press("Enter")
    return idle(page)
