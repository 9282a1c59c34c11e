"""Benchmarks are found by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import bench


def test_a_benchmark_is_a_module_with_a_main(tmp_path: Path):
    (tmp_path / "metric_layer.py").write_text("def main() -> None: ...\n")
    (tmp_path / "helpers.py").write_text("def measure() -> None: ...\n")
    (tmp_path / "_hidden.py").write_text("def main() -> None: ...\n")
    assert bench.names(tmp_path) == ["metric_layer"]


def test_an_unknown_name_is_answered_with_those_there_are(capsys: pytest.CaptureFixture[str]):
    assert bench.main(["nothing-like-it"]) == 1
    assert "No benchmark is called nothing-like-it" in capsys.readouterr().err
