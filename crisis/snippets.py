"""A piece of a long text around the words that were searched for, and where they stand in it.

Compares words as the search index does: by how they begin, whatever their capitals, dots and accents, "ß" as
"ss". Does not search: see ``store.search``.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

LENGTH = 220  # characters that are shown
_WORD = re.compile(r"\w+")


class Snippet(NamedTuple):
    """A piece of a text and the places, [start, end), of the words in it."""

    text: str
    marks: tuple[tuple[int, int], ...]


def plain(text: str) -> str:
    """A word as it is compared."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


def cut_out(text: str, words: str, length: int = LENGTH) -> Snippet:
    """At most ``length`` characters of the text, from a little before the first word that was meant."""
    text = " ".join(text.split())
    wanted = tuple(plain(word) for word in _WORD.findall(words))
    found = [
        (match.start(), match.end())
        for match in _WORD.finditer(text)
        if wanted and plain(match.group()).startswith(wanted)
    ]
    start = _beginning(text, found[0][0] if found else 0, length)
    end = _ending(text, start + length)
    before, after = "… " if start else "", " …" if end < len(text) else ""
    shift = len(before) - start
    return Snippet(
        before + text[start:end].strip() + after,
        tuple((a + shift, b + shift) for a, b in found if start <= a and b <= end),
    )


def _beginning(text: str, first: int, length: int) -> int:
    """Where to begin, so that the first word has some words before it; never inside a word."""
    if first < length * 2 // 3:
        return 0
    return text.rfind(" ", 0, max(0, first - length // 4)) + 1


def _ending(text: str, end: int) -> int:
    if end >= len(text):
        return len(text)
    space = text.rfind(" ", 0, end)
    return space if space > end - 40 else end
