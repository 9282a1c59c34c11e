"""How the period of a question is called, and the one it is compared with."""

from __future__ import annotations

from metrics.periods import calendar_of, earlier
from ui.model import Making
from ui.question import Question
from ui.speech import _, language
from words import formats
from words.catalogue import Translator, translator


def name(question: Question, language_: str) -> str:
    """A period as people write it; days chosen by hand as from and to."""
    if question.period:
        return formats.period(question.period.id, language_)
    words = translator(language_)
    first, last = (formats.date(day, language_) for day in (question.view.start, question.last_day))
    return words("{first} to {last}", first=first, last=last)


def period_name(making: Making) -> str:
    """The question's period, cut at the as-of day while it runs."""
    text = name(making.question, making.style.language)
    words = making.style.words
    return words("{period} so far", period=text) if making.question.in_progress else text


def before_name(making: Making) -> str:
    """The period compared with, cut at the same day while this one runs."""
    language_ = making.style.language
    calendar = calendar_of(making.desk.reading)
    shift = earlier(calendar, making.question.view, ())
    found = calendar.exactly(shift.view.start, shift.view.end)
    text = formats.period(found.id, language_) if found else formats.date(shift.view.start, language_)
    words = making.style.words
    return (
        words("{period} by day {day}", period=text, day=making.question.day)
        if making.question.in_progress
        else text
    )


def compared_with(question: Question, words: Translator) -> str:
    """The comparison in words, for beside a change."""
    if question.view.compare == "last_year":
        base = words("vs same period last year")
    else:
        base = words("vs previous period")
    return words("{comparison}, same day", comparison=base) if question.in_progress else base


def standing(question: Question) -> str:
    """The period and how far it has come: “Q4 FY2020 · day 61 of 91, in progress”."""
    text = name(question, language())
    if not question.in_progress:
        return _("{period} · finished", period=text)
    return _("{period} · day {day} of {days}, in progress", period=text, day=question.day, days=question.days)
