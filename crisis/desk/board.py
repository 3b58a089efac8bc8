"""The board: what is going on, who has it, what comes next, and whether the desk itself is well.

Reads only. How urgent an incident is, is decided elsewhere; here stands how that looks at a glance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from crisis.desk import here, shelf, shell, test_mail, welcome, words
from crisis.desk.words import _
from crisis.oncall.rota import Turn, turns
from crisis.playbooks.approval import Standing
from crisis.types import (
    OPEN_STATES,
    AlertKind,
    AlertState,
    Incident,
    IncidentState,
    Person,
    Response,
    ResponseState,
    Role,
    Rumour,
    Severity,
    Shift,
)

blueprint = Blueprint("board", __name__)

# A monitor's step takes seconds; after a minute without one somebody should look.
MONITOR_SILENT = timedelta(seconds=60)
_PAGES = frozenset({AlertKind.RAISED, AlertKind.REOPENED, AlertKind.ESCALATED, AlertKind.WORSE})


class Mood(StrEnum):
    """The whole board in one word."""

    QUIET = "quiet"
    BLIND = "blind"  # nothing is open, but nobody is looking either
    ATTENTION = "attention"
    ALARM = "alarm"


@dataclass(frozen=True, slots=True)
class Card:
    """One incident as the board shows it."""

    incident: Incident
    rumour: Rumour | None
    speed: Sequence[int]  # posts in each of the last hours, oldest first
    assignee: Person | None
    next_step: str


@dataclass(frozen=True, slots=True)
class OnCall:
    """Who would be told now, and who after; ``until`` and ``since`` where they have a shift."""

    now: Turn | None
    until: datetime | None
    next: Turn | None
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for the person who looks."""

    answers: Sequence[Response]  # they may release these
    playbooks: int
    suggestions: int


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the desk itself works."""

    monitor_seen: datetime | None
    monitor_silent: bool
    mail: bool
    mail_proven: bool  # somebody has confirmed a test mail that went as mails go today
    failed_mails: int
    sources: int
    failing: int
    model: str  # why another model judges than was chosen; "" for all is well
    thrifty: bool  # so many posts wait that few are compared in meaning


@blueprint.get("/")
def show() -> ResponseReturnValue:
    """The page."""
    return render_template("board/show.html", **_content())


@blueprint.get("/lage")
def refresh() -> ResponseReturnValue:
    """Its changing part alone, with an ETag: the browser asks every few seconds."""
    response = make_response(render_template("board/live.html", **_content()))
    response.add_etag()
    return response.make_conditional(request)


def _content() -> dict[str, object]:
    store = here.store()
    incidents = store.incidents.board()
    well = health()
    people = {person.id: person for person in store.people.all()}
    return {
        "mood": mood(incidents, watched=not well.monitor_silent and bool(well.sources)),
        "cards": [_card(incident, people) for incident in incidents],
        "on_call": on_call(store.people.shifts(here.now()), list(people.values()), here.now()),
        "waiting": _waiting(),
        "health": well,
        "first_steps": shell.may_call("welcome.show") and not welcome.is_complete(),
        "newcomer": not incidents and not [s for s in store.sources.all() if not s.drill],
    }


def mood(incidents: Sequence[Incident], *, watched: bool = True) -> Mood:
    """Alarm: something pressing that nobody has. Attention: something still to be answered.

    Quiet can be said only where sources are ``watched``.
    """
    unanswered = [i for i in incidents if i.state is not IncidentState.CORRECTED]
    pressing = [
        i for i in unanswered if i.state is IncidentState.NEW and i.severity >= Severity.HIGH
    ]
    if pressing:
        return Mood.ALARM
    if unanswered:
        return Mood.ATTENTION
    return Mood.QUIET if watched else Mood.BLIND


def _card(incident: Incident, people: dict[int, Person]) -> Card:
    store = here.store()
    return Card(
        incident=incident,
        rumour=store.rumours.find(incident.rumour_id),
        speed=store.incidents.speed(incident.id, here.now()),
        assignee=people.get(incident.assignee or 0),
        next_step=next_step(incident),
    )


def next_step(incident: Incident) -> str:
    """What somebody should do now, in plain words."""
    if incident.state is IncidentState.NEW:
        return _unanswered(incident)
    if incident.state not in OPEN_STATES:
        return ""
    states = {r.state for r in here.store().responses.of_incident(incident.id)}
    if ResponseState.SUBMITTED in states:
        return _("Antwort wartet auf Freigabe durch eine zweite Person.")
    if ResponseState.DRAFT in states:
        return _("Entwurf ausfüllen und zur Freigabe geben.")
    if incident.state is IncidentState.CORRECTED:
        return _("Beobachten; abschließen, wenn es ruhig bleibt.")
    return _("Antwort auswählen.")


def _unanswered(incident: Incident) -> str:
    from crisis.desk.words import clock

    pages = [
        alert
        for alert in here.store().alerts.of_incident(incident.id)
        if alert.kind in _PAGES and alert.state is not AlertState.CANCELLED
    ]
    if not pages:
        return _("Übernehmen: Noch kümmert sich niemand.")
    minutes = here.settings().alerts.escalate_after_minutes
    due = max(alert.created for alert in pages) + timedelta(minutes=minutes)
    if due <= here.now():
        return _("Übernehmen: Noch kümmert sich niemand.")
    return _(
        "Übernehmen: Meldet sich bis %(time)s niemand, wird die nächste Person gerufen.",
        time=clock(due),
    )


def on_call(shifts: Sequence[Shift], people: Sequence[Person], now: datetime) -> OnCall:
    """``shifts`` are running or to come, by their start; those of exercises do not count."""
    line = turns(shifts, people, now, catch_all=None)
    first, second = (*line, None, None)[:2]
    running = [s for s in shifts if first and s.person_id == first.person.id and s.start <= now]
    coming = [s for s in shifts if second and s.person_id == second.person.id and s.start > now]
    return OnCall(
        now=first,
        until=running[0].end if running else None,
        next=second,
        since=coming[0].start if coming else None,
    )


def _waiting() -> Waiting:
    store, me = here.store(), here.person()
    approver = Role.APPROVER in me.roles
    answers = [r for r in store.responses.waiting() if approver and r.written_by != me.id]
    drafts = [
        playbook
        for playbook, standing in shelf.standings()
        if standing in (Standing.DRAFT, Standing.REVOKED)
    ]
    return Waiting(
        answers=answers,
        playbooks=len(drafts) if approver else 0,
        suggestions=store.suggestions.count(),
    )


def health() -> Health:
    """How the desk itself is doing."""
    from crisis.workflows import learn  # loads the matching, which few pages need
    from crisis.workflows.triage import THRIFTY

    store, now = here.store(), here.now()
    text = store.facts.get("monitor.heartbeat")
    seen = datetime.fromisoformat(text) if text else None
    sources = [source for source in store.sources.all() if source.active and not source.drill]
    model = learn.problem(store)
    return Health(
        monitor_seen=seen,
        monitor_silent=seen is None or now - seen > MONITOR_SILENT,
        mail=bool(here.settings().mail.host),
        mail_proven=test_mail.proven(),
        failed_mails=store.alerts.count(AlertState.FAILED),
        sources=len(sources),
        failing=sum(source.failures > 0 for source in sources),
        model=model.say(words.language()) if model else "",
        thrifty=bool(store.facts.get(THRIFTY)),
    )
