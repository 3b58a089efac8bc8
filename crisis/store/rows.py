"""Rows to nouns and back: times, days, flags and lists; and the statement that changes one row.

Knows no table: the nouns' files name theirs.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from enum import Enum
from typing import Any, TypeAlias

from sqlite_utils import Database

Row: TypeAlias = dict[str, Any]


def stamp(moment: datetime) -> str:
    """The moment as text that sorts: UTC, microseconds. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a time without a time zone cannot be stored")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def moment(text: str) -> datetime:
    """The time that ``stamp`` wrote."""
    return datetime.fromisoformat(text)


def maybe_moment(text: str | None) -> datetime | None:
    return None if not text else moment(text)


def maybe_day(text: str | None) -> date | None:
    return None if not text else date.fromisoformat(text)


def plain(value: Any) -> Any:
    """One field as SQLite keeps it. Mappings, tuples and sets become JSON, in a fixed order."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    if isinstance(value, frozenset):
        return to_json(sorted(value))
    if isinstance(value, Mapping | tuple | list):
        return to_json(value)
    return value


def to_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=_jsonable)


def _jsonable(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Mapping):
        return dict(value)
    return plain(value)


def to_row(noun: Any, *, without: tuple[str, ...] = ()) -> Row:
    """A noun as a row; ``id`` is left out while it is 0, so that the database gives one."""
    row = {
        f.name: plain(getattr(noun, f.name))
        for f in dataclasses.fields(noun)
        if f.name not in without
    }
    if row.get("id") == 0:
        del row["id"]
    return row


def rewritten(db: Database, table: str, row: Row, where: str, arguments: Sequence[object]) -> bool:
    """Set these columns of the one row that ``where`` names; False if there is none (any more)."""
    sets = ", ".join(f'"{name}" = ?' for name in row)
    cursor = db.execute(f"update {table} set {sets} where {where}", [*row.values(), *arguments])
    return bool(cursor.rowcount == 1)
