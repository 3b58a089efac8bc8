"""Which posts of a scenario are out by now, as a list and as a local feed. Pure; serves nothing."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import datetime, timedelta
from email.utils import format_datetime

from crisis.drills.scenario import Line, Scenario, marked
from crisis.types import Drill

# RSS's own <author> is an e-mail address; names go here.
_DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"


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


def _escaped(text: str) -> str:
    """As a feed carries text: HTML."""
    for char, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\n", "<br>")):
        text = text.replace(char, entity)
    return text
