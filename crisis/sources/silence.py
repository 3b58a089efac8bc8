"""When a source is quiet for longer than is usual for it. Pure; tells nobody: see ``workflows/vigil``.

Usual is what the source did itself: the longest gap between two hours with posts in the last two weeks,
weekends and nights with them, doubled. A source that is too new or too rare to have a rhythm is quiet
after a week.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from crisis.types import Source

RHYTHM = timedelta(days=14)  # how far back a rhythm is read
_FEWEST = 6  # hours with posts, below which there is no rhythm
_WITHOUT_RHYTHM = timedelta(days=7)
_SHORTEST, _LONGEST = timedelta(hours=12), timedelta(days=14)


def quiet_after(source: Source, hours: Sequence[datetime]) -> timedelta:
    """How long this source may be silent before somebody should look.

    ``hours``: the hours in which it brought posts, oldest first, within ``RHYTHM``.
    """
    if source.quiet_hours:
        return timedelta(hours=source.quiet_hours)
    if len(hours) < _FEWEST:
        return _WITHOUT_RHYTHM
    gap = max(later - earlier for earlier, later in pairwise(hours))
    return min(_LONGEST, max(_SHORTEST, 2 * gap))


def is_silent(source: Source, hours: Sequence[datetime], now: datetime) -> bool:
    """Whether it answers but has brought nothing for longer than it may. No warning is no silence."""
    if source.kind.warns:
        return False
    heard = source.last_new_post or source.added
    if not source.active or source.failures or source.last_success is None or heard is None:
        return False
    return now - heard > quiet_after(source, hours)
