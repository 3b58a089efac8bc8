"""Numbers, times and levels in plain words, German and English. Composes no mail (``compose``)."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from crisis.incidents.severity import pace
from crisis.types import Incident, RumourStatus, Severity, Spread

_SEVERITIES = {
    Severity.LOW: ("gering", "low"),
    Severity.ELEVATED: ("erhöht", "elevated"),
    Severity.HIGH: ("hoch", "high"),
    Severity.URGENT: ("dringend", "urgent"),
}
_STATUSES = {
    RumourStatus.SUSPECTED: ("noch nicht geprüft", "not verified yet"),
    RumourStatus.FALSE: ("falsch", "false"),
    RumourStatus.MISLEADING: ("irreführend", "misleading"),
    RumourStatus.OUT_OF_CONTEXT: (
        "aus dem Zusammenhang gerissen",
        "taken out of context",
    ),
    RumourStatus.SATIRE: ("Satire", "satire"),
    RumourStatus.TRUE: ("stimmt doch", "true after all"),
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SOME_SPEED = 1.5  # times the usual pace, from which on it is worth a sentence


def german(lang: str) -> bool:
    """Whether a person with this language reads German; everybody else reads English."""
    return lang.startswith("de")


def severity(level: Severity, lang: str) -> str:
    """The level as one word."""
    return _SEVERITIES[level][0 if german(lang) else 1]


def status(known: RumourStatus, lang: str) -> str:
    """What the authority knows of the rumour, in a few words."""
    return _STATUSES[known][0 if german(lang) else 1]


def posts(count: int, lang: str) -> str:
    """ "1 Beitrag", "14 posts"."""
    if german(lang):
        return "1 Beitrag" if count == 1 else f"{_number(count, lang)} Beiträge"
    return "1 post" if count == 1 else f"{_number(count, lang)} posts"


def sources(count: int, lang: str) -> str:
    """ "aus 3 Quellen" without the preposition, in the dative: "einer Quelle", "3 Quellen"."""
    if german(lang):
        return "einer Quelle" if count == 1 else f"{_number(count, lang)} Quellen"
    return "one source" if count == 1 else f"{_number(count, lang)} sources"


def clock(at: datetime, zone: tzinfo, lang: str) -> str:
    """Day and time as the person's own clock shows them: "23.11., 04:28 Uhr", "23 Nov, 04:28"."""
    try:
        local = at.astimezone(zone)
    except OverflowError:  # a feed may claim the year 1 or 9999
        local = at
    if german(lang):
        return f"{local.day}.{local.month}., {local:%H:%M} Uhr"
    return f"{local.day} {_MONTHS[local.month - 1]}, {local:%H:%M}"


def duration(length: timedelta, lang: str) -> str:
    """A stretch of time, rounded down to minutes, hours or days (dative in German)."""
    minutes = max(int(length.total_seconds() // 60), 1)
    if minutes < 120:
        return _unit(minutes, ("Minute", "Minuten"), ("minute", "minutes"), lang)
    if minutes < 48 * 60:
        return _unit(minutes // 60, ("Stunde", "Stunden"), ("hour", "hours"), lang)
    return _unit(minutes // 1440, ("Tag", "Tagen"), ("day", "days"), lang)


def headline(incident: Incident, spread: Spread, now: datetime, lang: str) -> str:
    """How many in what time, for a subject line: "14 Beiträge in 20 Min."."""
    if incident.wave > 1:
        hour = "in 1 Std." if german(lang) else "in 1 h"
        return f"{posts(spread.last_hour, lang)} {hour}"
    minutes = int((now - incident.opened).total_seconds() // 60)
    counted = posts(spread.posts, lang)
    if spread.posts <= 1 or minutes < 2:
        return counted
    if minutes < 120:
        return f"{counted} in {minutes} Min." if german(lang) else f"{counted} in {minutes} min"
    if minutes < 48 * 60:
        hours = minutes // 60
        return f"{counted} in {hours} Std." if german(lang) else f"{counted} in {hours} h"
    return f"{counted} in {duration(now - incident.opened, lang)}"


def speed(spread: Spread, lang: str) -> str:
    """How many, how fast, where, and what is usual there, in one or two sentences."""
    recent, usual = spread.last_10_minutes, max(round(spread.usual_per_hour), 0)
    if german(lang):
        lately = f", davon {_number(recent, lang)} in den letzten 10 Minuten" if recent else ""
        first = f"{posts(spread.posts, lang)}{lately}, aus {sources(spread.sources, lang)}."
        second = (
            f" Üblich sind dort zusammen etwa {posts(usual, lang)} in der Stunde, gleich worüber."
            if usual
            else ""
        )
    else:
        lately = f", {_number(recent, lang)} of them in the last 10 minutes" if recent else ""
        first = f"{posts(spread.posts, lang)}{lately}, from {sources(spread.sources, lang)}."
        second = (
            f" Usually these carry about {posts(usual, lang)} an hour together, about anything."
            if usual
            else ""
        )
    return first + second + _faster(spread, lang)


def _faster(spread: Spread, lang: str) -> str:
    """The pace against the usual, where a pace can be spoken of: several posts, some usual."""
    times = pace(spread)
    if spread.last_10_minutes < 3 or spread.usual_per_hour < 1 or times < _SOME_SPEED:
        return ""
    factor = _number(round(times) if times >= 3 else round(times, 1), lang).removesuffix(",0")
    factor = factor.removesuffix(".0")
    if german(lang):
        return f" Gerade läuft allein dieses Gerücht {factor}-mal so schnell."
    return f" Right now this rumour alone runs {factor} times as fast."


def _unit(count: int, de: tuple[str, str], en: tuple[str, str], lang: str) -> str:
    one, many = de if german(lang) else en
    return f"{count} {one if count == 1 else many}"


def _number(value: float, lang: str) -> str:
    """With the language's thousands and decimal signs."""
    written = f"{value:,}"
    return written.translate(str.maketrans(",.", ".,")) if german(lang) else written
