"""From a post to a further phrasing of its rumour: what goes, what is asked about, what is there already.

Keeps nothing: a person looks at the words before they go into the catalogue (``workflows.catalogue``).
"""

from __future__ import annotations

import re
import unicodedata

from rapidfuzz import fuzz

from crisis.types import Rumour

LONGEST = 400
"""Characters of a phrasing made here: one claim, not a whole discussion."""

FEWEST_WORDS = 3
"""Words a phrasing needs: fewer are found in everything."""

ALIKE = 90.0
"""Likeness (rapidfuzz ratio, 0 to 100) from which a phrasing is there already."""

_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_HANDLE = re.compile(r"(?<![\w@])@[\w.-]*\w(?:@[\w-]+(?:\.[\w-]+)+)?:?")
_REPEAT = re.compile(r"^\s*RT\b\s*:?\s*")
_HASHTAG = re.compile(r"[#＃](?=\w)")
_CALL_NUMBER = re.compile(r"(?<!\w)\+?\d[\d /()-]{6,}\d(?!\w)")
_END = re.compile(r"[.!?…](?=\s|$)")
_WORD = re.compile(r"\w+")
_NAMED = re.compile(
    r"\b(?:Herrn?|Frau|Familie|Dr\.|Prof\.|Mr\.?|Mrs\.?|Ms\.?|Miss)\s+(?:(?:Dr|Prof)\.\s+)?"
    r"[A-ZÄÖÜ][\w-]+(?:\s+[A-ZÄÖÜ][\w-]+)?"
)


def cleaned(text: str) -> str:
    """The words of a post without what points to people or elsewhere, in one line, bounded.

    Links, handles, mail addresses, call numbers, signs of hashtags (their words stay), signs of
    repeating and invisible characters go.
    """
    shown = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Cs", "Co"))
    shown = "".join(" " if unicodedata.category(c) == "Cc" else c for c in shown)
    for pattern in (_REPEAT, _ADDRESS, _HANDLE, _MAIL, _CALL_NUMBER):
        shown = pattern.sub(" ", shown)
    shown = _HASHTAG.sub("", shown)
    return _bounded(" ".join(shown.split()))


def _bounded(text: str) -> str:
    """The first ``LONGEST`` characters: to the end of a sentence if one ends there, else of a word."""
    if len(text) <= LONGEST:
        return text
    ends = [found.end() for found in _END.finditer(text[:LONGEST])]
    if ends and ends[-1] >= LONGEST // 3:
        return text[: ends[-1]]
    return text[:LONGEST].rpartition(" ")[0] or text[:LONGEST]


def names(text: str) -> list[str]:
    """What may be a private person's name, by how people are addressed; not all of them are found."""
    return list(dict.fromkeys(found[0] for found in _NAMED.finditer(text)))


def too_short(text: str) -> bool:
    """Whether a phrasing says too little to find anything by."""
    return len(_WORD.findall(text)) < FEWEST_WORDS


def known_as(text: str, rumour: Rumour) -> str:
    """The phrasing of the rumour that says the same in nearly the same words; "" for none."""
    wanted = _folded(text)
    likeness = {phrasing: fuzz.ratio(wanted, _folded(phrasing)) for phrasing in rumour.phrasings}
    best = max(likeness, key=lambda phrasing: likeness[phrasing], default="")
    return best if best and likeness[best] >= ALIKE else ""


def _folded(text: str) -> str:
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))
