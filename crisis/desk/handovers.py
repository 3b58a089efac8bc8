"""The end of a shift: a text that is nearly written, to be kept, printed and mailed to whoever comes next;
and what was handed over by itself when somebody else came on call.

Calls one workflow. What stands in the text is composed by ``reports.handover``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crisis.desk import here, reports, words
from crisis.desk.words import _
from crisis.errors import InvalidInputError
from crisis.oncall.rota import turns
from crisis.reports import handover
from crisis.types import Person, Role
from crisis.workflows import change_shift, hand_over

blueprint = Blueprint("handovers", __name__, url_prefix="/uebergabe")

USUAL = timedelta(hours=8)  # for those who have no shift
LONGEST = timedelta(hours=48)
INSTANT = timedelta(microseconds=1)


@blueprint.get("/")
def show() -> ResponseReturnValue:
    """The text to be changed, and those of the shifts before."""
    begun = _begun()
    found = reports.situation(begun, here.now(), names=True)
    text = handover.draft(found, words.language())
    return _page(begun, text, _next(), {})


@blueprint.post("/")
def write() -> ResponseReturnValue:
    """Keep it, and tell somebody."""
    form, begun = request.form, _begun(request.form.get("seit", ""))
    text, to = form.get("text", ""), form.get("an", type=int)
    link = here.settings().base_url + url_for("handovers.one", handover_id=0)
    try:
        made = hand_over.hand_over(
            here.house(),
            text,
            begun,
            to,
            here.person(),
            here.now(),
            link.removesuffix("0") + "{id}",
        )
    except InvalidInputError as error:
        return _page(begun, text, to, {"text": error.say(words.language())}), 422
    told = _("Die Übergabe ist gespeichert und wird verschickt.")
    flash(told if made.told else _("Die Übergabe ist gespeichert."), "success")
    return redirect(url_for("handovers.one", handover_id=made.id))


@blueprint.get("/wechsel/<int:change_id>")
def change(change_id: int) -> ResponseReturnValue:
    """What was handed over at one change of shift, and what was noted since."""
    rows = here.store().handovers
    made = rows.change(change_id)
    people = {person.id: person.name for person in here.store().people.all()}
    later = [one.at for one in rows.changes(limit=50) if one.id > made.id]
    return render_template(
        "reports/shift_change.html",
        made=made,
        parts=_linked(made.parts.get(words.language(), made.parts.get("de", ()))),
        coming=_names(made.incoming, people),
        going=_names(made.outgoing, people),
        mailed=_names(made.mailed, people),
        late=made.noticed - made.at >= change_shift.LATE,
        notes=rows.between(made.noticed + INSTANT, min(later, default=here.now() + INSTANT)),
        people=people,
    )


def _names(ids: Iterable[int], people: Mapping[int, str]) -> list[str]:
    return [people[one] for one in ids if one in people]


def _linked(parts: Iterable[Mapping[str, Any]]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Titles and points, each point with the address it is about ("" for none)."""
    found = []
    for part in parts:
        points = [(point["text"], _address(point["what"])) for point in part["points"]]
        found.append((part["title"], points))
    return found


def _address(what: str) -> str:
    noun, _sep, number = what.partition(":")
    if noun == "incident":
        return url_for("incidents.show", incident_id=int(number))
    if noun == "response":
        return url_for("responses.show", response_id=int(number))
    if noun == "handover":
        return url_for("handovers.one", handover_id=int(number))
    return ""


@blueprint.get("/<int:handover_id>")
def one(handover_id: int) -> ResponseReturnValue:
    """One handover, to be read and printed."""
    made = here.store().handovers.get(handover_id)
    people = {person.id: person.name for person in here.store().people.all()}
    return render_template(
        "reports/handover.html",
        made=made,
        parts=handover.blocks(made.text),
        by=people.get(made.written_by, ""),
        told=people.get(made.told or 0, ""),
    )


def _page(begun: datetime, text: str, to: int | None, problems: dict[str, str]) -> str:
    store = here.store()
    everybody = store.people.all()
    return render_template(
        "reports/handovers.html",
        begun=begun,
        text=text,
        to=to or "",
        receivers=[
            ("", _("Niemanden, nur speichern")),
            *((person.id, person.name) for person in everybody if _may_get(person)),
        ],
        problems=problems,
        former=store.handovers.latest(),
        changes=store.handovers.changes(),
        people={person.id: person.name for person in everybody},
    )


def _may_get(person: Person) -> bool:
    handles = not person.roles.isdisjoint({Role.DUTY, Role.APPROVER})
    return person.active and not person.drill and handles and person.id != here.person().id


def _next() -> int | None:
    """Who would be told next, other than the one who goes."""
    now, everybody = here.now(), here.store().people.all()
    shifts = here.shifts()
    people = {person.id: person for person in everybody if _may_get(person)}
    coming = sorted((s for s in shifts if s.start > now and not s.drill), key=lambda s: s.start)
    line = [turn.person.id for turn in turns(shifts, everybody, now, catch_all=None)]
    chosen = [*(shift.person_id for shift in coming), *line]
    return next((number for number in chosen if number in people), None)


def _begun(text: str = "") -> datetime:
    """When the shift of the person who looks began: their running one, else eight hours ago."""
    now = here.now()
    if text:
        try:
            begun = datetime.fromisoformat(text)
        except ValueError:
            begun = now - USUAL
        if begun.tzinfo is not None and now - LONGEST <= begun <= now:
            return begun
    mine = [s for s in here.shifts() if s.person_id == here.person().id]
    running = [shift.start for shift in mine if shift.start <= now]
    return max(min(running, default=now - USUAL), now - LONGEST)
