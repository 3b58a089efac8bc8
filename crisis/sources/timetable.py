"""When a source is asked next. Knows no clock and asks nobody: ``workflows/watch`` does both.

A source is asked every ``interval`` seconds, a little earlier rather than later so that sources added
together drift apart. After failures the pause doubles up to six hours, and never ends: a source that
comes back is found again by itself.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from math import isfinite

from crisis.types import Source

LONGEST_PAUSE = 6 * 3600  # seconds between two tries of a failing source
LONGEST_WAIT = 24 * 3600  # seconds for which we let a server send us away
_SPREAD = 0.1  # part of a pause by which sources are spread
_MOST_DOUBLINGS = 16  # beyond, any interval has reached the longest pause


def next_due(
    source: Source, now: datetime, *, failed: bool, retry_after: float | None = None
) -> datetime:
    """When to ask ``source`` again, having just asked it at ``now``.

    ``source.failures`` counts the failures in a row *before* this one. ``retry_after`` is what the
    server asked for, in seconds; it is honoured up to a day and never shortens a pause.
    """
    pause = float(source.interval)
    if failed:
        longest = max(LONGEST_PAUSE, source.interval)
        pause = min(longest, pause * 2 ** min(source.failures, _MOST_DOUBLINGS))
    pause *= 1 - _SPREAD * _share(source)
    if retry_after is not None and isfinite(retry_after):
        pause = max(pause, min(retry_after, LONGEST_WAIT))
    return now + timedelta(seconds=pause)


def _share(source: Source) -> float:
    """A number in [0, 1) that is the source's own, always the same, and changes with each failure."""
    name = f"{source.id or source.url}/{source.failures}"
    return int.from_bytes(sha256(name.encode()).digest()[:4]) / 2**32
