"""A small demo store for every test here, and a visitor who sits at this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.small_demo import small_demo


@pytest.fixture(scope="session")
def demo_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_demo(tmp_path_factory)


@pytest.fixture
def demo(demo_root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ATTAIN_STORE", str(demo_root))
    monkeypatch.setattr("ui.looking.client_address", lambda: None)
    return demo_root
