"""Text to typed values, as DuckDB expressions: NULL where the text is not such a value.

Every function takes an SQL expression of clean text (trimmed, NULL where the file says "nothing")
and gives an SQL expression. All literals are quoted here; nothing of a mapping reaches SQL bare.
"""

from __future__ import annotations

from decimal import Decimal

from connectors.files.spec import ColumnSpec, FileSpec
from warehouse.tables import Column, Kind

TRUE = ("true", "t", "yes", "y", "1", "x", "oui", "o", "vrai", "on", "won")
FALSE = ("false", "f", "no", "n", "0", "non", "faux", "off", "lost")

_TYPES = {
    Kind.MONEY: "DECIMAL(18,4)",
    Kind.SHARE: "DECIMAL(9,6)",
    Kind.RATE: "DECIMAL(18,8)",
    Kind.NUMBER: "DOUBLE",
}
MONTHS = (
    ("jan", "january", "janv", "janvier"),
    ("feb", "february", "fév", "févr", "février", "fev", "fevrier"),
    ("mar", "march", "mars"),
    ("apr", "april", "avr", "avril"),
    ("may", "mai"),
    ("jun", "june", "juin"),
    ("jul", "july", "juil", "juillet"),
    ("aug", "august", "août", "aout"),
    ("sep", "sept", "september", "septembre"),
    ("oct", "october", "octobre"),
    ("nov", "november", "novembre"),
    ("dec", "december", "déc", "décembre", "decembre"),
)
"""What the months are called, in English and French."""


def text(value: str) -> str:
    """An SQL text literal."""
    return "'" + value.replace("'", "''") + "'"


def texts(values: tuple[str, ...]) -> str:
    """SQL text literals, for IN (…)."""
    return ", ".join(text(value) for value in values)


def clean(expression: str, null: tuple[str, ...]) -> str:
    """NULL for an empty text and for the file's own signs of nothing; blocks come trimmed."""
    if not null:
        return f"nullif({expression}, '')"
    return f"(CASE WHEN {expression} IN ({texts(('', *null))}) THEN NULL ELSE {expression} END)"


def typed(column: Column, spec: ColumnSpec, file: FileSpec, expression: str) -> str:
    """The value of a canonical column from its text."""
    plain = spec.value is not None
    match column.kind:
        case Kind.KEY | Kind.TEXT:
            return expression
        case Kind.FLAG:
            return _flag(expression)
        case Kind.DATE:
            forms = spec.date_format or (() if plain else file.date_format)
            return moved(_date(expression, forms), spec)
        case Kind.STAMP:
            return _stamp(expression, spec.date_format or file.date_format, file.time_zone)
        case Kind.INTEGER:
            number = _number(expression, "DECIMAL(24,6)", file, plain=plain)
            scaled = _scaled(number, spec.scale)
            return f"(CASE WHEN {scaled} = trunc({scaled}) THEN TRY_CAST({scaled} AS BIGINT) END)"
        case kind:
            return _amount(expression, kind, spec.scale, file, plain=plain)


def _amount(expression: str, kind: Kind, scale: Decimal, file: FileSpec, *, plain: bool) -> str:
    target = _TYPES[kind]
    if kind is Kind.SHARE:
        share = _share(expression, file, "DECIMAL(18,8)", plain=plain)
        return f"TRY_CAST({_scaled(share, scale)} AS {target})"
    if kind is Kind.NUMBER:
        number = _scaled(_share(expression, file, target, plain=plain), scale)
        return f"(CASE WHEN isfinite({number}) THEN {number} END)"
    if scale == 1:
        return _number(expression, target, file, plain=plain)
    return f"TRY_CAST({_scaled(_number(expression, 'DECIMAL(22,6)', file, plain=plain), scale)} AS {target})"


def _scaled(expression: str, scale: Decimal) -> str:
    return expression if scale == 1 else f"({expression} * {scale:f})"


def _share(expression: str, file: FileSpec, target: str, *, plain: bool) -> str:
    """A share: 0.125 as it stands, 12.5 % divided by 100."""
    bare = _number(expression, target, file, plain=plain)
    part = _number(f"rtrim({expression}, '% \u00a0')", target, file, plain=plain)
    return f"(CASE WHEN ends_with({expression}, '%') THEN {part} / 100 ELSE {bare} END)"


def _number(expression: str, target: str, file: FileSpec, *, plain: bool) -> str:
    """A number as the file writes it; the common forms first, the others through a pattern."""
    if plain or (file.decimal == "." and not file.thousands):
        quick = f"TRY_CAST({expression} AS {target})"
    elif file.decimal == ".":
        quick = f"(CASE WHEN NOT contains({expression}, {text(file.thousands)}) THEN TRY_CAST({expression} AS {target}) END)"
    else:
        quick = (
            f"(CASE WHEN NOT contains({expression}, '.') "
            f"THEN TRY_CAST(replace({expression}, ',', '.') AS {target}) END)"
        )
    slow = f"TRY_CAST({_written(expression, file)} AS {target})"
    return f"(CASE WHEN {quick} IS NOT NULL THEN {quick} WHEN {expression} IS NOT NULL THEN {slow} END)"


def _written(expression: str, file: FileSpec) -> str:
    """Plain digits of ``(1 234,50 €)``, ``$1,234.50`` or ``1.234,50-``; NULL for anything else."""
    bare = f"regexp_replace({expression}, '[\\s\u00a0\u202f$€£¥]', '', 'g')"
    signed = f"regexp_replace(regexp_replace({bare}, '^\\((.*)\\)$', '-\\1'), '^([^-].*)-$', '-\\1')"
    group = "" if file.thousands in ("", " ") else _escaped(file.thousands)
    grouped = f"|\\d{{1,3}}({group}\\d{{2,3}})*{group}\\d{{3}}" if group else ""
    point = _escaped(file.decimal)
    pattern = f"^[+-]?(\\d+{grouped})?({point}\\d*)?([eE][+-]?\\d+)?$"
    digits = f"replace(replace({signed}, {text(file.thousands or ' ')}, ''), {text(file.decimal)}, '.')"
    return f"(CASE WHEN regexp_matches({signed}, {text(pattern)}) THEN {digits} END)"


def _escaped(character: str) -> str:
    return f"\\{character}" if character == "." else character.replace("'", "['’]")


def _flag(expression: str) -> str:
    low = f"lower({expression})"
    return f"(CASE WHEN {low} IN ({texts(TRUE)}) THEN true WHEN {low} IN ({texts(FALSE)}) THEN false END)"


def _date(expression: str, forms: tuple[str, ...]) -> str:
    """A day: ISO (2026-03-31, with or without a time) always, else one of ``forms``.

    Without forms, 2026/3/31 and 20260331 are days too. A form that begins like ISO comes first.
    """
    tried = [f"CAST(try_strptime({expression}, {text(form)}) AS DATE)" for form in forms]
    if not forms:
        return f"coalesce({_iso(expression)}, {_compact(expression)})"
    first = any(form.startswith("%Y-") for form in forms)
    return f"coalesce({', '.join([*tried, _iso(expression)] if first else [_iso(expression), *tried])})"


def _iso(expression: str) -> str:
    day = f"TRY_CAST(left({expression}, 10) AS DATE)"
    timed = f"TRY_CAST({expression} AS TIMESTAMP) IS NOT NULL"
    return (
        f"(CASE WHEN regexp_matches({expression}, '^\\d{{4}}-\\d{{2}}-\\d{{2}}$') THEN {day} "
        f"WHEN regexp_matches({expression}, '^\\d{{4}}-\\d{{2}}-\\d{{2}}[T ]') AND {timed} THEN {day} END)"
    )


def _compact(expression: str) -> str:
    return (
        f"(CASE WHEN regexp_matches({expression}, '^\\d{{4}}[-/]\\d{{1,2}}[-/]\\d{{1,2}}$') "
        f"THEN TRY_CAST({expression} AS DATE) WHEN regexp_matches({expression}, '^\\d{{8}}$') "
        f"THEN CAST(try_strptime({expression}, '%Y%m%d') AS DATE) END)"
    )


def moved(day: str, spec: ColumnSpec) -> str:
    """A day snapped to a month start, then shifted."""
    start = f"date_trunc('month', {day})"
    if spec.snap == "nearest_month":
        following = f"({start} + INTERVAL 1 MONTH)"
        before, after = f"date_diff('day', {start}, {day})", f"date_diff('day', {day}, {following})"
        day = f"(CASE WHEN {before} <= {after} THEN {start} ELSE {following} END)"
    elif spec.snap == "month_start":
        day = start
    if spec.shift_months:
        day = f"({day} + INTERVAL ({spec.shift_months}) MONTH)"
    if spec.shift_days:
        day = f"({day} + INTERVAL ({spec.shift_days}) DAY)"
    return f"CAST({day} AS DATE)" if spec.snap or spec.shift_months or spec.shift_days else day


def _stamp(expression: str, forms: tuple[str, ...], zone: str) -> str:
    """An instant; one written without an offset is local time of ``zone``."""
    tried = [f"try_strptime({expression}, {text(form)})" for form in forms]
    local = f"coalesce({', '.join([*tried, f'TRY_CAST({expression} AS TIMESTAMP)'])})"
    offset = f"regexp_matches({expression}, '\\d([+-]\\d{{2}}(:?\\d{{2}})?|Z)$')"
    timed = f"regexp_matches({expression}, ':')"
    return (
        f"(CASE WHEN {timed} AND {offset} THEN TRY_CAST({expression} AS TIMESTAMPTZ) "
        f"ELSE timezone({text(zone)}, {local}) END)"
    )


def date_of_parts(parts: dict[str, str], fiscal_start_month: int) -> str:
    """ISO text of the day that a year, and maybe a quarter, month or day, begin with.

    ``parts`` are expressions of clean text. A month may be 7, 07, M07, July or juillet, a year
    2026, or 26 after a month's name, a quarter or FY. With a
    quarter (3, Q3), year and quarter are fiscal: the year is called after the one it ends in.
    """
    year = _year(parts["year"])
    day = f"TRY_CAST({parts['day']} AS INTEGER)" if "day" in parts else "1"
    if "quarter" in parts:
        named = f"regexp_extract({parts['quarter']}, '[QqTt]\\s*([1-4])', 1)"
        bare = f"regexp_extract({parts['quarter']}, '^\\D*([1-4])\\D*$', 1)"
        quarter = f"TRY_CAST(coalesce(nullif({named}, ''), {bare}) AS INTEGER)"
        first = f"printf('%04d-%02d-01', {year} - {int(fiscal_start_month > 1)}, {fiscal_start_month})"
        start = f"(TRY_CAST({first} AS DATE) + to_months(({quarter} - 1) * 3))"
        return f"strftime({start}, '%Y-%m-%d')"
    month = _month(parts["month"]) if "month" in parts else "1"
    return f"printf('%04d-%02d-%02d', {year}, {month}, {day})"


_NAMES = "|".join(sorted((name for names in MONTHS for name in names), key=len, reverse=True))


def _year(expression: str) -> str:
    """The number of a year: 2026, 2026-07, FY2026, and FY26, Jan-26, Q1 26."""
    full = f"regexp_extract({expression}, '(\\d{{4}})', 1)"
    before = f"(?:\\bfy|\\b[qt] ?[1-4]|(?:^|[^\\p{{L}}])(?:{_NAMES}))"
    short = f"regexp_extract(lower({expression}), '{before}[ .''’/_-]*(?:fy)?[ ''’]*(\\d{{2}})(?:\\D|$)', 1)"
    return f"TRY_CAST(coalesce(nullif({full}, ''), '20' || nullif({short}, '')) AS INTEGER)"


def _month(expression: str) -> str:
    """The number of a month: 7, 07, M07, July, juil., 2026-07, 07/2026, Jul 2026, Jul-26, July target."""
    bare = f"trim(regexp_replace(lower({expression}), '(19|20)\\d{{2}}', ''), ' ./_-')"
    name = f"regexp_extract({bare}, '(?:^|[^\\p{{L}}])({_NAMES})(?:$|[^\\p{{L}}])', 1)"
    named = " ".join(f"WHEN {name} IN ({texts(names)}) THEN {n}" for n, names in enumerate(MONTHS, start=1))
    numbered = f"TRY_CAST(regexp_extract({bare}, '^\\D*(\\d{{1,2}})(\\D+\\d{{1,2}})?$', 1) AS INTEGER)"
    return f"(CASE {named} ELSE {numbered} END)"
