"""How hard a text is to read, by four known formulas, German and English. Counts; judges nothing.

Why no library: textstat 0.7 (MIT, 177 kB) brings NLTK along and counts German syllables by points of
hyphenation, which are fewer ("aber" has none); the formulas are ten lines.

* LIX: C. H. Björnsson, Läsbarhet, Stockholm 1968: words a sentence plus percent of words with more
  than six letters. Up to 40 is easy to middling, above 50 hard.
* Flesch Reading Ease (English): R. Flesch, A new readability yardstick, Journal of Applied Psychology
  32 (1948) 221–233. 60 and above is plain, below 30 is for experts.
* Amstad (German Flesch): T. Amstad, Wie verständlich sind unsere Zeitungen?, Zürich 1978.
* Erste Wiener Sachtextformel: R. Bamberger and E. Vanecek, Lesen – Verstehen – Lernen – Schreiben,
  Wien 1984: about the school year a text is fit for, 4 to 15.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

FEWEST_WORDS = 40  # below that, one long word decides
_WORD = re.compile(r"[^\W_]+(?:[-'’·][^\W_]+)*")
_END = re.compile(r"(?<=[.!?…:])[\"”“»)]*\s+(?=[\"„“«(]?[^\W_a-zäöüß])|\n+")
_NO_END = re.compile(r"(?:\b\d{1,2}|\b[A-ZÄÖÜ]|\b(?:z|d|u|o|ca|Nr|St|Dr|bzw|etc|e|i))\.[\"”“»)]*$")
_GERMAN_VOWELS = re.compile(r"aa|ee|ie|oo|ai|au|äu|ei|eu|ey|[aeiouyäöüáéèêíóú]")
_ENGLISH_VOWELS = re.compile(r"[aeiouy]+")


@dataclass(frozen=True, slots=True)
class Reading:
    """What was counted, and what the formulas make of it."""

    words: int
    sentences: int
    lix: float
    ease: float  # Amstad for German, Flesch for every other language: 0 hard to 100 easy
    wiener: float | None  # school year; German only


def measure(text: str, lang: str = "de") -> Reading | None:
    """``text`` by all formulas; None where it is too short to say anything."""
    words, found = _WORD.findall(text), sentences(text)
    if len(words) < FEWEST_WORDS or not found:
        return None
    german = lang.startswith("de")
    counts = [syllables(word, lang) for word in words]
    length = len(words) / len(found)
    per_word = sum(counts) / len(words)
    long = 100 * sum(len(word) > 6 for word in words) / len(words)
    ease = 180 - length - 58.5 * per_word if german else 206.835 - 1.015 * length - 84.6 * per_word
    return Reading(
        words=len(words),
        sentences=len(found),
        lix=round(length + long, 1),
        ease=round(ease, 1),
        wiener=round(_wiener(counts, length, long), 1) if german else None,
    )


def _wiener(counts: list[int], length: float, long: float) -> float:
    many = 100 * sum(count >= 3 for count in counts) / len(counts)
    single = 100 * sum(count == 1 for count in counts) / len(counts)
    return 0.1935 * many + 0.1672 * length + 0.1297 * long - 0.0327 * single - 0.875


def sentences(text: str) -> list[str]:
    """The sentences of a plain text; lines of their own count as one each."""
    found: list[str] = []
    for piece in _END.split(text):
        if found and _NO_END.search(found[-1]) and piece:
            found[-1] += " " + piece
        elif _WORD.search(piece):
            found.append(piece)
    return [" ".join(sentence.split()) for sentence in found]


def words_in(text: str) -> list[str]:
    """The words of a text; compounds with a hyphen are one."""
    return _WORD.findall(text)


def syllables(word: str, lang: str = "de") -> int:
    """Syllables by groups of vowels, at least one: German diphthongs count once, a silent English e
    not at all."""
    word = word.casefold()
    if lang.startswith("de"):
        return max(1, len(_GERMAN_VOWELS.findall(word.replace("qu", "q"))))
    count = len(_ENGLISH_VOWELS.findall(word))
    if word.endswith("e") and not word.endswith(("le", "ee")) and count > 1:
        count -= 1
    if word.endswith("ed") and not word.endswith(("ted", "ded")) and count > 1:
        count -= 1
    return max(1, count)
