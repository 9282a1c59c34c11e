"""Brings the catalogues up to date with the source: ``python -m words.update [--check | --prune]``.

New messages are added without a translation; messages no longer used are kept as obsolete, so that one
that comes back finds its translation, until ``--prune`` drops them. ``--check`` writes nothing and fails
when a catalogue misses a translation.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from words.catalogue import LANGUAGES, SOURCE, Language, catalogue_path, spoken
from words.extract import CALLS

PROJECT = Path(__file__).resolve().parent.parent
_HEADER = """msgid ""
msgstr ""
"Language: {code}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural}\\n"

"""


def extracted(project: Path = PROJECT) -> Catalog:
    """Every message of the source, with the files it is used in."""
    with (project / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    template = Catalog()
    found = extract_from_dir(project, methods, options, keywords=CALLS, directory_filter=_ours)
    for name, line, message, comments, context in found:
        template.add(message, None, [(name, line)], auto_comments=comments, context=context)
    return template


def _ours(folder: str) -> bool:
    """Source folders only: no environments, caches or stores."""
    return not Path(folder).name.startswith((".", "_")) and Path(folder).name not in {"store", "node_modules"}


def read(language: Language) -> Catalog:
    """The catalogue of a language as it is on disk; an empty one when there is none."""
    path = catalogue_path(language.code)
    if not path.exists():
        return Catalog(locale=language.locale)
    with path.open("rb") as file:
        return read_po(file, locale=language.locale)


def merged(language: Language, template: Catalog) -> Catalog:
    """The catalogue with the source's messages, each with the translation it had, also when obsolete."""
    catalogue = read(language)
    for message in list(catalogue.obsolete.values()):
        catalogue[message.id] = message
    catalogue.update(template, no_fuzzy_matching=True)
    return catalogue


def missing(catalogue: Catalog) -> list[str]:
    """Messages without a translation, or with one that is only a guess."""
    return [str(m.id) for m in catalogue if m.id and (m.fuzzy or not _whole(m.string))]


def _whole(text: object) -> bool:
    return all(text) if isinstance(text, tuple | list) else bool(text)


def write(language: Language, catalogue: Catalog, *, prune: bool) -> None:
    """Write a catalogue: sorted by message, without line numbers, so that a change shows only itself."""
    path = catalogue_path(language.code)
    path.parent.mkdir(parents=True, exist_ok=True)
    body = io.BytesIO()
    write_po(
        body, catalogue, width=100, omit_header=True, sort_output=True, include_lineno=False, ignore_obsolete=prune
    )  # fmt: skip
    path.write_bytes(_HEADER.format(code=language.code, plural=language.plural).encode() + body.getvalue())


def main(arguments: list[str] | None = None, say: Callable[[str], object] = sys.stdout.write) -> int:
    """Update or check every catalogue; 1 when a check finds something to do."""
    parser = argparse.ArgumentParser(prog="python -m words.update", description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing, fail when a translation is missing"
    )
    parser.add_argument("--prune", action="store_true", help="drop messages that are no longer used")
    options = parser.parse_args(arguments)
    template, undone = extracted(), 0
    for language in (LANGUAGES[code] for code in spoken() if code != SOURCE):
        catalogue = merged(language, template)
        if not options.check:
            write(language, catalogue, prune=options.prune)
        lacking = missing(catalogue)
        undone += len(lacking)
        say(f"{language.code}: {len(catalogue)} messages, {len(lacking)} without a translation\n")
        say("".join(f"  {text}\n" for text in lacking))
    return int(options.check and undone > 0)


if __name__ == "__main__":
    sys.exit(main())
