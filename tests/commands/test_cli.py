"""The front door: help, words that are off, and problems said in one sentence."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from commands import cli
from tests.commands.conftest import Terminal


def test_every_command_is_a_file_and_every_file_a_command(project: Path):
    files = {path.stem.removesuffix("_command") for path in (project / "commands").glob("*_command.py")}
    assert files == set(cli.COMMANDS)


@pytest.mark.parametrize("command", ["", *cli.COMMANDS])
def test_help_says_what_each_command_does(command: str, terminal: Terminal, capsys):
    with pytest.raises(SystemExit) as ended:
        terminal(*command.split(), "--help")
    told = " ".join(capsys.readouterr().out.split())
    assert ended.value.code == 0
    wanted = [cli.COMMANDS[command]] if command else cli.COMMANDS.values()
    assert all(words[1:] in told for words in wanted)


@pytest.mark.parametrize("words", [(), ("attain",), ("query",), ("access", "give", "ann", "king")])
def test_words_that_are_off_give_two(words: tuple[str, ...], terminal: Terminal):
    with pytest.raises(SystemExit) as ended:
        terminal(*words)
    assert ended.value.code == 2


def test_a_missing_store_is_one_sentence(empty: Terminal):
    for words in (("query", "credited"), ("publish",), ("backup", "x.tar"), ("forget", "ann"), ("retire",)):
        said = empty(*words)
        assert said.code == 1
        assert str(empty.root) in said.err
        assert "Traceback" not in said.err
    assert not empty.root.exists()


def raising(problem: BaseException) -> Callable[..., int]:
    def run(_: object) -> int:
        raise problem

    return run


@pytest.mark.parametrize(
    ("problem", "code"),
    [
        (KeyboardInterrupt(), 130),
        (BrokenPipeError(), 1),
        (FileNotFoundError(2, "No such file or directory", "x"), 1),
    ],
)
def test_what_happens_to_a_terminal_is_no_fault(
    problem: BaseException, code: int, monkeypatch: pytest.MonkeyPatch, terminal: Terminal
):
    monkeypatch.setattr("commands.catalogue_command.run", raising(problem))
    monkeypatch.setattr(sys, "stdout", sys.stdout)  # a broken pipe is closed for good
    said = terminal("catalogue")
    assert said.code == code
    assert "Traceback" not in said.err


def test_a_fault_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch, terminal: Terminal):
    monkeypatch.setattr("commands.catalogue_command.run", raising(ZeroDivisionError()))
    with pytest.raises(ZeroDivisionError):
        terminal("catalogue")
