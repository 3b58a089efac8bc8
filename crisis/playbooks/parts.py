"""The parts inside a section: those of a correction, the points of a list, questions with answers.

The order fact, warning, why it is false, fact again is that of the Debunking Handbook 2020
(Lewandowsky, Cook, Ecker et al., https://doi.org/10.17910/b7.1182). Judges nothing: see ``answers``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from crisis.playbooks.render import inline_text, tokens
from crisis.types import PlaybookCheck, QuestionAnswer

ORDER = ("fact", "warning", "why", "again")
NAMES = {
    "fact": ("Fakt", "Fact"),
    "warning": ("Warnung", "Warning"),
    "why": ("Warum das falsch ist", "Why this is false"),
    "again": ("Fakt noch einmal", "Fact again"),
    "how": ("So arbeiten wir", "How we work"),
    "unknown": ("Was wir noch nicht wissen", "What we do not know yet"),
    "next": ("Nächste Information", "Next information"),
}
_AGAIN = r"\b(noch\s?mal|noch einmal|erneut|zusammengefasst|kurz gesagt|again|once more|repeated)\b"
# In this order: the first that fits says which part of an answer a heading opens.
_PARTS = (
    ("next", re.compile(r"\b(nächste|next|wie es weitergeht)\b", re.IGNORECASE)),
    ("why", re.compile(r"^(warum|wieso|weshalb|why)\b", re.IGNORECASE)),
    ("again", re.compile(_AGAIN, re.IGNORECASE)),
    ("fact", re.compile(r"^(fakt|fact|was stimmt|richtig ist|what is true)", re.IGNORECASE)),
    (
        "warning",
        re.compile(
            r"^(warnung|warning|achtung|vorsicht|falsch|das gerücht|the rumou?r|false)",
            re.IGNORECASE,
        ),
    ),
    ("how", re.compile(r"^(so arbeiten wir|how we work)", re.IGNORECASE)),
    (
        "unknown",
        re.compile(r"^(was wir (noch )?nicht wissen|what we do not know)", re.IGNORECASE),
    ),
)
_BOX = re.compile(r"\[[ xX]\]\s+")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a correction: what stands below its heading, and the heading's line from 0."""

    heading: str
    line: int
    text: str  # Markdown


def correction(markdown: str) -> dict[str, Part]:
    """The parts of an answer, by "fact", "warning", "why", "again", "how", "unknown", "next", in the
    order they stand; the first of each. Headings that open none of them are left out."""
    found: dict[str, Part] = {}
    for heading, line, text in _headed(markdown):
        part = _part(heading, found)
        if part:
            found.setdefault(part, Part(heading, line, text))
    return found


def _part(heading: str, seen: Mapping[str, object]) -> str:
    for part, pattern in _PARTS:
        if pattern.search(heading):
            return "again" if part == "fact" and "fact" in seen else part
    return ""


def questions(markdown: str, *, uncomfortable: bool = False) -> list[QuestionAnswer]:
    """Every heading with what stands below it."""
    return [
        QuestionAnswer(question=heading, answer=text, uncomfortable=uncomfortable)
        for heading, _, text in _headed(markdown)
        if heading
    ]


def titled(markdown: str) -> tuple[str, str]:
    """The heading a text begins with, as plain words ("" where it begins otherwise), and the rest."""
    first = next(_headed(markdown), ("", 1, ""))
    if first[1] != 0:
        return "", markdown
    rest = markdown.split("\n", 1)
    return first[0], rest[1].strip("\n") if len(rest) > 1 else ""


def checks(markdown: str) -> list[PlaybookCheck]:
    """The points of the lists in ``markdown``, each once, as plain text; "[ ]" is left away."""
    texts = dict.fromkeys(_BOX.sub("", text, count=1).strip() for text in points(markdown))
    return [PlaybookCheck(key=_key(text), text=text) for text in texts if text]


def points(markdown: str) -> list[str]:
    """The points of all outermost lists, each on one line of plain text."""
    found: list[str] = []
    depth = 0
    for token in tokens(markdown):
        if token.type == "list_item_open":
            depth += 1
            if depth == 1:
                found.append("")
        elif token.type == "list_item_close":
            depth -= 1
        elif token.type == "inline" and depth:
            found[-1] = f"{found[-1]} {' '.join(inline_text(token.children).split())}".strip()
    return found


def _key(text: str) -> str:
    return "p-" + hashlib.sha256(text.casefold().encode("utf-8")).hexdigest()[:12]


def _headed(markdown: str) -> Iterator[tuple[str, int, str]]:
    """Every outermost heading with hashes: its plain words, its line from 0, the Markdown below it."""
    lines = markdown.split("\n")
    places = [
        (token.map[0], inline_text(inline.children))
        for token, inline in pairwise(tokens(markdown))
        if token.type == "heading_open"
        and token.map
        and token.level == 0
        and token.markup[0] == "#"
    ]
    ends = [*(line for line, _ in places[1:]), len(lines)]
    for (line, words), end in zip(places, ends, strict=False):  # without headings: no part
        yield " ".join(words.split()), line, "\n".join(lines[line + 1 : end]).strip("\n").rstrip()
