"""Cut the body of a playbook into its sections at the headings of two hashes.

Does not read what stands in them, nor judge whether one is missing: see ``check``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from crisis.playbooks.limits import channel_code

_HEADING = re.compile(r" {0,3}##[ \t]+(?P<words>.*?)[ \t]*#*[ \t]*")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_ANSWER = re.compile(r"(?:antwort|answer)\b\s*[:–-]?\s*(?P<channel>.*)", re.IGNORECASE)
_WORDS = {
    "lage": "situation",
    "situation": "situation",
    "schritte": "steps",
    "steps": "steps",
}


class Kind(StrEnum):
    """What a section is."""

    SITUATION = "situation"
    STEPS = "steps"
    ANSWER = "answer"
    UNKNOWN = "unknown"
    NONE = "none"  # text before the first heading


@dataclass(frozen=True, slots=True)
class Section:
    """One section: its heading as written, where it stands, and its Markdown."""

    kind: Kind
    heading: str
    line: int  # of the heading, in the file
    text: str
    text_line: int  # of the first line of ``text``, in the file
    channel: str = ""  # code; "" unless it is an answer on a channel we know
    channel_word: str = ""  # as written


def read_sections(lines: list[str], first_line: int) -> list[Section]:
    """The sections in order. ``first_line`` is the file's line of ``lines[0]``, from 1."""
    starts: list[tuple[int, str]] = [(-1, "")]
    fence = ""
    for place, line in enumerate(lines):
        if mark := _FENCE.match(line):
            if not fence:
                fence = mark[1]
            elif mark[1].startswith(fence) and not line.strip(" \t" + fence[0]):
                fence = ""
            continue
        heading = None if fence else _HEADING.fullmatch(line)
        if heading:
            starts.append((place, heading["words"]))
    ends = [place for place, _ in starts[1:]] + [len(lines)]
    found = [
        _section(words, place, lines[place + 1 : end], first_line)
        for (place, words), end in zip(starts, ends, strict=True)
    ]
    return [section for section in found if section.kind is not Kind.NONE or section.text]


def _section(words: str, place: int, lines: list[str], first_line: int) -> Section:
    """``place`` is the heading's index in the body, -1 for the text before the first one."""
    line = first_line + max(place, 0)
    empty = next((n for n, text in enumerate(lines) if text.strip()), len(lines))
    text, text_line = "\n".join(lines[empty:]).rstrip(), first_line + place + 1 + empty
    answer = _ANSWER.fullmatch(words)
    if answer:
        word = answer["channel"]
        return Section(Kind.ANSWER, words, line, text, text_line, channel_code(word) or "", word)
    kind = Kind(_WORDS.get(words.casefold().rstrip(":"), "unknown")) if place >= 0 else Kind.NONE
    return Section(kind, words, line, text, text_line)
