"""An environment is kept while nothing that decides its content has changed, and else made anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import environment


@pytest.fixture
def pins(tmp_path: Path) -> Path:
    path = tmp_path / "requirements.txt"
    path.write_text("duckdb==2.0.0\n")
    return path


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What would have been run; "venv" makes the folder's interpreter appear."""
    done: list[str] = []

    def empty(folder: Path) -> None:
        done.append("empty")
        environment.interpreter(folder).parent.mkdir(parents=True, exist_ok=True)
        environment.interpreter(folder).touch()

    monkeypatch.setattr(environment, "_empty", empty)
    monkeypatch.setattr(environment, "_run", lambda *words: done.append(" ".join(map(str, words[1:]))))
    return done


def test_made_once_and_kept(pins: Path, tmp_path: Path, steps: list[str]):
    folder = tmp_path / "env"
    assert environment.ensure(folder, [pins], prove=False)
    assert steps == ["empty", f"-m pip install --quiet -r {pins}", "-m pip check"]
    assert not environment.ensure(folder, [pins], prove=False)
    assert len(steps) == 3


def test_made_anew_from_empty_when_a_pin_changes(pins: Path, tmp_path: Path, steps: list[str]):
    environment.ensure(tmp_path / "env", [pins], prove=False)
    pins.write_text("duckdb==2.0.1\n")
    assert environment.ensure(tmp_path / "env", [pins], prove=False)
    assert steps.count("empty") == 2


def test_the_first_file_is_proven_before_the_second_is_installed(
    pins: Path, tmp_path: Path, steps: list[str]
):
    more = tmp_path / "requirements-dev.txt"
    more.write_text("pytest==9.2.0\n")
    environment.ensure(tmp_path / "env", [pins, more], prove=True)
    assert steps[1:4] == [
        f"-m pip install --quiet -r {pins}",
        "-m scripts.import_everything",
        f"-m pip install --quiet -r {more}",
    ]


def test_a_failed_installation_is_not_taken_for_a_whole_one(
    pins: Path, tmp_path: Path, steps: list[str], monkeypatch: pytest.MonkeyPatch
):
    def fail(*words: object) -> None:
        raise environment.SetupFailed("no network")

    with monkeypatch.context() as patch:
        patch.setattr(environment, "_run", fail)
        with pytest.raises(environment.SetupFailed):
            environment.ensure(tmp_path / "env", [pins], prove=False)
    assert environment.ensure(tmp_path / "env", [pins], prove=False)
    assert steps.count("empty") == 2


def test_a_moved_folder_is_another_environment(pins: Path, tmp_path: Path):
    """The programs inside name the folder they were made in."""
    one = environment.fingerprint(tmp_path / "here", [pins])
    assert one != environment.fingerprint(tmp_path / "there", [pins])


def test_an_old_python_is_refused_in_a_sentence():
    environment.check_python((3, 11, 0))
    environment.check_python((4, 0, 0))
    with pytest.raises(
        environment.SetupFailed, match=r"needs Python 3\.11 or newer and this is Python 3\.10\.2"
    ):
        environment.check_python((3, 10, 2))


def test_a_missing_file_of_requirements_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert environment.main([str(tmp_path / "env"), str(tmp_path / "none.txt")]) == 1
    assert "none.txt is not there" in capsys.readouterr().err
