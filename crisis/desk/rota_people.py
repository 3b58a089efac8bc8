"""Absences, swaps, learners, and a person's own duty calendar.

Every button calls one workflow of ``plan_duty``, ``swap`` or ``duty_feed``. Everybody sees all; they change
their own, planners everybody's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from crisis.desk import drill_view, here, rota, rota_words, words
from crisis.desk.words import _
from crisis.errors import CrisisError, InvalidInputError
from crisis.oncall.calendar import as_ics
from crisis.oncall.duty import periods
from crisis.oncall.wall_clock import instant
from crisis.rights import Act, may
from crisis.types import Absence, Shadowing, Swap
from crisis.workflows import duty_feed, plan_duty, swap

blueprint = Blueprint("duty_people", __name__, url_prefix="/dienstplan")

SHOWN = timedelta(days=1)  # so long something that is over is still shown
FEED = timedelta(weeks=26)


@blueprint.get("/personen")
def show() -> ResponseReturnValue:
    """All of it on one page."""
    return _page("", {}, {})


@blueprint.post("/abwesend")
def be_away() -> ResponseReturnValue:
    """Somebody cannot be reached for a time."""
    form, problems = _typed("wer", "start", "end"), dict[str, str]()
    begins, ends = _span(form, problems)
    if begins is not None and ends is not None:
        absence = Absence(person_id=_person(form["wer"]), start=begins, end=ends)
        _try(
            lambda: plan_duty.add_absence(here.store(), absence, here.person(), here.now()),
            problems,
        )
    return _answer("abwesend", form, problems, _("Abwesenheit eingetragen."))


@blueprint.post("/abwesend/<int:absence_id>/streichen")
def be_back(absence_id: int) -> ResponseReturnValue:
    """They can be reached after all."""
    plan_duty.remove_absence(here.store(), absence_id, here.person(), here.now())
    flash(_("Abwesenheit gestrichen."), "success")
    return redirect(url_for("duty_people.show"))


@blueprint.post("/abwesend/kalender")
def read_calendar() -> ResponseReturnValue:
    """Read absences from an address from now on."""
    form, problems = _typed("wer", "url"), dict[str, str]()
    _try(
        lambda: plan_duty.add_calendar(
            here.store(), _person(form["wer"]), form["url"], here.person(), here.now()
        ),
        problems,
    )
    done = _("Der Kalender ist eingetragen und wird in wenigen Minuten gelesen.")
    return _answer("kalender", form, problems, done)


@blueprint.post("/abwesend/kalender/<int:calendar_id>/entfernen")
def drop_calendar(calendar_id: int) -> ResponseReturnValue:
    """Read it no longer."""
    plan_duty.remove_calendar(here.store(), calendar_id, here.person(), here.now())
    flash(_("Der Kalender wird nicht mehr gelesen; seine Abwesenheiten sind fort."), "success")
    return redirect(url_for("duty_people.show"))


# --- swaps -----------------------------------------------------------------------------------


@blueprint.post("/tausch")
def offer() -> ResponseReturnValue:
    """Ask somebody to take over a time."""
    names = ("an", "level", "start", "end", "back_start", "back_end", "note")
    form, problems = _typed(*names), dict[str, str]()
    begins, ends = _span(form, problems)
    back: tuple[datetime | None, datetime | None] = (None, None)
    if form["back_start"] or form["back_end"]:
        back = _span(form, problems, "back_start", "back_end")
    if begins is not None and ends is not None and not problems:
        wish = Swap(
            from_id=here.person().id,
            to_id=_person(form["an"]),
            level=int(form["level"]) if form["level"].isdigit() else 1,
            start=begins,
            end=ends,
            back_start=back[0],
            back_end=back[1],
            note=" ".join(form["note"].split()),
            offered=here.now(),
        )
        _try(lambda: swap.offer(here.house(), wish, here.person(), here.now()), problems)
    done = _(
        "Angefragt. Sobald zugesagt ist, ändert sich der Dienstplan, und Sie bekommen eine Mail."
    )
    return _answer("tausch", form, problems, done)


@blueprint.post("/tausch/<int:swap_id>")
def answer(swap_id: int) -> ResponseReturnValue:
    """Accept, decline, or withdraw."""
    said = request.form.get("antwort", "")
    if said == "zurueck":
        swap.withdraw(here.house(), swap_id, here.person(), here.now())
        flash(_("Zurückgezogen. Der Dienstplan bleibt, wie er war."), "success")
    elif said in ("ja", "nein"):
        swap.answer(here.house(), swap_id, said == "ja", here.person(), here.now())
        agreed = _("Vereinbart. Der Dienstplan ist geändert; beide bekommen eine Mail.")
        flash(
            agreed if said == "ja" else _("Abgelehnt. Der Dienstplan bleibt, wie er war."),
            "success",
        )
    else:
        abort(400)
    return redirect(url_for("duty_people.show"))


# --- learners --------------------------------------------------------------------------------


@blueprint.post("/mitlernen")
def learn() -> ResponseReturnValue:
    """Somebody goes along with somebody for a time."""
    form, problems = _typed("wer", "mit", "start", "end"), dict[str, str]()
    begins, ends = _span(form, problems)
    if begins is not None and ends is not None:
        shadowing = Shadowing(
            learner_id=_person(form["wer"]), mentor_id=_person(form["mit"]), start=begins, end=ends
        )
        _try(
            lambda: plan_duty.add_learner(here.store(), shadowing, here.person(), here.now()),
            problems,
        )
    return _answer(
        "mitlernen", form, problems, _("Eingetragen. Kopien gehen ab dann auch dorthin.")
    )


@blueprint.post("/mitlernen/<int:shadowing_id>/beenden")
def stop_learning(shadowing_id: int) -> ResponseReturnValue:
    """They learn no longer."""
    plan_duty.remove_learner(here.store(), shadowing_id, here.person(), here.now())
    flash(_("Beendet. Es gehen keine Kopien mehr."), "success")
    return redirect(url_for("duty_people.show"))


# --- one's own calendar ----------------------------------------------------------------------


@blueprint.post("/mein-kalender")
def make_feed() -> ResponseReturnValue:
    """A new secret address; shown this once."""
    token = duty_feed.make(here.store(), here.person(), here.now())
    link = here.settings().base_url + url_for("duty_people.feed", token=token)
    return _page("", {}, {}, link=link)


@blueprint.post("/mein-kalender/zuruecknehmen")
def drop_feed() -> ResponseReturnValue:
    """The address works no longer."""
    duty_feed.drop(here.store(), here.person(), here.now())
    flash(_("Die Adresse gilt nicht mehr."), "success")
    return redirect(url_for("duty_people.show", _anchor="mein-kalender"))


@blueprint.get("/kalender/<token>.ics")
def feed(token: str) -> ResponseReturnValue:
    """One person's shifts for a calendar program. No sign-in: the address is the secret."""
    person = duty_feed.owner(here.store(), token)
    if person is None:
        abort(404)
    now = here.now()
    planned = rota.planned_since(now)
    mine = [p for p in periods(planned, now - rota.WINDOW, now + FEED) if p.person_id == person.id]
    title = (
        _("Bereitschaft")
        + f" {here.settings().authority.short_name or here.settings().authority.name}"
    )
    body = as_ics(
        mine,
        {person.id: person.name},
        now,
        title=title,
        domain=here.house().terms.mail_domain,
        lang=person.lang,
        dates=drill_view.dates(person),
    )
    response = make_response(body)
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Cache-Control"] = "private, max-age=300"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


# --- parts -----------------------------------------------------------------------------------


def _page(
    where: str, form: Mapping[str, str], problems: Mapping[str, str], *, link: str = ""
) -> str:
    store, now, me = here.store(), here.now(), here.person()
    planned = rota.planned_since(now)
    mine = [p for p in periods(planned, now, now + rota.WINDOW) if p.person_id == me.id]
    return render_template(
        "rota/people.html",
        absences=store.oncall.absences(now),
        calendars=[c for c in store.oncall.calendars() if c.person_id == me.id or _plans()],
        swaps=store.oncall.swaps(now - SHOWN),
        learners=store.oncall.shadowings(now),
        people=planned.known,
        able=rota.able(planned),
        others=[(i, name) for i, name in rota.able(planned) if i != me.id],
        mine=mine,
        levels=rota_words.levels(),
        plan=_plans(),
        own=may(me, Act.OWN_DUTY),
        where=where,
        form=form,
        problems=problems,
        zone=here.zone().key,
        feed_made=store.oncall.feed_made(me.id),
        link=link,
    )


def _plans() -> bool:
    return may(here.person(), Act.PLAN_DUTY)


def _typed(*names: str) -> dict[str, str]:
    return {name: request.form.get(name, "").strip() for name in names}


def _person(text: str) -> int:
    """Whom a form names; oneself where it names nobody."""
    return int(text) if text.isdigit() else here.person().id


def _span(
    form: Mapping[str, str], problems: dict[str, str], start: str = "start", end: str = "end"
) -> tuple[datetime | None, datetime | None]:
    found: list[datetime | None] = []
    for name, later in ((start, False), (end, True)):
        try:
            found.append(instant(form[name], here.zone(), later=later))
        except InvalidInputError as error:
            problems[name] = error.say(words.language())
            found.append(None)
    return found[0], found[1]


def _try(act: Callable[[], object], problems: dict[str, str]) -> None:
    try:
        act()
    except CrisisError as error:
        problems["form"] = error.say(words.language())


def _answer(
    where: str, form: Mapping[str, str], problems: Mapping[str, str], done: str
) -> ResponseReturnValue:
    if problems:
        return _page(where, form, problems), 422
    flash(done, "success")
    return redirect(url_for("duty_people.show"))
