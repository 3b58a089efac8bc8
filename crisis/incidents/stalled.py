"""When an incident that somebody took and left alone is recalled to them, and when it is given back. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from crisis.types import Incident, IncidentState


@dataclass(frozen=True, slots=True, kw_only=True)
class Remind:
    """Ask the holder; without an answer it is given back at ``back_at`` (None: never)."""

    back_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandBack:
    """It is nobody's again, and others are called."""


def stalled(
    incident: Incident,
    moved_at: datetime,
    reminded_at: datetime | None,
    now: datetime,
    *,
    remind_after: timedelta | None,
    back_after: timedelta | None,
) -> Remind | HandBack | None:
    """Say what is due for an incident in which nobody did anything since ``moved_at``.

    ``reminded_at`` is when its holder was last asked. Nobody loses an incident without having been asked:
    where reminders are on, giving back waits for one, and for as long after it as lies between the two.
    """
    if incident.state is not IncidentState.ACKNOWLEDGED or incident.assignee is None:
        return None
    asked = reminded_at is not None and reminded_at >= moved_at
    if remind_after is not None and not asked:
        if now < moved_at + remind_after:
            return None
        return Remind(back_at=_back_at(moved_at, now, remind_after, back_after))
    if back_after is None:
        return None
    due = moved_at + back_after
    if asked and reminded_at is not None and remind_after is not None:
        due = _back_at(moved_at, reminded_at, remind_after, back_after) or due
    return HandBack() if now >= due else None


def _back_at(
    moved_at: datetime, reminded_at: datetime, remind_after: timedelta, back_after: timedelta | None
) -> datetime | None:
    if back_after is None:
        return None
    return max(
        moved_at + back_after, reminded_at + max(back_after - remind_after, timedelta(minutes=5))
    )
