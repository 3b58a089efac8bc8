"""A long list, piece by piece: what was asked for, and the piece that answers it.

Pieces are found by the last row of the one before ("keyset"), not by counting rows: the thousandth page is
as fast as the first, and a row that comes in meanwhile moves nothing. Reads no table and renders nothing.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, TypeVar

Row = TypeVar("Row")
Key = str | int | float

PAGE = 50  # rows
COUNTED = 1000  # beyond so many rows nobody wants to know the number, and counting would take time
LONGEST_CURSOR = 1000  # characters
LONGEST_NAME = 60  # characters, of a kept view
LONGEST_QUERY = 2000
MOST_VIEWS = 20  # of one person, of one list
_LARGEST = 2**63 - 1  # SQLite's largest whole number


class Cursor(NamedTuple):
    """Where a piece begins: after the row with this sort value and id, or (``back``) before it."""

    value: Key
    id: Key
    back: bool = False

    def text(self) -> str:
        """As part of an address."""
        packed = json.dumps([self.value, self.id, int(self.back)], separators=(",", ":"))
        return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def cursor(text: str) -> Cursor | None:
    """What ``Cursor.text`` wrote; None for anything else, which means: from the beginning."""
    if not text or len(text) > LONGEST_CURSOR:
        return None
    try:
        packed = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        value, key, back = json.loads(packed)
    except (ValueError, TypeError, RecursionError):
        return None
    if not (_is_key(value) and _is_key(key) and back in (0, 1)):
        return None
    return Cursor(value, key, bool(back))


def _is_key(value: object) -> bool:
    if isinstance(value, bool):
        return False
    if isinstance(value, str):
        return "\x00" not in value and value.isprintable()
    return isinstance(value, float) or (isinstance(value, int) and abs(value) <= _LARGEST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants to see of a list."""

    sort: str  # one of the list's own names
    down: bool = False  # largest first
    words: str = ""  # what is searched for; "" everything
    filters: Mapping[str, str] = field(default_factory=dict)  # name -> value, never empty
    cursor: Cursor | None = None
    limit: int = PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece(Generic[Row]):
    """The rows of one page, in order, and where the pages around it begin."""

    rows: Sequence[Row]
    total: int  # of the whole list, at most ``COUNTED``
    more: bool = False  # the whole list has more rows than ``total``
    before: Cursor | None = None  # None: this is the first page
    after: Cursor | None = None  # None: this is the last


def cut(
    rows: Sequence[Row],
    wish: Wish,
    sorts: Mapping[str, Callable[[Row], Key]],
    identity: Callable[[Row], Key],
) -> Piece[Row]:
    """One page of a list that is short enough to lie in memory; ``rows`` are filtered already.

    ``sorts`` holds a function for every name a wish may sort by; all its values are of one type, as are
    those of ``identity``, which is never the same twice.
    """

    def place(row: Row) -> tuple[Any, Any]:
        return sorts[wish.sort](row), identity(row)

    ordered = sorted(rows, key=place, reverse=wish.down)
    start, end = 0, wish.limit
    if wish.cursor is not None:
        at = _position([place(row) for row in ordered], wish.cursor, down=wish.down)
        start, end = (max(0, at - wish.limit), at) if wish.cursor.back else (at, at + wish.limit)
    shown = ordered[start:end]
    return Piece(
        rows=shown,
        total=min(len(ordered), COUNTED),
        more=len(ordered) > COUNTED,
        before=Cursor(*place(shown[0]), back=True) if shown and start else None,
        after=Cursor(*place(shown[-1])) if shown and end < len(ordered) else None,
    )


def _position(places: Sequence[tuple[Any, Any]], start: Cursor, *, down: bool) -> int:
    """How many rows stand before the cursor (and at it, if the way leads forward)."""
    mark = (start.value, start.id)
    try:
        if start.back:
            return sum(place > mark if down else place < mark for place in places)
        return sum(place >= mark if down else place <= mark for place in places)
    except TypeError:  # an address made up by hand, or of another order
        return len(places) if start.back else 0


def has(words: str, *texts: str) -> bool:
    """Whether every word stands somewhere in the texts, whatever the capitals; "ß" is "ss"."""
    where = "\n".join(texts).casefold()
    return all(word in where for word in words.casefold().split())
