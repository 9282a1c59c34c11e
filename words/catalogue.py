"""Which languages are spoken, and what a message is in each of them.

Catalogues are plain gettext ``.po`` files, read when first asked for and kept for the process; nothing
is compiled. A message without a translation is shown in English, so a screen is never empty.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

LOCALE = Path(__file__).parent / "locale"
SOURCE = "en"
"""The language messages are written in, and what a missing translation falls back to."""


@dataclass(frozen=True)
class Language:
    """A language: its name in itself, its Babel locale, and how gettext counts its plurals."""

    code: str
    name: str
    locale: str
    plural: str


# Indonesian is written by hand: Babel has no plural rule for it.
LANGUAGES: dict[str, Language] = {
    "en": Language("en", "English", "en", "nplurals=2; plural=(n != 1);"),
    "fr": Language("fr", "Français", "fr", "nplurals=2; plural=(n > 1);"),
    "ro": Language(
        "ro", "Română", "ro", "nplurals=3; plural=(n==1 ? 0 : (n==0 || (n%100 > 0 && n%100 < 20)) ? 1 : 2);"
    ),
    "ja": Language("ja", "日本語", "ja", "nplurals=1; plural=0;"),
    "id": Language("id", "Bahasa Indonesia", "id", "nplurals=1; plural=0;"),
}


def catalogue_path(language: str) -> Path:
    """Where the catalogue of a language is, or would be."""
    return LOCALE / language / "LC_MESSAGES" / "attain.po"


def spoken() -> tuple[str, ...]:
    """Languages a person can choose: English, and those that have a catalogue."""
    return tuple(code for code in LANGUAGES if code == SOURCE or catalogue_path(code).exists())


def match(*wanted: str | None) -> str:
    """The first spoken language among tags such as ``"fr-CA"``; English when none is spoken."""
    known = spoken()
    codes = (tag.replace("_", "-").split("-")[0].lower() for tag in wanted if tag)
    return next((code for code in codes if code in known), SOURCE)


def N_(message: str) -> str:  # noqa: N802 - the name gettext gives it
    """Mark a message for translation where it is written; it is translated where it is shown."""
    return message


@dataclass(frozen=True)
class Translator:
    """Translates into one language. ``_ = translator("fr")``, then ``_("Quota")``."""

    language: str
    single: dict[str, str] = field(repr=False, default_factory=dict)
    plural: dict[str, tuple[str, ...]] = field(repr=False, default_factory=dict)
    form: Callable[[int], int] = field(repr=False, default=lambda n: int(n != 1))

    def __call__(self, message: str, /, **fields: object) -> str:
        """The message in this language; ``fields`` fill its ``{names}``."""
        text = self.single.get(message, message)
        return text.format(**fields) if fields else text

    def ngettext(self, one: str, many: str, n: int, /, **fields: object) -> str:
        """The singular or plural for ``n``; ``{n}`` and ``fields`` are filled in."""
        forms = self.plural.get(one)
        text = forms[self.form(n)] if forms else (one if n == 1 else many)
        return text.format(**{"n": n, **fields})


def translator(language: str) -> Translator:
    """The translator of a language code; a language without a catalogue speaks English."""
    if language not in LANGUAGES:
        raise KeyError(f"{language!r} is not a known language: {', '.join(LANGUAGES)}")
    return _translator(language)


@cache
def _translator(language: str) -> Translator:
    path = catalogue_path(language)
    if not path.exists():
        return Translator(language)
    with path.open("rb") as file:
        return from_catalogue(language, read_po(file, locale=language))


def from_catalogue(language: str, catalogue: Catalog) -> Translator:
    """The translator that a parsed catalogue makes; fuzzy and empty messages are left out."""
    single: dict[str, str] = {}
    plural: dict[str, tuple[str, ...]] = {}
    for message in catalogue:
        forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        if not message.id or message.fuzzy or not all(forms):
            continue
        name = message.id if isinstance(message.id, str) else message.id[0]
        single[name] = forms[0]
        if message.pluralizable:
            plural[name] = forms
    return Translator(language, single, plural, _PLURAL_FORM[language])


def _romanian(n: int) -> int:
    if n == 1:
        return 0
    return 1 if n == 0 or 0 < n % 100 < 20 else 2


# The rules above as Python, so that a catalogue's header is never evaluated.
_PLURAL_FORM: dict[str, Callable[[int], int]] = {
    "en": lambda n: int(n != 1),
    "fr": lambda n: int(n > 1),
    "ro": _romanian,
    "ja": lambda _: 0,
    "id": lambda _: 0,
}
