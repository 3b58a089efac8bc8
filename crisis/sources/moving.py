"""Whether a source has moved for good. Pure; does not follow anybody by itself: see ``workflows/watch``.

A server that says so once may be misconfigured, or a hotel's sign-in page. It is believed once it has
said the same ``TIMES`` times in a row over at least ``SPAN``; until then the old address is asked, which
leads to the new one anyway.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from crisis.types import Source

TIMES = 5
SPAN = timedelta(days=1)


def heard(source: Source, moved_to: str, now: datetime) -> Source:
    """The source after an answer that named ``moved_to`` as its new address; "": none."""
    if not moved_to or moved_to == source.url:
        return replace(source, moved_to="", moved_times=0, moved_since=None)
    if moved_to != source.moved_to:
        return replace(source, moved_to=moved_to, moved_times=1, moved_since=now)
    return replace(source, moved_times=source.moved_times + 1)


def is_sure(source: Source, now: datetime) -> bool:
    """Whether it may be asked at its new address from now on."""
    return (
        bool(source.moved_to)
        and source.moved_times >= TIMES
        and source.moved_since is not None
        and now - source.moved_since >= SPAN
    )


def moved(source: Source) -> Source:
    """The source at its new address."""
    return replace(
        source,
        url=source.moved_to,
        moved_from=source.url,
        moved_to="",
        moved_times=0,
        moved_since=None,
    )
