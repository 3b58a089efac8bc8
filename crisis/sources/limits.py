"""How long a server asks us to wait by its limit of requests. Pure; what follows is ``timetable``'s.

Mastodon says when the count begins anew as a time (``X-RateLimit-Reset``, ISO 8601), Bluesky as seconds since
1970 (``RateLimit-Reset``). Both count from the server's own ``Date``, for its clock is not ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

from crisis.sources.dates import from_iso

LONGEST = 3_600.0  # seconds; these counts begin anew every 5 minutes


def until_reset(headers: Mapping[str, str], *, refused: bool = False) -> float | None:
    """Seconds until we may ask again, None while requests are left. Names of ``headers`` in lower case.

    ``refused``: the server has just said that there are none, whatever it counts.
    """
    for prefix in ("x-ratelimit", "ratelimit"):
        left, reset = headers.get(f"{prefix}-remaining", ""), headers.get(f"{prefix}-reset", "")
        if reset and (refused or left.strip() == "0"):
            return _span(reset.strip(), headers)
    return None


def _span(reset: str, headers: Mapping[str, str]) -> float | None:
    try:
        date = parsedate_to_datetime(headers.get("date", ""))
        if reset.isascii() and reset.isdigit():
            number = int(reset[:15])
            # Small numbers are a span already, as the draft of the IETF has it.
            seconds = float(number) if number < 1_000_000 else number - date.timestamp()
        else:
            moment: datetime | None = from_iso(reset)
            if moment is None:
                return None
            seconds = (moment - date).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(seconds, 0.0), LONGEST)
