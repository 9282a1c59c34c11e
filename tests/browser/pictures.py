"""Pictures of every page, wide and narrow, light and dark: python -m tests.browser.pictures SERVER FOLDER [PAGE …]."""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.browser.driving import DESK, PHONE, browser, context, open_page

PAGES = {
    "overview": ("", {}),
    "overview-rep": ("", {"as_": "R024"}),
    "overview-manager": ("", {"as_": "R013"}),
    "attainment": ("attainment", {}),
    "attainment-reps": ("attainment", {"level": "reps"}),
    "attainment-rep": ("attainment", {"as_": "R024"}),
    "leaderboard": ("leaderboard", {}),
    "leaderboard-rep": ("leaderboard", {"as_": "R024"}),
    "leaderboard-tv": ("leaderboard", {"tv": "1"}),
    "data_sources": ("data_sources", {"as_": "R023"}),
    "metric_catalogue": ("metric_catalogue", {}),
}
LOOKS = {
    "wide": (DESK, False),
    "wide-dark": (DESK, True),
    "phone": (PHONE, False),
    "phone-dark": (PHONE, True),
}


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("server")
    parser.add_argument("folder", type=Path)
    parser.add_argument("pages", nargs="*", default=[])
    parser.add_argument("--looks", nargs="*", default=list(LOOKS))
    parser.add_argument("--lang", default="en")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with browser() as started:
        for look in given.looks:
            size, dark = LOOKS[look]
            person = context(started, size, dark=dark)
            page = person.new_page()
            for name in given.pages or PAGES:
                path, query = PAGES[name]
                open_page(page, given.server, path, lang=given.lang, **query)
                height = page.evaluate(
                    "() => document.querySelector('[data-testid=\"stMain\"]').scrollHeight"
                )
                page.set_viewport_size({"width": size[0], "height": max(size[1], min(int(height), 4000))})
                page.wait_for_timeout(500)
                page.screenshot(path=given.folder / f"{name}.{look}.png")
                page.set_viewport_size({"width": size[0], "height": size[1]})
            person.close()


if __name__ == "__main__":
    main()
