"""Messages by other ways than mail: gather -> claim -> ask once more -> send -> write down the outcome.

Right before anything goes out it is asked whether it should: once somebody has taken the incident nothing
more is sent by any way. ``take`` and ``keep`` write; ``send`` touches no database, so that a gateway that
hangs holds up neither mails nor the monitor. What is to be sent is queued by ``accompany``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crisis import audit
from crisis.alerts import gateway_text
from crisis.alerts.bundle import SPAN, sort_out
from crisis.alerts.draft import message_id_of, t
from crisis.alerts.escalation import CALLS
from crisis.alerts.retry import next_attempt
from crisis.errors import ChannelError, CrisisError, MailError
from crisis.interfaces import House
from crisis.types import (
    Alert,
    AlertKind,
    AlertState,
    Gateway,
    IncidentState,
    Request,
    Ring,
    Severity,
)
from crisis.workflows import accompany, deliver

BATCH = 8
_ASKS = frozenset({kind.value for kind in CALLS})
_MAIL = {"several": AlertKind.BUNDLE}


@dataclass(frozen=True, slots=True)
class Job:
    """One message in hand: exactly one of a request to a gateway and a short mail."""

    ring: Ring
    request: Request | None = None
    mail: Alert | None = None


# --- sending ---------------------------------------------------------------------------------


def ring(
    house: House, claimant: str, now: datetime, *, clock: Callable[[], datetime] | None = None
) -> int:
    """Send what is due, one after the other; says how many went out."""
    time = clock or (lambda: now)
    sent, jobs = 0, take(house, claimant, now)
    while jobs:
        for job in jobs:
            sent += keep(house, job.ring, send(house, job), claimant, time())
        jobs = take(house, claimant, time()) if len(jobs) == BATCH else []
    return sent


def take(house: House, claimant: str, now: datetime, *, limit: int = BATCH) -> list[Job]:
    """Take what is due and should still go, ready to be sent."""
    store = house.store
    accompany.settle(house, now)
    if limit <= 0 or not store.ways.is_due(now):
        return []
    with store.transaction():
        _gather(house, now)
        gateways = {gateway.id: gateway for gateway in store.ways.gateways()}
        jobs = []
        for claimed in store.ways.claim(limit, claimant, now):
            one = _as_wanted(house, claimed)
            if one is None:
                _keep(house, replace(claimed, state=AlertState.CANCELLED), claimant, now)
                continue
            job = _job(house, one, gateways, now)
            if job is None:
                _keep(house, _failed(one, _gone(), now), claimant, now)
            else:
                jobs.append(job)
    return jobs


def send(house: House, job: Job) -> CrisisError | None:
    """Hand it over; what went wrong, if anything. Touches no database."""
    try:
        if job.request is not None:
            if house.bell is None:
                return _gone()
            house.bell.ring(job.request)
        elif job.mail is not None:
            house.mailer.send(job.mail)
    except (ChannelError, MailError) as error:
        return error
    return None


def keep(house: House, one: Ring, error: CrisisError | None, claimant: str, now: datetime) -> int:
    """Write down what became of it; 1 if it went out."""
    after = (
        replace(
            one,
            state=AlertState.SENT,
            sent_at=now,
            attempts=one.attempts + 1,
            problem_de="",
            problem_en="",
        )
        if error is None
        else _failed(one, error, now)
    )
    with house.store.transaction():
        _keep(house, after, claimant, now)
    return int(error is None)


def _keep(house: House, one: Ring, claimant: str, now: datetime) -> None:
    store = house.store
    if not store.ways.keep(one, claimant) or one.state is AlertState.PENDING:
        return
    if one.way_id is not None and one.state is AlertState.FAILED:
        store.ways.fail(one.way_id, one.problem_de, one.problem_en, now)
    if one.way_id is not None and one.state is AlertState.SENT:
        store.ways.recover(one.way_id)
    said = {"way": one.way_id, "gateway": one.gateway_id, "person": one.person_id}
    store.audit.append(
        audit.entry(
            now,
            None,
            f"ring.{one.state}",
            f"ring:{one.id}",
            incident_id=one.incident_id,
            after={**said, "event": one.event, "tries": one.attempts},
        )
    )


def _failed(one: Ring, error: CrisisError, now: datetime) -> Ring:
    attempts = one.attempts + 1
    due = next_attempt(one.created, attempts, now) if error.retry else None
    wait = getattr(error, "retry_after", None)
    if due is not None and wait is not None:
        due = max(due, now + timedelta(seconds=min(wait, 3600)))
    return replace(
        one,
        attempts=attempts,
        due=due or one.due,
        state=AlertState.PENDING if due else AlertState.FAILED,
        problem_de=error.de,
        problem_en=error.en,
    )


def _gone() -> CrisisError:
    return CrisisError(
        "Dieses Gateway gibt es nicht mehr, oder es ist abgeschaltet.",
        "This gateway is gone or switched off.",
    )


def _job(house: House, one: Ring, gateways: dict[int, Gateway], now: datetime) -> Job | None:
    if one.gateway_id is not None:
        gateway = gateways.get(one.gateway_id)
        if gateway is None or not gateway.active:
            return None
        return Job(one, request=gateway_text.request(gateway, one))
    return Job(one, mail=_short_mail(house, one, now))


def _short_mail(house: House, one: Ring, now: datetime) -> Alert:
    """Plain text and nothing else, for gateways that make an SMS of a mail."""
    return Alert(
        incident_id=one.incident_id,
        person_id=one.person_id or 0,
        kind=_MAIL.get(one.event) or AlertKind(one.event),
        to=one.address,
        subject="Klarstellung",
        text=str(one.payload["text"]),
        html="",
        message_id=message_id_of(f"ring.{one.id}", house.terms.mail_domain, one.created),
        created=one.created,
        due=now,
    )


# --- whether, and how many at once -----------------------------------------------------------


def _as_wanted(house: House, one: Ring) -> Ring | None:
    """The message as it should go now; None where it should not."""
    store = house.store
    if one.gateway_id is None and store.facts.get(deliver.DOWN) and one.attempts:
        return one
    if one.event == gateway_text.SEVERAL:
        parts = [r for r in store.ways.parts(one.id) if _wanted(house, r)]
        return None if not parts else replace(one, payload=_several(house, one, parts))
    return one if _wanted(house, one) else None


def _wanted(house: House, one: Ring) -> bool:
    if one.incident_id is None or one.event in (gateway_text.TAKEN, gateway_text.TEST):
        return True
    incident = house.store.incidents.find(one.incident_id)
    if incident is None or incident.wave != one.wave:
        return False
    if one.event in _ASKS:
        return incident.state is IncidentState.NEW
    if one.event == AlertKind.STILL:
        held = incident.state is IncidentState.ACKNOWLEDGED
        return held and incident.assignee == one.person_id
    return incident.assignee in (None, one.person_id)


def _gather(house: House, now: datetime) -> None:
    """Many at once to one address become one message, as mails do; urgent ones are never held back."""
    store, terms = house.store, house.terms
    by_address: dict[tuple[int | None, str], list[Ring]] = {}
    for one in store.ways.due(now):
        if one.incident_id is not None and one.event != gateway_text.TAKEN:
            by_address.setdefault((one.gateway_id, one.address), []).append(one)
    for together in by_address.values():
        waiting = [one for one in together if _wanted(house, one)]
        if not waiting:
            continue
        plan = sort_out(
            waiting,
            store.ways.lately(waiting[0], now - SPAN),
            now,
            together_from=terms.together_from,
            most=terms.most_mails,
        )
        if plan.held and plan.until is not None:
            store.ways.hold(plan.held, plan.until)
        if not plan.together:
            continue
        chosen = [one for one in waiting if one.id in set(plan.together)]
        first = chosen[0]
        kept = store.ways.put(
            replace(
                first,
                id=0,
                incident_id=None,
                event=gateway_text.SEVERAL,
                payload=_several(house, first, chosen),
                priority=min(one.priority for one in chosen),
                key=accompany.key(gateway_text.SEVERAL, first.id, len(chosen), first.address, now),
                created=now,
                due=now,
            )
        )
        store.ways.carry(kept.id, [one.id for one in chosen])


def _several(house: House, one: Ring, parts: Sequence[Ring]) -> dict[str, object]:
    store = house.store
    person = store.people.get(one.person_id) if one.person_id is not None else None
    lang = person.lang if person else "de"
    numbers = {part.incident_id for part in parts if part.incident_id is not None}
    found = [incident for n in numbers if (incident := store.incidents.find(n)) is not None]
    urgent = sum(incident.severity is Severity.URGENT for incident in found)
    title = t(lang, f"{len(found)} Vorfälle", f"{len(found)} incidents")
    if urgent:
        title += t(lang, f", {urgent} dringend", f", {urgent} urgent")
    return gateway_text.payload(
        event=gateway_text.SEVERAL,
        title=title,
        link=house.links.incidents(),
        name=str(one.payload.get("name", "")),
        address=one.address,
        count=len(found),
    )
