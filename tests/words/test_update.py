from __future__ import annotations

from pathlib import Path

import pytest

from words import catalogue, update
from words.catalogue import LANGUAGES
from words.update import extracted, main, missing, read

CONFIG = "[extractors]\nattain = words.extract:messages\n[attain: ui/**.py]\n"
SOURCE = '''
from words.catalogue import N_
_ = N_
def page(style):
    _("In a call")
    style.words("Of a chart {n}")
    _.ngettext("{n} row", "{n} rows", 2)
    N_("Marked " "in two pieces")
    _(f"never {style}")
    _(NAMES["never"])
    translator("fr")("At once")
    f"{_('Inside another text {n}', n=2)}, {style.ngettext('{n} inside', '{n} insides', 2)}"
TEMPLATES: dict[str, str] = {"a": "In a table of sentences."}
TEMPLATES.update({"b": "Added to a table."})
CHOICES = {"x": {"one": "A reading."}}
OTHER = {"c": "No message"}
Ratio(name="not_a_message", title="A title", doc="""Over
    two lines.""", formula="a ÷ b")
call(title="Without a definition")
section.bad("key", "a number")
notes.add("bad_value", value="no message", detail="a day")
notes.add("bad_value", detail=f"one of {OTHER}")
'''


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small source tree whose catalogues lie beside it."""
    (tmp_path / "ui").mkdir()
    (tmp_path / "babel.cfg").write_text(CONFIG)
    (tmp_path / "ui" / "page.py").write_text(SOURCE)
    po = tmp_path / "locale" / "fr" / "LC_MESSAGES" / "attain.po"
    po.parent.mkdir(parents=True)
    po.write_text("")
    monkeypatch.setattr(catalogue, "LOCALE", tmp_path / "locale")
    monkeypatch.setattr(update, "PROJECT", tmp_path)
    monkeypatch.setattr(extracted, "__defaults__", (tmp_path,))
    return tmp_path


def run(*arguments: str) -> tuple[int, str]:
    said: list[str] = []
    return main(list(arguments), said.append), "".join(said)


def translate(message: str, text: str) -> None:
    french = read(LANGUAGES["fr"])
    french[message].string = text
    update.write(LANGUAGES["fr"], french, prune=False)


def test_every_way_of_writing_a_message_is_found(project: Path):
    assert {message.id for message in extracted() if message.id} == {
        "In a call", "Of a chart {n}", ("{n} row", "{n} rows"), "Marked in two pieces", "In a table of sentences.",
        "Added to a table.", "A reading.", "A title", "Over two lines.", "a ÷ b", "Inside another text {n}",
        ("{n} inside", "{n} insides"), "a number", "a day", "At once",
    }  # fmt: skip


def test_update_adds_and_keeps_translations(project: Path):
    run()
    translate("In a call", "Dans un appel")
    (project / "ui" / "more.py").write_text('_("Another")\n')
    run()
    french = read(LANGUAGES["fr"])
    assert french["In a call"].string == "Dans un appel"
    assert "Another" in missing(french)


def test_a_message_that_comes_back_finds_its_translation(project: Path):
    run()
    translate("In a call", "Dans un appel")
    page = project / "ui" / "page.py"
    page.write_text(SOURCE.replace("In a call", "Reworded"))
    run()
    assert "In a call" in read(LANGUAGES["fr"]).obsolete
    page.write_text(SOURCE)
    run()
    assert read(LANGUAGES["fr"])["In a call"].string == "Dans un appel"


def test_prune_drops_what_is_no_longer_used(project: Path):
    run()
    translate("In a call", "Dans un appel")
    (project / "ui" / "page.py").write_text('_("Only this")\n')
    run("--prune")
    french = read(LANGUAGES["fr"])
    assert not french.obsolete
    assert [message.id for message in french if message.id] == ["Only this"]


def test_check_fails_and_writes_nothing_while_something_is_missing(project: Path):
    before = (project / "locale/fr/LC_MESSAGES/attain.po").read_bytes()
    code, said = run("--check")
    assert code == 1
    assert "In a call" in said
    assert (project / "locale/fr/LC_MESSAGES/attain.po").read_bytes() == before


def test_updating_twice_changes_nothing(project: Path):
    run()
    once = (project / "locale/fr/LC_MESSAGES/attain.po").read_bytes()
    run()
    assert (project / "locale/fr/LC_MESSAGES/attain.po").read_bytes() == once


def test_a_file_that_does_not_parse_stops_the_update(project: Path):
    run()
    (project / "ui" / "page.py").write_text("def broken(:\n")
    with pytest.raises(SyntaxError):
        run()
