"""A page as somebody meets it: what can be read, what is in it, and what the server sent for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, ConsoleMessage, Page

from tests.browser.driving import open_page, rest
from ui.screens import screen_named

PAGES = {
    "overview": "Overview",
    "attainment": "Attainment",
    "leaderboard": "Leaderboard",
    "my_statement": "My statement",
    "payouts": "Payouts",
    "plan_return": "Plan return",
    "plan_designer": "Plan designer",
    "data_sources": "Data sources",
    "metric_catalogue": "Metric catalogue",
}
"""Pages by id, with their English titles."""
PAY = ("my_statement", "payouts", "plan_return", "plan_designer")
"""Those about pay."""


def closed_to(page: str, role: str) -> bool:
    """Whether a page tells one of the tests' roles that it is not for them."""
    held = "manager" if role == "vice_president" else role
    return held not in screen_named(page).roles


_READ = """() => {
  const icons = [...document.querySelectorAll('[data-testid="stIconMaterial"]')];
  const shown = icons.map(icon => icon.style.display);
  icons.forEach(icon => { icon.style.display = 'none'; });
  const text = document.body.innerText;
  icons.forEach((icon, at) => { icon.style.display = shown[at]; });
  const cells = [...document.querySelectorAll('canvas [role="gridcell"], canvas [role="columnheader"]')];
  const fields = [...document.querySelectorAll('input')].map(field => field.value);
  const said = [...document.querySelectorAll('[aria-label]')].map(e => e.getAttribute('aria-label'));
  return [text, ...cells.map(cell => cell.textContent), ...fields, ...said].join('\\n');
}"""
_GRIDS_DRAWN = """() => [...document.querySelectorAll('canvas[data-testid="data-grid-canvas"]')]
  .every(canvas => !canvas.getBoundingClientRect().width || canvas.querySelector('[role="columnheader"]'))"""
RAW = {
    "a column or metric of the store": re.compile(r"(?<![\w.@/-])[a-z]+(?:_[a-z0-9]+)+(?![\w/-])"),
    "the id of a period": re.compile(r"\bFY\d{4}-[QM]\d+\b|\b\d{4}-W\d\d\b"),
    "the key of a person": re.compile(r"\bR\d{3}\b"),
    "a value nobody filled in": re.compile(r"\b(?:None|NaN|nan|NaT|null|undefined|<NA>)\b"),
    "a field nobody filled in": re.compile(r"\{[a-z_]+\}"),
    "markup": re.compile(r":(?:red|green|blue|material)[\[/]|\*\*|</?(?:b|span|div)>"),
}
"""What a page never shows to a reader."""


@dataclass(frozen=True)
class Seen:
    """A page at rest."""

    text: str
    html: str
    sent: bytes
    alerts: tuple[str, ...]
    exceptions: int
    console: tuple[str, ...]
    elsewhere: frozenset[str]

    @property
    def raw(self) -> list[str]:
        """Everything on the page that is written for the machine and not for a reader."""
        return [f"{what}: {found}" for what, pattern in RAW.items() for found in pattern.findall(self.text)]

    def holds(self, names: frozenset[str]) -> set[str]:
        """Those of the names that can be found anywhere in the page."""
        return {name for name in names if name in self.text or name in self.html}

    def was_sent(self, names: frozenset[str]) -> set[str]:
        """Those of the names that the server sent for the page, shown or not."""
        return {name for name in names if name.encode() in self.sent}


@dataclass
class Visit:
    """A tab of somebody's browser that keeps what it is sent."""

    page: Page
    server: str
    frames: list[bytes] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    elsewhere: set[str] = field(default_factory=set)

    def open(self, path: str = "", **query: str) -> Seen:
        """Go to a page and look at it."""
        self.frames.clear()
        self.console.clear()
        self.elsewhere.clear()
        open_page(self.page, self.server, "" if path == "overview" else path, **query)
        return self.look()

    def look(self) -> Seen:
        """What is there now."""
        text = read(self.page)
        alerts = self.page.locator('[data-testid="stAlertContentError"]').all_inner_texts()
        return Seen(
            text,
            self.page.content(),
            b"\n".join(self.frames),
            tuple(alerts),
            self.page.locator('[data-testid="stException"]').count(),
            tuple(self.console),
            frozenset(self.elsewhere),
        )


def visit(person: BrowserContext, server: str) -> Visit:
    """A new tab that keeps what the server sends, what the console says, and who else is asked."""
    made = Visit(person.new_page(), server)
    made.page.on("websocket", lambda socket: socket.on("framereceived", _into(made.frames)))
    made.page.on("request", lambda request: _elsewhere(request.url, server, made.elsewhere))
    made.page.on("console", lambda told: made.console.append(told.text) if _complains(told) else None)
    made.page.on("pageerror", lambda error: made.console.append(str(error)))
    return made


def _complains(told: ConsoleMessage) -> bool:
    """Whether a line of the console is a complaint: an error, other than Streamlit's search for its own root.

    A page that is opened by its own address first asks for the server below that address.
    """
    return told.type == "error" and "/_stcore/" not in told.location["url"]


def _into(frames: list[bytes]) -> Callable[[str | bytes], None]:
    def keep(payload: str | bytes) -> None:
        frames.append(payload.encode() if isinstance(payload, str) else payload)

    return keep


def _elsewhere(url: str, server: str, found: set[str]) -> None:
    if url.startswith(("http", "ws")) and not url.split("://")[1].startswith(server.split("://")[1]):
        found.add(url)


def read(page: Page) -> str:
    """Everything that can be read, once the page is at rest and its tables are drawn.

    Words, tables, fields and what is said to screen readers; no icons.
    """
    rest(page).wait_for_function(_GRIDS_DRAWN)
    return re.sub(r"[ \t\u00a0\u202f]+", " ", page.evaluate(_READ))
