"""Times as feeds write them, made aware and UTC. Knows no clock: a time is judged by itself."""

from __future__ import annotations

from calendar import timegm
from datetime import UTC, datetime
from time import struct_time

_FIRST = datetime(1990, 1, 1, tzinfo=UTC)  # before the web: a clock that was never set
_LAST = datetime(2100, 1, 1, tzinfo=UTC)


def from_struct(moment: object) -> datetime | None:
    """feedparser's parsed time (a UTC ``struct_time``) or None; None too if it is absurd."""
    if not isinstance(moment, struct_time):
        return None
    try:
        return _sane(datetime.fromtimestamp(timegm(moment), UTC))
    except (ValueError, OverflowError, OSError):
        return None


def from_iso(text: object) -> datetime | None:
    """RFC 3339, as in JSON Feed; a time without zone counts as UTC. None if absent or absurd."""
    if not isinstance(text, str) or len(text) > 50:
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
        return _sane(moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None


def _sane(moment: datetime) -> datetime | None:
    return moment if _FIRST <= moment < _LAST else None
