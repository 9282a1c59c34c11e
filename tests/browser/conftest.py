"""Servers over stores of their own, and people who look at them through a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.browser import driving
from tests.browser.people import Sight, sight_of
from tests.browser.seeing import Visit, visit
from tests.browser.server import Server, serve
from tests.metrics.small_company import small_company
from tests.small_demo import small_demo
from tests.support import NOW
from warehouse.store import Store

Opens = Callable[..., Visit]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs Chromium."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def demo_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo company, loaded once a run; read only."""
    return small_demo(tmp_path_factory)


@pytest.fixture(scope="session")
def demo_server(demo_store: Path) -> Iterator[Server]:
    """The demo company, served once a worker; no page of it may break, whoever looks."""
    with serve(demo_store) as server:
        yield server
        assert not server.complaints, server.output


@pytest.fixture(scope="session")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A small company of one's own, loaded months ago."""
    root = tmp_path_factory.mktemp("own") / "store"
    small_company(root)
    with serve(root) as server:
        yield server
        assert not server.complaints, server.output


@pytest.fixture
def empty_server(tmp_path: Path) -> Iterator[Server]:
    """An own store into which nothing was loaded yet."""
    root = tmp_path / "store"
    Store.create(root, "own", NOW)
    with serve(root) as server:
        yield server
        assert not server.complaints, server.output


@pytest.fixture
def own_demo_server(demo_store: Path, tmp_path: Path) -> Iterator[Server]:
    """A copy of the demo company that a test may put things beside."""
    root = tmp_path / "store"
    shutil.copytree(demo_store, root)
    with serve(root) as server:
        yield server
        assert not server.complaints, server.output


@pytest.fixture(scope="module")
def chrome(chromium: str) -> Iterator[Browser]:
    """A browser; gone with its loop at the end of the file, so that no other test is run inside it."""
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=chromium, args=driving.FLAGS)
        yield started
        started.close()


@pytest.fixture
def person(chrome: Browser) -> Iterator[BrowserContext]:
    """Somebody with a browser of their own, at a desk."""
    made = driving.context(chrome)
    yield made
    made.close()


@pytest.fixture
def opens(chrome: Browser) -> Iterator[Opens]:
    """Opens a tab in a browser of its own: ``opens(server, size, dark=…, headers=…)``."""
    made: list[BrowserContext] = []

    def tab(server: Server, size: tuple[int, int] = driving.DESK, **more: object) -> Visit:
        made.append(driving.context(chrome, size, **more))  # type: ignore[arg-type]
        return visit(made[-1], server.url)

    yield tab
    for each in made:
        each.close()


@pytest.fixture(scope="session")
def sight(demo_store: Path) -> Callable[[str], Sight]:
    """Whose names a demo viewer may meet, by key."""
    return cache(lambda who: sight_of(demo_store, who))
