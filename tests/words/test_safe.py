from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from words.safe import escape_markdown, spreadsheet_safe

HOSTILE = [
    "[x](http://evil.example)", "![i](http://evil.example/i.png)", "<b>bold</b>", "# head", "1. list", "- list",
    "> quote", "`code`", "**b** __c__ *d* _e_", "~~s~~", "a | b\n--|--\n1 | 2", "&amp; &#58;", "<https://evil.example>",
    "www.evil.example", "https://evil.example", "a@b.example", "line\n\n# two", "    code", "\tcode", "1) x",
]  # fmt: skip


def shown(text: str) -> tuple[list[str], str]:
    """Kinds of everything a markdown reader makes of the text, and the text a person sees."""
    blocks = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    inline = [child for block in blocks for child in block.children or []]
    kinds = [
        token.type for token in [*blocks, *inline] if token.type not in {"inline", "text", "text_special"}
    ]
    return kinds, "".join(token.content for token in inline)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_name_is_plain_text_in_markdown(text: str):
    kinds, seen = shown(f"Rep {escape_markdown(text)}")
    assert set(kinds) == {"paragraph_open", "paragraph_close"}
    assert seen.replace("\u2060", "").split() == f"Rep {text}".split()


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=60))
def test_no_text_ever_becomes_more_than_a_paragraph(text: str):
    kinds, _ = shown(f"Rep {escape_markdown(text)}")
    assert set(kinds) == {"paragraph_open", "paragraph_close"}


@pytest.mark.parametrize(
    "text", ["http://a.b", ":red[x]", ":smile:", "www.a.b", "a@b.c", "->", "<-", "--", ":material/home:"]
)
def test_what_is_recognised_after_the_backslashes_is_taken_apart(text: str):
    assert "\u2060" in escape_markdown(text)


def test_ordinary_names_are_left_readable():
    assert escape_markdown("José Edvaldo Saraiva") == "José Edvaldo Saraiva"
    assert escape_markdown("10:30 today").replace("\\", "").replace("\u2060", "") == "10:30 today"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_a_formula_is_disarmed(start: str):
    assert spreadsheet_safe(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"


def test_other_text_is_untouched():
    assert spreadsheet_safe("Smith = Co") == "Smith = Co"
    assert spreadsheet_safe("") == ""
