"""Reply to one post of an incident, where it stands: look at the exact words, then send them.

Which words, and whether any may go out, is said by ``workflows.reply``; this page only asks and shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from crisis.channels.networks import NETWORKS
from crisis.channels.plan import Outlet
from crisis.channels.reply import network_of, reply
from crisis.desk import here, publishing, words
from crisis.desk.words import _
from crisis.errors import CrisisError, NotFoundError
from crisis.types import (
    Incident,
    Publication,
    PublicationState,
    ResponseState,
    Sighting,
)
from crisis.workflows import ask_channels
from crisis.workflows import reply as replies

blueprint = Blueprint("replies", __name__, url_prefix="/vorfaelle/<int:incident_id>/beitraege")

_S = PublicationState
_UNSENT = (_S.CANCELLED, _S.REMOVED)


@dataclass(frozen=True, slots=True)
class Reply:
    """How it stands with a reply to one post. ``state`` "": none yet, but one can be given."""

    state: str
    kind: str
    url: str


def of_posts(incident: Incident, sightings: Iterable[Sighting]) -> Mapping[int, Reply]:
    """By sighting: those of networks that are set up, and those that were replied to."""
    store = here.store()
    if incident.drill:
        return {}
    answers = {one.id: one for one in store.responses.of_incident(incident.id)}
    public = {number for number, one in answers.items() if one.state is ResponseState.RELEASED}
    given = {
        row.part: row
        for row in store.publications.replies(incident.id)
        if row.response_id in public and row.state not in _UNSENT
    }
    codes = {outlet.code for outlet in publishing.going().outlets} if public else set()
    found = {}
    for sighting in sightings:
        if sighting.id in given:
            found[sighting.id] = _given(given[sighting.id])
        elif network_of(sighting.post.url) in codes and replies.fitting(
            list(answers.values()), sighting
        ):
            found[sighting.id] = Reply("", "", "")
    return found


def _given(row: Publication) -> Reply:
    if row.state is _S.SENT:
        return Reply(_("beantwortet"), "success", row.url)
    if row.state is _S.FAILED:
        address = url_for("responses.show", response_id=row.response_id, _anchor="kanaele")
        return Reply(_("Antwort gescheitert"), "danger", address)
    return Reply(_("Antwort geht hinaus"), "info", "")


@blueprint.get("/<int:sighting_id>/antworten")
def ask(incident_id: int, sighting_id: int) -> ResponseReturnValue:
    """The post, the exact words that would stand below it, and the button."""
    store = here.store()
    incident, sighting = store.incidents.get(incident_id), store.sightings.get(sighting_id)
    if sighting.incident_id != incident_id:
        raise NotFoundError(
            "Dieser Beitrag gehört nicht zu diesem Vorfall.",
            "This post does not belong to this incident.",
        )
    code = network_of(sighting.post.url)
    outlet = next((one for one in publishing.going().outlets if code and one.code == code), None)
    response = replies.fitting(store.responses.of_incident(incident_id), sighting)
    standing = of_posts(incident, [sighting]).get(sighting_id)
    text, problem = "", ""
    if outlet is None:
        problem = _(
            "Das Netzwerk dieses Beitrags ist nicht eingerichtet. Antworten Sie dort von Hand."
        )
    elif incident.drill:
        problem = _("In einer Übung geht nichts hinaus.")
    elif response is None:
        problem = _("Erst muss eine Antwort mit einem Text für Kommentare freigegeben sein.")
    else:
        try:
            text = reply(outlet, response, publishing.going(), sighting.post.url).text
        except CrisisError as error:
            problem = error.say(words.language())
    return render_template(
        "incidents/reply.html",
        incident=incident,
        sighting=sighting,
        response=response,
        network=_name(outlet),
        account=_account(code),
        text=text,
        used=outlet.network.measure(text) if outlet else 0,
        most=outlet.limit if outlet else None,
        problem=problem,
        standing=standing if standing and standing.state else None,
    )


def _name(outlet: Outlet | None) -> str:
    network = NETWORKS[outlet.code] if outlet else None
    return words.either((network.de, network.en)) if network else ""


def _account(code: str) -> str:
    said = ask_channels.word(here.store(), code) if code else None
    return said.name if said else ""


@blueprint.post("/<int:sighting_id>/antworten")
def send(incident_id: int, sighting_id: int) -> ResponseReturnValue:
    """Below the post with it."""
    replies.below(
        here.store(), incident_id, sighting_id, publishing.going(), here.person(), here.now()
    )
    flash(_("Die Antwort geht gleich unter diesen Beitrag."), "success")
    return redirect(url_for("incidents.show", incident_id=incident_id, _anchor=f"b{sighting_id}"))
