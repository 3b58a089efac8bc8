"""Put one match into its place: decide -> open, join or reopen -> one with its twin? -> count -> tell.

Called inside a transaction by ``triage`` and by people who take up a suggestion. Says nothing about
texts (``matching``) and nothing about when an incident opens (``incidents.decide``).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from crisis.incidents.decide import (
    Attach,
    Decision,
    Ignore,
    Open,
    Reopen,
    Suggest,
    decide,
    quiet_since,
)
from crisis.incidents.growth import AT_LEAST, worth_telling
from crisis.incidents.lifecycle import Move, moved
from crisis.incidents.severity import severity
from crisis.interfaces import House, Store
from crisis.matching import copies, same
from crisis.types import (
    OPEN_STATES,
    AlertKind,
    Band,
    Incident,
    IncidentState,
    Match,
    Person,
    Severity,
    Sighting,
    Stance,
)
from crisis.workflows import record, tell


def sure(match: Match, stance: Stance) -> Match:
    """The match as a person sees it who says that it fits."""
    return replace(match, band=Band.RAISE, stance=stance)


def place(
    house: House,
    sighting: Sighting,
    playbooks: tell.Drawer,
    now: datetime,
    *,
    by: Person | None = None,
) -> Incident | None:
    """Keep the sighting where it belongs; the incident it joined, or None.

    Placing the same sighting twice changes nothing the second time.
    """
    store = house.store
    drill = sighting.post.drill
    latest = store.incidents.latest(sighting.match.rumour_id, drill=drill)
    recent = 1 + store.incidents.arrived(latest.id, quiet_since(latest, now)) if latest else 1
    decision = decide(sighting.match, latest, recent=recent, now=now)
    if isinstance(decision, Ignore):
        return None
    if isinstance(decision, Suggest):
        home = latest if latest is not None and latest.state in OPEN_STATES else None
        if home is not None and _one_with_its_twin(store, sighting, home.id, now):
            return _counted(house, home, None, playbooks, now, by)
        if not _one_with_its_twin(store, sighting, None, now):
            _alone(store, sighting)
        return None
    incident, kind = _incident(store, decision, sighting, now, by)
    if sighting.id:
        store.sightings.move(sighting.id, incident.id)
    elif not _one_with_its_twin(store, sighting, incident.id, now):
        _alone(store, replace(sighting, incident_id=incident.id))
    return _counted(house, incident, kind, playbooks, now, by)


def keeps(match: Match, incident: Incident | None) -> bool:
    """Whether anything would come of this match, so that its post must be kept."""
    if match.band is Band.NONE:
        return False
    return match.stance is not Stance.CORRECTS or (
        incident is not None and incident.state in OPEN_STATES
    )


def _incident(
    store: Store, decision: Decision, sighting: Sighting, now: datetime, by: Person | None
) -> tuple[Incident, AlertKind | None]:
    """The incident to put it into, and whether it is news that somebody must be told."""
    if isinstance(decision, Attach):
        return decision.incident, None
    if isinstance(decision, Reopen):
        incident = store.incidents.update(moved(decision.incident, Move.REOPEN, now))
        record.incident(store, incident, by, now, "incident.reopened", wave=incident.wave)
        return incident, AlertKind.REOPENED
    assert isinstance(decision, Open)  # noqa: S101 - the only decision left
    incident = store.incidents.open(
        Incident(
            rumour_id=sighting.match.rumour_id, opened=now, updated=now, drill=sighting.post.drill
        )
    )
    record.incident(
        store,
        incident,
        by,
        now,
        "incident.opened",
        rumour=incident.rumour_id,
        score=round(sighting.match.score, 3),
    )
    return incident, AlertKind.RAISED


def _marks(sighting: Sighting) -> tuple[str, ...]:
    post = sighting.post
    # "The school is closed" is about one school in the north's feed and about another in the south's.
    match = sighting.match
    scope = f"{match.rumour_id} {match.stance} {int(post.drill)} {post.place}"
    return same.marks(post.text, post.url, scope)


def _one_with_its_twin(
    store: Store, sighting: Sighting, incident_id: int | None, now: datetime
) -> bool:
    """Make the post one more place of the same post in this incident, or among the suggestions; whether
    there was one. A post that people may have judged by itself stays itself."""
    post = sighting.post
    found = store.appearances.twins(_marks(sighting), sighting.match.rumour_id)
    twins = [number for number, where in found if where == incident_id and number != post.id]
    if not twins or store.sightings.of_post(post.id):
        return False
    for number in twins:
        other = store.posts.get(number)
        # What was edited may stand on the same page as its older self, and says something else.
        if other.gone is None and same.one(
            post.text, post.url, other.text, other.url, by_page=not post.edited
        ):
            store.appearances.fold(post, number, now)
            return True
    return False


def _alone(store: Store, sighting: Sighting) -> None:
    """Keep the post by itself, to be known again."""
    kept = store.sightings.put(sighting)
    store.appearances.remember(kept.post, _marks(sighting))
    beside_its_like(store, kept)


def beside_its_like(store: Store, kept: Sighting) -> None:
    """Group the post with earlier ones that say the same."""
    text, match = kept.post.text, kept.match
    scope = f"{match.rumour_id} {match.stance} {kept.post.drill}"
    bands = copies.bands(text, scope)
    leaders = store.sightings.leaders(bands)
    others = ((number, said) for number, said in leaders if number != kept.id)
    first = next((number for number, said in others if copies.alike(text, said)), kept.id)
    store.sightings.join(kept.id, first, bands)


def _counted(
    house: House,
    incident: Incident,
    kind: AlertKind | None,
    playbooks: tell.Drawer,
    now: datetime,
    by: Person | None,
) -> Incident:
    store = house.store
    spread = store.incidents.spread(incident.id, now)
    # What a person judged lower may rise again with the counts; counts never lower it.
    level = max(incident.severity, severity(spread))
    after = store.incidents.update(
        replace(incident, posts=spread.posts, severity=level, updated=now)
    )
    if level > incident.severity and kind is None:
        record.incident(
            store,
            after,
            None,
            now,
            "incident.grew",
            severity=level,
            posts=spread.posts,
            last_10_minutes=spread.last_10_minutes,
        )
    kind = kind or _worse(incident, after) or _grown(store, after)
    if kind is not None:
        tell.tell(house, after, kind, spread, playbooks, now)
    return after


def _grown(store: Store, incident: Incident) -> AlertKind | None:
    """Far more posts than the last mail said: whoever has it, or is asked for it, should know."""
    if incident.state is IncidentState.CORRECTED or incident.posts < AT_LEAST:
        return None
    told = store.alerts.posts_told(incident.id)
    return AlertKind.WORSE if told and worth_telling(told, incident.posts) else None


def _worse(before: Incident, after: Incident) -> AlertKind | None:
    """Growth is told when it makes a difference: to urgent always, to high while nobody has it."""
    if after.severity <= before.severity or after.state is IncidentState.CORRECTED:
        return None
    if after.severity is Severity.URGENT:
        return AlertKind.WORSE
    waiting = after.state is IncidentState.NEW
    return AlertKind.WORSE if after.severity is Severity.HIGH and waiting else None
