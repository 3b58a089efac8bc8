"""Which mails to one person go alone, which together, and which wait a little. Pure; writes no mail.

A storm must neither flood a telephone nor hide what is urgent: the first call of an urgent incident is never
held back. What is held back goes out with the others as one mail, after ``SPAN`` at the latest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

SPAN = timedelta(minutes=10)


class Waiting(Protocol):
    """A mail, or a message by another way."""

    @property
    def id(self) -> int: ...
    @property
    def priority(self) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """Ids of mails: each of ``alone`` goes by itself, those ``together`` as one, ``held`` wait until then."""

    alone: tuple[int, ...] = ()
    together: tuple[int, ...] = ()
    held: tuple[int, ...] = ()
    until: datetime | None = None


def sort_out(
    waiting: Sequence[Waiting],
    lately: Sequence[datetime],
    now: datetime,
    *,
    together_from: int,
    most: int,
) -> Sorted:
    """Say how the mails that wait for one person go out now.

    ``lately`` are the moments at which mails went to them, in order. From ``together_from`` mails on they
    go as one; after ``most`` mails within ``SPAN`` only urgent calls (priority 0) go at once, the others wait
    until the oldest of those is ``SPAN`` ago. Where something goes as one mail anyway, whatever waits goes
    along.
    """
    urgent = [alert for alert in waiting if alert.priority == 0]
    if len(urgent) >= together_from or (urgent and len(waiting) >= together_from):
        return Sorted(together=_ids(waiting))
    recent = [moment for moment in lately if moment > now - SPAN]
    if len(recent) >= most:
        rest = [alert for alert in waiting if alert.priority != 0]
        until = recent[len(recent) - most] + SPAN
        return Sorted(alone=_ids(urgent), held=_ids(rest), until=until)
    if len(waiting) >= together_from:
        return Sorted(together=_ids(waiting))
    return Sorted(alone=_ids(waiting))


def _ids(alerts: Sequence[Waiting]) -> tuple[int, ...]:
    return tuple(alert.id for alert in alerts)
