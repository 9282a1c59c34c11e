from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Catalog

from words.catalogue import LANGUAGES, N_, SOURCE, from_catalogue, match, spoken, translator
from words.update import extracted, missing, read

PLACE = re.compile(r"{(\w+)}")
TRANSLATED = [code for code in spoken() if code != SOURCE]


def french(**messages: str) -> Catalog:
    catalogue = Catalog(locale="fr")
    for message, text in messages.items():
        catalogue.add(message, text)
    return catalogue


def test_english_and_french_are_spoken_and_others_are_prepared():
    assert spoken() == ("en", "fr")
    assert {"ro", "ja", "id"} <= set(LANGUAGES)


def test_a_message_is_translated():
    assert translator("fr")("Quota") == "Objectif"
    assert translator("en")("Quota") == "Quota"


def test_fields_are_filled_after_translation():
    assert translator("fr")("Quota {value}", value="3 €") == "Objectif 3 €"


def test_braces_stay_when_no_field_is_given():
    assert translator("en")("{file} is missing.") == "{file} is missing."


def test_a_missing_translation_is_shown_in_english():
    assert translator("fr")("No catalogue has this sentence") == "No catalogue has this sentence"
    assert translator("fr").ngettext("{n} unicorn", "{n} unicorns", 2) == "2 unicorns"


@pytest.mark.parametrize("code", ["ro", "ja", "id"])
def test_a_prepared_language_speaks_english_until_it_has_a_catalogue(code: str):
    assert translator(code)("Quota") == "Quota"


def test_an_unknown_language_is_refused():
    with pytest.raises(KeyError, match="xx"):
        translator("xx")


@pytest.mark.parametrize(("n", "text"), [(0, "0 autre"), (1, "1 autre"), (2, "2 autres")])
def test_french_counts_zero_as_singular(n: int, text: str):
    assert translator("fr").ngettext("{n} other", "{n} others", n) == text


def test_english_counts_zero_as_plural():
    assert translator("en").ngettext("{n} other", "{n} others", 0) == "0 others"


def test_romanian_has_three_forms_and_indonesian_one():
    catalogue = Catalog(locale="ro")
    catalogue.add(("{n} day", "{n} days"), ("{n} zi", "{n} zile", "{n} de zile"))
    romanian = from_catalogue("ro", catalogue)
    assert [romanian.ngettext("{n} day", "{n} days", n) for n in (1, 2, 20, 101, 119, 120)] == [
        "1 zi", "2 zile", "20 de zile", "101 zile", "119 zile", "120 de zile",
    ]  # fmt: skip
    assert LANGUAGES["id"].plural == "nplurals=1; plural=0;"
    single = Catalog(locale="ja")
    single.add(("{n} day", "{n} days"), ("{n} hari",))
    assert from_catalogue("id", single).ngettext("{n} day", "{n} days", 5) == "5 hari"


def test_a_guess_is_not_shown():
    catalogue = french(Quota="Objectif")
    catalogue["Quota"].flags.add("fuzzy")
    assert from_catalogue("fr", catalogue)("Quota") == "Quota"


def test_a_marked_message_is_left_as_it_is():
    assert N_("Quota") == "Quota"


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        (("fr-CA",), "fr"),
        (("fr_FR", "en"), "fr"),
        (("xx", "fr"), "fr"),
        (("ro",), "en"),
        ((None, ""), "en"),
        ((), "en"),
    ],
)
def test_the_first_spoken_language_is_chosen(wanted: tuple[str | None, ...], language: str):
    assert match(*wanted) == language


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_message_of_the_source_is_translated(code: str):
    """Run ``python -m words.update`` and fill in what it lists."""
    catalogue = read(LANGUAGES[code])
    known = {message.id for message in catalogue}
    assert [message.id for message in extracted() if message.id not in known] == []
    assert missing(catalogue) == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_no_message_is_fuzzy_or_left_over(code: str):
    """Run ``python -m words.update --prune`` after messages were taken out."""
    catalogue, used = read(LANGUAGES[code]), {message.id for message in extracted()}
    assert [message.id for message in catalogue if message.fuzzy] == []
    assert [message.id for message in catalogue if message.id not in used] == []
    assert list(catalogue.obsolete) == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_translations_keep_every_field(code: str):
    for message in read(LANGUAGES[code]):
        for source, text in _pairs(message.id, message.string):
            if not text:
                continue  # named by the test above
            assert sorted(set(PLACE.findall(text))) == sorted(set(PLACE.findall(source))), source


def _pairs(source: str | tuple[str, str], text: str | tuple[str, ...]) -> list[tuple[str, str]]:
    if isinstance(source, str):
        return [(source, str(text))]
    return [(source[min(i, 1)], form) for i, form in enumerate(text)]
