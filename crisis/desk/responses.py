"""One answer: fill in the blanks, see each channel's text, hand it to a second person, let it out.

Every button calls one workflow of ``workflows.respond``. The texts are laid out by ``previews``.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crisis.desk import (
    answer_effect,
    answer_stage,
    conflict,
    here,
    publishing,
    second_answer,
    shelf,
    updates,
    words,
)
from crisis.desk.previews import changes, headline, previews
from crisis.desk.response_form import (
    blank_form,
    names,
    prefilled,
    problems_of,
    questions,
    source,
    stands,
    typed,
)
from crisis.desk.words import _
from crisis.errors import (
    ConflictError,
    CrisisError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
    SecondAnswerError,
)
from crisis.public.structured import RATINGS
from crisis.responses.holding import placed
from crisis.responses.release import open_points
from crisis.types import Person, Response, ResponseState, Role
from crisis.workflows import answer_review, emergency, respond
from crisis.workflows import pin as pins

blueprint = Blueprint("responses", __name__)

_EDITABLE = frozenset({ResponseState.DRAFT, ResponseState.SUBMITTED})


@blueprint.post("/vorfaelle/<int:incident_id>/antworten")
def draft(incident_id: int) -> ResponseReturnValue:
    """Begin an answer with the playbook chosen."""
    store, now = here.store(), here.now()
    wanted = request.form.get("playbook", ""), request.form.get("sha256", "")
    drill = store.incidents.get(incident_id).drill
    playbook = next((p for p in shelf.approved(drill=drill) if (p.name, p.sha256) == wanted), None)
    if playbook is None:
        raise ConflictError(
            "Diese Vorlage hat sich gerade geändert oder ist nicht mehr freigegeben. "
            "Laden Sie den Vorfall neu und wählen Sie noch einmal.",
            "This playbook has just changed or is no longer approved. "
            "Reload the incident and choose again.",
        )
    try:
        made = respond.draft(
            store,
            incident_id,
            playbook,
            here.person(),
            now,
            today=here.today(),
            holding=request.form.get("art") == "erste",
            seen_others=second_answer.seen(),
        )
    except SecondAnswerError as error:
        return second_answer.ask(store.incidents.get(incident_id), error)
    return _to(made.id)


@blueprint.get("/antworten/<int:response_id>")
def show(response_id: int) -> ResponseReturnValue:
    """The form while it is a draft; the exact text for the second person; what became of it."""
    response = here.store().responses.get(response_id)
    return _page(response, prefilled(response), response.title, {})


def _page(
    response: Response,
    values: Mapping[str, str],
    title: str,
    problems: Mapping[str, str],
    code: int = 200,
) -> ResponseReturnValue:
    store = here.store()
    incident = store.incidents.get(response.incident_id)
    people = {person.id: person for person in store.people.all()}
    playbook = source(response)
    form = blank_form(response, playbook, values, problems, checked=bool(problems))
    saved = response.state is not ResponseState.DRAFT
    return (
        render_template(
            "responses/show.html",
            response=response,
            incident=incident,
            rumour=store.rumours.find(incident.rumour_id),
            people=people,
            blanks=form,
            began=conflict.began(stands(response)),
            title_now=title,
            headline=headline(title, response.values if saved else values),
            change_note=request.form.get("aenderung", response.change_note),
            problems=problems,
            previews=previews(response, response.values if saved else values),
            open_points=[words.either(point) for point in open_points(response)],
            refusal=answer_stage.refusal(response, playbook),
            review=response.finding if rated(response) else None,
            pin_hours=pins.HOURS,
            alone=answer_stage.may_alone(response, playbook),
            may_look=answer_stage.may_look(response),
            share_alt=publishing.share_alt(response),
            offers=publishing.offers(response),
            channels=publishing.channels(response),
            promise=updates.promise_of(response),
            effect=answer_effect.effect(response, incident),
            promise_form=updates.form_of(response),
            player=_player(response),
            changes=changes(response),
            follows=_follows(response),
            revisions=store.responses.revisions(response.slug) if response.slug else [],
            editable=response.state in _EDITABLE,
            playbook=playbook,
            approved_pictures=playbook.pictures if playbook and not response.holding else (),
            way=answer_stage.way(response, playbook),
            rivals=second_answer.beside(response, incident, people),
            questions=questions(playbook, response.values if saved else values),
        ),
        code,
    )


def _follows(response: Response) -> tuple[int, str] | None:
    """Number and headline of the first statement whose place this answer will take."""
    if response.state not in _EDITABLE:
        return None
    answers = here.store().responses.of_incident(response.incident_id)
    out, old = placed(response, answers)
    if old is None or not out.follows:
        return None
    return old.id, headline(old.title, old.values)


def rated(response: Response) -> bool:
    """Whether search engines will be told what was found."""
    return bool(response.claim) and response.finding in RATINGS and not response.drill


# --- who may let it out ----------------------------------------------------------------------


def _player(response: Response) -> Person | None:
    """In an exercise: the second person whom the first may play; never while the whole team practises."""
    if not response.drill or response.state is not ResponseState.SUBMITTED:
        return None
    if here.store().drill_plans.running() is not None:
        return None
    for person in here.store().people.all():
        if person.drill and Role.APPROVER in person.roles and person.id != response.written_by:
            return person
    return None


# --- buttons ---------------------------------------------------------------------------------


@blueprint.post("/antworten/<int:response_id>")
def fill(response_id: int) -> ResponseReturnValue:
    """Keep what was typed; with the second button hand it to a second person at once."""
    store, me, now = here.store(), here.person(), here.now()
    before = store.responses.get(response_id)
    form = conflict.resolved(request.form)
    values, title = typed(before, form), form.get("titel", "")
    if before.version != form.get("version", 0, type=int) and before.state in _EDITABLE:
        return _clash(before)
    try:
        after = respond.fill(
            store,
            response_id,
            title=title,
            values=values,
            change_note=form.get("aenderung", ""),
            pictures=form.getlist("bild") if "bilder" in form else None,
            by=me,
            now=now,
            version=form.get("version", 0, type=int),
        )
        if form.get("weiter") == "freigabe":
            problems = problems_of(after)
            if problems:
                return _page(after, values, title, problems, 422)
            return _handed_over(response_id)
    except (ConflictError, NotAllowedError):
        raise
    except CrisisError as error:
        here_now = store.responses.get(response_id)
        return _page(here_now, values, title, {"form": error.say(words.language())}, 422)
    flash(_("Gespeichert."), "success")
    return _to(response_id)


def _clash(response: Response) -> ResponseReturnValue:
    """Somebody else filled it in meanwhile: what shall hold?"""
    playbook = source(response)
    hints = {p.name: p.hint for p in playbook.placeholders} if playbook else {}
    parts = [
        conflict.Part(_("Überschrift"), ("titel",)),
        *(conflict.Part(hints.get(n) or n, (f"b-{n}",)) for n in names(response)),
        conflict.Part(_("Was hat sich geändert?"), ("aenderung",), rows=2),
    ]
    if playbook and playbook.pictures:
        alts = {one.sha256: one.alt for one in playbook.pictures}
        parts.append(
            conflict.Part(_("Bilder, die mitgehen"), ("bild", "bilder"), words={**alts, "1": ""})
        )
    return conflict.ask(
        parts,
        stands(response),
        what=f"response:{response.id}",
        token={"version": str(response.version)},
        back=url_for("responses.show", response_id=response.id),
    )


@blueprint.post("/antworten/<int:response_id>/vorschau")
def preview(response_id: int) -> ResponseReturnValue:
    """The texts as they would be with what stands in the form. Keeps nothing."""
    response = here.store().responses.get(response_id)
    shown = previews(response, typed(response, request.form))
    return render_template("responses/previews.html", previews=shown, response=response)


@blueprint.post("/antworten/<int:response_id>/freigabe")
def submit(response_id: int) -> ResponseReturnValue:
    """Hand the draft, as saved, to a second person."""
    return _handed_over(response_id, version=_version())


def _handed_over(response_id: int, *, version: int | None = None) -> ResponseReturnValue:
    form = request.form
    answer_review.hand_over(
        here.house(),
        response_id,
        here.person(),
        here.now(),
        note=form.get("notiz", ""),
        to=form.get("an", type=int) or None,
        version=version,
    )
    flash(_("Zur Freigabe gegeben. Nun prüft eine zweite Person."), "success")
    return _to(response_id)


def _version() -> int | None:
    """The one that was on the page, where the form says so."""
    return request.form.get("version", type=int)


@blueprint.post("/antworten/<int:response_id>/zurueck")
def take_back(response_id: int) -> ResponseReturnValue:
    """Make it a draft again."""
    respond.take_back(here.store(), response_id, here.person(), here.now(), version=_version())
    flash(_("Zurückgeholt. Sie können weiterschreiben."), "success")
    return _to(response_id)


@blueprint.post("/antworten/<int:response_id>/weglegen")
def discard(response_id: int) -> ResponseReturnValue:
    """Nobody wants it."""
    gone = respond.discard(here.store(), response_id, here.person(), here.now(), version=_version())
    flash(_("Entwurf weggelegt."), "success")
    return redirect(url_for("incidents.show", incident_id=gone.incident_id, _anchor="antwort"))


@blueprint.post("/antworten/<int:response_id>/veroeffentlichen")
def release(response_id: int) -> ResponseReturnValue:
    """The second person lets it out: exactly the version they saw."""
    return _release(response_id, here.person())


@blueprint.post("/antworten/<int:response_id>/als-zweite-person")
def play_second(response_id: int) -> ResponseReturnValue:
    """In an exercise the same person plays the second one, too."""
    player = _player(here.store().responses.get(response_id))
    if player is None:
        raise NotFoundError(
            "Das geht nur in einer Übung, solange die Antwort auf ihre Freigabe wartet.",
            "This works in an exercise only, while the answer waits for its release.",
        )
    return _release(response_id, player)


def _release(response_id: int, by: Person) -> ResponseReturnValue:
    store = here.store()
    with store.transaction():
        if store.responses.get(response_id).version != request.form.get("version", 0, type=int):
            raise ConflictError(
                "Die Antwort wurde geändert, seit Sie sie angesehen haben. "
                "Laden Sie neu und prüfen Sie den Text noch einmal.",
                "The answer was changed since you looked at it. Reload and check the text again.",
            )
        going = publishing.ticked(publishing.going(), request.form)
        released = respond.release(
            store, response_id, by, here.now(), today=here.today(), going=going
        )
    if released.drill:
        flash(_("Freigegeben: Die Richtigstellung steht auf der Übungsseite."), "success")
    else:
        flash(_("Veröffentlicht. Die Richtigstellung ist jetzt öffentlich."), "success")
    return _to(response_id)


@blueprint.post("/antworten/<int:response_id>/allein")
def release_alone(response_id: int) -> ResponseReturnValue:
    """In an emergency: out without a second person, with a reason; everybody concerned is told."""
    form = request.form
    try:
        emergency.release_alone(
            here.house(),
            response_id,
            form.get("grund", ""),
            here.person(),
            here.now(),
            today=here.today(),
            version=form.get("version", 0, type=int),
            going=publishing.ticked(publishing.going(), form),
        )
    except InvalidInputError as error:
        response = here.store().responses.get(response_id)
        problems = {"grund": error.say(words.language())}
        return _page(response, prefilled(response), response.title, problems, 422)
    flash(_("Veröffentlicht. Alle, die freigeben dürfen, wissen Bescheid."), "success")
    return _to(response_id)


@blueprint.post("/antworten/<int:response_id>/nachgesehen")
def review(response_id: int) -> ResponseReturnValue:
    """A second person has looked at what somebody let out alone."""
    emergency.review(here.store(), response_id, here.person(), here.now())
    flash(_("Danke. Nachgesehen und für richtig befunden."), "success")
    return _to(response_id)


@blueprint.post("/antworten/<int:response_id>/berichtigen")
def correct(response_id: int) -> ResponseReturnValue:
    """Begin a new version of what is public."""
    new = respond.correct(here.store(), response_id, here.person(), here.now(), version=_version())
    return _to(new.id)


@blueprint.post("/antworten/<int:response_id>/zurueckziehen")
def withdraw(response_id: int) -> ResponseReturnValue:
    """Take it back, visibly."""
    reason = request.form.get("grund", "")
    store = here.store()
    going = publishing.going()
    respond.withdraw(
        store,
        response_id,
        reason,
        here.person(),
        here.now(),
        going=going,
        version=_version(),
    )
    flash(_("Zurückgezogen. Die öffentliche Seite sagt das jetzt, mit Ihrem Grund."), "success")
    return _to(response_id)


@blueprint.post("/antworten/<int:response_id>/oben")
def pin(response_id: int) -> ResponseReturnValue:
    """Put it above all citizens' pages, or take it down from there."""
    store, me, now = here.store(), here.person(), here.now()
    if "weg" in request.form:
        pins.take_down(store, response_id, me, now)
        flash(_("Steht nicht mehr über den Seiten."), "success")
    else:
        pins.put_up(store, response_id, request.form.get("stunden", 0, type=int), me, now)
        flash(_("Steht jetzt über allen öffentlichen Seiten."), "success")
    return _to(response_id)


def _to(response_id: int) -> ResponseReturnValue:
    return redirect(url_for("responses.show", response_id=response_id))
