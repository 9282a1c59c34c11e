"""A page's model is computed behind a skeleton, which leaves when the answer is there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from ui import model


def test_work_happens_behind_a_skeleton(monkeypatch: pytest.MonkeyPatch) -> None:
    story: list[str] = []

    @contextmanager
    def skeleton(**_: Any) -> Iterator[None]:
        story.append("waiting")
        yield
        story.append("there")

    monkeypatch.setattr(model.st, "skeleton", skeleton)
    monkeypatch.setattr(model, "names_of", lambda _: SimpleNamespace(digest="names"))
    monkeypatch.setattr(model, "style_of", lambda _: "style")
    monkeypatch.setattr(model, "kept", lambda _what, _desk, work, *_rest: work())
    desk: Any = SimpleNamespace(settings=SimpleNamespace(currency="USD"))
    question: Any = SimpleNamespace()
    made = model.modelled("overview", question, desk, lambda _: story.append("work") or "page")
    assert made == "page"
    assert story == ["waiting", "work", "there"]
