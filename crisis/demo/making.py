"""Rumours, incidents and posts of the made-up town, as many as wanted; the same seed makes the same town.

Makes nouns with their ids, and decides nothing about real ones. Says nothing of how they are kept.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from crisis.demo import phrases
from crisis.demo.phrases import Topic
from crisis.demo.plan import Claim, Size, Story, World
from crisis.types import (
    Alert,
    AlertKind,
    AlertState,
    AuditEntry,
    Band,
    Fact,
    Incident,
    IncidentState,
    Match,
    Note,
    Person,
    Post,
    Reason,
    Response,
    ResponseState,
    Rumour,
    RumourStatus,
    Severity,
    Sighting,
    Stance,
    Verdict,
)

YEARS = 2
_ENDED = frozenset({IncidentState.CLOSED, IncidentState.DISMISSED})


class Town:
    """Makes one town. Ask for ``claims`` first, then for ``stories``."""

    def __init__(self, size: Size, world: World, *, seed: int = 1) -> None:
        self._size = size
        self._world = world
        self._random = random.Random(seed)  # noqa: S311 - a made-up town keeps no secrets
        self._post = world.ids.posts
        self._sighting = world.ids.sightings
        self._response = world.ids.responses

    # --- the catalogue -----------------------------------------------------------------------

    def claims(self) -> list[Claim]:
        """So many different rumours."""
        every = [
            (topic, word, text, place, time)
            for topic in phrases.TOPICS
            for word, text in topic.claims
            for place in phrases.PLACES
            for time in phrases.TIMES
        ]
        chosen = self._random.sample(every, self._size.rumours)
        return [self._claim(number, *one) for number, one in enumerate(chosen, 1)]

    def _claim(
        self, number: int, topic: Topic, word: str, text: str, place: str, time: str
    ) -> Claim:
        r, now = self._random, self._world.now
        made = now - timedelta(days=r.uniform(1, 365 * YEARS))
        sentence = text.format(ort=place, zeit=time)
        fact = Fact(text=topic.fact.format(ort=place), source=topic.source, date=made.date())
        rumour = Rumour(
            id=f"{topic.name}-{number:05}",
            title="" if number % 3 else f"{word} in {place}",
            text=sentence,
            variants=(
                text.format(ort=place, zeit="angeblich"),
                f"{word} in {place}: Da stimmt etwas nicht",
            ),
            lang="de",
            topics=(topic.name,),
            status=r.choices(list(RumourStatus), weights=(20, 55, 12, 6, 3, 4))[0],
            facts=(fact,) if r.random() < 0.7 else (),
            retired=r.random() < 0.1,
            created=made,
            updated=made,
        )
        return Claim(rumour, topic, word, place)

    # --- what happened -----------------------------------------------------------------------

    def stories(self, claims: Sequence[Claim]) -> Iterator[Story]:
        """Every incident, the oldest first, and at last the posts that wait for somebody."""
        size, r = self._size, self._random
        shares = [r.lognormvariate(0, 1.2) for _ in range(size.incidents)]
        scale = (size.posts - size.waiting - size.incidents) / sum(shares)
        spare = size.posts - size.waiting
        live = [claim for claim in claims if not claim.rumour.retired]
        told = [r.choice(claims) for _ in range(size.incidents - size.open)]
        told += r.sample(live, size.open)  # one open incident a rumour, not more
        days = sorted((r.uniform(3, 365 * YEARS) for _ in range(size.incidents)), reverse=True)
        for number, claim in enumerate(told):
            running = number >= size.incidents - size.open
            opened = self._world.now - timedelta(
                days=r.uniform(0.02, 1.2) if running else days[number]
            )
            last = number == size.incidents - 1
            count = spare if last else min(1 + round(shares[number] * scale), spare - 1)
            spare -= count
            yield self._story(self._world.ids.incidents + number, claim, opened, count, running)
        yield self._undecided(live)

    def _undecided(self, claims: Sequence[Claim]) -> Story:
        story = Story(None)
        for _ in range(self._size.waiting):
            at = self._world.now - timedelta(hours=self._random.uniform(0, 72))
            story.sightings.append(self._sees(self._random.choice(claims), at, None))
        return story

    def _story(
        self, number: int, claim: Claim, opened: datetime, count: int, running: bool
    ) -> Story:
        r, now = self._random, self._world.now
        taken = opened + timedelta(minutes=r.lognormvariate(1.4, 0.9))
        corrected = taken + timedelta(minutes=r.lognormvariate(3.6, 0.7))
        ended = corrected + timedelta(hours=r.uniform(4, 60))
        state = self._state(running)
        if not running:
            ended = min(ended, now)
        worked = self._random.choice(self._world.people)
        answered = state in (IncidentState.CORRECTED, IncidentState.CLOSED)
        incident = Incident(
            id=number,
            rumour_id=claim.rumour.id,
            state=state,
            severity=Severity(1 + (count > 8) + (count > 40) + (count > 150)),
            opened=opened,
            updated=ended if state in _ENDED else opened,
            assignee=None if state is IncidentState.NEW else worked.id,
            acknowledged_at=None if state is IncidentState.NEW else min(taken, now),
            corrected_at=min(corrected, now) if answered else None,
            ended_at=ended if state in _ENDED else None,
            end_reason=self._reason(state, claim),
        )
        story = Story(incident)
        self._posts(story, claim, opened, count)
        self._tell(story, claim, worked)
        counted = sum(_counts(sighting) for sighting in story.sightings)
        story.incident = replace(incident, posts=counted)
        return story

    def _state(self, running: bool) -> IncidentState:
        r = self._random
        if running:
            return r.choice(
                [
                    IncidentState.NEW,
                    IncidentState.ACKNOWLEDGED,
                    IncidentState.ANSWERING,
                    IncidentState.CORRECTED,
                ]
            )
        return IncidentState.DISMISSED if r.random() < 0.15 else IncidentState.CLOSED

    def _reason(self, state: IncidentState, claim: Claim) -> str:
        words = {IncidentState.CLOSED: phrases.CLOSED, IncidentState.DISMISSED: phrases.DISMISSED}
        if state not in words:
            return ""
        return self._random.choice(words[state]).format(source=claim.topic.source)

    # --- its posts ---------------------------------------------------------------------------

    def _posts(self, story: Story, claim: Claim, opened: datetime, count: int) -> None:
        first: dict[str, int] = {}  # text -> the first sighting of it
        assert story.incident is not None  # noqa: S101 - called for an incident's story
        at = opened - timedelta(minutes=self._random.uniform(1, 90))
        end = min(opened + timedelta(hours=self._random.uniform(2, 40)), self._world.now)
        for moment in sorted(at + (end - at) * self._random.random() ** 2 for _ in range(count)):
            seen = self._sees(claim, moment, story.incident)
            key = seen.post.text
            seen = replace(seen, kin=first.setdefault(key, seen.id))
            story.sightings.append(self._judged(story, seen))

    def _sees(self, claim: Claim, at: datetime, incident: Incident | None) -> Sighting:
        r = self._random
        stance = r.choices(list(Stance), weights=(75, 17, 8))[0]
        frames = {
            Stance.SPREADS: phrases.SPREADS,
            Stance.ASKS: phrases.ASKS,
            Stance.CORRECTS: phrases.CORRECTS,
        }[stance]
        said = r.choice((claim.rumour.text, *claim.rumour.variants))
        text = r.choice(frames).format(satz=said, wort=claim.word, ort=claim.place)
        source = r.choice(self._world.sources)
        number, self._post = self._post, self._post + 1
        sighting, self._sighting = self._sighting, self._sighting + 1
        post = Post(
            id=number,
            source_id=source.id,
            key=f"demo-{number}",
            text=text,
            url=f"https://forum.example/beitrag/{number}",
            author=f"person{r.randrange(20_000)}",
            published=at,
            seen=at + timedelta(seconds=r.uniform(20, 300)),
            lang="de",
            place=claim.place if r.random() < 0.6 else "",
            reach=round(r.lognormvariate(3, 1.5)) if r.random() < 0.4 else None,
        )
        start = text.find(claim.word)
        band = Band.RAISE if incident else Band.SUGGEST
        match = Match(
            rumour_id=claim.rumour.id,
            score=round(r.uniform(0.75, 0.99) if incident else r.uniform(0.3, 0.7), 3),
            band=band,
            phrasing=said,
            stance=stance,
            marks=((start, start + len(claim.word)),) if start >= 0 else (),
            reasons=(
                Reason(code="words", weight=round(r.uniform(1, 3), 2), words=(claim.word,)),
                Reason(code="numbers", weight=-0.2),
            ),
            model=self._world.model,
        )
        found = post.seen
        number_of = incident.id if incident else None
        return Sighting(
            id=sighting, post=post, match=match, incident_id=number_of, found=found, kin=sighting
        )

    def _judged(self, story: Story, seen: Sighting) -> Sighting:
        r, incident = self._random, story.incident
        if incident is None or incident.state is IncidentState.NEW or r.random() > 0.6:
            return seen
        verdict = r.choices(list(Verdict), weights=(80, 10, 6, 4))[0]
        if seen.match.stance is Stance.CORRECTS:
            verdict = Verdict.CORRECTS
        by = r.choice(self._world.people)
        at = min(seen.found + timedelta(minutes=r.uniform(1, 90)), self._world.now)
        story.entries.append(
            AuditEntry(
                at=at,
                actor=f"person:{by.id}",
                action="sighting.judged",
                what=f"sighting:{seen.id}",
                incident_id=incident.id,
                after={"verdict": verdict.value, "posts": 1},
            )
        )
        return replace(seen, verdict=verdict, verdict_by=by.id, verdict_at=at)

    # --- what people did ---------------------------------------------------------------------

    def _tell(self, story: Story, claim: Claim, by: Person) -> None:
        incident = story.incident
        assert incident is not None  # noqa: S101 - called for an incident's story
        self._say(story, incident.opened, "system", "incident.opened")
        story.alerts.append(self._alert(incident, claim, by))
        if incident.acknowledged_at is None:
            return
        self._say(story, incident.acknowledged_at, f"person:{by.id}", "incident.acknowledged")
        for _ in range(self._random.choice((0, 1, 1, 2, 3))):
            self._note(story, claim, by)
        if incident.corrected_at is not None or incident.state is IncidentState.ANSWERING:
            self._answer(story, claim, by)
        if incident.ended_at is not None:
            how = "closed" if incident.state is IncidentState.CLOSED else "dismissed"
            said = {"reason": incident.end_reason}
            self._say(story, incident.ended_at, f"person:{by.id}", f"incident.{how}", said)
        story.entries.sort(key=lambda entry: entry.at)

    def _say(
        self,
        story: Story,
        at: datetime,
        actor: str,
        action: str,
        after: dict[str, object] | dict[str, str] | None = None,
        what: str = "",
    ) -> None:
        assert story.incident is not None  # noqa: S101 - called for an incident's story
        number = story.incident.id
        story.entries.append(
            AuditEntry(
                at=at,
                actor=actor,
                action=action,
                what=what or f"incident:{number}",
                incident_id=number,
                after=dict(after or {}),
            )
        )

    def _note(self, story: Story, claim: Claim, by: Person) -> None:
        incident = story.incident
        assert incident is not None  # noqa: S101 - called for an incident's story
        assert incident.acknowledged_at is not None  # noqa: S101 - notes come after taking it
        text = self._random.choice(phrases.NOTES)
        at = incident.acknowledged_at + timedelta(minutes=self._random.uniform(1, 30))
        story.notes.append(
            Note(
                incident_id=incident.id,
                person_id=by.id,
                text=text.format(source=claim.topic.source, ort=claim.place),
                written=min(at, self._world.now),
            )
        )
        self._say(story, min(at, self._world.now), f"person:{by.id}", "incident.noted")

    def _alert(self, incident: Incident, claim: Claim, to: Person) -> Alert:
        subject = f"Gerücht: {claim.rumour.title or claim.rumour.text}"
        sent = incident.opened + timedelta(seconds=self._random.uniform(2, 20))
        return Alert(
            incident_id=incident.id,
            person_id=to.id,
            kind=AlertKind.RAISED,
            to=to.email,
            subject=subject,
            text=f"{claim.rumour.text}\n\nErfundenes Beispiel.",
            html=f"<p>{claim.rumour.text}</p>",
            message_id=f"<demo-{incident.id}@musterstadt.example>",
            created=incident.opened,
            due=incident.opened,
            attempts=1,
            state=AlertState.SENT,
            sent_at=min(sent, self._world.now),
        )

    def _answer(self, story: Story, claim: Claim, by: Person) -> None:
        incident, approval = story.incident, self._world.approval
        assert incident is not None  # noqa: S101 - called for an incident's story
        assert incident.acknowledged_at is not None  # noqa: S101 - whoever answers has taken it
        number, self._response = self._response, self._response + 1
        out = incident.corrected_at
        fact = claim.topic.fact.format(ort=claim.place)
        second = next((p for p in self._world.people if p.id != by.id), by)
        released = out is not None
        story.responses.append(
            Response(
                id=number,
                incident_id=incident.id,
                playbook=approval.name,
                playbook_sha256=approval.sha256,
                approval_id=approval.id,
                lang="de",
                title=fact,
                texts={
                    "website": f"### Fakt\n\n{fact}\n\n### Falschmeldung\n\n{claim.rumour.text}",
                    "short": fact,
                },
                state=ResponseState.RELEASED if released else ResponseState.DRAFT,
                slug=f"{claim.rumour.id}-{number}" if released else "",
                written_by=by.id,
                written_at=incident.acknowledged_at,
                submitted_at=out,
                released_by=second.id if released else None,
                released_at=out,
            )
        )
        what = f"response:{number}"
        at = incident.acknowledged_at
        self._say(story, at, f"person:{by.id}", "response.drafted", what=what)
        if out is not None:
            self._say(story, out, f"person:{second.id}", "response.released", what=what)


def _counts(sighting: Sighting) -> bool:
    """Whether a post counts as spread."""
    if sighting.verdict is None:
        return sighting.match.stance is not Stance.CORRECTS
    return sighting.verdict is Verdict.FITS
