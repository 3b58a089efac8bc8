"""A second answer to the same rumour: the warning before one is begun, and beside one that is written.

Saves nothing. What counts as a second one is said by ``responses.rivals``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from crisis.desk import here
from crisis.errors import SecondAnswerError
from crisis.responses.rivals import rivals
from crisis.types import Incident, Person, Response, ResponseState


@dataclass(frozen=True, slots=True)
class Rival:
    """Another answer to the same rumour."""

    answer: Response
    who: str  # wrote it last
    elsewhere: bool  # in another incident


def of_incident(incident: Incident, people: Mapping[int, Person]) -> list[Rival]:
    """Answers in other incidents of the same rumour that are public or being written."""
    found = here.store().responses.of_rumour(incident.rumour_id, drill=incident.drill)
    return [_rival(one, incident, people) for one in found if one.incident_id != incident.id]


def beside(response: Response, incident: Incident, people: Mapping[int, Person]) -> list[Rival]:
    """What else is written or public while this one is not."""
    if response.state not in (ResponseState.DRAFT, ResponseState.SUBMITTED):
        return []
    others = here.store().responses.of_rumour(incident.rumour_id, drill=incident.drill)
    found = rivals(others, lang=response.lang, holding=response.holding)
    own = (response.id, response.replaces)
    return [_rival(one, incident, people) for one in found if one.id not in own]


def seen() -> tuple[int, ...]:
    """The answers that were on the warning."""
    return tuple(int(part) for part in request.form.getlist("gesehen") if part.isdecimal())


def ask(incident: Incident, error: SecondAnswerError) -> ResponseReturnValue:
    """The warning, with a clear choice."""
    store = here.store()
    people = {person.id: person for person in store.people.all()}
    found = [_rival(store.responses.get(number), incident, people) for number in error.rivals]
    form = {name: request.form.get(name, "") for name in ("playbook", "sha256", "art")}
    rumour = store.rumours.find(incident.rumour_id)
    page = render_template(
        "responses/second.html",
        incident=incident,
        rumour=(rumour.title or rumour.text) if rumour else incident.rumour_id,
        rivals=found,
        again={name: value for name, value in form.items() if value},
    )
    return page, 409


def _rival(one: Response, incident: Incident, people: Mapping[int, Person]) -> Rival:
    writer = people.get(one.written_by)
    return Rival(one, writer.name if writer else "?", one.incident_id != incident.id)
