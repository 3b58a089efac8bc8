"""The words a language has and how common each is, from the kept library ``wordfreq``.

Its short lists: words down to one in a million; 10 ms and 5 MB a language. Knows no text, no term and no
rumour: see ``text`` and ``rarity``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

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
    return frozenset(word for word in frequencies(lang) if len(word) >= 4)
