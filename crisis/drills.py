"""Exercises: read a scenario file, and say which of its posts its local feed carries by now.

Pure. Does not start or remove anything: see ``workflows.drill``. The posts go through the real chain; only
their source is played.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any

import yaml

from crisis.errors import InvalidInputError
from crisis.types import Drill

MOST_POSTS = 500
LONGEST = 3600  # seconds
# RSS's own <author> is an e-mail address; names go here.
_DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"


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
    lang: str
    seconds: int
    rumour_id: str
    playbook: str
    lines: tuple[Line, ...]
    guide: str  # Markdown for the participants


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
    lines = tuple(_line(name, number, raw) for number, raw in enumerate(_lines(name, data), 1))
    seconds = data.get("dauer_sekunden", 60)
    if not isinstance(seconds, int) or not 1 <= seconds <= LONGEST:
        raise _wrong(
            name, f"dauer_sekunden geht von 1 bis {LONGEST}", f"dauer_sekunden is 1 to {LONGEST}"
        )
    return Scenario(
        name=name,
        title=_text(name, data, "titel"),
        lang=str(data.get("sprache", "de")),
        seconds=seconds,
        rumour_id=_text(name, data, "geruecht"),
        playbook=_text(name, data, "playbook"),
        lines=tuple(sorted(lines, key=lambda line: line.after)),
        guide=guide.strip(),
    )


def marked(title: str) -> str:
    """The title so that nobody takes it for real."""
    return "ÜBUNG: " + title.removeprefix("ÜBUNG:").removeprefix("Übung:").strip()


def played(scenario: Scenario, drill: Drill, now: datetime) -> list[Line]:
    """The posts that are out by now, the oldest first."""
    passed = (now - drill.started).total_seconds()
    return [line for line in scenario.lines if line.after <= passed]


def feed(scenario: Scenario, drill: Drill, now: datetime) -> bytes:
    """The exercise's local RSS feed as it stands now, the newest post first."""
    rss = ET.Element("rss", version="2.0")
    channel = ET.SubElement(rss, "channel")
    for tag, text in (
        ("title", marked(scenario.title)),
        ("link", "http://uebung.invalid/"),
        ("description", "Nur eine Übung. Nichts davon ist echt."),
        ("language", scenario.lang),
    ):
        ET.SubElement(channel, tag).text = text
    for number, line in reversed(list(enumerate(played(scenario, drill, now)))):
        item = ET.SubElement(channel, "item")
        ET.SubElement(item, "guid", isPermaLink="false").text = f"{drill.token[:8]}-{number}"
        ET.SubElement(item, f"{{{_DUBLIN_CORE}}}creator").text = line.author
        ET.SubElement(item, "description").text = _escaped(line.text)
        moment = drill.started + timedelta(seconds=line.after)
        ET.SubElement(item, "pubDate").text = format_datetime(moment)
    return bytes(ET.tostring(rss, encoding="utf-8", xml_declaration=True))


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
    after = raw.get("nach")
    if not isinstance(after, int | float) or isinstance(after, bool) or not 0 <= after <= LONGEST:
        raise _wrong(
            name,
            f"Beitrag {number}: „nach“ muss eine Zahl von Sekunden sein",
            f"post {number}: “nach” must be a number of seconds",
        )
    return Line(after=float(after), author=str(raw.get("von", "")), text=raw["text"].strip())


def _text(name: str, data: Mapping[str, Any], field: str) -> str:
    value = data.get(field)
    if not isinstance(value, str) or not value.strip():
        raise _wrong(name, f"das Feld „{field}“ fehlt", f"the field “{field}” is missing")
    return value.strip()


def _escaped(text: str) -> str:
    """As a feed carries text: HTML."""
    for char, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\n", "<br>")):
        text = text.replace(char, entity)
    return text


def _wrong(name: str, de: str, en: str) -> InvalidInputError:
    return InvalidInputError(
        f"Das Übungsdrehbuch „{name}“ ist nicht brauchbar: {de}.",
        f"The exercise scenario “{name}” cannot be used: {en}.",
    )
