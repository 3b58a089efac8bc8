"""Promised updates of a public answer: plan them, confirm the one that is due, pause, stop.

Every button calls one workflow of ``workflows.updates``. When one is due is said by ``responses.updates``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from crisis.channels.networks import NETWORKS
from crisis.channels.repeat import repeated
from crisis.desk import here, publishing, words
from crisis.desk.words import _, ngettext
from crisis.errors import CrisisError, InvalidInputError
from crisis.oncall.wall_clock import instant
from crisis.responses import updates as rules
from crisis.rights import Act, may
from crisis.types import (
    Incident,
    IncidentState,
    PublicationAct,
    PublicationState,
    Response,
    ResponseState,
    UpdatePlan,
    UpdateState,
)
from crisis.workflows import updates

blueprint = Blueprint("updates", __name__, url_prefix="/antworten")

OFTEN = (0, 10, 15, 20, 30, 60, 120, 180, 360, rules.DAY)
SOON, FOR = timedelta(minutes=20), timedelta(hours=3)  # what a fresh form proposes
_GONE = (PublicationState.CANCELLED, PublicationState.REMOVED)


@dataclass(frozen=True, slots=True)
class Words:
    """What a confirmation sends to one channel."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise and what can be done about it now."""

    plan: UpdatePlan
    rhythm: str
    asks: bool  # somebody should confirm now
    late: bool
    words: Sequence[Words]
    then: datetime | None  # the one after the next


@dataclass(frozen=True, slots=True)
class Form:
    """The form of a new promise, with what was typed."""

    first: str
    every: int
    until: str
    channels: Sequence[tuple[str, str]]  # code and name
    often: Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Due:
    """An update that somebody must confirm, as a line of the board."""

    plan: UpdatePlan
    title: str


# --- what pages show ------------------------------------------------------------------------------


def promise_of(response: Response) -> Promise | None:
    """What is promised for this answer now, paused or not."""
    open_ones = [
        plan
        for plan in here.store().updates.of_response(response.id)
        if plan.state is not UpdateState.ENDED
    ]
    return _shown(open_ones[0], response) if open_ones else None


def _shown(plan: UpdatePlan, response: Response) -> Promise:
    now, zone = here.now(), _zone()
    then = rules.following(plan, max(now, plan.due), zone) if plan.due else None
    asks = rules.asks(plan, now)
    return Promise(
        plan=plan,
        rhythm=rhythm(plan.every),
        asks=asks,
        late=asks and plan.due is not None and plan.due <= now,
        words=_words(plan, response, then) if asks else (),
        then=then,
    )


def _words(plan: UpdatePlan, response: Response, then: datetime | None) -> list[Words]:
    if response.drill:
        return []
    going, now = publishing.going(), here.now()
    found = []
    for outlet in going.outlets:
        if outlet.code in plan.channels:
            network = outlet.network
            made = repeated(outlet, response, going, now, then)[:1]
            name = words.either((network.de, network.en))
            found += [Words(name, piece.text) for piece in made]
    return found


def form_of(response: Response) -> Form | None:
    """None where nothing can be promised."""
    person = here.person()
    public = response.state is ResponseState.RELEASED
    if not public or not may(person, Act.SPREAD, drill=response.drill):
        return None
    asked, begin = request.args, _round(here.now() + SOON)
    often = asked.get("alle", 20, type=int)
    return Form(
        first=asked.get("erste") or _wall(begin),
        every=often if often in OFTEN else 20,
        until=asked.get("bis") or _wall(begin + FOR),
        channels=_held(response),
        often=[(minutes, rhythm(minutes)) for minutes in OFTEN],
    )


def _held(response: Response) -> list[tuple[str, str]]:
    """Where the answer is, or is on its way to."""
    codes = dict.fromkeys(
        row.channel
        for row in here.store().publications.of_response(response.id)
        if row.act in (PublicationAct.PUBLISH, PublicationAct.EDIT) and row.state not in _GONE
    )
    return [(code, words.either((NETWORKS[code].de, NETWORKS[code].en))) for code in codes]


def rhythm(minutes: int) -> str:
    """How often, in words."""
    if not minutes:
        return _("einmal")
    if minutes == rules.DAY:
        return _("jeden Tag um diese Uhrzeit")
    if minutes % 60 == 0:
        return ngettext("jede Stunde", "alle %(num)s Stunden", minutes // 60)
    return _("alle %(count)s Minuten", count=minutes)


def next_of(incident: Incident) -> UpdatePlan | None:
    """What is promised next for this incident; None where nothing is, or nobody has the incident."""
    if incident.state is IncidentState.NEW:
        return None
    running = [
        plan
        for plan in here.store().updates.of_incident(incident.id)
        if plan.state is UpdateState.RUNNING
    ]
    return running[0] if running else None


def due_of(incident: Incident) -> UpdatePlan | None:
    """The same, if somebody should confirm it now."""
    plan = next_of(incident)
    return plan if plan is not None and rules.asks(plan, here.now()) else None


def due_now() -> list[Due]:
    """What this person could confirm now, the most pressing first."""
    store, now, me = here.store(), here.now(), here.person()
    return [
        Due(plan, store.responses.get(plan.response_id).title)
        for plan in store.updates.open()
        if rules.asks(plan, now) and may(me, Act.SPREAD, drill=plan.drill)
    ]


def _zone() -> ZoneInfo:
    return ZoneInfo(here.settings().authority.timezone)


def _wall(moment: datetime) -> str:
    return moment.astimezone(_zone()).strftime("%Y-%m-%dT%H:%M")


def _round(moment: datetime) -> datetime:
    """Up to the next five minutes: what people say aloud."""
    full = moment.replace(second=0, microsecond=0)
    return full + timedelta(minutes=-full.minute % 5)


# --- buttons --------------------------------------------------------------------------------------


@blueprint.post("/<int:response_id>/ankuendigen")
def promise(response_id: int) -> ResponseReturnValue:
    """Say when people hear again."""
    form = request.form
    every = form.get("alle", 0, type=int)
    try:
        plan = UpdatePlan(
            response_id=response_id,
            incident_id=0,
            channels=tuple(form.getlist("kanal")),
            first=instant(form.get("erste", ""), _zone()),
            every=every,
            until=instant(form.get("bis", ""), _zone(), later=True) if every else None,
            due=None,
            made_by=0,
            made=here.now(),
        )
        updates.promise(here.store(), plan, here.person(), here.now())
    except InvalidInputError as error:
        flash(error.say(words.language()), "danger")
        return redirect(
            url_for(
                "responses.show",
                response_id=response_id,
                erste=form.get("erste", ""),
                alle=every,
                bis=form.get("bis", ""),
                _anchor="meldungen",
            )
        )
    flash(
        _("Gemerkt. Vor jeder Meldung werden Sie gefragt; von selbst geht nichts hinaus."),
        "success",
    )
    return _to(response_id)


@blueprint.post("/ankuendigungen/<int:plan_id>/bestaetigen")
def confirm(plan_id: int) -> ResponseReturnValue:
    """It still holds: out with it."""
    plan = updates.confirm(
        here.house(), plan_id, _version(), publishing.going(), here.person(), here.now()
    )
    flash(_("Bestätigt. Die Meldung geht gleich hinaus."), "success")
    return _to(plan.response_id)


@blueprint.post("/ankuendigungen/<int:plan_id>/auslassen")
def leave_out(plan_id: int) -> ResponseReturnValue:
    """Not this one."""
    plan = updates.leave_out(here.house(), plan_id, _version(), here.person(), here.now())
    flash(_("Ausgelassen. Hinausgegangen ist nichts."), "success")
    return _to(plan.response_id)


@blueprint.post("/ankuendigungen/<int:plan_id>/anhalten")
def pause(plan_id: int) -> ResponseReturnValue:
    """Ask nobody for now."""
    plan = updates.pause(here.store(), plan_id, here.person(), here.now())
    flash(_("Angehalten. Was noch nicht draußen war, geht nicht mehr hinaus."), "success")
    return _to(plan.response_id)


@blueprint.post("/ankuendigungen/<int:plan_id>/weiter")
def resume(plan_id: int) -> ResponseReturnValue:
    """Go on with the next one."""
    try:
        plan = updates.resume(here.house(), plan_id, here.person(), here.now())
    except CrisisError as error:
        flash(error.say(words.language()), "danger")
        return _to(here.store().updates.get(plan_id).response_id)
    flash(_("Geht weiter."), "success")
    return _to(plan.response_id)


@blueprint.post("/ankuendigungen/<int:plan_id>/beenden")
def stop(plan_id: int) -> ResponseReturnValue:
    """No more of them."""
    plan = updates.stop(here.store(), plan_id, here.person(), here.now())
    flash(_("Beendet. Es wird nichts mehr angekündigt."), "success")
    return _to(plan.response_id)


def _version() -> int:
    return request.form.get("version", 0, type=int)


def _to(response_id: int) -> ResponseReturnValue:
    return redirect(url_for("responses.show", response_id=response_id, _anchor="meldungen"))
