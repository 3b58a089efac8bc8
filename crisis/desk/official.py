"""Official warnings as the board and incidents show them: what holds now, and whether that is known at all.

"No warning" is said only where every source of warnings has answered lately. Reads only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crisis.desk import here
from crisis.sources.warned import same
from crisis.types import OfficialWarning, Source

LATELY = timedelta(minutes=30)  # or three times its interval, whichever is longer
SHOWN = 6


@dataclass(frozen=True, slots=True)
class Official:
    """What is known of official warnings here."""

    warnings: Sequence[OfficialWarning]  # the gravest first
    more: int  # beyond those shown
    blind: Sequence[Source]  # of these nobody knows what they say now
    as_of: datetime | None  # all others were read at least since


def official() -> Official | None:
    """The warnings that hold now; None where no source of warnings is set up."""
    store, now = here.store(), here.now()
    sources = [one for one in store.sources.all() if one.kind.warns and (one.active or one.ended)]
    if not sources:
        return None
    blind = [source for source in sources if is_blind(source, now)]
    read = [one.last_success for one in sources if one not in blind and one.last_success]
    found = list({same(one.key): one for one in reversed(store.warnings.active(now))}.values())[
        ::-1
    ]
    return Official(found[:SHOWN], len(found[SHOWN:]), blind, min(read, default=None))


def is_blind(source: Source, now: datetime) -> bool:
    """Whether nobody knows what this source says now: it fails, has ended, or was not read lately."""
    if source.failures or source.ended or source.last_success is None:
        return True
    return now - source.last_success > max(LATELY, 3 * timedelta(seconds=source.interval))


def signs() -> tuple[object, ...]:
    """What changes whenever ``official`` does, for pages that are asked every few seconds."""
    card = official()
    return () if card is None else (card.warnings, card.more, [one.id for one in card.blind])
