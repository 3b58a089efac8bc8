"""Corrections as an Atom feed (RFC 4287). Pure: knows no request, no store and no clock."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

_ATOM = "http://www.w3.org/2005/Atom"
_XML = "http://www.w3.org/XML/1998/namespace"
# What XML 1.0 cannot hold, not even escaped (its production 2, "Char").
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One correction as it stands now."""

    id: str  # an IRI that never changes
    title: str
    address: str
    lang: str
    summary: str  # plain text
    html: str  # the body, safe
    published: datetime
    updated: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """The feed around them."""

    id: str
    title: str
    author: str
    address: str  # of the list
    self_address: str
    lang: str
    updated: datetime  # of the newest change, or when there is none: any fixed time
    entries: Sequence[Entry]


def write(feed: Feed, *, hub: str = "") -> bytes:
    """The feed as a document in UTF-8. ``hub``: where readers may ask to be told at once (WebSub)."""
    ET.register_namespace("", _ATOM)
    root = ET.Element(f"{{{_ATOM}}}feed", {f"{{{_XML}}}lang": feed.lang})
    _text(root, "id", feed.id)
    _text(root, "title", feed.title)
    _text(root, "updated", _moment(feed.updated))
    _text(ET.SubElement(root, f"{{{_ATOM}}}author"), "name", feed.author)
    _link(root, "self", feed.self_address, "application/atom+xml")
    _link(root, "alternate", feed.address, "text/html")
    if hub:
        ET.SubElement(root, f"{{{_ATOM}}}link", {"rel": "hub", "href": hub})
    for entry in feed.entries:
        _entry(root, entry)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _entry(root: ET.Element, entry: Entry) -> None:
    node = ET.SubElement(root, f"{{{_ATOM}}}entry", {f"{{{_XML}}}lang": entry.lang})
    _text(node, "id", entry.id)
    _text(node, "title", entry.title)
    _text(node, "published", _moment(entry.published))
    _text(node, "updated", _moment(entry.updated))
    _link(node, "alternate", entry.address, "text/html")
    _text(node, "summary", entry.summary)
    _text(node, "content", entry.html, type="html")


def _text(parent: ET.Element, name: str, text: str, **attributes: str) -> None:
    node = ET.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    node.text = _FORBIDDEN.sub("", text)


def _link(parent: ET.Element, relation: str, address: str, kind: str) -> None:
    ET.SubElement(parent, f"{{{_ATOM}}}link", {"rel": relation, "href": address, "type": kind})


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
