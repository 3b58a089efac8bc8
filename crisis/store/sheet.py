"""Lists as SQL: from a wish to the rows of one page, by the last row of the page before.

Knows no table: each noun describes its own list as a ``Sheet``. Names of sorts and filters come from code,
never from a request; values are always bound.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlite_utils import Database

from crisis.lists import COUNTED, Cursor, Piece, Wish
from crisis.store.rows import Row

CHUNK = 1000  # rows an export reads at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One noun's list."""

    tables: str  # what stands after "from"
    columns: str  # what stands after "select"
    id: str  # a column that is never the same twice
    sorts: Mapping[str, str]  # name -> expression that is never null
    filters: Mapping[str, str] = field(default_factory=dict)  # name -> condition with :name
    words: str = ""  # condition with :words, a full-text expression, or :text, as typed


def piece(db: Database, sheet: Sheet, wish: Wish) -> Piece[Row]:
    """One page of the list."""
    where, bound = _where(sheet, wish)
    found = _read(db, sheet, wish, where, bound, wish.limit + 1)
    back = wish.cursor is not None and wish.cursor.back
    rows = found[: wish.limit]
    further = len(found) > wish.limit
    if back:
        rows.reverse()
    elsewhere = wish.cursor is not None  # we came from somewhere, so there is something there
    total, more = _count(db, sheet, where, bound)
    return Piece(
        rows=rows,
        total=total,
        more=more,
        before=_cursor(rows[0], back=True) if rows and (further if back else elsewhere) else None,
        after=_cursor(rows[-1], back=False) if rows and (elsewhere if back else further) else None,
    )


def every(db: Database, sheet: Sheet, wish: Wish) -> Iterator[Row]:
    """All rows of the list, for an export: read in chunks, so that no writer waits for it."""
    where, bound = _where(sheet, wish)
    asked = replace(wish, cursor=None)
    while True:
        rows = _read(db, sheet, asked, where, bound, CHUNK)
        yield from rows
        if len(rows) < CHUNK:
            return
        asked = replace(asked, cursor=_cursor(rows[-1], back=False))


def _where(sheet: Sheet, wish: Wish) -> tuple[str, dict[str, Any]]:
    conditions, bound = ["1 = 1"], dict[str, Any]()
    for name, value in wish.filters.items():
        conditions.append(f"({sheet.filters[name]})")
        bound[name] = value
    if sheet.words and re.search(r"\w", wish.words):
        conditions.append(f"({sheet.words})")
        bound |= {"words": full_text(wish.words), "text": wish.words.strip()}
    return " and ".join(conditions), bound


def _read(
    db: Database, sheet: Sheet, wish: Wish, where: str, bound: dict[str, Any], limit: int
) -> list[Row]:
    expression, start = sheet.sorts[wish.sort], wish.cursor
    down = wish.down != (start is not None and start.back)
    if start is not None:
        where += f" and ({expression}, {sheet.id}) {'<' if down else '>'} (:at_value, :at_id)"
        bound = {**bound, "at_value": start.value, "at_id": start.id}
    way = "desc" if down else "asc"
    return list(
        db.query(
            f"select {sheet.columns}, {expression} as sort_value, {sheet.id} as sort_id"
            f" from {sheet.tables} where {where}"
            f" order by {expression} {way}, {sheet.id} {way} limit {limit}",
            bound,
        )
    )


def _count(db: Database, sheet: Sheet, where: str, bound: dict[str, Any]) -> tuple[int, bool]:
    counted = db.execute(
        f"select count(*) from (select 1 from {sheet.tables} where {where} limit {COUNTED + 1})",
        bound,
    ).fetchone()[0]
    return min(counted, COUNTED), counted > COUNTED


def _cursor(row: Row, *, back: bool) -> Cursor:
    return Cursor(row["sort_value"], row["sort_id"], back)


def full_text(words: str) -> str:
    """What people type as a full-text expression: every word must begin some word of the row."""
    return " ".join(f'"{word}"*' for word in re.findall(r"\w+", fold(words)))


def fold(text: str | None) -> str:
    """Words as they are compared: without capitals, and "Straße" as "strasse"."""
    return (text or "").casefold()
