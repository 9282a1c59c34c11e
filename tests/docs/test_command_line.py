"""The docs and the command line agree: every option is told, every command told can be given."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from commands import cli
from metrics.catalogue import METRICS
from scripts.tree import PROJECT
from tests.small_demo import small_demo

PAGES = (
    *PROJECT.glob("*.md"),
    *sorted((PROJECT / "docs").rglob("*.md")),
    *sorted((PROJECT / "examples").rglob("*.md")),
    *sorted((PROJECT / "connectors").rglob("*.md")),
)
COMMAND = re.compile(r"^[ >]*(?:\S*/)?(?:python3?|\.venv/bin/python) manage\.py (\S.*)$", re.MULTILINE)
QUOTED = re.compile(r"`(?:\.venv/bin/)?python manage\.py ([^`]+)`")
ONLY_READ = ({"query"}, {"catalogue"}, {"doctor"}, {"access", "show"}, {"access", "list"})
THEIR_OWN = {"NAME": "credited", "rep=KEY": "rep=R024"}
"""What stands for something of the reader's own, and what it is in the demo company."""


def written() -> Iterator[tuple[str, str]]:
    """(page, words after manage.py) of every command in the docs, in blocks and in sentences."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for line in (*COMMAND.findall(text), *(" ".join(found.split()) for found in QUOTED.findall(text))):
            yield page.relative_to(PROJECT).as_posix(), line.rstrip("`")


def words_of(line: str) -> list[str]:
    """The arguments a shell would hand over: without a remark or where the output goes."""
    words = shlex.split(line, comments=True)
    ends = [at for at, word in enumerate(words) if word in {">", "|", "&&", ">>"}]
    return words[: ends[0]] if ends else words


CASES = sorted({(page, line) for page, line in written() if "COMMAND" not in line})


def test_the_docs_hold_commands():
    """A pattern that finds nothing would check nothing."""
    assert {words_of(line)[0] for _, line in CASES} == set(cli.COMMANDS)


@pytest.mark.parametrize(("page", "line"), CASES)
def test_every_command_in_the_docs_can_be_given(page: str, line: str):
    words = words_of(line)
    arguments = cli.parser(words[0]).parse_args(words)
    if words[0] == "query":
        assert THEIR_OWN.get(arguments.metric, arguments.metric) in METRICS


def parsers(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """A parser and those of its subcommands."""
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield from parsers(below)


def commands() -> dict[str, argparse.ArgumentParser]:
    (subs,) = (a for a in cli.parser()._actions if isinstance(a, argparse._SubParsersAction))
    return dict(subs.choices)


def sections() -> dict[str, str]:
    text = (PROJECT / "docs" / "command-line.md").read_text(encoding="utf-8")
    parts = re.split(r"^## (\S+)$", text, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_every_command_has_its_section():
    assert list(sections()) != []
    assert set(sections()) == set(commands())


@pytest.mark.parametrize("command", cli.COMMANDS)
def test_every_option_is_told(command: str):
    told = set(re.findall(r"--[a-z][a-z-]*", sections()[command]))
    options = {
        option
        for parser in parsers(commands()[command])
        for action in parser._actions
        for option in action.option_strings
        if option.startswith("--") and option != "--help"
    }
    assert told == options


@pytest.mark.parametrize("command", ["access"])
def test_every_kind_of_a_command_is_told(command: str):
    (subs,) = (a for a in commands()[command]._actions if isinstance(a, argparse._SubParsersAction))
    assert all(f"manage.py {command} {name}" in sections()[command] for name in subs.choices)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_demo(tmp_path_factory)


# The engines have a suite of their own (tests/engines); here every question is DuckDB's.
READING = sorted(
    {
        tuple(THEIR_OWN.get(word, word) for word in words_of(line))
        for _, line in CASES
        if any(kind <= set(words_of(line)[:2]) for kind in ONLY_READ) and "--engine" not in line
    }
)


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_every_question_in_the_docs_has_an_answer(
    words: tuple[str, ...],
    demo: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    """On the demo company, whose periods and people the docs name."""
    monkeypatch.setenv("ATTAIN_STORE", str(demo))
    monkeypatch.chdir(tmp_path)
    assert cli.main(words) == 0, capsys.readouterr().err
    assert "Nothing is there to answer with" not in capsys.readouterr().err
