"""Write the mail about an incident and put it into the outbox: who -> what is known -> compose -> queue.

Called inside the transaction that made the news. Does not send (``deliver``) and does not choose the rule
by which people are in line (``oncall``) or when the next one is asked (``alerts.escalation``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from crisis import audit
from crisis.alerts.compose import EXAMPLES, addressed, compose
from crisis.alerts.escalation import CALLS, next_call, told_by_nobody
from crisis.alerts.wanted import priority
from crisis.interfaces import House
from crisis.oncall.duty import Duty
from crisis.oncall.ladder import Ladder, Rung
from crisis.oncall.rota import TAKEN_ON, Turn, Why
from crisis.playbooks.approval import Standing, standing
from crisis.responses.suggest import Suggestion, suggest
from crisis.types import (
    Alert,
    AlertKind,
    AlertState,
    Incident,
    IncidentState,
    Playbook,
    Rumour,
    Spread,
)
from crisis.workflows import accompany, maintenance, out_of_reach, roster
from crisis.workflows.fit import clues

Drawer = Sequence[Playbook]  # the playbooks as read from the folder before the transaction began


def drawer(house: House) -> Drawer:
    """Read the folder of playbooks; slow, so call it before a transaction is open."""
    return tuple(house.shelf.playbooks())


def tell(
    house: House,
    incident: Incident,
    kind: AlertKind,
    spread: Spread,
    playbooks: Drawer,
    now: datetime,
) -> Alert | None:
    """Tell whoever must know of this news: the first in line, or who has the incident already.

    None where nobody can be told, and where the quiet hours or maintenance hold it back: then ``escalate``
    tells it at their end, or as soon as it gets worse.
    """
    if maintenance.holds(house.store, incident, now):
        return None
    planned = roster.of_house(house, now)
    ladder = roster.rungs(house, planned, incident, now)
    if not ladder.rungs:
        _nobody(house, incident, now)
        return None
    earlier = house.store.alerts.of_incident(incident.id)
    if kind is AlertKind.WORSE:
        if incident.assignee is not None:
            turn = Turn(house.store.people.get(incident.assignee), TAKEN_ON)
        elif told_by_nobody(earlier):
            return None
        else:
            turn = ladder.rungs[0].turns[0]
        due = ladder.held(now)
        followed = followed_by_others(ladder, turn)
        return queue(
            house, incident, kind, spread, playbooks, turn, now, followed=followed, due=due
        )
    # A new wave: what was told of the one before says nothing about it.
    fresh = [] if kind is AlertKind.REOPENED else earlier
    fresh_start = replace(incident, state=IncidentState.NEW, updated=now)
    away = out_of_reach.of(house, incident, now)
    reached = house.store.ways.reached(incident.id, incident.wave)
    call = next_call(fresh_start, fresh, ladder, declined=away, reached=reached)
    if call is None or call.at > now:
        return None
    return call_out(
        house, incident, kind, spread, playbooks, call.rung, call.people, planned, ladder, now
    )


def call_out(
    house: House,
    incident: Incident,
    kind: AlertKind,
    spread: Spread,
    playbooks: Drawer,
    rung: Rung,
    people: Sequence[int],
    planned: Duty,
    ladder: Ladder,
    now: datetime,
) -> Alert | None:
    """Put the mails of one rung into the outbox, and copies for those who learn; the first of them."""
    told = [turn for turn in rung.turns if turn.person.id in people]
    mails = [
        queue(
            house,
            incident,
            kind,
            spread,
            playbooks,
            turn,
            now,
            followed=followed_by_others(ladder, turn),
            rung=rung,
            policy=ladder.policy,
        )
        for turn in told
    ]
    if told:
        accompany.to_gateways(house, incident, kind.value, ladder.gateways(rung.step), spread, now)
    learners = [] if incident.drill else planned.learners([t.person.id for t in told], now)
    for learner in learners:
        turn = Turn(planned.known[learner], LEARNING)
        queue(house, incident, AlertKind.COPY, spread, playbooks, turn, now, followed=True)
    return mails[0] if mails else None


LEARNING = Why(
    "Sie mitlernen und jemand diese Nachricht bekommen hat, mit dem Sie mitgehen; Sie müssen nichts tun",
    "you are learning and somebody you go along with was told; there is nothing for you to do",
)


def followed_by_others(ladder: Ladder, turn: Turn) -> bool:
    """Whether anybody else would be told after this person."""
    return any(one != turn.person.id for rung in ladder.rungs for one in rung.people)


def queue(
    house: House,
    incident: Incident,
    kind: AlertKind,
    spread: Spread,
    playbooks: Drawer,
    turn: Turn,
    now: datetime,
    *,
    followed: bool,
    rung: Rung | None = None,
    policy: int = 0,
    due: datetime | None = None,
) -> Alert:
    """Put the mail to this person into the outbox; with the rung and rule that chose them.

    ``due`` is when it may leave, if not at once.
    """
    store, terms = house.store, house.terms
    earlier = store.alerts.of_incident(incident.id)
    waiting = _waiting(earlier, kind, turn)
    rumour = store.rumours.get(incident.rumour_id)
    sightings = store.sightings.of_incident(incident.id, limit=EXAMPLES)
    best = fitting(house, incident, rumour, playbooks, now)
    link = _link(house, incident, kind, turn, now)
    draft = compose(
        kind=waiting.kind if waiting else kind,
        incident=incident,
        rumour=rumour,
        spread=spread,
        sightings=sightings,
        sources={s.post.source_id: store.sources.get(s.post.source_id).name for s in sightings},
        suggestion=best[0].playbook.title if best else None,
        link=link,
        person=turn.person,
        why=turn.why,
        authority=terms.authority,
        zone=terms.timezone,
        domain=terms.mail_domain,
        replies=terms.replies,
        now=now,
        first_message_id=earlier[0].message_id if earlier else "",
        answer_within=rung.wait if rung is not None else terms.escalate_after,
        followed=followed,
        told=max((one.posts for one in earlier), default=0),
    )
    alert = replace(
        addressed(draft, turn.person, now, incident=incident),
        due=due or now,
        priority=priority(kind, incident.severity),
        posts=spread.posts,
        step=rung.step if rung is not None else None,
        policy=policy or None,
        rule=turn.why.written(),
    )
    if waiting is not None and store.alerts.rewrite(replace(alert, id=waiting.id)):
        return waiting
    alert = store.alerts.put(alert)
    if kind is not AlertKind.COPY:
        accompany.person_beside(
            house, incident, kind.value, turn.person, spread, link, now, due=due
        )
    store.audit.append(
        audit.entry(
            now,
            None,
            "alert.queued",
            f"alert:{alert.id}",
            incident_id=incident.id,
            after={"person": turn.person.id, "kind": kind, "why": turn.why.en}
            | ({"step": rung.step, "policy": policy} if rung is not None else {}),
            drill=incident.drill,
        )
    )
    return alert


def _link(house: House, incident: Incident, kind: AlertKind, turn: Turn, now: datetime) -> str:
    """Where to take the incident; for one that is taken and for a learner, where it stands."""
    if incident.state is IncidentState.NEW and kind is not AlertKind.COPY:
        return house.links.acknowledge(incident.id, turn.person.id, now)
    return house.links.incident(incident.id)


def _waiting(earlier: Sequence[Alert], kind: AlertKind, turn: Turn) -> Alert | None:
    """The mail to this person that has not gone out yet: growth is told in it, not in a second one."""
    if kind is not AlertKind.WORSE:
        return None
    return next(
        (
            alert
            for alert in reversed(earlier)
            if alert.state is AlertState.PENDING
            and alert.person_id == turn.person.id
            and alert.kind in CALLS | {AlertKind.WORSE}
        ),
        None,
    )


def in_line(house: House, incident: Incident, now: datetime) -> list[Turn]:
    """Everybody who would be told of this incident, the first one first, nobody twice."""
    ladder = roster.rungs(house, roster.of_house(house, now), incident, now)
    line: dict[int, Turn] = {}
    for rung in ladder.rungs:
        for turn in rung.turns:
            line.setdefault(turn.person.id, turn)
    return list(line.values())


def fitting(
    house: House, incident: Incident, rumour: Rumour, playbooks: Drawer, now: datetime
) -> list[Suggestion]:
    """Approved playbooks that fit the incident, best first."""
    approvals = house.store.playbooks.approvals()
    today = house.terms.today(now)
    approved = [
        playbook
        for playbook in playbooks
        if standing(playbook, approvals, today=today, drill=incident.drill) is Standing.APPROVED
    ]
    langs = house.store.incidents.langs(incident.id)
    known = clues(house.store, incident.id, now)
    return suggest(incident, rumour, approved, langs=langs, clues=known)


def _nobody(house: House, incident: Incident, now: datetime) -> None:
    """Nobody can be told: the desk must show it, and the log must say so."""
    house.store.audit.append(audit.of_incident(now, None, "alert.nobody", incident))
