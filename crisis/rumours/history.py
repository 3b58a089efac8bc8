"""What became of an entry: its earlier versions, worked out from the log, and what differs between two.

Pure. Keeps nothing and restores nothing (``workflows.catalogue``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import SequenceMatcher
from enum import Enum
from itertools import zip_longest
from typing import Any, Literal

from crisis.types import AuditEntry, Fact, Rumour, RumourStatus

WRITTEN = ("text", "title", "variants", "lang", "topics", "status", "facts", "valid_until")
"""The parts of an entry that people write, in the order of the form."""

Kind = Literal["same", "new", "old"]
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that stayed, came or went."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One part of an entry that differs: its name, and its lines with what came and went in each."""

    name: str
    lines: Sequence[Sequence[Piece]]


@dataclass(frozen=True, slots=True)
class Version:
    """One step of an entry: how it stood before (None: not at all) and after."""

    entry: AuditEntry
    before: Rumour | None
    after: Rumour


def versions(current: Rumour, entries: Sequence[AuditEntry]) -> list[Version]:
    """Every step that changed what is written, newest first; ``entries`` in the order of the log.

    Works backwards from the entry as it is: each line of the log says what it was before.
    """
    found: list[Version] = []
    state = current
    for entry in reversed(entries):
        if entry.action == "rumour.added":
            found.append(Version(entry, None, state))
            break
        earlier = _with(state, entry.before)
        if earlier != state:
            found.append(Version(entry, earlier, state))
        state = earlier
    return found


def changes(before: Rumour | None, after: Rumour) -> list[Change]:
    """What differs between two versions of an entry, part by part; all of it where there was none."""
    found = []
    for name in WRITTEN:
        old = _lines(getattr(before, name)) if before is not None else []
        new = _lines(getattr(after, name))
        if old != new:
            found.append(Change(name, _compared(old, new)))
    return found


def word_diff(old: str, new: str) -> list[Piece]:
    """What came and went between two texts, word by word."""
    a, b = _TOKEN.findall(old), _TOKEN.findall(new)
    pieces: list[Piece] = []
    for what, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if what == "equal":
            pieces.append(Piece("same", "".join(a[i:j])))
            continue
        if j > i:
            pieces.append(Piece("old", "".join(a[i:j])))
        if m > k:
            pieces.append(Piece("new", "".join(b[k:m])))
    return pieces


def _compared(old: Sequence[str], new: Sequence[str]) -> list[list[Piece]]:
    """Lines that came and went; a line that was rewritten word by word. Those that stayed are left out."""
    if len(old) == len(new) == 1:
        return [word_diff(old[0], new[0])]
    lines: list[list[Piece]] = []
    for what, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            continue
        for a, b in zip_longest(old[i:j], new[k:m]):
            if a is None:
                lines.append([Piece("new", b)])
            elif b is None:
                lines.append([Piece("old", a)])
            else:
                lines.append(word_diff(a, b))
    return lines


def _lines(value: object) -> list[str]:
    if isinstance(value, tuple):
        return [_line(part) for part in value]
    said = _line(value)
    return [said] if said else []


def _line(value: object) -> str:
    if isinstance(value, Fact):
        parts = (value.text, value.source, value.url, value.date.isoformat() if value.date else "")
        return " | ".join(part for part in parts if part)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return str(value.value)
    return "" if value is None else str(value)


# --- from the log's JSON back to an entry -----------------------------------------------------


def _with(rumour: Rumour, before: Mapping[str, object]) -> Rumour:
    """The entry with what the log says it was; what the log does not say, or says oddly, stays."""
    values: dict[str, Any] = {}
    for name, value in before.items():
        if name in WRITTEN:
            try:
                values[name] = _value(name, value)
            except (TypeError, ValueError, KeyError):
                continue
    return replace(rumour, **values)


def _value(name: str, value: Any) -> object:
    if name in ("variants", "topics"):
        return tuple(str(part) for part in value)
    if name == "facts":
        return tuple(
            Fact(text=f["text"], source=f["source"], url=f["url"], date=_day(f["date"]))
            for f in value
        )
    if name == "status":
        return RumourStatus(value)
    if name == "valid_until":
        return _day(value)
    return str(value)


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if value else None
