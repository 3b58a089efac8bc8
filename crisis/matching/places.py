"""Which of the authority's places a post speaks of: their names as people write them. Knows no map.

A name counts as a whole word, also with a German genitive ("Nordstadts") or at the start of
a hashtag. What is no name of the list is no place.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

_TAG_FROM = 5  # letters


def place_in(text: str, places: Sequence[str]) -> str:
    """The place the text names most often, of several the one it names first; "" if it names none.

    ``places`` are names as they shall be shown. A longer name goes before one that is part of it.
    """
    if not places:
        return ""
    pattern, shown = _pattern(tuple(places))
    found = Counter(
        shown[match["tag"] or match["word"]] for match in pattern.finditer(_folded(text))
    )
    return max(
        found, key=lambda name: found[name], default=""
    )  # counters keep the order of arrival


def known_as(name: str, places: Sequence[str]) -> str:
    """A place named by a feed, written as the authority writes it if it is one of its places."""
    wanted = _folded(name.strip())
    return next((place for place in places if _folded(place.strip()) == wanted), name.strip())


def about(named: str, text: str, region: str, places: Sequence[str]) -> str:
    """Where a post is about: what the feed says, else what its text names, else its source's region."""
    if named:
        return known_as(named, places)
    return place_in(text, places) or known_as(region, places)


@lru_cache(maxsize=8)
def _pattern(places: tuple[str, ...]) -> tuple[re.Pattern[str], dict[str, str]]:
    shown = {_folded(place.strip()): place.strip() for place in reversed(places) if place.strip()}
    longest_first = sorted(shown, key=len, reverse=True)
    names = _either(longest_first)
    # After "#" the name may be the beginning of more: #NordstadtOhneWasser. A short one begins too much.
    tags = _either([name for name in longest_first if len(name) >= _TAG_FROM])
    return re.compile(rf"#(?P<tag>{tags})|(?<![^\W_])(?P<word>{names})(?:e?s)?(?![^\W_])"), shown


def _either(names: Sequence[str]) -> str:
    return "|".join(re.escape(name) for name in names) or r"(?!)"


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
