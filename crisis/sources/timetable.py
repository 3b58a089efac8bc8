"""When a source is asked next. Knows no clock and asks nobody: ``workflows/watch`` does both.

Every source has a timetable of its own. One that brings something new is asked soon again, at the
shortest after ``interval`` seconds; each time it brings nothing its ``pace`` slackens, up to four
intervals. What server and feed wish (``wishes``) is honoured up to ``slowest`` seconds, an hour unless a
person set it. A little earlier rather than later, so that sources added together drift apart. After
failures the pause doubles up to six hours, and never ends: a source that comes back is found again by
itself.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from math import isfinite

from crisis.types import Source

LONGEST_PAUSE = 6 * 3600  # seconds between two tries of a failing source
LONGEST_BLIND = 900  # the same for official warnings: one that is missed is not made up for later
LONGEST_WAIT = 24 * 3600  # seconds for which we let a server send us away
USUAL_SLOWEST = 3600  # seconds: what a wish can bring a source to where no person said otherwise
_QUIET = 4  # intervals: how far a source slackens by itself
_SLACKEN = 1.25  # by which the pace grows with each answer that brings nothing
_SPREAD = 0.1  # part of a pause by which sources are spread
_MOST_DOUBLINGS = 16  # beyond, any interval has reached the longest pause


def next_due(
    source: Source,
    now: datetime,
    *,
    failed: bool,
    retry_after: float | None = None,
    wish: float | None = None,
) -> datetime:
    """When to ask ``source`` again, having just asked it at ``now``.

    ``source.failures`` counts the failures in a row *before* this one. ``retry_after`` is what the
    server asked for, in seconds; it is honoured up to a day and never shortens a pause. ``wish`` is how
    often server or feed would like to be asked, honoured up to the source's ``slowest``.
    """
    pause = pace(source) if not failed else float(source.interval)
    if failed:
        longest = max(LONGEST_BLIND if source.kind.warns else LONGEST_PAUSE, source.interval)
        pause = min(longest, pause * 2 ** min(source.failures, _MOST_DOUBLINGS))
    pause *= 1 - _SPREAD * _share(source)
    if wish is not None and isfinite(wish) and not failed:
        pause = max(pause, min(wish, slowest(source)))
    if retry_after is not None and isfinite(retry_after):
        pause = max(pause, min(retry_after, LONGEST_WAIT))
    return now + timedelta(seconds=pause)


def slowest(source: Source) -> float:
    """Seconds after which a healthy source is asked at the latest."""
    return float(max(source.interval, source.slowest or USUAL_SLOWEST))


def pace(source: Source) -> float:
    """Seconds between two requests as the source's own rhythm has it, within its bounds."""
    return min(max(float(source.interval), source.pace), _quietest(source))


def next_pace(source: Source, new: int) -> float:
    """The pace after an answer that brought ``new`` new posts.

    An exercise's feed is never slow, nor are official warnings: their silence is good news, not rest.
    """
    if new or source.drill or source.kind.warns:
        return max(float(source.interval), pace(source) / 2)
    return min(_quietest(source), pace(source) * _SLACKEN)


def _quietest(source: Source) -> float:
    return min(float(source.interval * _QUIET), slowest(source))


def _share(source: Source) -> float:
    """A number in [0, 1) that is the source's own, always the same, and changes with each failure."""
    name = f"{source.id or source.url}/{source.failures}"
    return int.from_bytes(sha256(name.encode()).digest()[:4]) / 2**32
