"""What is kept of an official warning, whatever it was written in: its few words, cleaned and cut. Pure.

No text is copied: description and instruction are not even read. The event's name stands for the warning;
where a sender calls everything the same, its headline does.
"""

from __future__ import annotations

import re

from crisis.sources.markup import line
from crisis.types import Gravity

LONGEST_EVENT = 120  # characters
LONGEST_NAME = 120
LONGEST_KEY = 300
_SAYS_NOTHING = frozenset(
    {
        *("", "alert", "warning", "warnung", "gefahr", "sonstiges", "other", "information"),
        *("gefahreninformation", "gefahrenmitteilung", "gefahrendurchsage", "allgemeine warnung"),
    }
)
_PASSED_ON = re.compile(
    r"^(?:dwd|dwdmap|mow|lhp|kat|biw|bwp|pol)\.|\.(?:mul|deu|ger|eng)$", re.IGNORECASE
)
GRAVITIES = {gravity.name.lower(): gravity for gravity in Gravity}
SENT_FOR_ALL = ("Actual", "Public")  # status and scope of what concerns everybody
CALLED_OFF = frozenset({"cancel", "ack", "error"})  # kinds of message that warn of nothing


def event(name: str, headline: str) -> str:
    """What the warning is of, in a few words."""
    name, headline = line(name, LONGEST_EVENT), line(headline, LONGEST_EVENT)
    return headline or name if name.casefold() in _SAYS_NOTHING else name


def gravity(word: str) -> Gravity:
    """How grave it is; UNKNOWN for a word that CAP has not."""
    return GRAVITIES.get(word.strip().lower(), Gravity.UNKNOWN)


def lang(tag: str) -> str:
    """ "de" of "de-DE"."""
    return tag.strip().partition("-")[0][:8].lower()


def preference(tag: str) -> int:
    """German first, then English, then whatever there is."""
    return {"de": 0, "en": 1}.get(lang(tag), 2)


def same(key: str) -> str:
    """The key without what passes it on: NINA's "dwd." and the DWD's language at the end."""
    return _PASSED_ON.sub("", key)
