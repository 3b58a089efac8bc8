"""What a setting may be: each check says what is wrong with a value, or nothing.

Pure but for the time zone database. Does not know any setting by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from difflib import get_close_matches
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo


class Words(NamedTuple):
    """One sentence in German and in English."""

    de: str
    en: str


Check = Callable[[Any], Words | None]


def between(low: float, high: float, value: float) -> Words | None:
    """Say so where ``value`` lies outside ``low`` to ``high``, both included."""
    if low <= value <= high:
        return None
    return Words(
        f"{value:g} geht nicht; erlaubt ist {low:g} bis {high:g}.",
        f"{value:g} is out of range; it may be {low:g} to {high:g}.",
    )


def one_of(allowed: tuple[str, ...], value: str) -> Words | None:
    """Say so where ``value`` is none of ``allowed``, and name the nearest."""
    if value in allowed:
        return None
    near = get_close_matches(value, allowed, 1)
    names = ", ".join(f'"{name}"' for name in allowed)
    return Words(
        f'"{value}" gibt es nicht; möglich: {names}.'
        + (f" Meinten Sie {near[0]}?" if near else ""),
        f'there is no "{value}"; possible: {names}.'
        + (f" Did you mean {near[0]}?" if near else ""),
    )


def web_address(value: str) -> Words | None:
    """Say so where a non-empty ``value`` is no absolute web address."""
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    if not value or (parts.scheme in {"http", "https"} and parts.hostname):
        return None
    return Words(
        f'"{value}" ist keine Adresse; sie beginnt mit https:// oder http://.',
        f'"{value}" is no address; it begins with https:// or http://.',
    )


def origins(values: tuple[str, ...]) -> Words | None:
    """Say so where one of them is no website's beginning: https, host, perhaps a port, and no path."""
    for value in values:
        if not re.fullmatch(r"https?://[a-zA-Z0-9.-]+(:\d{1,5})?", value):
            return Words(
                f'"{value}" ist keine Website in der Form https://www.stadt.de (ohne Pfad dahinter).',
                f'"{value}" is no website of the form https://www.town.example (no path after it).',
            )
    return None


def mail_address(value: str) -> Words | None:
    """Say so where a non-empty ``value`` is not one mail address, with or without a name."""
    if not value or re.fullmatch(r"([^<>@\r\n]*<)?[^<>@\s,;]+@[^<>@\s,;]+>?", value):
        return None
    return Words(f'"{value}" ist keine E-Mail-Adresse.', f'"{value}" is no e-mail address.')


def iso_date(value: str) -> Words | None:
    """Say so where a non-empty ``value`` is no day written as YEAR-MONTH-DAY."""
    try:
        valid = not value or date.fromisoformat(value).isoformat() == value
    except ValueError:
        valid = False
    if valid:
        return None
    return Words(
        f'"{value}" ist kein Tag; geschrieben wird er so: 2026-11-23.',
        f'"{value}" is no day; it is written like this: 2026-11-23.',
    )


def zone(value: str) -> Words | None:
    """Say so where ``value`` is no time zone of the tz database."""
    try:
        ZoneInfo(value)
    except (KeyError, OSError, ValueError):  # unknown, a folder of the database, an odd path
        return Words(
            f'die Zeitzone "{value}" ist unbekannt; zum Beispiel "Europe/Berlin".',
            f'the time zone "{value}" is unknown; for example "Europe/Berlin".',
        )
    return None


def filled(value: str) -> Words | None:
    """Say so where ``value`` is empty."""
    if value.strip():
        return None
    return Words("darf nicht leer sein.", "must not be empty.")


def known(allowed: tuple[str, ...], values: tuple[str, ...]) -> Words | None:
    """Say so where one of ``values`` is none of ``allowed``, and name the nearest."""
    return next(filter(None, (one_of(allowed, value) for value in values)), None)
