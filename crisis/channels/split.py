"""One text into the posts of a thread: at paragraphs and sentences, numbered, never inside an address.

Where an author has cut the thread, it stays cut there. Pure. Knows no network: the caller brings its
measure and its limit.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from crisis.channels.networks import ADDRESS
from crisis.errors import InvalidInputError
from crisis.playbooks.thread import numbered, posts

Measure = Callable[[str], int]

# After these a full stop ends no sentence: ordinal numbers ("am 23. November") and abbreviations.
_GOES_ON = re.compile(
    r"(?:\b\d+|\b[A-Za-zÄÖÜäöü]|\b(?:bzw|ca|Dr|etc|evtl|ggf|inkl|Nr|Prof|St|Str|Tel|usw|vgl|zzgl"
    r"|Mr|Mrs|No|approx))\.$"
)
_PAUSE = re.compile(r"(?<=[.!?…])[\"”“»)\]]*\s+")
_MOST_PARTS = 99


def split(text: str, most: int | None, measure: Measure) -> list[str]:
    """The posts that say ``text``, each at most ``most`` long by ``measure``, numbered "(1/3)" if many.

    A line of three dashes always begins a new post, as authors part a thread.

    Raises InvalidInputError where that cannot be: a single address that is too long, or a text that would
    take more than 99 posts.
    """
    cut = posts(text)
    if not cut:
        return []
    if len(cut) == 1 and (most is None or measure(cut[0]) <= most):
        return cut
    for width in (1, 2):
        room = " (" + "9" * width + "/" + "9" * width + ")"

        def fits(part: str, room: str = room) -> bool:
            return most is None or measure(part + room) <= most

        parts = [part for post in cut for part in _packed(post, fits)]
        if len(parts) < 10**width and len(parts) <= _MOST_PARTS:
            return numbered(parts)
    raise InvalidInputError(
        "Der Text ist zu lang: Er ergäbe mehr als 99 Beiträge. Bitte kürzen Sie ihn.",
        "The text is too long: it would become more than 99 posts. Please shorten it.",
    )


def _packed(text: str, fits: Callable[[str], bool]) -> list[str]:
    """Pieces put together as long as they fit. No post is an address alone: a sentence goes with it."""
    parts: list[list[tuple[str, str]]] = []
    for gap, piece in _pieces(text, fits):
        if parts and fits(_joined([*parts[-1], (gap, piece)])):
            parts[-1].append((gap, piece))
        else:
            parts.append([("", piece)])
            if len(parts) > 1 and ADDRESS.fullmatch(piece) and len(parts[-2]) > 1:
                before = parts[-2][-1]
                if fits(_joined([("", before[1]), (gap, piece)])):
                    parts[-2].pop()
                    parts[-1] = [("", before[1]), (gap, piece)]
    return [_joined(part) for part in parts]


def _joined(pieces: list[tuple[str, str]]) -> str:
    """What follows another piece brings its gap along; the first has none."""
    return "".join((gap if place else "") + piece for place, (gap, piece) in enumerate(pieces))


def _pieces(text: str, fits: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    """What need not be cut any smaller, each with what stood before it: a new paragraph, line or word."""
    for number, paragraph in enumerate(re.split(r"\n{2,}", text)):
        gap = "\n\n" if number else ""
        for line in paragraph.split("\n"):
            for sentence in sentences(line.strip()):
                if fits(sentence):
                    yield gap, sentence
                else:
                    yield from _words(gap, sentence, fits)
                gap = " "
            gap = "\n"


def sentences(line: str) -> list[str]:
    """The sentences of one line."""
    found: list[str] = []
    start = 0
    for pause in _PAUSE.finditer(line):
        ahead = line[pause.end() : pause.end() + 1]
        before = line[start : pause.start()]
        if _GOES_ON.search(before) or (ahead and ahead.islower()):
            continue
        found.append(line[start : pause.end()].strip())
        start = pause.end()
    rest = line[start:].strip()
    return [sentence for sentence in (*found, rest) if sentence]


def _words(gap: str, sentence: str, fits: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    """A sentence that is too long for one post, word by word; a word that is too long, in pieces."""
    for word in sentence.split():
        if fits(word):
            yield gap, word
        else:
            for place, piece in enumerate(_cut(word, fits)):
                yield gap if place == 0 else "", piece
        gap = " "


def _cut(word: str, fits: Callable[[str], bool]) -> Iterator[str]:
    if ADDRESS.search(word):
        raise InvalidInputError(
            f"Die Adresse „{word[:60]}…“ ist zu lang für einen Beitrag. Bitte nehmen Sie eine kürzere.",
            f'The address "{word[:60]}…" is too long for a post. Please take a shorter one.',
        )
    piece = ""
    for letter in word:
        # A mark or a joiner belongs to the letter before it.
        new = piece + letter
        joins = (
            unicodedata.combining(letter) or letter in "\u200d\ufe0f" or piece.endswith("\u200d")
        )
        if piece and not joins and not fits(new):
            yield piece
            piece = letter
        else:
            piece = new
    yield piece
