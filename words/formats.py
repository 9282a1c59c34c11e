"""How numbers, money, dates and durations are written in each language.

One place, so that a figure reads the same in a page, a chart, a tooltip and a digest. Whatever is
undefined (``None``, NaN, an infinite ratio) reads "—", never 0. Money stays a ``Decimal`` throughout and
rounds half up, away from zero. The minus is the typographic "−" so that it is seen in a column of figures.
"""

from __future__ import annotations

import math
import re
from datetime import date as Date  # noqa: N812 - the functions below are named after what they write
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton, format_timedelta
from babel.numbers import (
    format_compact_currency,
    format_compact_decimal,
    format_currency,
    format_decimal,
    format_percent,
    get_currency_precision,
)
from babel.units import format_unit

from words.catalogue import LANGUAGES, translator

Number = Decimal | float | int
UNITS = ("money", "percent", "times", "count", "days", "number")
UNDEFINED = "—"
MINUS = "−"

_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
# Powers of ten after which a language counts anew: thousand and million, or ten thousand and hundred million.
_COMPACT_STEP = {"ja": 4}
_CLOSE = timedelta(minutes=1)


def _locale(language: str) -> Locale:
    return Locale.parse(LANGUAGES[language].locale)


def _exact(value: Number | None) -> Decimal | None:
    """The number as it is written, not as its binary digits; None when it is no number."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return None
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    return exact if exact.is_finite() else None


def _round(value: Decimal, places: int) -> Decimal:
    # Never the negative zero that "−0.0%" would come from.
    return value.quantize(Decimal(1).scaleb(-places), context=_EXACT) + 0


def _sign(text: str, value: Decimal, *, signed: bool) -> str:
    text = text.replace("-", MINUS)
    return f"+{text}" if signed and value > 0 else text


def money(
    value: Number | None,
    currency: str,
    language: str,
    *,
    compact: bool = False,
    signed: bool = False,
    whole: bool = False,
) -> str:
    """An amount: ``$1,234.50``; compact ``$1.2K``; ``whole`` leaves out cents; signed shows a plus."""
    exact = _exact(value)
    if exact is None:
        return UNDEFINED
    if compact:
        rounded = _compact(exact, language)
        text = format_compact_currency(rounded, currency, locale=_locale(language), fraction_digits=1)
        return _sign(text, rounded, signed=signed)
    places = 0 if whole else get_currency_precision(currency)
    rounded = _round(exact, places)
    pattern = _whole_pattern(language) if whole else None
    with localcontext(_EXACT):
        text = format_currency(
            rounded, currency, pattern, locale=_locale(language), currency_digits=not whole
        )
    return _sign(text, rounded, signed=signed)


def _whole_pattern(language: str) -> str:
    return re.sub(r"\.0+", "", str(_locale(language).currency_formats["standard"].pattern))


def _compact(value: Decimal, language: str) -> Decimal:
    """Rounded to one decimal of the unit it will be written in, so 999,950 becomes 1M and not 1000K."""
    step = _COMPACT_STEP.get(language, 3)
    power = max(0, value.adjusted() // step * step) if value else 0
    rounded = _round(value.scaleb(-power, context=_EXACT), 1 if power or abs(value) < 100 else 0)
    return (rounded.scaleb(power, context=_EXACT)).normalize(_EXACT) + 0


def number(
    value: Number | None,
    language: str,
    *,
    places: int | None = None,
    compact: bool = False,
    signed: bool = False,
) -> str:
    """A plain number: ``1,234``; by default no decimals for whole numbers and at most two for others."""
    exact = _exact(value)
    if exact is None:
        return UNDEFINED
    if compact:
        rounded = _compact(exact, language)
        text = format_compact_decimal(rounded, locale=_locale(language), fraction_digits=1)
        return _sign(text, rounded, signed=signed)
    rounded = _round(exact, 2 if places is None else places)
    pattern = "#,##0.##" if places is None else _pattern(places)
    return _sign(_decimal(rounded, pattern, language), rounded, signed=signed)


def _pattern(places: int) -> str:
    return "#,##0" + ("." + "0" * places if places else "")


def _decimal(value: Decimal, pattern: str, language: str) -> str:
    with localcontext(_EXACT):
        return str(format_decimal(value, pattern, locale=_locale(language)))


def percent(value: Number | None, language: str, *, places: int = 1, signed: bool = False) -> str:
    """A ratio as a percentage with one decimal: 0.873 → ``87.3%``, in French ``87,3 %``."""
    exact = _exact(value)
    if exact is None:
        return UNDEFINED
    rounded = _round(exact.scaleb(2, context=_EXACT), places)
    pattern = str(_locale(language).percent_formats[None].pattern).replace("#,##0", _pattern(places))
    with localcontext(_EXACT):
        text = format_percent(rounded.scaleb(-2, context=_EXACT), pattern, locale=_locale(language))
    return _sign(text, rounded, signed=signed)


def times(value: Number | None, language: str, *, places: int = 1) -> str:
    """A multiple: 2.4 → ``2.4×``."""
    exact = _exact(value)
    return UNDEFINED if exact is None else number(exact, language, places=places) + "×"


def points(change: Number | None, language: str) -> str:
    """A difference of two ratios, in percentage points: 0.032 → ``+3.2 pts``."""
    exact = _exact(change)
    if exact is None:
        return UNDEFINED
    text = number(exact.scaleb(2, context=_EXACT), language, places=1, signed=True)
    _ = translator(language)
    return _("{points} pts", points=text)


def days(value: Number | None, language: str) -> str:
    """A number of days: ``42 days``; with one decimal when there is a fraction."""
    exact = _exact(value)
    if exact is None:
        return UNDEFINED
    rounded = _round(exact, 1)
    whole = rounded == rounded.to_integral_value()
    # A whole Decimal with a decimal place would count as a plural: "1.0 days".
    shown = int(rounded) if whole else rounded
    text = format_unit(shown, "duration-day", "long", _pattern(0 if whole else 1), _locale(language))
    return str(text).replace("-", MINUS) if shown < 0 else str(text)


def figure(value: Number | None, unit: str, currency: str, language: str, *, compact: bool = False) -> str:
    """A metric's value in its unit (one of ``UNITS``)."""
    match unit:
        case "money":
            return money(value, currency, language, compact=compact)
        case "percent":
            return percent(value, language)
        case "times":
            return times(value, language)
        case "days":
            return days(value, language)
        case "count" | "number":
            return number(value, language, compact=compact)
    raise ValueError(f"{unit!r} is not a unit: {', '.join(UNITS)}")


def change(value: Number | None, unit: str, currency: str, language: str, *, compact: bool = False) -> str:
    """A difference of two values of a metric, with its sign; ratios differ in points."""
    exact = _exact(value)
    if unit == "money":
        return money(value, currency, language, compact=compact, signed=True)
    if unit == "percent":
        return points(value, language)
    plus = "+" if exact is not None and exact > 0 else ""
    return plus + figure(value, unit, currency, language, compact=compact)


def date(day: Date | None, language: str) -> str:
    """A day: ``31 Mar 2026``, in French ``31 mars 2026``; day before month, so that nobody misreads it."""
    if day is None:
        return UNDEFINED
    if language == "en":
        return str(format_date(day, "d MMM y", locale="en"))
    return str(format_date(day, "medium", locale=_locale(language)))


def day_month(day: Date | None, language: str) -> str:
    """A day of a year that is known: ``31 Mar``."""
    if day is None:
        return UNDEFINED
    if language == "en":
        return str(format_date(day, "d MMM", locale="en"))
    return str(format_skeleton("MMMd", day, locale=_locale(language)))


def month(day: Date | None, language: str) -> str:
    """The calendar month of a day: ``March 2026``."""
    return UNDEFINED if day is None else str(format_skeleton("yMMMM", day, locale=_locale(language)))


def month_short(day: Date | None, language: str) -> str:
    """The calendar month of a day, where the year is known: ``Mar``."""
    return UNDEFINED if day is None else str(format_skeleton("MMM", day, locale=_locale(language)))


def moment(instant: datetime | None, language: str) -> str:
    """A day and a time of day, in the zone the instant carries: ``31 Mar 2026, 14:05``."""
    if instant is None:
        return UNDEFINED
    time = format_datetime(instant, "HH:mm", tzinfo=instant.tzinfo, locale=_locale(language))
    return f"{date(instant.date(), language)}, {time}"


_PERIOD = re.compile(r"FY(?P<year>\d{4})(?:-(?P<kind>[QM])(?P<part>\d{1,2}))?")
_WEEK = re.compile(r"(?P<year>\d{4})-W(?P<part>\d{2})")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def period(name: str, language: str) -> str:
    """A period id as people write it: ``FY2026-Q1`` → ``Q1 FY2026``, in French ``T1 EF2026``.

    An id of no known form (a team, a product) is given back as it is.
    """
    _ = translator(language)
    if found := _PERIOD.fullmatch(name):
        year = _("FY{year}", year=found["year"])
        if found["kind"] is None:
            return year
        text = _("Q{part} {year}") if found["kind"] == "Q" else _("M{part} {year}")
        return text.format(part=int(found["part"]), year=year)
    if found := _WEEK.fullmatch(name):
        return _("Week {part}, {year}", part=int(found["part"]), year=found["year"])
    return date(Date.fromisoformat(name), language) if _DAY.fullmatch(name) else name


def duration(length: timedelta | None, language: str) -> str:
    """A length of time in its largest sensible unit: ``2 hours``, ``3 days``."""
    if length is None:
        return UNDEFINED
    return str(format_timedelta(length, locale=_locale(language), threshold=1))


def ago(then: datetime | None, now: datetime, language: str) -> str:
    """How long ago an instant was: ``2 hours ago``; under a minute ``just now``."""
    if then is None:
        return UNDEFINED
    _ = translator(language)
    if abs(now - then) < _CLOSE:
        return _("just now")
    text = format_timedelta(then - now, add_direction=True, locale=_locale(language), threshold=1)
    return str(text)


def column_format(unit: str, currency: str) -> dict[str, str | float]:
    """Arguments of a number column of a table: ``NumberColumn(**column_format("percent", "EUR"))``.

    The named formats are written in the browser's own language; a currency without a name there is a
    plain localized number, so its column's title must name the currency.
    """
    match unit:
        case "money":
            return {"format": {"USD": "dollar", "EUR": "euro", "JPY": "yen"}.get(currency, "localized")}
        case "percent":
            return {"format": "percent", "step": 0.001}
        case "times":
            return {"format": "%.1f×"}
        case "days":
            return {"format": "localized", "step": 0.1}
        case "count" | "number":
            return {"format": "localized"}
    raise ValueError(f"{unit!r} is not a unit: {', '.join(UNITS)}")


def vega_locale(language: str) -> dict[str, dict[str, object]]:
    """Number and time names of a language as Vega's ``config.locale`` takes them."""
    locale = _locale(language)
    symbols = locale.number_symbols["latn"]
    numbers = {
        "decimal": symbols["decimal"],
        "thousands": symbols["group"],
        "grouping": [3],
        "currency": ["", ""],
        "minus": MINUS,
    }
    return {"number": numbers, "time": _time_locale(locale)}


def _time_locale(locale: Locale) -> dict[str, object]:
    weekdays, months = locale.days["format"], locale.months["format"]
    sunday_first = [6, 0, 1, 2, 3, 4, 5]
    return {
        "dateTime": "%A %e %B %Y %X",
        "date": "%d/%m/%Y",
        "time": "%H:%M:%S",
        "periods": ["AM", "PM"],
        "days": [weekdays["wide"][day] for day in sunday_first],
        "shortDays": [weekdays["abbreviated"][day] for day in sunday_first],
        "months": [months["wide"][month] for month in range(1, 13)],
        "shortMonths": [months["abbreviated"][month] for month in range(1, 13)],
    }
