"""Business rules a company sets for itself: fiscal year, currency, definitions, thresholds.

The project's ``attain.toml`` holds the defaults; a store's own ``attain.toml`` overrides them, and
each published version keeps the settings it was built with.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

CALENDARS = ("months", "445")
DEFINITIONS: dict[str, tuple[str, ...]] = {"credit_by": ("effective", "moves_with_rep")}
"""Choices of definition where the field disagrees; the first is the default."""


class SettingsError(ValueError):
    """A setting that cannot be; the message names the setting and what to write."""


@dataclass(frozen=True)
class MeasureSetting:
    """A target people carry: which credits it counts and whether it is shown by default."""

    credits: str = "bookings"
    default: bool = False
    title: str = ""


@dataclass(frozen=True)
class Settings:
    """Every business rule, with its default."""

    company: str = "Our company"
    currency: str = "USD"
    time_zone: str = "UTC"
    fiscal_start_month: int = 1
    calendar: str = "months"
    measures: Mapping[str, MeasureSetting] = field(
        default_factory=lambda: {"bookings": MeasureSetting("bookings", default=True)}
    )
    definitions: Mapping[str, str] = field(default_factory=dict)
    ramps: Mapping[str, tuple[Decimal, ...]] = field(default_factory=dict)
    small_quota_share: float = 0.2
    peer_group_minimum: int = 5
    manager_sees_pay: bool = False
    fresh_hours: int = 36
    earliest: date = date(1990, 1, 1)
    latest_years_ahead: int = 10
    retention: Mapping[str, int] = field(default_factory=lambda: {"set_aside": 90, "landing": 30})

    def __post_init__(self) -> None:
        _check(self)

    @classmethod
    def load(cls, *paths: Path) -> Settings:
        """Read settings files in order, later ones overriding earlier ones.

        Files that do not exist are passed over.

        Raises:
            SettingsError: a file is not TOML, or a value cannot be; the sentence names both.
        """
        merged: dict[str, Any] = {}
        for path in paths:
            if path.exists():
                merged |= _read(path)
        return cls.from_dict(merged)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Settings:
        """Settings from plain values, as TOML or JSON gives them.

        Raises:
            SettingsError: an unknown setting, or a value that cannot be.
        """
        known = {f.name for f in fields(cls)}
        unknown = sorted(set(values) - known)
        if unknown:
            raise SettingsError(
                f"There is no setting called “{unknown[0]}”. Known: {', '.join(sorted(known))}."
            )
        return cls(**{name: _parse(name, value) for name, value in values.items()})

    def to_dict(self) -> dict[str, Any]:
        """Plain values that ``from_dict`` reads back, fit for JSON."""
        plain = asdict(self)
        plain["earliest"] = self.earliest.isoformat()
        plain["ramps"] = {name: [str(share) for share in ramp] for name, ramp in self.ramps.items()}
        return plain

    def over(self, values: Mapping[str, Any]) -> Settings:
        """These settings with some values replaced."""
        return replace(self, **{name: _parse(name, value) for name, value in values.items()})

    @cached_property
    def default_measure(self) -> str:
        """The target shown when nobody asked for another."""
        return next((name for name, m in self.measures.items() if m.default), next(iter(self.measures)))

    def definition(self, name: str) -> str:
        """The chosen reading of a definition the field disagrees on."""
        return self.definitions.get(name, DEFINITIONS[name][0])


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path.name} is not readable as TOML: {error}.") from error


def _parse(name: str, value: Any) -> Any:
    try:
        match name:
            case "measures":
                return {key: MeasureSetting(**entry) for key, entry in value.items()}
            case "ramps":
                return {key: tuple(Decimal(str(share)) for share in shares) for key, shares in value.items()}
            case "earliest":
                return value if isinstance(value, date) else date.fromisoformat(value)
            case "definitions" | "retention":
                return dict(value)
            case _:
                return value
    except (TypeError, ValueError, AttributeError, InvalidOperation) as error:
        raise SettingsError(f"The setting “{name}” cannot be {value!r}: {error}.") from error


def _check(s: Settings) -> None:
    if not (isinstance(s.fiscal_start_month, int) and 1 <= s.fiscal_start_month <= 12):
        raise SettingsError(f"fiscal_start_month is {s.fiscal_start_month!r}; write a month from 1 to 12.")
    if s.calendar not in CALENDARS:
        raise SettingsError(f"calendar is {s.calendar!r}; write one of {', '.join(CALENDARS)}.")
    if not s.measures:
        raise SettingsError("measures is empty; name at least one target.")
    if len(s.currency) != 3 or not s.currency.isupper():
        raise SettingsError(f"currency is {s.currency!r}; write a three-letter code such as USD.")
    if sum(m.default for m in s.measures.values()) > 1:
        raise SettingsError("More than one of the measures has default = true; keep one.")
    _check_zone(s.time_zone)
    _check_definitions(s.definitions)


def _check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SettingsError(f"time_zone is {zone!r}; write a name such as Europe/Paris.") from error


def _check_definitions(chosen: Mapping[str, str]) -> None:
    for name, reading in chosen.items():
        if reading not in DEFINITIONS.get(name, ()):
            known = {key: list(readings) for key, readings in DEFINITIONS.items()}
            raise SettingsError(
                f"definitions.{name} is {reading!r}; known definitions and readings: {known}."
            )
