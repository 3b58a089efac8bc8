"""Is the house alive: for load balancers, supervisors and whoever watches the watcher. No content.

Codes and states are for everybody; the sentences name numbers and are for staff.
"""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from crisis import wiring
from crisis.desk import here, words
from crisis.errors import StoreError
from crisis.vitals import Finding, State, examine, worst

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def show() -> ResponseReturnValue:
    """Alive: 200 while the database answers, 503 otherwise; the monitor's last step for those who watch
    it, what is wrong with the matching model, should there be something, and the state of each part.
    """
    from crisis.workflows import learn  # loads the matching, which few pages need

    try:
        heartbeat = here.store().facts.get("monitor.heartbeat")
        problem = learn.problem(here.store())
        checks = {one.code: one.state.value for one in findings()}
    except StoreError as error:
        return jsonify(status="error", error=str(error)), 503
    more = {"model": str(problem)} if problem else {}
    return jsonify(status="ok", monitor=heartbeat or None, checks=checks, **more)


@blueprint.get("/healthz/ready")
def ready() -> ResponseReturnValue:
    """Ready: 200 while an alert would reach somebody, 503 with the reasons otherwise."""
    found = findings()
    bad = [one for one in found if one.state is State.BAD]
    said = (
        {"texts": [one.say(words.language()) for one in bad]}
        if here.person_or_none() is not None
        else {}
    )
    answer = jsonify(
        ready=not bad, state=worst(found).value, reasons=[one.code for one in bad], **said
    )
    return answer, 503 if bad else 200


def findings() -> tuple[Finding, ...]:
    """How each part of the house does now."""
    try:
        store = here.store()
    except StoreError:
        return examine(wiring.vitals(here.settings(), here.now()))
    return examine(wiring.vitals(here.settings(), here.now(), store))
