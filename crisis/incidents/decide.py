"""Say what to do with a match, given the incident its rumour had last. Does not do it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from crisis.types import OPEN_STATES, Band, Incident, IncidentState, Match, Stance

SAME_STORY = timedelta(days=30)  # after that a closed rumour that comes back is a new incident
QUIET_AFTER_DISMISSAL = timedelta(hours=24)
# So many posts within an hour after a correction or a dismissal are a new wave, not its echo.
NEW_WAVE_POSTS = 5


@dataclass(frozen=True, slots=True)
class Open:
    """Open a new incident with this match."""


@dataclass(frozen=True, slots=True)
class Attach:
    """The match belongs to this incident; nobody needs to be told of it alone."""

    incident: Incident


@dataclass(frozen=True, slots=True)
class Reopen:
    """The rumour is back: this incident is to be worked on again."""

    incident: Incident


@dataclass(frozen=True, slots=True)
class Suggest:
    """Keep the match for a person to decide."""


@dataclass(frozen=True, slots=True)
class Ignore:
    """Nothing comes of it."""


Decision = Open | Attach | Reopen | Suggest | Ignore


def decide(match: Match, latest: Incident | None, *, recent: int, now: datetime) -> Decision:
    """Say what to do with a match.

    ``latest`` is the open incident of its rumour, else the one that ended last. ``recent`` counts the
    posts that joined it within the last hour and since it was corrected or ended, this one included.
    """
    if match.band is Band.NONE:
        return Ignore()
    if match.stance is Stance.CORRECTS:
        # Others who correct the rumour are worth seeing while we work on it, never worth an alarm.
        return Attach(latest) if latest and latest.state in OPEN_STATES else Ignore()
    if match.band is Band.SUGGEST:
        return Suggest()
    return _raised(latest, recent=recent, now=now)


def _raised(latest: Incident | None, *, recent: int, now: datetime) -> Decision:
    if latest is None:
        return Open()
    if latest.state is IncidentState.CORRECTED:
        return Reopen(latest) if recent >= NEW_WAVE_POSTS else Attach(latest)
    if latest.state in OPEN_STATES:
        return Attach(latest)
    ended = latest.ended_at or latest.updated
    if now - ended > SAME_STORY:
        return Open()
    if latest.state is IncidentState.DISMISSED and now - ended < QUIET_AFTER_DISMISSAL:
        return Reopen(latest) if recent >= NEW_WAVE_POSTS else Attach(latest)
    return Reopen(latest)


def quiet_since(latest: Incident, now: datetime) -> datetime:
    """From when on ``recent`` counts: an hour ago, or when the incident was corrected or ended."""
    hour_ago = now - timedelta(hours=1)
    settled = latest.ended_at or (
        latest.corrected_at if latest.state is IncidentState.CORRECTED else None
    )
    return hour_ago if settled is None else max(hour_ago, settled)
