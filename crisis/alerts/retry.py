"""When a mail that could not be handed over is tried again. Pure; does not send (``smtp``).

The steps are ours: a hiccup of the mail server must not cost a person on call a minute, an outage must
not cost the mail server a connection every few seconds, and after a day nobody needs the alert any more.
"""

from __future__ import annotations

from datetime import datetime, timedelta

STEPS = tuple(timedelta(seconds=s) for s in (10, 30, 60, 120, 300, 600, 900))
GIVE_UP_AFTER = timedelta(hours=24)


def next_attempt(created: datetime, attempts: int, now: datetime) -> datetime | None:
    """When to try again after ``attempts`` failures (1 or more), the last of them ``now``.

    None: give up, a day after the mail was written. Errors that are for good are not asked here.
    """
    again = now + STEPS[min(max(attempts, 1), len(STEPS)) - 1]
    return again if again <= created + GIVE_UP_AFTER else None
