"""What can be tested of the rules for Leichte Sprache (easy read): advice with the words it is about.

The rules are those of Netzwerk Leichte Sprache and DIN SPEC 33429: short sentences with one thought, each
on a line of its own; no passive, no genitive, no "would"; long words parted; no short forms. What cannot
be tested stays with the people who need it: only they can say whether they understand it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from crisis.playbooks.problem import Severity
from crisis.playbooks.readability import sentences, words_in

MOST_WORDS = 12  # of a sentence; the rules ask for short ones and name no number
LONGEST_PIECE = 17  # letters between hyphens or middle dots
Found = tuple[Severity, str, str, str, str]  # and the words it is about, "" for the whole text

_SECOND = re.compile(
    r"[^\W\d]{2}[.!?]\s+(?P<second>[A-ZÄÖÜ]\w.*)"
)  # behind a sentence, not a number
# Forms that end like participles and are none, behind "wird" or "werden".
_NO_PARTICIPLE = (
    "gut|gern|genug|gesund|gefährlich|gestern|gleich|gegen|gerade|geben|gehen|gewinnen|gelten"
)
_RULES = {
    "de": (
        (
            re.compile(
                r"\b(?:wird|werden|wurde|wurden|worden)\b[^.!?\n]*?\b"
                rf"(?!(?:{_NO_PARTICIPLE})\b)(?:(?:\w+)?ge\w{{2,}}(?:t|en)|\w{{3,}}iert|ver\w{{3,}}t)\b",
                re.IGNORECASE,
            ),
            "Passiv: Sagen Sie, wer es tut",
            "passive: say who does it",
        ),
        (
            re.compile(r"\b(?:des|eines|meines|ihres|unseres)\s+(?:\w+\s+)?[A-ZÄÖÜ]\w+s\b"),
            "Genitiv: besser mit „von“",
            'genitive: better with "von"',
        ),
        (
            re.compile(
                r"\b(?:wäre|würde|hätte|könnte|müsste|dürfte|sollte)(?:n|st|t)?\b", re.IGNORECASE
            ),
            "Möglichkeitsform: Sagen Sie, was ist, oder „vielleicht“",
            'subjunctive: say what is, or "vielleicht"',
        ),
        (
            re.compile(
                r",\s+(?:weil|obwohl|während|nachdem|bevor|sodass|sobald|falls|damit|welche[rsn]?)\b"
            ),
            "Nebensatz: Machen Sie zwei Sätze daraus",
            "subordinate clause: make two sentences of it",
        ),
        (
            re.compile(r"\b(?:z\. ?B|d\. ?h|u\. ?a|bzw|usw|ca|evtl|ggf|inkl|max|Std|Tel)\."),
            "Abkürzung: Schreiben Sie das Wort aus",
            "short form: write the word in full",
        ),
    ),
    "en": (
        (
            re.compile(
                r"\b(?:is|are|was|were|been|being)\s+(?:\w+ly\s+)?\w{3,}ed\s+by\b", re.IGNORECASE
            ),
            "Passiv: Sagen Sie, wer es tut",
            "passive: say who does it",
        ),
        (
            re.compile(r"\b(?:would|might|could have|should have)\b", re.IGNORECASE),
            "Möglichkeitsform: Sagen Sie, was ist",
            "subjunctive: say what is",
        ),
        (
            re.compile(r"\b(?:e\.g|i\.e|etc|approx)\."),
            "Abkürzung: Schreiben Sie das Wort aus",
            "short form: write the word in full",
        ),
    ),
}


def easy(text: str, lang: str) -> Iterator[Found]:
    """Where ``text``, which is plain with its blanks filled, is not easy read; the first of each kind."""
    yield from _long(text)
    yield from _crowded(text)
    for pattern, de, en in _RULES.get(lang, ()):
        if found := pattern.search(text):
            words = " ".join(found.group().split()).lstrip(", ")
            yield (
                "hint",
                "easy-rule",
                f"Leichte Sprache: „{words}“ ist schwer. {de}.",
                f'Easy read: "{words}" is hard. {en[0].upper()}{en[1:]}.',
                found.group(),
            )


def _long(text: str) -> Iterator[Found]:
    for sentence in sentences(text):
        count = len(words_in(sentence))
        if count > MOST_WORDS:
            yield (
                "warning",
                "easy-sentence",
                f"Leichte Sprache: Ein Satz hat {count} Wörter, nicht über {MOST_WORDS}: „{start(sentence)}“",
                f'Easy read: a sentence has {count} words, not over {MOST_WORDS}: "{start(sentence)}"',
                sentence,
            )
            break
    for word in words_in(text):
        if max(map(len, re.split(r"[-·]", word))) > LONGEST_PIECE:
            yield (
                "hint",
                "easy-word",
                f"Leichte Sprache: „{word}“ ist lang. Trennen Sie es mit einem Bindestrich oder Punkt.",
                f'Easy read: "{word}" is long. Part it with a hyphen or a middle dot.',
                word,
            )
            break


def _crowded(text: str) -> Iterator[Found]:
    """Every sentence begins a new line."""
    for line in text.splitlines():
        if found := _SECOND.search(line):
            yield (
                "hint",
                "easy-rule",
                f"Leichte Sprache: Jeder Satz beginnt eine neue Zeile. „{start(found['second'])}“",
                f'Easy read: every sentence begins a new line. "{start(found["second"])}"',
                found["second"],
            )
            return


def start(sentence: str) -> str:
    """Its first words, to find it by."""
    return " ".join(sentence.split()[:6]) + " …"
