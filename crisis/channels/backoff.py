"""When a publication that did not get through is tried again. Pure; sends nothing.

Faster than mails at first, since people wait for the answer; shorter in the end, since nobody is helped by
an answer of yesterday. What takes away or corrects is tried for a day.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from crisis.types import Publication, PublicationAct

STEPS = tuple(timedelta(seconds=s) for s in (5, 15, 30, 60, 120, 300, 600, 900))
PUBLISH_FOR = timedelta(hours=3)
MEND_FOR = timedelta(hours=24)
REPEAT_FOR = timedelta(minutes=15)  # "still so at 06:00" is no news at half past six
LONGEST_WAIT = timedelta(hours=2)  # whatever a server asks for
_LONGEST = {
    PublicationAct.PUBLISH: PUBLISH_FOR,
    PublicationAct.REPLY: PUBLISH_FOR,
    PublicationAct.REPEAT: REPEAT_FOR,
}


def next_try(what: Publication, now: datetime, asked: float | None = None) -> datetime | None:
    """When to try again after ``what.attempts`` failures (1 or more); ``asked``: Retry-After in seconds.

    None: give up.
    """
    step = STEPS[min(max(what.attempts, 1), len(STEPS)) - 1]
    if asked is not None:
        step = max(step, min(timedelta(seconds=min(asked, 86_400)), LONGEST_WAIT))
    longest = _LONGEST.get(what.act, MEND_FOR)
    again = now + step
    return again if again <= what.created + longest else None
