"""What of a text tells a claim from an opinion, a question or the rest: named numbers and hashed shapes.

Reads one text at a time and weighs nothing (see ``claims``). Knows no rumour. Needs neither numpy nor
scikit-learn.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import log, log1p, sqrt

from crisis.matching.claims_words import FAMILIES, dictionary
from crisis.matching.lexicon import frequencies
from crisis.matching.text import normalise

LONGEST = 5_000
"""Characters of a text that are read; what a text is shows early."""
BUCKETS = {"letters": 1 << 15, "build": 1 << 13}
"""Places a hashed run of letters, or of a sentence's build, may fall into."""
COMMON = 1_500  # words of a language that are looked at one by one
_FUNCTION = 300  # the commonest of them; they stay themselves in a sentence's skeleton
_REMEMBERED = 20_000  # words whose reading is kept
_LINK = "http"  # the word that stands for any address

_WORD = re.compile(r"[^\W_](?:[\w\u00ad\u200b-\u200d\u0300-\u036f]|['’](?=\w)|\.(?=\w\.))*")
_TOKEN = re.compile(_WORD.pattern + r"|[^\w\s]")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|pic\.twitter\.com/\S+", re.IGNORECASE)
_MENTION = re.compile(r"@\w+")
_NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,:]\d+)*")
_SENTENCE = re.compile(r"[^.!?…\n]+[.!?…]*")
_SHAPES: dict[str, re.Pattern[str]] = {
    "links": _ADDRESS,
    "mentions": _MENTION,
    "hashtags": re.compile(r"#\w+"),
    "numbers": _NUMBER,
    "years": re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)"),
    "clock_times": re.compile(
        r"(?<!\d)\d{1,2}[:.]\d\d(?!\d)|(?<!\d)\d{1,2}\s*(?:uhr|[ap]\.?m)\b", re.IGNORECASE
    ),
    "percentages": re.compile(r"\d\s*(?:%|prozent|per ?cent)", re.IGNORECASE),
    "emoji": re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff]"),
    "laughs": re.compile(
        r"[\U0001f600-\U0001f606\U0001f602\U0001f923]|\b(?:ha){2,}\b|\blol\b|[:;]-?[)DP]",
        re.IGNORECASE,
    ),
    "quotes": re.compile(r"[\"“„»«”].{3,200}?[\"“”«»]", re.DOTALL),
    "exclamations": re.compile(r"!"),
    "loud_marks": re.compile(r"!{2,}|[?!]*\?![?!]*|\?{2,}"),
    "dots": re.compile(r"\.{2,}|…"),
    "commas": re.compile(r","),
    "brackets": re.compile(r"[(\[]"),
    "colons": re.compile(r":(?!\w)"),
    "stretched": re.compile(r"([a-zäöü])\1{2,}", re.IGNORECASE),
    "capital_words": re.compile(r"\b[A-ZÄÖÜ]{4,}\b"),
    "abbreviations": re.compile(r"\b[A-ZÄÖÜ]{2,3}\b"),
}
# Endings by which a folded word of five letters or more shows what it is.
_ENDINGS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "abstract_nouns": (
        ("ung", "ungen", "heit", "keit", "schaft", "tion", "tionen", "taet", "ismus"),
        ("tion", "tions", "ment", "ments", "ness", "ity", "ism"),
    ),
    "adjectives": (
        ("lich", "liche", "lichen", "licher", "ische", "ischen"),
        ("ful", "ous", "able", "ive"),
    ),
    "pasts": (("te", "ten", "iert", "ierte"), ("ed",)),
    "running": (("end", "ende", "enden"), ("ing",)),
}
_PARTICIPLE = re.compile(
    r"(?:(?:ab|an|auf|aus|be|ein|er|mit|ver|vor|zer|zu)?ge\w{2,}(?:t|en)|(?:be|er|ver|zer|ent)\w{2,}t)"
)
_LENGTHS = (4, 8, 14, 22, 35, 60)
_OPENERS = frozenset(
    normalise(word)
    for word in [
        "ist",
        "sind",
        "war",
        "hat",
        "habt",
        "haben",
        "hast",
        "kann",
        "können",
        "könnt",
        "könnte",
        "darf",
        "dürfen",
        "muss",
        "wird",
        "werden",
        "soll",
        "gibt",
        "weiß",
        "wisst",
        "stimmt",
        "seid",
        "bist",
        "is",
        "are",
        "was",
        "were",
        "has",
        "have",
        "can",
        "could",
        "does",
        "do",
        "did",
        "will",
        "would",
        "should",
        "am",
    ]
)
_ASKERS = frozenset(
    normalise(word)
    for word in [
        "warum",
        "wieso",
        "weshalb",
        "wann",
        "wer",
        "wen",
        "wem",
        "wo",
        "wohin",
        "woher",
        "was",
        "wie",
        "welche",
        "welcher",
        "welches",
        "wieviel",
        "why",
        "when",
        "who",
        "whom",
        "where",
        "which",
        "what",
        "how",
        "whose",
    ]
)
_SAY_YES = frozenset(
    [
        "ja",
        "nein",
        "doch",
        "genau",
        "stimmt",
        "richtig",
        "yes",
        "no",
        "yeah",
        "yep",
        "nope",
        "exactly",
    ]
)

_OF_SENTENCES = ("ends_with_question", "ends_with_exclamation", "ends_openly", "question_share")
_OF_STARTS = ("verb_first", "question_word_first", "answer_first", "family_first_i", "small_first")
_OF_LENGTH = (
    "words", "characters", "sentences", "sentence_length", "word_length", "long_words",
    *(f"over_{n}_words" for n in _LENGTHS),
)  # fmt: skip
_OF_CASE = ("capitals_inside", "no_capitals", "names_together", "participles")

NAMES: tuple[str, ...] = (
    *(family.name for family in FAMILIES),
    *(f"{family.name}_share" for family in FAMILIES),
    *_SHAPES,
    *_ENDINGS,
    *_OF_SENTENCES,
    *_OF_STARTS,
    *_OF_LENGTH,
    *_OF_CASE,
)
"""The named features, in their order in ``Reading.named``."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was seen in a text: named numbers, which common words, how often which hashed shape.

    ``hashed`` has the keys of ``BUCKETS``: bucket -> 1 + log(count).
    """

    named: tuple[float, ...]
    common: frozenset[str]
    hashed: Mapping[str, Mapping[int, float]]


@dataclass(frozen=True, slots=True)
class _Word:
    """One word as it was read: folded, its families, its named endings, its hashed letters."""

    folded: str
    families: tuple[int, ...]
    endings: tuple[int, ...]
    letters: tuple[int, ...]
    skeleton: str


def read(text: str, lang: str) -> Reading:
    """Read the first ``LONGEST`` characters of a text; ``lang`` is "de", or anything else for English."""
    text = text[:LONGEST]
    plain = _MENTION.sub(" ", _ADDRESS.sub(f" {_LINK} ", text))
    spoken = [_word(token, lang) for token in _TOKEN.findall(plain)]
    words = [word for word in spoken if word.letters]
    named = [
        *_families(words, lang),
        *(log1p(sum(1 for _ in shape.finditer(text))) for shape in _SHAPES.values()),
        *_endings(words),
        *_sentences(plain),
        *_starts(plain, words),
        *_lengths(plain, words),
        *_case(plain, words),
    ]
    common = common_words(lang)
    return Reading(
        tuple(named),
        frozenset(word.folded for word in words if word.folded in common),
        {"letters": _damped(_letters_of(words)), "build": _damped(_build_of(spoken))},
    )


@lru_cache(maxsize=8)
def common_words(lang: str) -> frozenset[str]:
    """Return the commonest words of a language, folded."""
    return frozenset(_commonest(lang)[:COMMON])


@lru_cache(maxsize=8)
def _commonest(lang: str) -> list[str]:
    listed = frequencies("de" if lang == "de" else "en")
    ordered = sorted(listed, key=lambda word: (-listed[word], word))[: 2 * COMMON]
    return list(dict.fromkeys(normalise(word) for word in ordered if word[0].isalpha()))


@lru_cache(maxsize=8)
def _function_words(lang: str) -> frozenset[str]:
    return frozenset(_commonest(lang)[:_FUNCTION])


@lru_cache(maxsize=_REMEMBERED)
def _word(token: str, lang: str) -> _Word:
    folded = normalise(token[:60])
    if not (folded and token[0].isalnum()):
        return _Word(folded, (), (), (), "e" if ord(token[0]) > 0x2190 else token[0])
    families = dictionary(lang).families(folded)
    side = 0 if lang == "de" else 1
    endings = tuple(
        at
        for at, of_language in enumerate(_ENDINGS.values())
        if len(folded) > 4 and folded.endswith(of_language[side])
    )
    return _Word(folded, families, endings, tuple(_letters(folded)), _skeleton(token, folded, lang))


def _letters(folded: str) -> Iterator[int]:
    """Hash the runs of two to five letters of a word, its edges marked."""
    edged = f" {folded} "
    for size in range(2, min(5, len(edged)) + 1):
        for start in range(len(edged) - size + 1):
            yield _bucket(edged[start : start + size], "letters")


def _skeleton(token: str, folded: str, lang: str) -> str:
    """What a sentence's build keeps of a word: itself if it is a small one, else its shape and ending."""
    if folded in _function_words(lang):
        return folded
    if token.isdigit():
        return "0" * min(len(token), 4)
    case = "A" if token.isupper() and len(token) > 1 else "X" if token[0].isupper() else "x"
    return case + (folded[-2:] if len(folded) > 4 else "")


def _bucket(shape: str, of: str) -> int:
    return zlib.crc32(shape.encode("utf-8", "replace")) % BUCKETS[of]


def _families(words: list[_Word], lang: str) -> Iterator[float]:
    """How often each family occurs (logarithm), then its share of the words (square root)."""
    counts = [0] * len(FAMILIES)
    known = dictionary(lang)
    for at, word in enumerate(words):
        for family in word.families:
            counts[family] += 1
        if word.folded in known.phrase_starts:
            for size in range(2, known.longest + 1):
                for family in known.phrases.get(tuple(w.folded for w in words[at : at + size]), ()):
                    counts[family] += 1
    yield from (log1p(count) for count in counts)
    yield from (sqrt(count / max(1, len(words))) for count in counts)


def _endings(words: list[_Word]) -> Iterator[float]:
    counts = [0] * len(_ENDINGS)
    for word in words:
        for ending in word.endings:
            counts[ending] += 1
    return (log1p(count) for count in counts)


def _sentences(plain: str) -> tuple[float, ...]:
    end = plain.rstrip(" \n\"'”“»«)")[-3:]
    sentences = [s for s in _SENTENCE.findall(plain) if _WORD.search(s)]
    asked = sum("?" in sentence[-4:] for sentence in sentences)
    return (
        float("?" in end),
        float("!" in end),
        float(not any(mark in end for mark in ".!?…")),
        asked / max(1, len(sentences)),
    )


def _starts(plain: str, words: list[_Word]) -> tuple[float, ...]:
    if not words:
        return (0.0,) * len(_OF_STARTS)
    first = words[0].folded
    letter = next((c for c in plain if c.isalpha()), "")
    return (
        float(first in _OPENERS),
        float(first in _ASKERS),
        float(first in _SAY_YES),
        float(first in {"ich", "i", "i'm", "wir", "we"}),
        float(letter.islower()),
    )


def _lengths(plain: str, words: list[_Word]) -> Iterator[float]:
    count = len(words)
    sentences = max(1, sum(1 for s in _SENTENCE.finditer(plain) if _WORD.search(s.group())))
    letters = sum(len(word.folded) for word in words)
    yield log1p(count)
    yield log1p(len(plain))
    yield log1p(sentences)
    yield log1p(count / sentences)
    yield letters / max(1, count)
    yield sum(len(word.folded) > 9 for word in words) / max(1, count)
    yield from (float(count > n) for n in _LENGTHS)


def _case(plain: str, words: list[_Word]) -> tuple[float, ...]:
    inside = len(re.findall(r"(?<=[a-zäöüß,;] )[A-ZÄÖÜ][a-zäöüß]+", plain))
    together = len(re.findall(r"\b[A-ZÄÖÜ][a-zäöüß]+ (?=[A-ZÄÖÜ][a-zäöüß])", plain))
    participles = sum(bool(_PARTICIPLE.fullmatch(word.folded)) for word in words)
    return (
        inside / max(1, len(words)),
        float(plain == plain.lower()),
        log1p(together),
        log1p(participles),
    )


def _letters_of(words: list[_Word]) -> Iterator[int]:
    return (bucket for word in words for bucket in word.letters)


def _build_of(spoken: list[_Word]) -> Iterator[int]:
    """Hash each run of one to three words, of which only the build is kept."""
    bones = [word.skeleton for word in spoken]
    for size in (1, 2, 3):
        for start in range(len(bones) - size + 1):
            yield _bucket(" ".join(bones[start : start + size]), "build")


def _damped(buckets: Iterator[int]) -> dict[int, float]:
    return {bucket: 1 + log(count) for bucket, count in Counter(buckets).items()}
