"""Blocks of text that several playbooks use: ``{{ baustein: so-arbeiten-wir }}`` on a line of its own.

Puts the blocks into the text before anything else looks at it, so that an approval is bound to the
words people read, and remembers where every line came from. Opens no file: it is given a way to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from crisis.playbooks.problem import Problem
from crisis.playbooks.sections import in_code

FOLDER = "bausteine"
_OPEN = ("block-open", "picture-open")
MOST_DEPTH = 4
MOST_CHARACTERS = 200_000  # of the whole text
NAME = re.compile(r"(?:[a-z0-9][a-z0-9_-]{0,59}/){0,2}[a-z0-9][a-z0-9_-]{0,79}(?:\.[a-z]{2,3})?")
_INCLUDE = re.compile(
    r" {0,3}\{\{[ \t]*(?:baustein|block|include)[ \t]*:[ \t]*(?P<name>[^{}\n]*?)[ \t]*\}\}[ \t\r]*"
)

Open = Callable[[str], str | None]  # a block's text by its name, or None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a line of the whole text came from."""

    line: int  # in the playbook's own file, from 1
    block: str = ""  # "" for the file itself
    block_line: int = 0


@dataclass(frozen=True, slots=True)
class Whole:
    """A playbook with its blocks in place."""

    text: str
    origins: tuple[Origin, ...] = ()  # of every line; empty where no block is used
    blocks: tuple[str, ...] = ()  # their names, each once
    problems: list[Problem] = field(default_factory=list)


def includes(text: str) -> list[tuple[int, str]]:
    """The blocks a text asks for: (line from 0, the name as written). None in its header or in code."""
    lines = text.split("\n")
    body = _body(lines)
    code = in_code(lines[body:])
    found = ((n, _INCLUDE.fullmatch(line)) for n, line in enumerate(lines[body:], start=body))
    return [(n, hit["name"]) for n, hit in found if hit and not code[n - body]]


def whole(name: str, text: str, open_block: Open) -> Whole:
    """``text``, the file of the playbook ``name``, with its blocks in place. Without blocks it is
    ``text`` itself to the last character. Blocks that cannot be had stay as they are written and
    stand in ``problems``."""
    if not includes(text):
        return Whole(text)
    expander = _Expander(f"{name}.md", open_block)
    lines = list(expander.lines(text, ()))
    return Whole(
        text="\n".join(line for line, _ in lines),
        origins=tuple(origin for _, origin in lines),
        blocks=tuple(dict.fromkeys(expander.used)),
        problems=expander.problems,
    )


def located(problems: Iterable[Problem], made: Whole) -> list[Problem]:
    """Problems of the whole text with the lines of the playbook's own file; those inside a block say
    so. Together with those of the blocks themselves."""
    if not made.origins:
        return list(problems)
    known = {
        p.code.partition("-")[0] for p in made.problems
    }  # said better than from the text alone
    found = [p for p in problems if not (p.code in _OPEN and p.code.partition("-")[0] in known)]
    return made.problems + [_located(problem, made.origins) for problem in found]


def _located(problem: Problem, origins: tuple[Origin, ...]) -> Problem:
    origin = origins[min(max(problem.line, 1), len(origins)) - 1]
    if not origin.block:
        return replace(problem, line=origin.line)
    return replace(
        problem,
        line=origin.line,
        de=f"Im Baustein „{origin.block}“, Zeile {origin.block_line}: {problem.de}",
        en=f'In the block "{origin.block}", line {origin.block_line}: {problem.en}',
    )


class _Expander:
    """One playbook while its blocks are put in place."""

    def __init__(self, file: str, open_block: Open) -> None:
        self.file = file
        self.open = open_block
        self.used: list[str] = []
        self.problems: list[Problem] = []
        self.length = 0

    def lines(
        self, text: str, inside: tuple[str, ...], line: int = 0
    ) -> Iterator[tuple[str, Origin]]:
        wanted = dict(includes(text))
        for number, words in enumerate(text.split("\n")):
            here = Origin(line, inside[-1], number + 1) if inside else Origin(number + 1)
            block = self.block(wanted[number], inside, here) if number in wanted else None
            if block is None:
                self.length += len(words) + 1
                yield words, here
            else:
                yield from self.lines(block, (*inside, wanted[number]), here.line)

    def block(self, name: str, inside: tuple[str, ...], here: Origin) -> str | None:
        """Its text, or None with the reason noted."""
        if not NAME.fullmatch(name):
            self.refuse(here, "block-name", _BAD_NAME, name)
            return None
        if name in inside:
            self.refuse(here, "block-cycle", _CYCLE, name)
            return None
        text = self.open(name)
        if text is None:
            self.refuse(here, "block-missing", _MISSING, name)
            return None
        if len(inside) >= MOST_DEPTH or self.length + len(text) > MOST_CHARACTERS:
            self.refuse(here, "block-too-much", _TOO_MUCH, name)
            return None
        self.used.append(name)
        return text.removeprefix("\ufeff").replace("\r\n", "\n").strip("\n")

    def refuse(self, here: Origin, code: str, say: tuple[str, str], name: str) -> None:
        problem = Problem(
            self.file, here.line, "error", code, *(one.format(name=name) for one in say)
        )
        if here.block:
            problem = _located(problem, (here,))
        self.problems.append(problem)


_BAD_NAME = (
    (
        "„{name}“ kann kein Baustein sein. Ein Name besteht aus kleinen Buchstaben a–z, Ziffern und "
        "Bindestrichen, zum Beispiel {{{{ baustein: so-arbeiten-wir }}}}."
    ),
    (
        '"{name}" cannot be a block. A name consists of small letters a–z, digits and hyphens, for '
        "example {{{{ block: how-we-work }}}}."
    ),
)
_MISSING = (
    f"Den Baustein „{{name}}“ gibt es nicht. Er muss als {FOLDER}/{{name}}.md neben den Vorlagen liegen.",
    f'There is no block "{{name}}". It must lie beside the playbooks, as {FOLDER}/{{name}}.md.',
)
_CYCLE = (
    "Der Baustein „{name}“ enthält sich selbst. Nehmen Sie eine der beiden Zeilen heraus.",
    'The block "{name}" contains itself. Take one of the two lines out.',
)
_TOO_MUCH = (
    "Mit dem Baustein „{name}“ sind zu viele Bausteine ineinander, oder der Text wird zu lang.",
    'With the block "{name}" too many blocks are inside each other, or the text becomes too long.',
)


def _body(lines: list[str]) -> int:
    """The first line behind the header; 0 where there is none, as in a block."""
    if not lines or lines[0].removeprefix("\ufeff").rstrip() != "---":
        return 0
    return next((n + 1 for n, line in enumerate(lines) if n and line.rstrip() == "---"), len(lines))
