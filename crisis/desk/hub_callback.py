"""Where hubs reach us: the proof that we meant it, and what they push. For programs, no page.

The address is secret and one subscription's own. A proof is a GET because the standard says so; all it can do
is to confirm what we asked for. A push counts only if it is signed; what is not is dropped without a word,
as the standard asks (2xx all the same).
"""

from __future__ import annotations

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from crisis.desk import here
from crisis.desk.security import csrf
from crisis.types import HubLease
from crisis.workflows import hear_hub

blueprint = Blueprint("hub_callback", __name__, url_prefix="/websub")
csrf.exempt(blueprint)  # hubs have no session; the address is the secret, and the body is signed

LONGEST = 500  # characters of a challenge


@blueprint.get("/<int:lease_id>/<mark>")
def prove(lease_id: int, mark: str) -> ResponseReturnValue:
    """Did you mean it?"""
    lease, asked = _lease(lease_id, mark), request.args
    challenge = asked.get("hub.challenge", "")
    meant = hear_hub.prove(
        here.store(),
        lease,
        mode=asked.get("hub.mode", ""),
        topic=asked.get("hub.topic", ""),
        seconds=asked.get("hub.lease_seconds", ""),
        now=here.now(),
    )
    if not meant or len(challenge) > LONGEST:
        abort(404)
    return challenge, 200, {"Content-Type": "text/plain; charset=utf-8"}


@blueprint.post("/<int:lease_id>/<mark>")
def push(lease_id: int, mark: str) -> ResponseReturnValue:
    """Here is something new."""
    lease = _lease(lease_id, mark)
    hear_hub.take(
        here.house(),
        lease,
        request.get_data(),
        request.headers.get("Content-Type", ""),
        request.headers.get("X-Hub-Signature", ""),
        here.now(),
    )
    return "", 202


def _lease(lease_id: int, mark: str) -> HubLease:
    """The subscription of this address. 410 tells a hub to forget us, if there is none."""
    callbacks = here.house().callbacks
    lease = here.store().hubs.find(lease_id)
    if callbacks is None or lease is None or not callbacks.fits(lease, mark):
        abort(410)
    return lease
