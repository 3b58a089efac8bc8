"""The board: what is going on, who has it, what comes next, and whether the desk itself is well.

Reads only. How urgent an incident is, is decided elsewhere; here stands how that looks at a glance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from crisis.desk import (
    board_channels,
    board_health,
    board_reviews,
    here,
    live,
    official,
    shell,
    updates,
    welcome,
    words,
)
from crisis.desk.kept import kept
from crisis.desk.words import _
from crisis.incidents.due import Targets, due
from crisis.incidents.glance import Glance, OpenOnes
from crisis.oncall.rota import Turn, gaps, turns
from crisis.types import (
    OPEN_STATES,
    Advice,
    Incident,
    IncidentState,
    Mention,
    Person,
    Response,
    ResponseState,
    Role,
    Severity,
    Shift,
    Transfer,
)

blueprint = Blueprint("board", __name__)

BIG = (
    6  # as many incidents are told at length where there are more than FEW; the rest in a line each
)
SOON = timedelta(hours=48)  # so far ahead a gap is worth a line on the board
FEW = 8
SHARED_FOR = timedelta(seconds=5)  # what depends on the clock alone may be that late


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
    rumour: str
    lang: str  # of that sentence; "" unknown
    speed: Sequence[int]  # posts in each of the last hours, oldest first
    places: Sequence[str]  # which it is about, most posts first
    assignee: Person | None
    next_step: str
    due: datetime | None  # until when
    mine: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One of many incidents, in a line."""

    incident: Incident
    rumour: str
    lang: str  # of the rumour's sentence; "" unknown
    assignee: Person | None


@dataclass(frozen=True, slots=True)
class Open:
    """Everything open: the most pressing at length, the rest in lines by state, what is left as a number."""

    count: int
    new: int
    mine: int
    cards: Sequence[Card]
    groups: Sequence[tuple[IncidentState, Sequence[Line]]]
    left: int


@dataclass(frozen=True, slots=True)
class OnCall:
    """Who would be told now, and who after; ``until`` and ``since`` where they have a shift."""

    now: Turn | None
    until: datetime | None
    next: Turn | None
    since: datetime | None
    gap: tuple[datetime, datetime] | None = None  # the next time without anybody planned


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for the person who looks."""

    answers: Sequence[Response]  # they may release these
    reviews: board_reviews.Reviews  # texts on their way to approval
    channels: Sequence[board_channels.Line]  # answers that did not get through
    suggestions: int
    handed: Sequence[Transfer]  # incidents given to them that they have not accepted
    mentions: Sequence[Mention]  # notes that name them
    unreviewed: Sequence[Response]  # let out by one person; they may look
    updates: Sequence[updates.Due]  # promised, to be confirmed now


@blueprint.get("/")
def show() -> ResponseReturnValue:
    """The page."""
    return render_template("board/show.html", **_content())


@blueprint.get("/lage")
def refresh() -> ResponseReturnValue:
    """Its changing part alone, with an ETag: the browser asks every few seconds."""
    return live.part("board/live.html", **_content())


def _content() -> dict[str, object]:
    store = here.store()
    well = board_health.health()
    kinds = store.glance.open_ones()
    people = {person.id: person for person in store.people.all()}
    everything = everything_open(kinds, people)
    return {
        "mood": mood(kinds, watched=not well.monitor_silent and bool(well.sources)),
        "open": everything,
        "incidents": _shown(everything),
        "on_call": on_call(here.shifts(), list(people.values()), here.now()),
        "waiting": _waiting(),
        "health": well,
        "official": official.official(),
        "first_steps": shell.may_call("welcome.show") and not welcome.is_complete(),
        "newcomer": not kinds and not [s for s in store.sources.all() if not s.drill],
    }


def everything_open(kinds: Sequence[OpenOnes], people: Mapping[int, Person]) -> Open:
    """What is open, in the order of urgency.

    Hundreds of open desks fetch this after every change: what all see alike is made once for them.
    """
    me = here.person().id
    shared = kept(("open", words.language()), lambda: _open(kinds, people), SHARED_FOR)
    return replace(
        shared,
        mine=here.store().glance.count_of(me),
        cards=[replace(card, mine=card.incident.assignee == me) for card in shared.cards],
    )


def _shown(everything: Open) -> Markup:
    """The open incidents as they stand on the page, for everybody who has the same of them."""
    mine = tuple(card.incident.id for card in everything.cards if card.mine)
    return kept(
        ("open", words.language(), mine, len(everything.cards)),
        lambda: Markup(render_template("board/incidents.html", open=everything)),  # noqa: S704
        SHARED_FOR,
    )


def _open(kinds: Sequence[OpenOnes], people: Mapping[int, Person]) -> Open:
    """As anybody sees it."""
    store = here.store()
    incidents = store.incidents.board()
    count = sum(kind.count for kind in kinds)
    big = incidents if len(incidents) <= FEW else incidents[:BIG]
    lines = incidents[len(big) :]
    return Open(
        count=count,
        new=sum(kind.count for kind in kinds if kind.state is IncidentState.NEW),
        mine=0,
        cards=cards(big, people),
        groups=_grouped(lines, people),
        left=count - len(incidents),
    )


def cards(incidents: Sequence[Incident], people: Mapping[int, Person]) -> list[Card]:
    """These at length."""
    known = here.store().glance.of([incident.id for incident in incidents], here.now())
    return [
        Card(
            incident=incident,
            rumour=known[incident.id].rumour or incident.rumour_id,
            lang=known[incident.id].lang,
            speed=known[incident.id].speed,
            places=list(known[incident.id].places),
            assignee=people.get(incident.assignee or 0),
            next_step=next_step(incident, known[incident.id]),
            due=next_due(incident),
        )
        for incident in incidents
    ]


def _grouped(
    incidents: Sequence[Incident], people: Mapping[int, Person]
) -> list[tuple[IncidentState, list[Line]]]:
    """By state, in the order of the work; within a state the most pressing first, as they came."""
    texts = here.store().glance.rumours([incident.id for incident in incidents])
    groups: dict[IncidentState, list[Line]] = {state: [] for state in IncidentState}
    for incident in incidents:
        text, lang = texts.get(incident.id, (incident.rumour_id, ""))
        line = Line(incident, text, lang, people.get(incident.assignee or 0))
        groups[incident.state].append(line)
    return [(state, lines) for state, lines in groups.items() if lines]


def mood(incidents: Sequence[Incident | OpenOnes], *, watched: bool = True) -> Mood:
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


def next_step(incident: Incident, known: Glance | None = None) -> str:
    """What somebody should do now, in plain words; ``known``: where it was looked up already."""
    if incident.state not in OPEN_STATES:
        return ""
    known = known or here.store().glance.of([incident.id], here.now())[incident.id]
    if incident.state is IncidentState.NEW:
        return _unanswered(incident, known.paged)
    promised = updates.next_of(incident)
    if promised is not None and promised == updates.due_of(incident):
        return _("Angekündigte Meldung bestätigen oder auslassen.")
    states = known.answers
    if ResponseState.SUBMITTED in states:
        return _("Antwort wartet auf Freigabe durch eine zweite Person.")
    if ResponseState.DRAFT in states:
        return _("Entwurf ausfüllen und zur Freigabe geben.")
    if incident.state is IncidentState.ACKNOWLEDGED:
        assessed = here.store().handling.assessment(incident.id, incident.wave)
        if assessed is not None and assessed.decided is Advice.NONE:
            return _("Bewusst keine Antwort. Beobachten; abschließen, wenn es ruhig bleibt.")
        if assessed is not None and assessed.decided is Advice.WATCH:
            return _("Antwort bereithalten und beobachten.")
    if promised is not None:
        return _("Beobachten bis zur nächsten angekündigten Meldung.")
    if incident.state is IncidentState.CORRECTED:
        return _("Beobachten; abschließen, wenn es ruhig bleibt.")
    return _("Antwort auswählen.")


def next_due(incident: Incident) -> datetime | None:
    """Until when the next step should be done, by the targets of the settings; None where there is none."""
    promised = updates.next_of(incident) if incident.state in OPEN_STATES else None
    assessed = (
        here.store().handling.assessment(incident.id, incident.wave)
        if incident.state is IncidentState.ACKNOWLEDGED
        else None
    )
    decided = assessed.decided if assessed else None
    return due(incident, targets(), decided, promised.due if promised else None)


def targets() -> Targets:
    """The settings' own, until a step is done."""
    wanted = here.settings().targets
    return Targets(
        acknowledgement=timedelta(minutes=wanted.acknowledgement_minutes),
        answer=timedelta(minutes=wanted.answer_minutes),
    )


def _unanswered(incident: Incident, paged: datetime | None) -> str:
    if paged is None:
        return _("Übernehmen: Noch kümmert sich niemand.")
    due = paged + _wait(incident)
    if due <= here.now():
        return _("Übernehmen: Noch kümmert sich niemand.")
    return _(
        "Übernehmen: Meldet sich bis %(time)s niemand, wird die nächste Person gerufen.",
        time=words.clock(due),
    )


def _wait(incident: Incident) -> timedelta:
    """How long the last step told waits for an answer."""
    usual = timedelta(minutes=here.settings().alerts.escalate_after_minutes)
    policy = here.store().oncall.policy()
    if not policy.id:
        return usual
    told = [alert.step for alert in here.store().alerts.of_incident(incident.id) if alert.step]
    step = policy.steps[told[-1] - 1] if told and told[-1] <= len(policy.steps) else None
    return timedelta(minutes=step.wait) if step is not None and step.wait else usual


def on_call(shifts: Sequence[Shift], people: Sequence[Person], now: datetime) -> OnCall:
    """``shifts`` are running or to come, by their start; those of exercises do not count."""
    line = turns(shifts, people, now, catch_all=None)
    planned = [s for s in shifts if s.level == 1 and not s.drill]
    first, second = (*line, None, None)[:2]
    running = [s for s in shifts if first and s.person_id == first.person.id and s.start <= now]
    coming = [s for s in shifts if second and s.person_id == second.person.id and s.start > now]
    return OnCall(
        now=first,
        until=running[0].end if running else None,
        next=second,
        since=coming[0].start if coming else None,
        gap=next(iter(gaps(planned, now, now + SOON, people=people)), None) if planned else None,
    )


def _waiting() -> Waiting:
    store, me = here.store(), here.person()
    approver = Role.APPROVER in me.roles
    answers = [r for r in store.responses.waiting() if approver and r.written_by != me.id]
    return Waiting(
        answers=answers,
        reviews=board_reviews.reviews(),
        channels=board_channels.lines(),
        suggestions=store.suggestions.count(),
        handed=store.handling.handed_to(me.id),
        mentions=store.handling.mentions(me.id),
        unreviewed=[
            r
            for r in store.responses.unreviewed()
            if approver and me.id not in (r.released_by, r.written_by)
        ],
        updates=updates.due_now(),
    )
