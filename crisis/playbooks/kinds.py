"""What may stand in a blank, by its kind: ``{{ naechste_info: datetime }}``. Reads what authors write
behind the colon and in the header, and what people fill in; makes words of dates and times.

Knows no clock: "heute" needs the moment ``local``. How a value gets into a text stands in ``blanks``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from urllib.parse import urlsplit

from crisis.types import BlankKind, Placeholder

_K = BlankKind
WORDS = {  # what authors may write -> kind; German and English
    **{kind.value: kind for kind in BlankKind},
    "zahl": _K.NUMBER,
    "datum": _K.DATE,
    "tag": _K.DATE,
    "uhrzeit": _K.TIME,
    "zeitpunkt": _K.DATETIME,
    "telefon": _K.PHONE,
    "e_mail": _K.EMAIL,
    "link": _K.URL,
    "adresse": _K.URL,
    "ort": _K.PLACE,
    "auswahl": _K.CHOICE,
}
GERMAN = {
    _K.TEXT: "text",
    _K.NUMBER: "zahl",
    _K.DATE: "datum",
    _K.TIME: "uhrzeit",
    _K.DATETIME: "zeitpunkt",
    _K.PHONE: "telefon",
    _K.EMAIL: "email",
    _K.URL: "link",
    _K.PLACE: "ort",
    _K.CHOICE: "auswahl",
}
EXAMPLES = {  # realistic lengths where the author gives none
    _K.NUMBER: "120",
    _K.DATE: "24. November 2026",
    _K.TIME: "18:30 Uhr",
    _K.DATETIME: "24. November 2026, 18:30 Uhr",
    _K.PHONE: "030 23125 100",
    _K.EMAIL: "presse@stadt.example",
    _K.URL: "https://www.stadt.example/aktuelles",
    _K.PLACE: "Nordstadt und Hafen",
}
_TIMELY = frozenset({_K.DATE, _K.TIME, _K.DATETIME})
_SPEC = re.compile(r"(?P<kind>[^\W\d_][\w-]*)[ \t]*(?:\((?P<options>[^(){}\n]*)\))?", re.UNICODE)
_LEAST = re.compile(r"(?:min|mindestens|at least|ab)\s+(-?\d+(?:[.,]\d+)?)(?:\s+\w+)?")
_MOST = re.compile(r"(?:max|höchstens|hoechstens|at most|bis)\s+(-?\d+(?:[.,]\d+)?)(?:\s+\w+)?")
_TENSES = {"zukunft": "future", "future": "future", "vergangenheit": "past", "past": "past"}
_MOST_CHOICES = 20
_UNSAFE_CHOICE = re.compile(r"[,(){}\n]")


# --- what authors write ------------------------------------------------------------------------


def read_spec(name: str, spec: str) -> Placeholder | None:
    """The blank behind ``name: spec``, such as ``number(min 1, max 10)``; None if it says nothing
    we know. An empty ``spec`` is a plain text."""
    found = _SPEC.fullmatch(spec.strip() or "text")
    kind = WORDS.get(found["kind"].casefold().replace("-", "_")) if found else None
    if found is None or kind is None:
        return None
    options = [option.strip() for option in (found["options"] or "").split(",")]
    options = [option for option in options if option]
    if kind is _K.CHOICE:
        choices = tuple(dict.fromkeys(options))
        usable = 2 <= len(choices) <= _MOST_CHOICES
        return Placeholder(name=name, kind=kind, choices=choices) if usable else None
    return limited(Placeholder(name=name, kind=kind), options)


def limited(placeholder: Placeholder, checks: list[str]) -> Placeholder | None:
    """``placeholder`` with the checks authors wrote ("min 1", "future"); None if one is unknown or
    does not fit its kind."""
    for check in checks:
        words = check.casefold()
        if words in _TENSES and placeholder.kind in (_K.DATE, _K.DATETIME):
            placeholder = replace(placeholder, tense=_TENSES[words])
        elif (found := _LEAST.fullmatch(words)) and placeholder.kind not in _TIMELY:
            placeholder = replace(placeholder, least=float(found[1].replace(",", ".")))
        elif (found := _MOST.fullmatch(words)) and placeholder.kind not in _TIMELY:
            placeholder = replace(placeholder, most=float(found[1].replace(",", ".")))
        else:
            return None
    if (
        placeholder.least is not None
        and placeholder.most is not None
        and placeholder.least > placeholder.most
    ):
        return None
    return placeholder


def usable_choices(choices: tuple[str, ...]) -> bool:
    """Whether these can be the choices of a blank: two to twenty, without commas and brackets."""
    return 2 <= len(set(choices)) <= _MOST_CHOICES and not any(
        _UNSAFE_CHOICE.search(choice) for choice in choices
    )


def spec_of(placeholder: Placeholder) -> str:
    """What stands behind the colon for this blank; "" for a plain text without limits."""
    options = checks_of(placeholder)
    if placeholder.kind is _K.CHOICE:
        options = list(placeholder.choices)
    if not options:
        return "" if placeholder.kind is _K.TEXT else placeholder.kind.value
    return f"{placeholder.kind.value}({', '.join(options)})"


def checks_of(placeholder: Placeholder) -> list[str]:
    """Its checks as authors write them."""
    found = [placeholder.tense] if placeholder.tense else []
    if placeholder.least is not None:
        found.append(f"min {placeholder.least:g}")
    if placeholder.most is not None:
        found.append(f"max {placeholder.most:g}")
    return found


def example_of(placeholder: Placeholder) -> str:
    """Its example, or a value of realistic length, or its name."""
    if placeholder.example:
        return placeholder.example
    if placeholder.kind is _K.CHOICE:
        return max(placeholder.choices, key=len)
    return EXAMPLES.get(placeholder.kind, placeholder.name)


# --- what people fill in -----------------------------------------------------------------------

_MONTHS = {
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "en": "January February March April May June July August September October November December",
}
_NUMBER_OF = {
    word.casefold()[:3]: n
    for words in _MONTHS.values()
    for n, word in enumerate(words.split(), start=1)
} | {"mär": 3, "mae": 3}
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
_NAMED = re.compile(r"(?:[^\W\d_]+,\s*)?(\d{1,2})\.?\s+([^\W\d_]{3,9})\s+(\d{4})")
_RELATIVE = {"heute": 0, "today": 0, "morgen": 1, "tomorrow": 1, "gestern": -1, "yesterday": -1}
_CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2})(?::\d{2}(?:\.\d+)?)?)?\s*(?P<tail>uhr|h|a\.?m\.?|p\.?m\.?)?"
)
_NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:[.,\u202f\u00a0 ]\d{3})+|\d+)(?:[.,]\d+)?")
_PHONE = re.compile(r"\+?[\d() /\u202f\u00a0–-]{3,30}")
_EMAIL = re.compile(r"[^\s@<>()\"',;]{1,64}@[^\s@<>()\"',;]+\.[^\W\d_]{2,}")


def normal_value(
    placeholder: Placeholder, value: str, *, lang: str = "de", local: datetime | None = None
) -> str:
    """``value`` in the words readers get: "2026-11-24" becomes "24. November 2026". What cannot be
    read stays as it was typed. ``local`` is the authority's clock, for "heute um 18 Uhr"."""
    value = value.strip()
    if placeholder.kind is _K.DATE and (day := read_day(value, local)):
        return day_words(day, lang)
    if placeholder.kind is _K.TIME and (clock := read_clock(value)):
        return clock_words(clock, lang)
    if placeholder.kind is _K.DATETIME and (moment := read_moment(value, local)):
        return f"{day_words(moment.date(), lang)}, {clock_words(moment.time(), lang)}"
    if placeholder.kind is _K.CHOICE:
        same = (c for c in placeholder.choices if c.casefold() == value.casefold())
        return next(same, value)
    return value


def input_value(placeholder: Placeholder, value: str) -> str:
    """``value`` as a form field of the blank's kind wants it: "2026-11-24T18:00"; "" if unreadable."""
    if placeholder.kind is _K.DATE:
        day = read_day(value)
        return day.isoformat() if day else ""
    if placeholder.kind is _K.TIME:
        clock = read_clock(value)
        return f"{clock:%H:%M}" if clock else ""
    if placeholder.kind is _K.DATETIME:
        moment = read_moment(value)
        return f"{moment:%Y-%m-%dT%H:%M}" if moment else ""
    return value


def problem_of(
    placeholder: Placeholder, value: str, *, local: datetime | None = None
) -> tuple[str, str] | None:
    """Why ``value`` does not fit the blank's kind, as a sentence (de, en); None if it does.

    Whether a moment lies ahead is asked only where ``local``, the authority's clock, is given.
    """
    value = value.strip()
    kind = placeholder.kind
    if kind in _TIMELY:
        return _time_problem(placeholder, value, local)
    if kind is _K.NUMBER:
        return _number_problem(placeholder, value)
    if kind is _K.CHOICE and value not in placeholder.choices:
        names = ", ".join(placeholder.choices)
        return f"Bitte eines davon: {names}.", f"One of these, please: {names}."
    if not _looks_right(kind, value):
        return _SHAPES[kind]
    return _length_problem(placeholder, value)


_SHAPES = {
    _K.PHONE: (
        "Das sieht nicht wie eine Telefonnummer aus. Zum Beispiel: 030 23125 100",
        "This does not look like a telephone number. For example: 030 23125 100",
    ),
    _K.EMAIL: (
        "Das sieht nicht wie eine E-Mail-Adresse aus. Zum Beispiel: presse@stadt.example",
        "This does not look like an e-mail address. For example: press@town.example",
    ),
    _K.URL: (
        "Das ist keine vollständige Adresse. Sie beginnt mit https://",
        "This is no complete address. It begins with https://",
    ),
    _K.PLACE: (
        "Bitte nennen Sie den Ort mit Namen.",
        "Please name the place.",
    ),
}


def _looks_right(kind: BlankKind, value: str) -> bool:
    if kind is _K.PHONE:
        return bool(_PHONE.fullmatch(value)) and sum(c.isdigit() for c in value) >= 3
    if kind is _K.EMAIL:
        return _EMAIL.fullmatch(value) is not None
    if kind is _K.URL:
        return _is_address(value)
    if kind is _K.PLACE:
        return any(c.isalpha() for c in value)
    return True


def _is_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and "." in parts.netloc and " " not in value


def _length_problem(placeholder: Placeholder, value: str) -> tuple[str, str] | None:
    if placeholder.least is not None and len(value) < placeholder.least:
        return (
            f"Bitte mindestens {placeholder.least:g} Zeichen.",
            f"At least {placeholder.least:g} characters, please.",
        )
    if placeholder.most is not None and len(value) > placeholder.most:
        return (
            f"Bitte höchstens {placeholder.most:g} Zeichen.",
            f"At most {placeholder.most:g} characters, please.",
        )
    return None


def _number_problem(placeholder: Placeholder, value: str) -> tuple[str, str] | None:
    number = read_number(value)
    if number is None:
        return "Bitte nur eine Zahl, zum Beispiel 120.", "Only a number, please, such as 120."
    if placeholder.least is not None and number < placeholder.least:
        return (
            f"Die Zahl muss mindestens {placeholder.least:g} sein.",
            f"The number must be at least {placeholder.least:g}.",
        )
    if placeholder.most is not None and number > placeholder.most:
        return (
            f"Die Zahl darf höchstens {placeholder.most:g} sein.",
            f"The number must be at most {placeholder.most:g}.",
        )
    return None


def _time_problem(
    placeholder: Placeholder, value: str, local: datetime | None
) -> tuple[str, str] | None:
    if placeholder.kind is _K.TIME:
        if read_clock(value) is None:
            return (
                "Bitte als Uhrzeit, zum Beispiel 18:30 Uhr.",
                "As a time of day, please, such as 18:30.",
            )
        return None
    if placeholder.kind is _K.DATE:
        day = read_day(value, local)
        moment = datetime.combine(day, time(12)) if day else None
        now = datetime.combine(local, time(12)) if local else None
    else:
        moment = read_moment(value, local)
        now = local.replace(tzinfo=None) if local else None
    if moment is None:
        if placeholder.kind is _K.DATE:
            return (
                "Bitte als Tag, zum Beispiel 24. November 2026.",
                "As a day, please, such as 24 November 2026.",
            )
        return (
            "Bitte mit Tag und Uhrzeit, zum Beispiel 24. November 2026, 18:30 Uhr.",
            "With day and time, please, such as 24 November 2026, 18:30.",
        )
    if now is not None and placeholder.tense == "future" and moment < now:
        return (
            "Das ist schon vorbei. Bitte einen Zeitpunkt, der noch kommt.",
            "This is over already. A moment that is still to come, please.",
        )
    if now is not None and placeholder.tense == "past" and moment > now:
        return (
            "Das liegt in der Zukunft. Bitte einen Zeitpunkt, der schon war.",
            "This lies ahead. A moment that has been, please.",
        )
    return None


def read_number(value: str) -> float | None:
    """A number as Germans or the English write it, or None. One separator with three digits behind
    it groups; otherwise the last one is the decimal sign."""
    value = value.strip()
    if not _NUMBER.fullmatch(value):
        return None
    plain = re.sub(r"[\u202f\u00a0 ]", "", value)
    marks = [c for c in plain if c in ".,"]
    if not marks:
        return float(plain)
    head, _, tail = plain.rpartition(marks[-1])
    grouped = len(tail) == 3 and len(set(marks)) == 1
    if grouped:
        return float(plain.replace(marks[-1], ""))
    return float(re.sub(r"[.,]", "", head) + "." + tail)


def read_day(value: str, local: datetime | None = None) -> date | None:
    """A day written in figures, in words, or as "heute" where ``local`` says when that is."""
    value = value.strip()
    try:
        if found := _ISO_DAY.fullmatch(value):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _DOTTED.fullmatch(value):
            return date(int(found[3]), int(found[2]), int(found[1]))
        if found := _NAMED.fullmatch(value):
            month = _NUMBER_OF.get(found[2].casefold()[:3])
            return date(int(found[3]), month, int(found[1])) if month else None
    except ValueError:
        return None
    days = _RELATIVE.get(value.casefold())
    return None if days is None or local is None else local.date() + timedelta(days=days)


def read_clock(value: str) -> time | None:
    """A time of day: "18:30", "18.30 Uhr", "18 Uhr", "6 pm"."""
    found = _CLOCK.fullmatch(value.strip().casefold().removeprefix("um ").removeprefix("at "))
    if found is None or (found["minute"] is None and not found["tail"]):
        return None
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    tail = (found["tail"] or "").replace(".", "")
    if tail in ("am", "pm"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if tail == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def read_moment(value: str, local: datetime | None = None) -> datetime | None:
    """A day with a time, without a zone: "2026-11-24T18:30", "heute um 18 Uhr"."""
    value = value.strip()
    pieces = re.split(r"T(?=\d{2}:)|,?\s+(?:um|at|gegen|ab)\s+|,\s*(?=\d)", value)
    day = read_day(" ".join(pieces[:-1]), local) if len(pieces) > 1 else None
    clock = read_clock(pieces[-1])
    if day is None and ", " in value:  # "Dienstag, 24. November 2026, 18 Uhr"
        head, _, tail = value.rpartition(", ")
        day, clock = read_day(head, local), read_clock(tail)
    return datetime.combine(day, clock) if day and clock else None


def day_words(day: date, lang: str = "de") -> str:
    """ "24. November 2026", "24 November 2026"; other languages get "2026-11-24"."""
    months = _MONTHS.get(lang[:2])
    if months is None:
        return day.isoformat()
    return f"{day.day}{'.' if lang[:2] == 'de' else ''} {months.split()[day.month - 1]} {day.year}"


def clock_words(clock: time, lang: str = "de") -> str:
    """ "18:30 Uhr"; "18:30" in other languages."""
    return f"{clock:%H:%M}{' Uhr' if lang[:2] == 'de' else ''}"
