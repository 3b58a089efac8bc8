"""A scenario file, read: YAML front matter with posts and expected actions, then a guide in Markdown. Pure.

One for the team (``dauer_minuten``) says what is expected by when; one to get to know the desk
(``dauer_sekunden``) need not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from crisis.drills.expected import ACTIONS, Action, Expected
from crisis.errors import InvalidInputError

MOST_POSTS = 500
LONGEST = 3600  # seconds; of one to get to know the desk
LONGEST_MINUTES = 8 * 60  # of one for the team: a shift
MOST_EXPECTED = 40
_HEAD = frozenset(
    {
        *("titel", "titel_en", "sprache", "dauer_sekunden", "dauer_minuten"),
        *("geruecht", "playbook", "beitraege", "erwartet"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One post of a scenario: after so many seconds this person writes this."""

    after: float
    author: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What an exercise plays."""

    name: str
    title: str
    title_en: str = ""
    lang: str
    seconds: int
    rumour_id: str
    playbook: str
    lines: tuple[Line, ...]
    expected: tuple[Expected, ...] = ()
    guide: str  # Markdown for the participants

    @property
    def team(self) -> bool:
        """Whether it is for the team: something is expected of them."""
        return bool(self.expected)

    @property
    def minutes(self) -> int:
        """How long it runs."""
        return -(-self.seconds // 60)

    def called(self, lang: str) -> str:
        """Its title, in English where there is one and ``lang`` is not German."""
        return self.title if lang.startswith("de") else self.title_en or self.title


def parse(name: str, text: str) -> Scenario:
    """Read a scenario file: YAML front matter with the posts, then a guide in Markdown.

    Raises InvalidInputError naming what is missing or wrong.
    """
    head, guide = _split(name, text)
    try:
        data = yaml.safe_load(head)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        place = getattr(getattr(error, "problem_mark", None), "line", None)
        line = "" if place is None else f", Zeile {place + 2}"
        raise _wrong(
            name, f"der Kopf ist kein lesbares YAML{line}", "the header is no readable YAML"
        ) from error
    if not isinstance(data, Mapping):
        raise _wrong(name, "der Kopf ist leer", "the header is empty")
    unknown = sorted(str(key) for key in set(data) - _HEAD)
    if unknown:
        raise _wrong(
            name, f"das Feld „{unknown[0]}“ gibt es nicht", f"there is no field “{unknown[0]}”"
        )
    seconds = _seconds(name, data)
    lines = tuple(_line(name, number, raw) for number, raw in enumerate(_lines(name, data), 1))
    expected = tuple(
        _expected(name, number, raw, seconds) for number, raw in enumerate(_wishes(name, data), 1)
    )
    if "dauer_minuten" in data and not expected:
        raise _wrong(
            name,
            "in „erwartet“ muss stehen, was bis wann geschehen soll",
            "“erwartet” must say what should happen by when",
        )
    return Scenario(
        name=name,
        title=_text(name, data, "titel"),
        title_en=str(data.get("titel_en", "")).strip(),
        lang=str(data.get("sprache", "de")),
        seconds=seconds,
        rumour_id=_text(name, data, "geruecht"),
        playbook=_text(name, data, "playbook"),
        lines=tuple(sorted(lines, key=lambda line: line.after)),
        expected=tuple(sorted(expected, key=lambda one: one.minute)),
        guide=guide.strip(),
    )


def marked(title: str, lang: str = "de") -> str:
    """The title so that nobody takes it for real."""
    return ("ÜBUNG: " if lang.startswith("de") else "EXERCISE: ") + bare(title)


def bare(title: str) -> str:
    """The title without the mark, for places that are marked already."""
    for mark in ("ÜBUNG:", "Übung:", "EXERCISE:", "Exercise:"):
        title = title.removeprefix(mark).strip()
    return title


def _split(name: str, text: str) -> tuple[str, str]:
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if not text.startswith("---\n") or "\n---\n" not in text[3:] + "\n":
        raise _wrong(
            name,
            "der Kopf zwischen zwei Zeilen aus drei Strichen fehlt",
            "the header between two lines of three dashes is missing",
        )
    head, _, guide = (text[4:] + "\n").partition("\n---\n")
    return head, guide


def _seconds(name: str, data: Mapping[str, Any]) -> int:
    """How long it runs."""
    if "dauer_minuten" in data:
        minutes = data["dauer_minuten"]
        if type(minutes) is not int or not 1 <= minutes <= LONGEST_MINUTES:
            raise _wrong(
                name,
                f"dauer_minuten geht von 1 bis {LONGEST_MINUTES}",
                f"dauer_minuten is 1 to {LONGEST_MINUTES}",
            )
        return 60 * minutes
    seconds = data.get("dauer_sekunden", 60)
    if type(seconds) is not int or not 1 <= seconds <= LONGEST:
        raise _wrong(
            name, f"dauer_sekunden geht von 1 bis {LONGEST}", f"dauer_sekunden is 1 to {LONGEST}"
        )
    return seconds


def _lines(name: str, data: Mapping[str, Any]) -> list[Any]:
    found = data.get("beitraege")
    if not isinstance(found, list) or not 1 <= len(found) <= MOST_POSTS:
        raise _wrong(
            name,
            f"beitraege muss 1 bis {MOST_POSTS} Beiträge enthalten",
            f"beitraege must hold 1 to {MOST_POSTS} posts",
        )
    return found


def _line(name: str, number: int, raw: Any) -> Line:
    if not isinstance(raw, Mapping) or not isinstance(raw.get("text"), str):
        raise _wrong(name, f"Beitrag {number} hat keinen Text", f"post {number} has no text")
    after: Any = raw.get("nach")
    minute: Any = raw.get("minute")
    if minute is not None and _is_time(minute, LONGEST_MINUTES):
        after = 60 * minute
    elif minute is not None or not _is_time(after, LONGEST):
        raise _wrong(
            name,
            f"Beitrag {number}: „minute“ oder „nach“ (Sekunden) muss eine Zahl sein",
            f"post {number}: “minute” or “nach” (seconds) must be a number",
        )
    return Line(after=float(after), author=str(raw.get("von", "")), text=raw["text"].strip())


def _is_time(value: Any, most: int) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= most


def _wishes(name: str, data: Mapping[str, Any]) -> list[Any]:
    found = data.get("erwartet", [])
    if not isinstance(found, list) or len(found) > MOST_EXPECTED:
        raise _wrong(
            name,
            f"erwartet muss eine Liste von höchstens {MOST_EXPECTED} Punkten sein",
            f"erwartet must be a list of at most {MOST_EXPECTED} points",
        )
    return found


def _expected(name: str, number: int, raw: Any, seconds: int) -> Expected:
    what = raw.get("was") if isinstance(raw, Mapping) else None
    if what not in [action.value for action in Action]:
        known = ", ".join(action.value for action in ACTIONS)
        raise _wrong(
            name,
            f"erwartet, Punkt {number}: „was“ muss eines von {known} sein",
            f"erwartet, point {number}: “was” must be one of {known}",
        )
    minute: Any = raw.get("bis")
    if not _is_time(minute, seconds // 60 or 1):
        raise _wrong(
            name,
            f"erwartet, Punkt {number}: „bis“ muss eine Minute der Übung sein",
            f"erwartet, point {number}: “bis” must be a minute of the exercise",
        )
    note = raw.get("hinweis", "")
    return Expected(action=Action(what), minute=float(minute), note=str(note).strip())


def _text(name: str, data: Mapping[str, Any], field: str) -> str:
    value = data.get(field)
    if not isinstance(value, str) or not value.strip():
        raise _wrong(name, f"das Feld „{field}“ fehlt", f"the field “{field}” is missing")
    return value.strip()


def _wrong(name: str, de: str, en: str) -> InvalidInputError:
    return InvalidInputError(
        f"Das Übungsdrehbuch „{name}“ ist nicht brauchbar: {de}.",
        f"The exercise scenario “{name}” cannot be used: {en}.",
    )
