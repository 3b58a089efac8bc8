"""A share picture of an answer: what stands on it, and the words for those who cannot see it. Draws nothing.

The fact stands first and alone; the rumour is not repeated (Debunking Handbook 2020, "fact first").
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from crisis.channels.website import to_page
from crisis.types import Response, ResponseState

MOST_TEXT = 320  # characters under the headline; more cannot be read on a telephone
MOST_SOURCE = 120


class Shape(Enum):
    """Where a picture goes decides its size, in pixels: width, height."""

    WIDE = (1200, 630)  # previews of links (Open Graph asks for 1.91:1)
    SQUARE = (1080, 1080)  # channels of pictures
    TALL = (1080, 1920)  # stories


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Plain words, in the answer's language."""

    label: str
    title: str
    text: str
    source: str  # "" where none is named
    date: str
    address: str  # for people who read it off the picture: no "https://"
    authority: str
    lang: str
    gone: bool = False  # withdrawn

    @property
    def alt(self) -> str:
        """All that stands on the picture, in reading order: its alternative text."""
        parts = (self.label, self.title, self.text, self.source, self.date, self.address)
        return " ".join(_sentence(part) for part in (f"{self.authority}:", *parts) if part)


def to_card(
    response: Response, *, authority: str, date: str, address: str, source: str = ""
) -> Card:
    """The card of a released or withdrawn answer. ``date`` in words; ``address`` of its public page.

    Raises:
        NotFoundError: the answer has no text for the website.
        InvalidInputError: a blank has no value.
    """
    german = response.lang != "en"
    page = to_page(response)
    gone = response.state is ResponseState.WITHDRAWN
    label = _label(response, german=german, gone=gone)
    named = ("Quelle: " if german else "Source: ") + shortened(source, MOST_SOURCE)
    return Card(
        label=label,
        title=page.title,
        text=shortened(response.change_note if gone else page.summary, MOST_TEXT),
        source=named if source and not gone else "",
        date=date,
        address=address.removeprefix("https://").removeprefix("http://"),
        authority=authority,
        lang=response.lang,
        gone=gone,
    )


def _label(response: Response, *, german: bool, gone: bool) -> str:
    if gone:
        label = "Zurückgezogen" if german else "Withdrawn"
    else:
        first = response.holding  # says neither that the rumour is false nor that it is true
        label = (
            ("Erste Meldung" if first else "Richtigstellung")
            if german
            else ("First statement" if first else "Correction")
        )
    if response.drill:
        label = ("ÜBUNG · " if german else "EXERCISE · ") + label
    return label


def shortened(text: str, most: int) -> str:
    """At most so many characters, cut after a sentence if one ends late enough, else after a word."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    head = text[: most - 1]
    end = max(head.rfind(mark) for mark in (". ", "! ", "? "))
    if end > most // 2:
        return head[: end + 1]
    return head.rsplit(" ", 1)[0].rstrip(",;:–-") + "…"


def _sentence(part: str) -> str:
    return part if part.endswith((".", "!", "?", ":", "…")) else part + "."
