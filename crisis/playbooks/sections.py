"""Cut the body of a playbook into its sections at the headings of two hashes.

Does not read what stands in them, nor judge whether one is missing: see ``check``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from crisis.playbooks.limits import channel_code

_HEADING = re.compile(r" {0,3}##[ \t]+(?P<words>.*?)[ \t]*#*[ \t]*")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_ANSWER = re.compile(r"(?:antwort|answer)\b\s*[:–-]?\s*(?P<channel>.*)", re.IGNORECASE)
_HOLDING = re.compile(
    r"(?:erste meldung|holding statement|first statement)\b\s*(?:[:–-]\s*(?P<channel>.*))?",
    re.IGNORECASE,
)
_WORDS = {
    "lage": "situation",
    "wann verwenden": "situation",
    "situation": "situation",
    "when to use": "situation",
    "wann nicht": "not",
    "nicht verwenden": "not",
    "when not to use": "not",
    "vorher prüfen": "checks",
    "zuerst prüfen": "checks",
    "check first": "checks",
    "checks": "checks",
    "schritte": "steps",
    "steps": "steps",
    "fragen und antworten": "questions",
    "questions and answers": "questions",
    "unbequeme fragen": "uncomfortable",
    "uncomfortable questions": "uncomfortable",
}


class Kind(StrEnum):
    """What a section is."""

    SITUATION = "situation"
    NOT = "not"
    CHECKS = "checks"
    STEPS = "steps"
    HOLDING = "holding"
    ANSWER = "answer"
    QUESTIONS = "questions"
    UNCOMFORTABLE = "uncomfortable"
    UNKNOWN = "unknown"
    NONE = "none"  # text before the first heading


SAID = frozenset({Kind.ANSWER, Kind.HOLDING})  # goes out, on a channel
FILLED = SAID | {Kind.QUESTIONS, Kind.UNCOMFORTABLE}  # may hold blanks


@dataclass(frozen=True, slots=True)
class Section:
    """One section: its heading as written, where it stands, and its Markdown."""

    kind: Kind
    heading: str
    line: int  # of the heading, in the file
    text: str
    text_line: int  # of the first line of ``text``, in the file
    channel: str = ""  # code; "" unless it goes out on a channel we know
    channel_word: str = ""  # as written


def read_sections(lines: list[str], first_line: int) -> list[Section]:
    """The sections in order. ``first_line`` is the file's line of ``lines[0]``, from 1."""
    starts: list[tuple[int, str]] = [(-1, "")]
    for place, (line, code) in enumerate(zip(lines, in_code(lines), strict=True)):
        heading = None if code else _HEADING.fullmatch(line)
        if heading:
            starts.append((place, heading["words"]))
    ends = [place for place, _ in starts[1:]] + [len(lines)]
    found = [
        _section(words, place, lines[place + 1 : end], first_line)
        for (place, words), end in zip(starts, ends, strict=True)
    ]
    return [section for section in found if section.kind is not Kind.NONE or section.text]


def in_code(lines: Sequence[str]) -> list[bool]:
    """For every line whether it is part of a fenced block of code, its fences included."""
    found: list[bool] = []
    fence = ""
    for line in lines:
        mark = _FENCE.match(line)
        found.append(bool(fence or mark))
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1].startswith(fence) and not line.strip(" \t\r" + fence[0]):
            fence = ""
    return found


def _section(words: str, place: int, lines: list[str], first_line: int) -> Section:
    """``place`` is the heading's index in the body, -1 for the text before the first one."""
    line = first_line + max(place, 0)
    empty = next((n for n, text in enumerate(lines) if text.strip()), len(lines))
    text, text_line = "\n".join(lines[empty:]).rstrip(), first_line + place + 1 + empty
    if answer := _ANSWER.fullmatch(words):
        word = answer["channel"]
        return Section(Kind.ANSWER, words, line, text, text_line, channel_code(word) or "", word)
    if holding := _HOLDING.fullmatch(words):
        word = holding["channel"] or "website"
        return Section(Kind.HOLDING, words, line, text, text_line, channel_code(word) or "", word)
    kind = Kind(_WORDS.get(words.casefold().rstrip(":"), "unknown")) if place >= 0 else Kind.NONE
    return Section(kind, words, line, text, text_line)
