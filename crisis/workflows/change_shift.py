"""Somebody else comes on call: who was, who is -> what is open -> keep it -> mail to both, once.

Who was on call at the last look is remembered; whoever was not and is now comes on call. So a change counts
once whatever it came from (the plan, a swap, somebody falling ill), however many monitors look and however
often they restart: it is compared and kept in one transaction. After a gap whoever comes follows whoever
went last. Only the first level is looked at. What belongs into a handover is said by
``reports.shift_change``.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from crisis import audit
from crisis.alerts.draft import addressed
from crisis.alerts.shift_letter import shift_change as letter
from crisis.channels.networks import NETWORKS
from crisis.errors import InvalidInputError
from crisis.interfaces import House, Store
from crisis.oncall.duty import BACK, Duty, gaps, periods
from crisis.playbooks.blanks import fill_plain
from crisis.reports.shift_change import MOST, Facts, Open, parts, summary
from crisis.types import Incident, Person, Ring, ShiftChange
from crisis.workflows import deliver, letterhead, roster

MARK = "shift_last"
LATE = timedelta(minutes=10)  # from here on the mail says that it comes late
LATE_MAIL = timedelta(minutes=5)  # a mail to somebody on call that went out so long afterwards
SHORTEST = timedelta(minutes=5)  # a minute between two shifts is no hole
_INSTANT = timedelta(microseconds=1)
_LANGS = ("de", "en")


@dataclass(frozen=True, slots=True)
class _Last:
    """Who was on call when we looked last, since when, and when that was."""

    people: tuple[int, ...]
    since: datetime
    seen: datetime


def look(house: House, now: datetime) -> ShiftChange | None:
    """Hand over if somebody else came on call since the last look; says what was handed over."""
    store = house.store
    planned = roster.of_house(house, now)
    on = _on_call(planned, now)
    with store.transaction():
        last = _read(store)
        if last is not None and now < last.seen:
            return None  # another monitor has looked, or the clock was put back
        people = tuple(sorted(on))
        if last is None or set(people) == set(last.people) or not people:
            since = last.since if last is not None else min(on.values(), default=now)
            kept = people or (last.people if last is not None else ())
            _keep(store, _Last(kept, since, now))
            return None
        coming = {one: on[one] for one in people if one not in last.people}
        at = max(coming.values(), default=now)
        at = at if last.seen < at <= now else now
        _keep(store, _Last(people, at if coming else last.since, now))
        if not coming:
            return None  # of several one went; nobody comes on call
        going = tuple(one for one in last.people if one not in on)
        return _hand_over(house, planned, tuple(coming), going, at, last.since, now)


def facts(house: House, planned: Duty, begun: datetime, now: datetime) -> Facts:
    """All there is to hand over of a shift that began then."""
    store = house.store
    people = {person.id: person for person in planned.people}
    since = max(begun, now - timedelta(days=7))
    down = store.facts.get(deliver.DOWN)
    names = {channel: (net.de, net.en) for channel, net in NETWORKS.items()}
    return Facts(
        now=now,
        zone=house.terms.timezone,
        begun=begun,
        incidents=_open(store, people, now),
        promises=[
            (plan, _title_of(store, plan.response_id))
            for plan in store.updates.open()
            if not plan.drill
        ],
        to_release=[
            (r, _filled(r.title, r.values)) for r in store.responses.waiting() if not r.drill
        ],
        to_review=[
            (r, _filled(r.title, r.values)) for r in store.responses.unreviewed() if not r.drill
        ],
        mails=[
            (alert, people[alert.person_id].name if alert.person_id in people else alert.to)
            for alert in store.alerts.troubled(since, LATE_MAIL)
        ],
        rings=_refused(store, people, since),
        stuck=[
            (one, _filled(one.title, one.values), names.get(one.channel, (one.channel,) * 2))
            for one in store.publications.stuck(since)
        ],
        gaps=[(a, b) for a, b in gaps(planned, max(since, now - BACK), now) if b - a >= SHORTEST],
        mail_down=datetime.fromisoformat(down) if down else None,
        failing=[
            s.name for s in store.sources.all() if s.active and not s.drill and s.failing_since
        ],
        notes=[
            (one, people.get(one.written_by))
            for one in store.handovers.between(since, now + _INSTANT)
        ],
    )


# --- parts -----------------------------------------------------------------------------------


def _hand_over(
    house: House,
    planned: Duty,
    coming: tuple[int, ...],
    going: tuple[int, ...],
    at: datetime,
    begun: datetime,
    now: datetime,
) -> ShiftChange:
    store = house.store
    found = facts(house, planned, begun, now)
    kept = store.handovers.add_change(
        ShiftChange(
            at=at,
            noticed=now,
            begun=begun,
            incoming=coming,
            outgoing=going,
            busy=found.busy,
            parts={lang: parts(found, lang) for lang in _LANGS},
        )
    )
    wanted = house.terms.handover_mails
    if wanted == "always" or (wanted == "open" and found.busy):
        store.handovers.mailed(kept.id, _mail(house, planned, kept, found, now))
    said = {"at": at.isoformat(), "incoming": coming, "outgoing": going}
    store.audit.append(audit.entry(now, None, "shift.changed", f"handover:{kept.id}", after=said))
    return store.handovers.change(kept.id)


def _mail(
    house: House, planned: Duty, change: ShiftChange, found: Facts, now: datetime
) -> list[int]:
    """To everybody who comes, and a copy to everybody who went and can still be told; says to whom."""
    terms, store = house.terms, house.store
    sender = letterhead.sender(terms)
    told: dict[str, int] = {}
    for one in (*change.incoming, *change.outgoing):
        person = planned.known.get(one)
        if person is None or not person.active or person.drill or person.email.casefold() in told:
            continue
        lang = "de" if person.lang.startswith("de") else "en"
        mail = letter(
            to=person,
            coming=_people(planned, change.incoming),
            going=_people(planned, change.outgoing),
            at=change.at,
            late=change.noticed - change.at >= LATE,
            summary=summary(found, lang),
            parts=[
                (part["title"], [point["text"] for point in part["points"]])
                for part in change.parts[lang]
            ],
            link=house.links.shift_change(change.id),
            number=change.id,
            sender=sender,
            now=now,
        )
        store.alerts.put(addressed(mail, person, now))
        told[person.email.casefold()] = person.id
    return list(told.values())


def _people(planned: Duty, ids: Iterable[int]) -> list[Person]:
    return [planned.known[one] for one in ids if one in planned.known]


def _on_call(planned: Duty, now: datetime) -> Mapping[int, datetime]:
    """Who is on call at the first level, and since when without a break (as far back as is looked)."""
    since: dict[int, datetime] = {}
    until: dict[int, datetime] = {}
    for period in periods(planned, now - BACK, now + _INSTANT, levels=(1,)):
        one = period.person_id
        if until.get(one) is None or until[one] < period.start:
            since[one] = period.start
        until[one] = max(period.end, until.get(one, period.end))
    return {one: begun for one, begun in since.items() if until[one] > now}


def _open(store: Store, people: Mapping[int, Person], now: datetime) -> list[Open]:
    going = [incident for incident in store.incidents.all_open() if not incident.drill]
    going.sort(key=lambda incident: (-incident.severity, incident.opened, incident.id))
    # Counting is slow; only what is listed needs it.
    return [
        _one(store, incident, people, now, counted=place < MOST)
        for place, incident in enumerate(going)
    ]


def _one(
    store: Store, incident: Incident, people: Mapping[int, Person], now: datetime, *, counted: bool
) -> Open:
    rumour = store.rumours.get(incident.rumour_id)
    transfer = store.handling.open_transfer(incident.id)
    return Open(
        incident=incident,
        title=rumour.title or rumour.text,
        spread=store.incidents.spread(incident.id, now) if counted else None,
        holder=_name(people, incident.assignee),
        given_to=_name(people, transfer.to_id if transfer else None),
    )


def _refused(
    store: Store, people: Mapping[int, Person], since: datetime
) -> list[tuple[Ring, str, str]]:
    """What other ways than mail refused, by which and to whom."""
    failed = store.ways.failed_since(since)
    names = {gateway.id: gateway.name for gateway in store.ways.gateways()} if failed else {}
    return [
        (
            ring,
            names.get(ring.gateway_id or 0, "SMS"),
            _name(people, ring.person_id) or ring.address,
        )
        for ring in failed
    ]


def _name(people: Mapping[int, Person], person_id: int | None) -> str:
    return people[person_id].name if person_id is not None and person_id in people else ""


def _title_of(store: Store, response_id: int) -> str:
    answer = store.responses.get(response_id)
    return _filled(answer.title, answer.values)


def _filled(title: str, values: Mapping[str, str]) -> str:
    """The title with its blanks filled, as far as they are."""
    try:
        return fill_plain(title, values)
    except InvalidInputError:
        return title


def _read(store: Store) -> _Last | None:
    text = store.facts.get(MARK)
    if not text:
        return None
    found = json.loads(text)
    return _Last(
        tuple(found["people"]),
        datetime.fromisoformat(found["since"]),
        datetime.fromisoformat(found["seen"]),
    )


def _keep(store: Store, last: _Last) -> None:
    people: Collection[int] = last.people
    said = {"people": people, "since": last.since.isoformat(), "seen": last.seen.isoformat()}
    store.facts.set(MARK, json.dumps(said))
