"""How often a server and its feed want to be asked, as seconds. Pure; decides nothing: see ``timetable``.

Servers say it by HTTP (RFC 9111: ``Cache-Control: max-age`` less ``Age``, else ``Expires`` less
``Date``), feeds in themselves (RSS ``ttl`` in minutes; RSS 1.0 ``sy:updatePeriod``/``updateFrequency``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

_MAX_AGE = re.compile(r"""(?:^|[\s,])max-age\s*=\s*"?([0-9]{1,12})\b""", re.IGNORECASE)
_NEVER_KEEP = re.compile(r"(?:^|[\s,])no-(?:cache|store)\b", re.IGNORECASE)
_PERIODS = {  # seconds; http://web.resource.org/rss/1.0/modules/syndication/
    "hourly": 3_600,
    "daily": 86_400,
    "weekly": 604_800,
    "monthly": 2_592_000,
    "yearly": 31_536_000,
}


def fresh_for(headers: Mapping[str, str]) -> float | None:
    """Seconds for which the server says its answer holds; None where it says nothing of use.

    Names of ``headers`` in lower case.
    """
    control = headers.get("cache-control", "")
    if _NEVER_KEEP.search(control):
        return None
    found = _MAX_AGE.search(control)
    if found:
        age = headers.get("age", "").strip()
        old = int(age) if age.isascii() and age.isdigit() and len(age) < 12 else 0
        return float(max(0, int(found[1]) - old))
    expires = _moment(headers.get("expires", ""))
    sent = _moment(headers.get("date", ""))
    if expires is None or sent is None:
        return None
    return max(0.0, (expires - sent).total_seconds())


def asked_by_feed(ttl: str = "", period: str = "", frequency: str = "") -> int | None:
    """Seconds between two requests as the feed itself asks for them; None where it does not."""
    if ttl.strip().isascii() and ttl.strip().isdigit() and len(ttl.strip()) < 8:
        return int(ttl.strip()) * 60 or None
    seconds = _PERIODS.get(period.strip().lower())
    if seconds is None:
        return None
    often = frequency.strip()
    times = int(often) if often.isascii() and often.isdigit() and len(often) < 6 else 1
    return max(1, seconds // max(1, times))


def _moment(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return found if found.tzinfo is not None else None
