"""Do two posts say (almost) the same? Reposts, copies with a word more, the same with another link.

Careful on purpose, for one verdict may be given to a whole group: a copy may add words, it may not say
another word instead ("Südstadt" for "Nordstadt", "Eschenweg" for "Eichenweg"), another number, a "not"
more, or ask what the other says. Does not know rumours, keeps nothing: whoever keeps posts asks for
``bands`` to find candidates quickly (min-hash, after Broder 1997) and for ``alike`` to be sure.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from functools import lru_cache

LONGEST = 2_000  # characters that are compared
SAME = 0.7  # share of the groups of letters of both that both have
_SHINGLE = 4  # letters
_BANDS, _ROWS = (
    12,
    3,
)  # at a share of .7 all but 7 in 1,000 copies are found, at .8 all but 2 in 10,000

_LINK = re.compile(r"(?:https?://|www\.)\S+|pic\.twitter\.com/\S+")
_PASSED_ON = re.compile(r"\b(?:RT|MT|QT|via) @[\w.]+:?|[@＠][\w.@-]+", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*")
_TURNS = re.compile(  # what makes the opposite, or a report of it, out of the same words
    r"nicht|kein\w*|nie|niemals|ohne|stimmt|falsch\w*|fake\w*|hoax|gerücht\w*|quatsch|entwarnung|"
    r"not|no|never|none|without|false|debunk\w*|rumou?rs?|\w+n['’]?t"
)
_MASK = (1 << 31) - 1


def alike(one: str, other: str) -> bool:
    """Whether the two texts say (almost) the same. Symmetric; every text is like itself."""
    mine, theirs = _essence(one), _essence(other)
    if _turns(one, mine) != _turns(other, theirs):
        return False
    if mine == theirs:
        return True
    here, there = _shingles(mine), _shingles(theirs)
    if len(here & there) < SAME * len(here | there):
        return False
    words, others = set(mine.split()), set(theirs.split())
    return words <= others or others <= words


def bands(text: str, scope: str = "") -> tuple[int, ...]:
    """Hashes of the text: two that are alike share at least one, nearly always. 63 bits each.

    ``scope`` keeps apart what must not be grouped although it reads the same.
    """
    shingles = sorted(_number(shingle) for shingle in _shingles(_essence(text)))
    sketch = [min((a * x + b) % _MASK for x in shingles) for a, b in _permutations()]
    return tuple(
        _number(f"{scope}\n{at}\n{sketch[at * _ROWS : (at + 1) * _ROWS]}", 8) >> 1
        for at in range(_BANDS)
    )


@lru_cache(maxsize=512)
def _essence(text: str) -> str:
    """The words alone, in small letters: without links, names of accounts, signs and hidden characters."""
    plain = unicodedata.normalize("NFKC", text[: 2 * LONGEST])
    plain = "".join(c for c in plain if unicodedata.category(c) not in ("Cf", "Mn"))
    words = _WORD.findall(_PASSED_ON.sub(" ", _LINK.sub(" ", plain)).casefold())
    return " ".join(words)[:LONGEST] or text.strip()[:LONGEST]


def _shingles(essence: str) -> frozenset[str]:
    last = max(1, len(essence) - _SHINGLE + 1)
    return frozenset(essence[at : at + _SHINGLE] for at in range(last))


def _turns(text: str, essence: str) -> tuple[Counter[str], bool]:
    """What may turn the meaning round: negations and the like, numbers; and whether it asks."""
    words = essence.split()
    telling = Counter(w for w in words if any(c.isdigit() for c in w) or _TURNS.fullmatch(w))
    return telling, "?" in _LINK.sub(" ", text)


def _number(text: str, size: int = 4) -> int:
    return int.from_bytes(
        hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=size).digest()
    )


@lru_cache(maxsize=1)
def _permutations() -> tuple[tuple[int, int], ...]:
    return tuple(
        (1 + _number(f"a{row}") % (_MASK - 1), _number(f"b{row}") % _MASK)
        for row in range(_BANDS * _ROWS)
    )
