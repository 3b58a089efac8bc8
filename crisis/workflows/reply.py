"""Answer a post where it stands: a released answer's comment variant -> queued as a reply, once a post.

The words passed their two people with the answer; which post they go below, a person decides here. Sends
nothing: ``publish`` does, and asks again whether the answer still stands.
"""

from __future__ import annotations

from datetime import datetime

from crisis.channels.plan import Going
from crisis.channels.reply import TURN, VARIANT, network_of, reply
from crisis.errors import IllegalMoveError, InvalidInputError
from crisis.interfaces import Store
from crisis.rights import Act, require
from crisis.types import (
    Person,
    Publication,
    PublicationAct,
    Response,
    ResponseState,
    Sighting,
)
from crisis.workflows import spread


def below(
    store: Store, incident_id: int, sighting_id: int, going: Going, by: Person, now: datetime
) -> Publication:
    """Queue the reply. Twice is once.

    Raises:
        NotAllowedError: ``by`` may put nothing onto channels.
        InvalidInputError: the post stands on no network that is set up, or the text does not fit.
        IllegalMoveError: no released answer of this incident has words for it; an exercise.
    """
    with store.transaction():
        incident, sighting = store.incidents.get(incident_id), store.sightings.get(sighting_id)
        require(by, Act.SPREAD, drill=incident.drill)
        if sighting.incident_id != incident_id or incident.drill:
            raise IllegalMoveError(
                "Auf diesen Beitrag lässt sich hier nicht antworten.",
                "This post cannot be replied to here.",
            )
        response = fitting(store.responses.of_incident(incident_id), sighting)
        if response is None:
            raise IllegalMoveError(
                "Erst muss eine Antwort mit einem Text für Kommentare freigegeben sein.",
                "First an answer with a text for comments must be released.",
            )
        code = network_of(sighting.post.url)
        outlet = next((one for one in going.outlets if code and one.code == code), None)
        if outlet is None:
            raise InvalidInputError(
                "Das Netzwerk dieses Beitrags ist nicht eingerichtet. Antworten Sie dort von Hand.",
                "The network of this post is not set up. Reply there by hand.",
            )
        for row in store.publications.of_response(response.id):
            if row.act is PublicationAct.REPLY and row.part == sighting_id:
                return row
        piece = reply(outlet, response, going, sighting.post.url)
        home = Publication(
            response_id=response.id,
            incident_id=incident_id,
            channel=code,
            part=sighting_id,
            turn=TURN,
            text="",
            key="",
            created=now,
            due=now,
        )
        return spread.queue(store, home, outlet.network, PublicationAct.REPLY, piece, by, now)


def fitting(answers: list[Response], sighting: Sighting) -> Response | None:
    """The released answer whose comment goes below this post: in its language if there is one, the newest."""
    able = [
        one
        for one in answers
        if one.state is ResponseState.RELEASED and one.texts.get(VARIANT, "").strip()
    ]
    lang = sighting.post.lang or ""
    return max(able, key=lambda one: (bool(lang) and one.lang == lang, one.id), default=None)
