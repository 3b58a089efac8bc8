"""A past in which rumours came, were answered, dismissed or left lying: what figures are made of."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta

from builders import incident, match, post, rumour, source
from people import TownHall

from crisis import audit
from crisis.types import (
    Alert,
    AlertKind,
    AlertState,
    Band,
    Incident,
    IncidentState,
    Response,
    ResponseState,
    Severity,
    Sighting,
    Verdict,
)

TOPICS = ("Trinkwasser", "Schule und Kita", "Verkehr", "Gesundheit", "Wahlen")
SOURCES = ("Stadtgespräch", "Forum Nordstadt", "Mastodon #musterstadt", "Leserbriefe")


class Past:
    """Puts incidents into the past of a town hall, with everything that came of them."""

    def __init__(self, hall: TownHall) -> None:
        self.hall = hall
        self.count = 0
        with hall.store.transaction():
            self.sources = [
                hall.store.sources.add(source(url=f"http://feed.example/{n}", name=name)).id
                for n, name in enumerate(SOURCES)
            ]

    def happened(
        self,
        opened: datetime,
        *,
        found_after: float = 10,
        alerted: float | None = 1,
        taken: float | None = None,
        answered: float | None = None,
        ended: float | None = None,
        dismissed: bool = False,
        topic: str = "Trinkwasser",
        place: int = 0,
        severity: Severity = Severity.HIGH,
        judged: tuple[Verdict, ...] = (),
        drill: bool = False,
    ) -> Incident:
        """One incident; times in minutes after it was opened, ``found_after`` before."""
        store, ana = self.hall.store, self.hall.ana.person
        assert ana is not None
        self.count += 1

        def at(minutes: float | None) -> datetime | None:
            return None if minutes is None else opened + timedelta(minutes=minutes)

        state = IncidentState.NEW if taken is None else IncidentState.ACKNOWLEDGED
        if answered is not None:
            state = IncidentState.CORRECTED
        if ended is not None:
            state = IncidentState.DISMISSED if dismissed else IncidentState.CLOSED
        with store.transaction():
            store.rumours.put(
                rumour(
                    id=f"g{self.count}",
                    text=f"{topic}: Gerücht Nummer {self.count}.",
                    title=f"{topic} {self.count}",
                    topics=(topic,),
                ),
                opened,
            )
            made = store.incidents.open(
                incident(
                    rumour_id=f"g{self.count}",
                    opened=opened,
                    updated=at(ended) or at(answered) or at(taken) or opened,
                    state=state,
                    severity=severity,
                    acknowledged_at=at(taken),
                    corrected_at=at(answered),
                    ended_at=at(ended),
                    end_reason="" if ended is None else "erledigt",
                    drill=drill,
                    posts=max(1, len(judged)),
                )
            )
            for number, verdict in enumerate(judged or (None,)):
                written = opened - timedelta(minutes=found_after) + timedelta(minutes=number)
                self._post(made, written, max(opened, written), place, verdict, drill=drill)
            if alerted is not None:
                self._mail(made, at(alerted))
            if answered is not None:
                self._answer(made, at(answered))
            for minutes, action in ((taken, "incident.acknowledged"), (ended, "incident.closed")):
                moment = at(minutes)
                if moment is not None:
                    store.audit.append(audit.of_incident(moment, ana, action, made))
        return made

    def _post(
        self,
        made: Incident,
        written: datetime,
        found: datetime,
        place: int,
        verdict: Verdict | None,
        *,
        drill: bool,
    ) -> None:
        store, ana = self.hall.store, self.hall.ana.person
        assert ana is not None
        key = f"{made.id}-{written.isoformat()}"
        one = post(
            source_id=self.sources[place], key=key, published=written, seen=found, drill=drill
        )
        store.posts.put([(one, key)], found)
        (kept,) = store.posts.claim(1, "past", found)
        store.posts.done(kept, "past", keep=True)
        sighting = store.sightings.put(
            Sighting(
                post=kept, match=match(rumour_id=made.rumour_id), incident_id=made.id, found=found
            )
        )
        if verdict is not None:
            store.sightings.judge(sighting.id, verdict, ana.id, found)

    def suggested(self, found: datetime, verdict: Verdict | None = None) -> None:
        """A post that a person should look at."""
        store, ana = self.hall.store, self.hall.ana.person
        assert ana is not None
        self.count += 1
        with store.transaction():
            one = post(source_id=self.sources[0], key=f"v{self.count}", published=found, seen=found)
            store.posts.put([(one, f"v{self.count}")], found)
            (kept,) = store.posts.claim(1, "past", found)
            store.posts.done(kept, "past", keep=True)
            made = store.sightings.put(
                Sighting(post=kept, match=match(band=Band.SUGGEST, score=0.5), found=found)
            )
            if verdict is not None:
                store.sightings.judge(made.id, verdict, ana.id, found)

    def _mail(self, made: Incident, sent: datetime | None) -> None:
        store, ana = self.hall.store, self.hall.ana.person
        assert ana is not None
        store.alerts.put(
            Alert(
                incident_id=made.id,
                person_id=ana.id,
                kind=AlertKind.RAISED,
                to=ana.email,
                subject="Alarm",
                text="Alarm",
                html="<p>Alarm</p>",
                message_id=f"<past-{made.id}@stadt.example>",
                created=made.opened,
                due=made.opened,
                state=AlertState.SENT,
                sent_at=sent,
                attempts=1,
                drill=made.drill,
            )
        )

    def _answer(self, made: Incident, released: datetime | None) -> None:
        store, ana, chloe = self.hall.store, self.hall.ana.person, self.hall.chloe.person
        assert ana is not None and chloe is not None
        approvals = store.playbooks.approvals("trinkwasser")
        if not approvals:
            self.hall.chloe_approves()
            approvals = store.playbooks.approvals("trinkwasser")
        store.responses.add(
            Response(
                incident_id=made.id,
                playbook="trinkwasser",
                playbook_sha256=approvals[0].sha256,
                approval_id=approvals[0].id,
                lang="de",
                title=f"Das stimmt nicht: {made.rumour_id}",
                texts={"website": "Es ist alles in Ordnung."},
                state=ResponseState.RELEASED,
                slug=f"antwort-{made.id}",
                written_by=ana.id,
                written_at=made.opened,
                submitted_at=released,
                released_by=chloe.id,
                released_at=released,
                drill=made.drill,
            )
        )


def busy_year(hall: TownHall, *, incidents: int = 120, days: int = 200, seed: int = 7) -> Past:
    """Many incidents, ever faster; some dismissed, some closed without an answer, two still open."""
    luck, past = random.Random(seed), Past(hall)
    for number in range(incidents):
        age = days * (1 - number / incidents) * 1440 + luck.randrange(1440)
        slow = 0.5 + 1.2 * age / (days * 1440)
        taken = luck.expovariate(1 / (7 * slow))
        answered = taken + luck.expovariate(1 / (45 * slow))
        dismissed = luck.random() < 0.16
        silent = dismissed or luck.random() < 0.1
        verdicts = tuple(
            luck.choice((Verdict.FITS, Verdict.FITS, Verdict.FITS, Verdict.DOES_NOT_FIT))
            for _ in range(luck.randrange(1, 5))
        )
        past.happened(
            hall.now - timedelta(minutes=age + 300),
            found_after=luck.expovariate(1 / (20 * slow)),
            alerted=luck.expovariate(1 / 0.7),
            taken=taken,
            answered=None if silent else answered,
            ended=answered + luck.expovariate(1 / 200),
            dismissed=dismissed,
            topic=luck.choice(TOPICS),
            place=luck.randrange(len(SOURCES)),
            severity=Severity(luck.choice((1, 2, 2, 3, 3, 4))),
            judged=verdicts,
        )
    past.happened(hall.now - timedelta(minutes=95), taken=6, found_after=25)
    past.happened(hall.now - timedelta(minutes=12), topic="Verkehr", place=2)
    for number in range(40):
        said = (Verdict.FITS, Verdict.DOES_NOT_FIT, None)[number % 3]
        past.suggested(hall.now - timedelta(hours=7 * number), said)
    return past


def reopened(past: Past, made: Incident, when: datetime) -> None:
    """The rumour came back."""
    store = past.hall.store
    with store.transaction():
        now = store.incidents.get(made.id)
        fresh = replace(
            now,
            state=IncidentState.NEW,
            wave=now.wave + 1,
            acknowledged_at=None,
            corrected_at=None,
            ended_at=None,
        )
        store.incidents.update(fresh)
        store.audit.append(audit.of_incident(when, None, "incident.reopened", made))
