"""Reads a model's tokenizer.json: WordPiece (BERT, BGE, MiniLM) and Unigram (XLM-RoBERTa, E5).

Not the library ``tokenizers``: it brings a hub's client and ten more packages along, and these two kinds
are what sentence encoders of the BERT family use. Others are refused (``ValueError``).
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from crisis.encoders.pieces import Unigrams

Pieces = Callable[[str, int], list[int]]
"""A text and the most pieces allowed -> numbers of pieces, the two ends among them."""

_LONGEST_WORD = 100
"""Characters from which BERT takes a word for unknown."""


class WordPieces:
    """Takes words apart from the left, each time by the longest piece there is (BERT)."""

    def __init__(
        self, numbers: Mapping[str, int], *, lower: bool, accents: bool, inside: str, unknown: str
    ) -> None:
        """Take the number of each piece.

        ``lower`` and ``accents``: whether case is undone and accents are kept; ``inside`` stands before
        pieces that begin within a word.
        """
        self._numbers = numbers
        self._lower, self._accents, self._inside = lower, accents, inside
        self._unknown = numbers[unknown]
        self._ends = numbers["[CLS]"], numbers["[SEP]"]
        self._word = lru_cache(maxsize=20_000)(self._split)

    def __call__(self, text: str, most: int) -> list[int]:
        """Return the numbers of at most ``most`` pieces."""
        found: list[int] = []
        for word in self._words(text):
            found += self._word(word)
            if len(found) >= most - 2:
                break
        return [self._ends[0], *found[: most - 2], self._ends[1]]

    def _words(self, text: str) -> list[str]:
        """Part a text at spaces; a punctuation mark or a Chinese character is a word of its own."""
        plain = text.lower() if self._lower else text
        if not self._accents:
            parted = unicodedata.normalize("NFD", plain)
            plain = "".join(c for c in parted if unicodedata.category(c) != "Mn")
        return "".join(f" {c} " if _stands_alone(c) else c for c in plain).split()

    def _split(self, word: str) -> list[int]:
        found: list[int] = []
        start = 0
        while start < len(word) <= _LONGEST_WORD:
            before = self._inside if start else ""
            ends = range(len(word), start, -1)
            end = next((e for e in ends if before + word[start:e] in self._numbers), 0)
            if not end:
                break
            found.append(self._numbers[before + word[start:end]])
            start = end
        return found if start == len(word) else [self._unknown]


def _stands_alone(character: str) -> bool:
    point = ord(character)
    if 33 <= point <= 47 or 58 <= point <= 64 or 91 <= point <= 96 or 123 <= point <= 126:
        return True
    chinese = 0x4E00 <= point <= 0x9FFF or 0x3400 <= point <= 0x4DBF or 0x20000 <= point <= 0x2FA1F
    return chinese or 0xF900 <= point <= 0xFAFF or unicodedata.category(character).startswith("P")


def read_pieces(path: Path) -> Pieces:
    """Return how the model takes texts apart; ``ValueError`` or ``KeyError`` if it is not understood."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    model = raw["model"]
    kind = model.get("type") or ("Unigram" if isinstance(model["vocab"], list) else "WordPiece")
    if kind == "WordPiece":
        return _word_pieces(model, raw.get("normalizer") or {})
    if kind == "Unigram":
        return _unigrams(model)
    raise ValueError(f"tokenizer.json: {kind}")


def _word_pieces(model: Mapping[str, Any], normal: Mapping[str, Any]) -> WordPieces:
    lower = bool(normal.get("lowercase", False))
    strips = normal.get("strip_accents")
    return WordPieces(
        model["vocab"],
        lower=lower,
        accents=not (lower if strips is None else strips),
        inside=str(model.get("continuing_subword_prefix", "##")),
        unknown=str(model.get("unk_token", "[UNK]")),
    )


def _unigrams(model: Mapping[str, Any]) -> Unigrams:
    numbers: dict[str, int] = {}
    for number, (piece, _) in enumerate(model["vocab"]):
        numbers.setdefault(piece, number)
    begin, end = numbers.pop("<s>"), numbers.pop("</s>")
    for special in ("<pad>", "<unk>", "<mask>"):
        numbers.pop(special, None)
    scores = [float(score) for _, score in model["vocab"]]
    return Unigrams(numbers, scores, {}, begin=begin, end=end, unknown=int(model["unk_id"]))
