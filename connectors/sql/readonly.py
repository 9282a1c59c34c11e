"""Whether a query only reads. The transaction is read-only as well; this says so before connecting."""

from __future__ import annotations

import re

_SKIPPED = re.compile(
    r"""
      '(?:[^']|'')*'          # a text
    | "(?:[^"]|"")*"          # a quoted name
    | `[^`]*`                 # a quoted name, MySQL
    | \[[^\[\]]*\]            # a quoted name, SQL Server
    | --(?=\s|$)[^\n]*        # a comment; MySQL takes "--1" for a sum, so a space must follow
    | /\*(?!!).*?\*/          # a comment; MySQL executes /*! … */
    """,
    re.VERBOSE | re.DOTALL,
)
_WRITES = (
    "ALTER ATTACH CALL COPY CREATE DELETE DROP EXEC EXECUTE GRANT INSERT INTO MERGE REPLACE REVOKE "
    "TRUNCATE UPDATE UPSERT VACUUM"
).split()
_CALLED = re.compile(r"\b(REPLACE|INSERT|TRUNCATE)\s*\(", re.IGNORECASE)  # functions of the same name
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_$]*")


def refusal(query: str) -> str:
    """Why a query may not be run, as the end of a sentence; "" when it is one SELECT."""
    code = _CALLED.sub("(", _SKIPPED.sub(" ", query)).strip().removesuffix(";")
    words = [word.upper() for word in _WORD.findall(code)]
    if not words or words[0] not in ("SELECT", "WITH"):
        return "must be one SELECT, with or without WITH before it"
    if ";" in code:
        return "holds more than one statement; write one SELECT"
    if "/*!" in code:
        return "holds /*!, which some databases execute; take it out"
    found = [word for word in words if word in _WRITES]
    if found:
        return f"holds the word {found[0]}, which writes; put it in quotation marks if it is a name"
    return ""
