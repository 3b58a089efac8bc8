"""Times as feeds write them, made aware and UTC. Knows no clock: a time is judged by itself."""

from __future__ import annotations

import re
from calendar import timegm
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import struct_time

_DOTTED = re.compile(
    r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?:[,\s]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?(?!\d)"
)
_WEEKDAY = re.compile(r"^\s*[A-Za-z]{2,10}\.?,\s*")
_WORD = re.compile(r"[A-Za-zäÄ]{3,9}\b")
_MONTHS = {"mär": "Mar", "mae": "Mar", "mrz": "Mar", "mai": "May", "okt": "Oct", "dez": "Dec"} | {
    name: name.title() for name in ("jan", "feb", "apr", "jun", "jul", "aug", "sep", "nov")
}
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


def from_words(text: str) -> datetime | None:
    """Times as German systems write them, which feedparser does not know: "Di, 5. Mär 2024 10:00:00
    +0100" or "05.03.2024 10:00". Without zone they count as UTC. None if it is neither.
    """
    if len(text) > 60:
        return None
    try:
        if found := _DOTTED.match(text.strip()):
            day, month, year, hour, minute, second = (int(part or 0) for part in found.groups())
            return _sane(datetime(year, month, day, hour, minute, second, tzinfo=UTC))
        english = _WORD.sub(lambda word: _MONTHS.get(word[0].lower()[:3], word[0]), text)
        moment = parsedate_to_datetime(_WEEKDAY.sub("", english).replace(".", ""))
        return _sane(moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, TypeError, OverflowError):
        return None


def _sane(moment: datetime) -> datetime | None:
    return moment if _FIRST <= moment < _LAST else None
