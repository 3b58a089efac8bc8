"""How tables are made: with an id that is never used twice. Used by the steps of ``schema``."""

from __future__ import annotations

from typing import Any

from sqlite_utils import Database


def table(
    db: Database,
    name: str,
    columns: dict[str, Any],
    *,
    foreign_keys: list[tuple[str, str, str]] | None = None,
    unique: list[list[str]] | None = None,
    indexes: list[list[str]] | None = None,
    optional: tuple[str, ...] = (),
) -> None:
    """A table with an ``id`` that is never used twice; all columns are required but the optional ones."""
    db.table(name).create(
        columns,
        pk="id",
        foreign_keys=foreign_keys or [],
        not_null=set(columns) - {"id", *optional},
    )
    for group in unique or []:
        db.table(name).create_index(group, unique=True)
    for group in indexes or []:
        db.table(name).create_index(group)
