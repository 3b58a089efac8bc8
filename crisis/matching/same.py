"""Is this the same post once more? The same words, or the same page, met at another place.

Stricter than ``copies``: what is the same here becomes one post that was found at several places, so
nothing but its dress may differ: capitals, spaces, punctuation, hidden characters, "RT @name:" before it,
what counts visitors in a link. Near-copies stay posts of their own and are grouped by ``copies``.

Keeps nothing. Whoever keeps posts asks for ``marks`` to find earlier ones, and for ``one`` to be sure: two
marks that are alike by chance join nothing.
"""

from __future__ import annotations

import re
import unicodedata
from hashlib import blake2b

from crisis.matching.copies import alike
from crisis.matching.links import canonical

CUT_FROM = 5  # words that a text must have left, to be recognised as the beginning of another

_LINK = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_PASSED_ON = re.compile(r"^(?:RT|MT|QT|repost|geteilt von) @[\w.@-]{1,200}:? ", re.IGNORECASE)
_VIA = re.compile(r" via @[\w.@-]{1,200}$", re.IGNORECASE)
# Words with their numbers, names of accounts, question marks, and all signs that are no punctuation.
_PIECE = re.compile(r"@\w[\w.-]{0,200}|[-−]?\d+(?:[.,:]\d+)*|[^\W\d_]+|\d+|\?|[^\w\s]")
_SILENT = frozenset("PpZ")


def wording(text: str) -> str:
    """The words of a text in one form for all its dresses; "" where nothing is said."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    undressed = _PASSED_ON.sub("", _VIA.sub("", plain))
    said: list[str] = []
    at = 0
    for link in _LINK.finditer(undressed):
        said += _pieces(undressed[at : link.start()])
        whole = link.group().rstrip(".,;:!?)]}'»“”…")
        said.append(canonical(whole) or whole)
        at = link.end()
    said += _pieces(undressed[at:])
    return " ".join(said) if any(piece != "?" for piece in said) else ""


def marks(text: str, url: str, scope: str) -> tuple[str, ...]:
    """By what a post is found again: its words, its page. 128 bits each, in hex; none for an empty post.

    ``scope`` keeps apart what must not become one although it reads the same.
    """
    found = []
    if words := wording(text):
        found.append(_mark(scope, "words", words))
    if page := canonical(url):
        found.append(_mark(scope, "page", page))
    return tuple(found)


def page(url: str) -> str:
    """The mark of a page alone, "" for no web address: whether two addresses lead to the same."""
    found = canonical(url)
    return _mark("", "page", found) if found else ""


def one(text: str, url: str, other: str, other_url: str, *, by_page: bool = True) -> bool:
    """Whether both are one post: the same words, or (``by_page``) the same page with almost the same words.

    Forums and aggregators give one address to many posts; so a page alone proves nothing. One text may be
    the other's beginning, as feeds cut long ones short.
    """
    mine, theirs = wording(text), wording(other)
    if mine and mine == theirs:
        return True
    if not by_page or not (mine and theirs):
        return False
    here, there = canonical(url), canonical(other_url)
    return bool(here) and here == there and (alike(text, other) or _cut(mine, theirs))


def _cut(one: str, other: str) -> bool:
    short, long = sorted((one.split(), other.split()), key=len)
    whole = short[:-1]  # the last word may be cut as well
    return (
        len(whole) >= CUT_FROM
        and long[: len(whole)] == whole
        and long[len(whole)].startswith(short[-1])
    )


def _pieces(text: str) -> list[str]:
    return [
        piece.casefold().rstrip(".-") if piece[0] == "@" else piece.casefold().replace("−", "-")
        for piece in _PIECE.findall(_visible(text))
        if piece == "?" or len(piece) > 1 or not _silent(piece)
    ]


def _silent(sign: str) -> bool:
    return unicodedata.category(sign)[0] in _SILENT


def _visible(text: str) -> str:
    if text.isascii():
        return text
    return "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Mn", "Me"))


def _mark(scope: str, kind: str, said: str) -> str:
    whole = f"{scope}\n{kind}\n{said}".encode("utf-8", "surrogatepass")
    return blake2b(whole, digest_size=16).hexdigest()
