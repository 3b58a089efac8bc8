"""What people fill into the blanks of an answer: is it usable, what is still missing, what may be
suggested. How a value gets into the text stands in ``playbooks.blanks``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, tzinfo

from crisis.errors import InvalidInputError
from crisis.playbooks import blanks as _text
from crisis.playbooks.blanks import blanks, placeholders
from crisis.playbooks.kinds import clock_words, day_words, problem_of
from crisis.types import BlankKind, Incident, Placeholder, Response, ResponseState

__all__ = ["MOST_CHARACTERS", "blanks", "check_value", "fill", "missing", "prefill", "remembered"]

MOST_CHARACTERS = 300  # of one value; longer passages belong into the playbook and its approval

# What people leave standing when they do not know yet.
_LEFT_OPEN = re.compile(
    r"[\W_]*|\W*(x{2,}|n\.?\s?n\.?|todo|tbd|tba|\?+|beispiel|example|platzhalter|placeholder)\W*",
    re.IGNORECASE,
)
_MARKED_EXAMPLE = re.compile(r"(beispiel|example|z\. ?b\.|e\. ?g\.)\s*:?\s*(?P<rest>.*)", re.I)
# Characters that make text read in another order than it is written, or hide in it.
_HIDDEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_FOREIGN_BLANK = re.compile(r"\{\{|\}\}")
_WEEKDAYS = {
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}


def check_value(
    value: str,
    *,
    placeholder: Placeholder | None = None,
    breaks: bool = False,
    local: datetime | None = None,
) -> tuple[str, str] | None:
    """Why ``value`` cannot be taken, as a sentence (de, en), or None if it can.

    ``breaks`` allows line breaks. ``placeholder`` is the blank it is for, if known. ``local`` is the
    authority's clock; without it nobody asks whether a moment lies ahead.
    """
    # As the form asks it: the author's question, else the blank's name.
    name = (placeholder.hint or placeholder.name) if placeholder else ""
    label = f"„{name}“: " if name else ""
    label_en = f'"{name}": ' if name else ""
    for failed, de, en in _rules(value, placeholder, breaks):
        if failed:
            return label + de, label_en + en
    wrong = problem_of(placeholder, value, local=local) if placeholder else None
    return (label + wrong[0], label_en + wrong[1]) if wrong else None


def _rules(
    value: str, placeholder: Placeholder | None, breaks: bool
) -> Iterable[tuple[bool, str, str]]:
    yield _is_empty(value), "Hier fehlt noch Ihre Angabe.", "This still needs your words."
    yield (
        _LEFT_OPEN.fullmatch(value) is not None or _is_example(value, placeholder),
        "Das ist noch das Beispiel oder ein Merkzeichen. Tragen Sie ein, was jetzt gilt.",
        "This is still the example or a reminder. Enter what is true now.",
    )
    yield (
        len(value) > MOST_CHARACTERS,
        f"Das ist zu lang: höchstens {MOST_CHARACTERS} Zeichen.",
        f"This is too long: {MOST_CHARACTERS} characters at most.",
    )
    yield (
        not breaks and len(value.strip().splitlines()) > 1,
        "Bitte ohne Zeilenumbruch.",
        "No line breaks here, please.",
    )
    hidden = _HIDDEN.search(value) or any(
        unicodedata.category(c) in ("Cc", "Cs", "Co", "Cn") and c not in "\n\r\t" for c in value
    )
    yield (
        bool(hidden),
        "Darin steht ein unsichtbares Zeichen. Bitte tippen Sie den Text neu ein.",
        "There is an invisible character in it. Please type the text again.",
    )
    yield (
        _FOREIGN_BLANK.search(value) is not None,
        "Doppelte geschweifte Klammern gehen hier nicht.",
        "Double braces cannot be used here.",
    )


def fill(
    text: str,
    values: Mapping[str, str],
    *,
    placeholders: Iterable[Placeholder] = (),
    breaks: Collection[str] = (),
) -> str:
    """The Markdown ``text`` with its blanks filled; values are shown as typed and cannot add markup.

    ``breaks`` names the blanks that may hold line breaks.

    Raises:
        InvalidInputError: a value is missing or unusable; says all of them at once.
    """
    known = {placeholder.name: placeholder for placeholder in placeholders}
    wrong = []
    for name in blanks(text):
        placeholder = known.get(name, Placeholder(name=name))
        problem = check_value(values.get(name, ""), placeholder=placeholder, breaks=name in breaks)
        wrong.extend([problem] if problem else [])
    if wrong:
        raise InvalidInputError(" ".join(de for de, _ in wrong), " ".join(en for _, en in wrong))
    return _text.fill(text, values, breaks=breaks)


def missing(texts: Mapping[str, str] | Iterable[str], values: Mapping[str, str]) -> list[str]:
    """Names of the blanks that have no usable value yet, each once, in order of appearance.

    ``texts`` are the texts to fill, or a mapping from channel to text as ``Response.texts``.
    """
    all_texts = list(texts.values()) if isinstance(texts, Mapping) else list(texts)
    return [
        name
        for name, placeholder in placeholders("\n".join(all_texts)).items()
        if check_value(values.get(name, ""), placeholder=placeholder) is not None
    ]


def remembered(
    wanted: Iterable[Placeholder],
    incident: Incident,
    previous: Iterable[Response],
    *,
    phone: str = "",
    email: str = "",
) -> dict[str, str]:
    """Suggestions from what people filled in before, newest of ``previous`` first: for this incident
    whatever does not tell the time, from others only how we are reached. ``phone`` and ``email`` are
    those of the authority."""
    found: dict[str, str] = {}
    answers = [one for one in previous if one.state is not ResponseState.DISCARDED]
    for placeholder in wanted:
        for answer in answers:
            value = answer.values.get(placeholder.name, "")
            lasts = placeholder.kind in _LASTING or _HOTLINE.search(placeholder.name)
            keeps = lasts or (answer.incident_id == incident.id and _keeps(placeholder))
            if value and keeps and check_value(value, placeholder=placeholder) is None:
                found[placeholder.name] = value
                break
        else:
            if placeholder.kind is BlankKind.EMAIL and email:
                found[placeholder.name] = email
            elif _HOTLINE.search(placeholder.name) and phone:
                found[placeholder.name] = phone
    return found


_LASTING = frozenset({BlankKind.EMAIL, BlankKind.URL})
_FLEETING = frozenset({BlankKind.DATE, BlankKind.TIME, BlankKind.DATETIME, BlankKind.NUMBER})
_HOTLINE = re.compile(r"buergertelefon|hotline|helpline|citizens_phone")
_TELLS_TIME = re.compile(r"info|stand|uhr|wann|zeit|datum|time|date|until|bis|probe|since|seit")


def _keeps(placeholder: Placeholder) -> bool:
    """Whether what was true an hour ago is likely to be true now."""
    return placeholder.kind not in _FLEETING and not _TELLS_TIME.search(placeholder.name)


def prefill(
    placeholders: Iterable[Placeholder],
    incident: Incident,
    *,
    now: datetime,
    zone: tzinfo,
    lang: str = "de",
) -> dict[str, str]:
    """Suggestions for the blanks whose names ask for a date or time: today, now, since when.

    ``zone`` is the authority's time zone. A person confirms every one of them.
    """
    local, opened = now.astimezone(zone), incident.opened.astimezone(zone)
    german = lang.startswith("de")
    offers = {
        "datum": _day(local, german),
        "heute": _day(local, german),
        "uhrzeit": _time(local, german),
        "stand": f"{_day(local, german)}, {_time(local, german)}",
        "seit": f"{_day(opened, german)}, {_time(opened, german)}",
        "wochentag": _WEEKDAYS["de" if german else "en"][local.weekday()],
    }
    for english, word in _ENGLISH.items():
        offers[english] = offers[word]
    return {p.name: offers[p.name] for p in placeholders if p.name in offers}


_ENGLISH = {
    "date": "datum",
    "today": "heute",
    "time": "uhrzeit",
    "as_of": "stand",
    "since": "seit",
    "weekday": "wochentag",
}


def _day(local: datetime, german: bool) -> str:
    return day_words(local.date(), "de" if german else "en")


def _time(local: datetime, german: bool) -> str:
    return clock_words(local.time(), "de" if german else "en")


def _is_empty(value: str) -> bool:
    return not any(unicodedata.category(c)[0] in "LNPSM" for c in value)


def _is_example(value: str, placeholder: Placeholder | None) -> bool:
    """ "Beispiel: Nordstadt" was never replaced; plain "Nordstadt" may be what is true now."""
    marked = _MARKED_EXAMPLE.fullmatch(value.strip())
    if marked is None or placeholder is None or not placeholder.example:
        return False
    return marked["rest"].strip().casefold() == placeholder.example.strip().casefold()
