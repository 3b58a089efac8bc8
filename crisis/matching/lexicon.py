"""The words a language has, how common each is, and which say about the same.

How common: from the kept library ``wordfreq``, its short lists (words down to one in a million; 10 ms and
5 MB a language). Which say the same: our own ``thesaurus.txt``. Knows no text, no term and no rumour: see
``text``, ``rarity`` and ``thesaurus``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

# Languages wordfreq has a list for and whose words are parted by spaces (no zh, ja, ko).
_LISTED = re.compile(
    "ar|bg|bn|ca|cs|da|de|el|en|es|fa|fi|fr|he|hi|hu|id|it|mk|ms|nb|nl|pl|pt|ro|ru|sh|sk|sv|ta|tr"
    "|uk|ur|vi"
)


@lru_cache(maxsize=16)
def frequencies(lang: str) -> Mapping[str, float]:
    """Return word -> share of all words of a language (ISO 639-1); empty if it has no list."""
    if not _LISTED.fullmatch(lang):
        return {}
    import wordfreq

    found: Mapping[str, float] = wordfreq.get_frequency_dict(lang, "small")
    return found


@lru_cache(maxsize=4)
def known_words(lang: str) -> frozenset[str]:
    """Return the listed words of a language that may be a part of a compound (4 letters and up)."""
    listed = frozenset(word for word in frequencies(lang) if len(word) >= 4)
    if lang not in KIN_LANGUAGES:
        return listed
    column = KIN_LANGUAGES.index(lang)
    return listed.union(word for group in kin_words() for word in group[column] if len(word) >= 4)


KIN_LANGUAGES = ("de", "en")
"""The columns of the thesaurus."""


@lru_cache(maxsize=1)
def kin_words() -> tuple[tuple[tuple[str, ...], ...], ...]:
    """Return groups of words that say about the same, each the words of ``KIN_LANGUAGES`` in order."""
    text = files("crisis.matching").joinpath("thesaurus.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return tuple(
        tuple(tuple(side.split()) for side in (*line.split("|"), "")[: len(KIN_LANGUAGES)])
        for line in lines
    )
