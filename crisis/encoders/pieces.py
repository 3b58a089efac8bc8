"""Word pieces: how the packaged encoder takes a text apart (SentencePiece's unigrams; Kudo, 2018).

Our own thirty lines instead of the library ``tokenizers``, which takes 250 MB for these 250,000 pieces.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

LONGEST = 400
"""Characters of a text that are read."""

_START = "\N{LOWER ONE EIGHTH BLOCK}"  # stands before every word
_NEVER = 10.0  # an unknown character is this much less likely than the rarest piece


def readable(text: str) -> str:
    """Return what an encoder gets to see of a text: composed (NFKC), without controls, cut."""
    composed = unicodedata.normalize("NFKC", text[: 2 * LONGEST])[:LONGEST]
    return "".join(c if c.isprintable() else " " for c in composed).strip()


class Unigrams:
    """Takes texts apart so that the product of the pieces' probabilities is highest."""

    def __init__(
        self,
        numbers: Mapping[str, int],
        scores: Sequence[float],
        replaced: Mapping[int, str],
        *,
        begin: int,
        end: int,
        unknown: int,
    ) -> None:
        """Take the number of each piece, and the logarithm of its probability by number."""
        self._numbers = numbers
        self._scores = scores
        self._replaced = dict(replaced)
        self._begin, self._end, self._unknown = begin, end, unknown
        self._longest = max(map(len, numbers), default=1)
        self._lowest = min(scores, default=0.0) - _NEVER
        self._word = lru_cache(maxsize=20_000)(self._split)

    def __call__(self, text: str, most: int) -> list[int]:
        """Return the numbers of at most ``most`` pieces, the two ends among them."""
        found: list[int] = []
        for word in text.translate(self._replaced).split():
            if len(found) >= most - 2:
                break
            found += self._word(_START + word)
        return [self._begin, *found[: most - 2], self._end]

    def _split(self, word: str) -> list[int]:
        """Return the most likely pieces of one word (Viterbi)."""
        best = [0.0] + [-math.inf] * len(word)
        piece = [self._unknown] * (len(word) + 1)
        start = [0] * (len(word) + 1)
        for begin in range(len(word)):
            self._reach(begin + 1, begin, self._unknown, self._lowest, best, piece, start)
            for end in range(begin + 1, min(len(word), begin + self._longest) + 1):
                number = self._numbers.get(word[begin:end])
                if number is not None:
                    self._reach(end, begin, number, self._scores[number], best, piece, start)
        found: list[int] = []
        at = len(word)
        while at:
            # Unknown characters in a row are one unknown piece.
            if piece[at] != self._unknown or found[-1:] != [self._unknown]:
                found.append(piece[at])
            at = start[at]
        return found[::-1]

    @staticmethod
    def _reach(
        end: int,
        begin: int,
        number: int,
        score: float,
        best: list[float],
        piece: list[int],
        start: list[int],
    ) -> None:
        """Note a piece as the way to ``end`` if no other way there is likelier."""
        if best[begin] + score > best[end]:
            best[end], piece[end], start[end] = best[begin] + score, number, begin
