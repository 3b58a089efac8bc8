"""What was counted for a page, kept in this process until something changes. Counts nothing itself.

Figures of a year take a tenth of a second of the processor and change only when somebody does something. What
is kept holds as long as no live counter and no line of the audit log has been added, and for a minute at
most, or as long as the page bears: how long something waits by now may be that old.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar, cast

from flask import current_app, g

from crisis.desk import here

Made = TypeVar("Made")
_AGE = timedelta(minutes=1)
_MOST = 16  # of a process; each may be some megabytes
_KEY = "crisis.kept"


class _Kept(NamedTuple):
    state: Hashable
    at: datetime
    made: object


def kept(name: Hashable, make: Callable[[], Made], age: timedelta = _AGE) -> Made:
    """What ``make`` gives, or gave not long ago under this name. Nobody may change what it returns."""
    memory = cast("dict[Hashable, _Kept]", current_app.extensions.setdefault(_KEY, {}))
    state, now = _state(), here.now()
    known = memory.get(name)
    if known is not None and known.state == state and timedelta() <= now - known.at < age:
        return cast("Made", known.made)
    made = make()
    memory.pop(name, None)
    for oldest in list(memory)[
        : max(0, len(memory) - _MOST + 1)
    ]:  # a copy: threads share the memory
        memory.pop(oldest, None)
    memory[name] = _Kept(state, now, made)
    return made


def _state() -> Hashable:
    """Another one after every change. Noted before anything is read, so that none is missed."""
    if "kept_state" not in g:
        counters = g.get("changes") or here.store().live.counters()
        audit = here.store().audit
        g.kept_state = (*sorted(counters.items()), audit.head(), audit.head(drill=True))
    return cast("Hashable", g.kept_state)
