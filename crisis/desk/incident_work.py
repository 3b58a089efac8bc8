"""What people do on an incident beside answering: how bad it would be, checks, hand-over, notes of their own.

Every button calls one workflow of ``workflows.attend``. Files are in ``incident_files``, merging in
``incident_joins``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crisis.desk import here, shelf, words
from crisis.desk.words import _
from crisis.errors import InvalidInputError
from crisis.incidents.handling import STEPS
from crisis.incidents.impact import Answers, Question, Suggestion, speed_of, suggest
from crisis.playbooks.parse import read as read_playbook
from crisis.types import (
    Advice,
    Check,
    Ending,
    Incident,
    Person,
    Playbook,
    ResponseState,
    Rumour,
    Severity,
)
from crisis.workflows import attend

blueprint = Blueprint("work", __name__, url_prefix="/vorfaelle/<int:incident_id>")


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the verification list."""

    key: str
    text: str
    done: Check | None


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another incident that has to do with this one."""

    incident: Incident
    rumour: Rumour | None
    why: str


def context(
    incident: Incident, people: Mapping[int, Person], best: Sequence[Playbook] = ()
) -> dict[str, object]:
    """What the incident's page shows of all this. ``best`` are the playbooks suggested, best first."""
    store, me = here.store(), here.person()
    checks = store.handling.checks(incident.id, incident.wave)
    using = _used(incident) or list(best[:1])
    asked = {one.key: one for playbook in using for one in playbook.checks}.values()
    named = {mention.incident_id for mention in store.handling.mentions(me.id)}
    return {
        "assessment": store.handling.assessment(incident.id, incident.wave),
        "steps": [
            *(Step(one.key, one.text, checks.get(one.key)) for one in asked),
            *(Step(key, words.either(text), checks.get(key)) for key, text in STEPS.items()),
        ],
        "asked_by": [playbook for playbook in using if playbook.checks],
        "transfer": store.handling.open_transfer(incident.id),
        "named": incident.id in named,
        "attachments": store.attachments.of_incident(incident.id),
        "debriefs": [
            one
            for one in store.handling.debriefs(incident.rumour_id, drill=incident.drill)
            if (one.incident_id, one.wave) != (incident.id, incident.wave)
        ],
        "endings": list(Ending),
        "merged_into": store.merges.away(incident.id),
        "merged_here": store.merges.into(incident.id),
        "related": _related(incident),
        "colleagues": [p for p in people.values() if p.active and not p.drill and p.id != me.id],
    }


def _used(incident: Incident) -> list[Playbook]:
    """The playbooks its answers were begun with, as they were then, each once."""
    store, found = here.store(), {}
    for answer in store.responses.of_incident(incident.id):
        text = store.playbooks.text(answer.playbook, answer.playbook_sha256)
        made = read_playbook(answer.playbook, text).playbook if text else None
        if made is not None and answer.state is not ResponseState.DISCARDED:
            found[made.name] = made
    return list(found.values())


def _related(incident: Incident) -> list[Neighbour]:
    store = here.store()
    reasons = {
        "posts": _("gemeinsame Beiträge"),
        "earlier": _("dasselbe Gerücht"),
        "topic": _("gleiches Thema"),
    }
    found = store.related.to(incident.id, incident.rumour_id, drill=incident.drill)
    others = [(store.incidents.get(one.incident_id), reasons[one.why]) for one in found]
    return [Neighbour(one, store.rumours.find(one.rumour_id), why) for one, why in others]


# --- how bad would it be ---------------------------------------------------------------------


def questions() -> list[tuple[Question, str, list[str]]]:
    """Each question with its four answers, in the language of the page."""
    return [
        (
            Question.HARM,
            _("Wer kommt zu Schaden, wenn es geglaubt wird?"),
            [
                _("Niemand"),
                _("Ärger, Verunsicherung, Ansehen"),
                _("Einzelne: Gesundheit, Geld, Anfeindung"),
                _("Leib und Leben"),
            ],
        ),
        (
            Question.PEOPLE,
            _("Wie viele Menschen betrifft es?"),
            [_("Einzelne"), _("Eine Straße, eine Gruppe"), _("Viele"), _("Alle hier")],
        ),
        (
            Question.SPEED,
            _("Wie schnell verbreitet es sich?"),
            [_("Kaum"), _("Langsam"), _("Schnell"), _("Sehr schnell")],
        ),
        (
            Question.CREDIBLE,
            _("Wie glaubhaft ist es?"),
            [
                _("Scherz oder Unsinn"),
                _("Wenige glauben es"),
                _("Viele werden es glauben"),
                _("Sieht amtlich oder belegt aus"),
            ],
        ),
    ]


@blueprint.get("/einschaetzung")
def ask(incident_id: int) -> ResponseReturnValue:
    """Four questions; with all four answered, what they come to. Changes nothing."""
    store = here.store()
    incident = store.incidents.get(incident_id)
    before = store.handling.assessment(incident_id, incident.wave)
    given = {question: request.args.get(question.value, type=int) for question in Question}
    answers = _answers(given)
    if answers is None and before is not None and not any(v is not None for v in given.values()):
        given = {question: getattr(before, question.value) for question in Question}
    elif given[Question.SPEED] is None:
        given[Question.SPEED] = speed_of(store.incidents.spread(incident_id, here.now()))
    suggestion: Suggestion | None = suggest(answers) if answers else None
    return render_template(
        "incidents/assess.html",
        incident=incident,
        rumour=store.rumours.find(incident.rumour_id),
        questions=questions(),
        given=given,
        answers=answers,
        suggestion=suggestion,
        reasons=[words.either(pair) for pair in suggestion.reasons] if suggestion else [],
        advices=list(reversed(Advice)),
        severities=list(Severity),
        incomplete=bool(request.args) and answers is None and "pruefen" in request.args,
    )


def _answers(given: Mapping[Question, int | None]) -> Answers | None:
    harm, people, speed, credible = (given[question] for question in Question)
    if harm is None or people is None or speed is None or credible is None:
        return None
    if not all(0 <= value <= 3 for value in (harm, people, speed, credible)):
        raise InvalidInputError("Diese Antwort gibt es nicht.", "There is no such answer.")
    return Answers(harm=harm, people=people, speed=speed, credible=credible)


@blueprint.post("/einschaetzung")
def assess(incident_id: int) -> ResponseReturnValue:
    """A person decides, as suggested or otherwise."""
    answers = _answers({q: request.form.get(q.value, type=int) for q in Question})
    decided = request.form.get("entscheidung", -1, type=int)
    level = request.form.get("dringlichkeit", 0, type=int)
    known = decided in [one.value for one in Advice] and level in [one.value for one in Severity]
    if answers is None or not known:
        raise InvalidInputError(
            "Bitte beantworten Sie alle vier Fragen und wählen Sie, was geschehen soll.",
            "Please answer all four questions and choose what should happen.",
        )
    attend.assess(
        here.store(),
        incident_id,
        answers,
        Advice(decided),
        Severity(level),
        here.person(),
        here.now(),
    )
    return _back(incident_id, _("Entschieden: %(what)s.", what=words.word(Advice(decided))))


# --- checks, hand-over, mentions -------------------------------------------------------------


@blueprint.post("/pruefen")
def check(incident_id: int) -> ResponseReturnValue:
    """A step of the verification list is done, or not after all."""
    store, step = here.store(), request.form.get("schritt", "")
    if request.form.get("tun") == "weg":
        attend.uncheck(store, incident_id, step, here.person(), here.now())
    else:
        remark = request.form.get("bemerkung", "")
        incident = store.incidents.get(incident_id)
        playbooks = [*shelf.approved(drill=incident.drill), *_used(incident)]
        asked = {one.key: one.text for playbook in playbooks for one in playbook.checks}
        attend.check(store, incident_id, step, remark, here.person(), here.now(), asked=asked)
    return redirect(url_for("incidents.show", incident_id=incident_id, _anchor="pruefen"))


@blueprint.post("/uebergeben")
def hand_over(incident_id: int) -> ResponseReturnValue:
    """Give it to somebody, with what they should know."""
    to = request.form.get("person", 0, type=int)
    text = request.form.get("text", "")
    attend.hand_over(here.store(), incident_id, to, text, here.person(), here.now())
    return _back(incident_id, _("Übergeben. Die Person sieht es auf ihrer Lage."))


@blueprint.post("/uebergabe")
def accept(incident_id: int) -> ResponseReturnValue:
    """The person has it now."""
    attend.accept(here.store(), incident_id, here.person(), here.now())
    return _back(incident_id, _("Angenommen. Der Vorfall liegt jetzt bei Ihnen."))


@blueprint.post("/gelesen")
def read(incident_id: int) -> ResponseReturnValue:
    """The notes that name this person are read."""
    attend.read(here.store(), incident_id, here.person(), here.now())
    return _back(incident_id, _("Gemerkt: gelesen."))


# --- one's own notes -------------------------------------------------------------------------


@blueprint.get("/notizen/<int:note_id>")
def ask_note(incident_id: int, note_id: int) -> ResponseReturnValue:
    """Change one's own note."""
    store = here.store()
    return render_template(
        "incidents/note.html",
        incident=store.incidents.get(incident_id),
        note=store.handling.note(note_id),
    )


@blueprint.post("/notizen/<int:note_id>")
def change_note(incident_id: int, note_id: int) -> ResponseReturnValue:
    """Keep the new words, or take the note back."""
    store, me, now = here.store(), here.person(), here.now()
    if request.form.get("tun") == "zurueck":
        attend.withdraw_note(store, note_id, me, now)
        return _back(incident_id, _("Notiz zurückgenommen."), "verlauf")
    attend.edit_note(store, note_id, request.form.get("text", ""), me, now)
    return _back(incident_id, _("Notiz geändert."), "verlauf")


def _back(incident_id: int, done: str, anchor: str = "") -> ResponseReturnValue:
    flash(done, "success")
    return redirect(url_for("incidents.show", incident_id=incident_id, _anchor=anchor or None))
