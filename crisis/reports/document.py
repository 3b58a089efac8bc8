"""A document as words and tables, before anybody knows how it will look. Composes and lays out nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Bullets:
    """Points of a list."""

    items: Sequence[str]
    kind: str = "bullets"


@dataclass(frozen=True, slots=True)
class Pairs:
    """Names and what belongs to them."""

    rows: Sequence[tuple[str, str]]
    kind: str = "pairs"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; its first column names the rows."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    kind: str = "grid"


@dataclass(frozen=True, slots=True)
class Bars:
    """Counts along an axis: (below the bar, how many). ``summary`` says the same in a sentence."""

    title: str
    summary: str
    points: Sequence[tuple[str, int]]
    kind: str = "bars"


Block = Text | Bullets | Pairs | Grid | Bars


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it; ``tone`` "alarm", "attention" or "" marks how pressing it is."""

    title: str
    blocks: Sequence[Block]
    parts: Sequence[Section] = ()
    tone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """All of it."""

    lang: str  # "de" or "en"
    title: str
    subtitle: str
    authority: str
    made: str  # when it was made, in words
    lead: Sequence[str]  # the situation in three sentences
    sections: Sequence[Section]
    banner: str = ""  # what everybody must see at once: an exercise
    small_print: str = ""

    def plain(self) -> dict[str, object]:
        """The same as lists and mappings, for JSON."""
        return asdict(self)
